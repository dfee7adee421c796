"""What a reader changes of a market: the form of the model, sliders, fixed values; as TOML, in an address, undone.

Here belongs the difference to a market and its ways of being written down. Saving it is the store's, asking for it
the pages'.
"""
