"""Customers and rivals as tables to edit on the page."""

from typing import Any

import streamlit as st

from shareshift.market.market import Market
from shareshift.model.inputs import Inputs
from shareshift.ui.saved.draft import Draft, change, show_anew
from shareshift.ui.scenario.columns import Sheet, customer_sheet, vendor_sheet
from shareshift.ui.scenario.sheets import BACK, EXCLUDED, MARK, put_back, sheet_frame, take_edits
from shareshift.ui.scenario.words import OVERRIDE_LABELS
from shareshift.ui.shell.blocks import show_finding
from shareshift.ui.shell.words import html

FAULTS = "override-faults"
# Pixels, as those of the sheets: a whole row fits a page 1440 wide without scrolling sideways.
NAME_WIDTH, EXCLUDED_WIDTH, BACK_WIDTH = 188, 85, 85


def ask_overrides(draft: Draft, market: Market, inputs: Inputs) -> None:
    """Ask for what customers and vendors do besides what the tables say."""
    show_finding(
        "Customers",
        "Type a number to fix it in every simulation; leave the cell empty to use the sourced range on its left.",
    )
    _ask(draft, market, inputs, customer_sheet(market, inputs))
    st.space("small")
    show_finding("Rivals", "An excluded rival wins nothing. Spare capacity and growth are shares of its present work.")
    _ask(draft, market, inputs, vendor_sheet(market))
    faults = st.session_state.pop(FAULTS, [])
    if faults:
        items = "".join(f"<li>{html(fault)}</li>" for fault in faults)
        st.html(
            '<div class="fault" role="alert" data-testid="override-faults"><p>These entries were not taken over.</p>'
            f"<ul>{items}</ul></div>"
        )


def _ask(draft: Draft, market: Market, inputs: Inputs, sheet: Sheet) -> None:
    frame = sheet_frame(sheet, draft.now, inputs)
    key = f"{sheet.part}-{draft.shown}"
    number = st.column_config.NumberColumn
    config: dict[str, Any] = {
        column.header: number(
            width=column.widths[1],
            help=f"{OVERRIDE_LABELS[column.word].capitalize()}, from {column.least:g} to {column.most:g}. "
            "Empty: sourced value.",
        )
        for column in sheet.columns
    }
    for column in sheet.columns:
        config[column.beside] = st.column_config.TextColumn(width=column.widths[0])
    config[EXCLUDED] = st.column_config.CheckboxColumn(width=EXCLUDED_WIDTH)
    config[sheet.first] = st.column_config.TextColumn(pinned=True, width=NAME_WIDTH)
    config[MARK] = st.column_config.TextColumn(width=sheet.mark_width, help="What is changed, and by whom.")
    config[BACK] = st.column_config.ButtonColumn(
        key=f"{key}-back",
        type="tertiary",
        width=BACK_WIDTH,
        on_click=_take_back,
        args=(draft, sheet, f"{key}-back"),
    )
    fixed = [name for name in frame.columns if name not in {EXCLUDED, *(column.header for column in sheet.columns)}]
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        disabled=fixed,
        column_config=config,
        placeholder="",
        num_rows="fixed",
        width="stretch",
        height="content",
        on_change=_take,
        args=(draft, market, sheet, key),
    )


def _take(draft: Draft, market: Market, sheet: Sheet, key: str) -> None:
    edits = st.session_state[key]["edited_rows"]
    work, faults, step = take_edits(sheet, edits, draft.now, market)
    change(draft, step, work)
    if faults:
        # The refused entry is still in the browser's table; a new table does not have it.
        st.session_state[FAULTS] = faults
        show_anew(draft)


def _take_back(draft: Draft, sheet: Sheet, key: str) -> None:
    row = st.session_state[key]["row"]
    change(draft, f"Reset: {sheet.rows[row][1]}", put_back(sheet, row, draft.now))
    show_anew(draft)
