"""The first page: where the money goes, who hits capacity, how much depends on the model, and its files."""
