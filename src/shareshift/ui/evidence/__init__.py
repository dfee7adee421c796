"""The page Evidence: every row behind the numbers, with its source and grade."""
