"""Method: the equations, their units, their limits, and what is left out."""

from importlib.resources import files

import streamlit as st

from shareshift.basics.errors import ShareshiftError
from shareshift.ui.method.parts import limits_table, method_parts
from shareshift.ui.shell.blocks import show_fault, show_heading, show_table
from shareshift.ui.shell.cache import open_market

try:
    market = open_market()
except ShareshiftError as error:
    show_fault(error)

show_heading(
    "Method", "From sourced figures to where the money goes: what is computed, in which units, and what is not."
)
with st.container(width=760):
    for kind, text in method_parts(files("shareshift.ui.method").joinpath("method.md").read_text("utf-8")):
        if kind == "equation":
            st.latex(text)
        else:
            st.markdown(text)
st.markdown("## The sliders of this market")
show_table(limits_table(market))
