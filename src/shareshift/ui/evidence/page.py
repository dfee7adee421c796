"""Evidence: what the projection rests on, where sources disagree, and what is only assumed."""

import streamlit as st

from shareshift.basics.errors import ShareshiftError
from shareshift.charts.pictures import events_picture
from shareshift.export import write_csv
from shareshift.ui.evidence.rows import conflicts, counted, evidence_table, matching, tables_of
from shareshift.ui.shell.blocks import show_chart, show_download, show_fault, show_finding, show_heading, show_table
from shareshift.ui.shell.cache import look_of, open_market

try:
    market = open_market()
except ShareshiftError as error:
    show_fault(error)

look = look_of(market, market.digest, st.context.theme.type or "light")
show_heading("Evidence", market.event, counted(market))

show_chart(events_picture(market, look))


@st.fragment
def show_tables() -> None:
    """Show one table, narrowed by words, reliability and use."""
    show_finding(
        "The tables",
        "Grades are Admiralty codes: reliability of the source A to F, credibility of the row 1 to 6. Low and high are "
        "the least and the most that is thought possible: in no shape is anything drawn beyond them. Gross tells "
        "whether an amount includes what is passed on to contractors; what is gross and what is net is never mixed.",
    )
    pick, search, grade, use = st.columns([1.2, 1.6, 1.4, 1], vertical_alignment="bottom")
    name = pick.selectbox("Table", tables_of(market), key="evidence-table", bind="query-params")
    words = search.text_input("Rows that contain", key="evidence-words", bind="query-params")
    grades = grade.multiselect(
        "Reliability", list("ABCDEF"), key="evidence-grades", bind="query-params", placeholder="any"
    )
    only_used = use.toggle("In the model only", key="evidence-used", bind="query-params")
    whole = evidence_table(market, name)
    rows = matching(whole, words, grades, only_used)
    if rows.is_empty():
        st.caption("No row matches. Take away a word or a grade.")
    else:
        st.caption(f"{rows.height} of {whole.height} rows")
        show_table(rows, height=420)
    with st.container(horizontal=True):
        show_download(f"{name}.csv", lambda: write_csv(market.tables[name]), f"CSV of all of {name}")
        show_download(f"{name}-shown.csv", lambda: write_csv(rows), "CSV of the rows shown")


@st.fragment
def show_conflicts() -> None:
    """Show rows that contradict each other side by side."""
    groups = conflicts(market)
    show_finding(
        "Where sources disagree", "Both rows stay; the column “in the model” says which one the projection uses."
    )
    if not groups:
        st.caption("No rows of this market contradict each other.")
        return
    name = st.selectbox("Conflict", list(groups), format_func=lambda key: key.replace("-", " "), key="conflict")
    show_table(groups[name])
    show_download(f"conflict-{name}.csv", lambda: write_csv(groups[name]), "CSV of these rows")


show_tables()
show_conflicts()
