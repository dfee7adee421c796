"""The dashboard: look, navigation, and nothing else. Start it with `streamlit run app.py`."""

import streamlit as st

from shareshift.ui.blocks import show_style

st.set_page_config(page_title="Shareshift", layout="wide", initial_sidebar_state="auto")
show_style()
pages = [
    st.Page("src/shareshift/pages/money.py", title="Where the money goes", default=True),
    st.Page("src/shareshift/pages/evidence.py", title="Evidence", url_path="evidence"),
    st.Page("src/shareshift/pages/method.py", title="Method", url_path="method"),
]
st.navigation(pages, position="top").run()
