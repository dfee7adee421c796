"""`python -m shareshift` is the command line."""

from shareshift.cli import main

main()
