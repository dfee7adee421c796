"""The dashboard: look, navigation, and nothing else. Start it with `streamlit run app.py`.

Streamlit reads this file twice: once as the server, to warm up before anyone comes, and once per reader.
"""

import streamlit as st

if __name__ == "__main__":
    from shareshift.ui.shell.blocks import show_style

    st.set_page_config(page_title="Shareshift", layout="wide", initial_sidebar_state="auto")
    show_style()
    pages = [
        st.Page("src/shareshift/ui/money/page.py", title="Where the money goes", default=True),
        st.Page("src/shareshift/ui/compare/page.py", title="Compare", url_path="compare"),
        st.Page("src/shareshift/ui/claims/page.py", title="Do the claims add up?", url_path="claims"),
        st.Page("src/shareshift/ui/scenario/page.py", title="Scenarios", url_path="scenarios"),
        st.Page("src/shareshift/ui/evidence/page.py", title="Evidence", url_path="evidence"),
        st.Page("src/shareshift/ui/method/page.py", title="Method", url_path="method"),
    ]
    st.navigation(pages, position="top").run()
else:
    from shareshift.ui.shell.front_door import middleware
    from shareshift.ui.shell.warm import warmed

    app = st.App(__file__, lifespan=warmed, middleware=middleware())
