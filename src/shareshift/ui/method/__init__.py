"""The page Method: equations, units and limits, and the table of sliders."""
