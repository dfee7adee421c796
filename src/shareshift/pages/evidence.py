"""Evidence."""

import streamlit as st

st.title("Evidence")
