"""`python -m shareshift` is the command line."""

from shareshift.cli.main import main

main()
