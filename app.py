"""The dashboard's door: `streamlit run app.py`. The pages stand in `src/shareshift/ui/app.py`.

Streamlit reads this file twice: once as the server, to warm up before anyone comes, and once per reader.
"""

import streamlit as st

if __name__ == "__main__":
    from shareshift.ui.app import show_dashboard

    show_dashboard()
else:
    from shareshift.ui.server.front_door import middleware
    from shareshift.ui.server.warm import warmed
    from shareshift.ui.shell.unexpected import show_unexpected

    # Streamlit finds the server by these very words.
    app = st.App(__file__, lifespan=warmed, middleware=middleware(), on_script_error=show_unexpected)
