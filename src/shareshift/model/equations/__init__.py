"""The equations. Every module is pure and unaware of the others; arrays carry draws on their last axis."""
