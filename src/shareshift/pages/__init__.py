"""The pages, each from top to bottom as the reader sees it."""
