"""The first page: where the money goes, who runs out of capacity, how much is the model, and its files."""
