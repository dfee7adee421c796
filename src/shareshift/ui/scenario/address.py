"""The address: it says what the page shows, and a reader who goes back or forth in it is followed."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from shareshift.market.market import Market
from shareshift.scenario import address as links
from shareshift.scenario.draft import History
from shareshift.scenario.scenario import Scenario
from shareshift.ui.saved.draft import Draft, follow, keep, scenario_query, show_anew
from shareshift.ui.saved.owner import this_owner


def write_address(draft: Draft, market: Market) -> None:
    """Put the draft into the address; a link as it was opened stays until the reader changes something."""
    link = address_of(draft, market)
    first = draft.address is None
    if (link != draft.address and not first) or (link and not scenario_query()):
        beside = {key: st.query_params[key] for key in links.BESIDE if key in st.query_params}
        st.query_params.from_dict({**link, **beside})
        draft.seen = {key: [text] for key, text in link.items()}
    elif first:
        draft.seen = scenario_query()
    draft.address = link


def show_link(draft: Draft, market: Market) -> None:
    """Show the link to what the page shows, to copy."""
    address = address_of(draft, market)
    if links.DRAFT in address:
        st.caption("This scenario is too long for an address. Save it to get a link that others can open.")
        return
    page = urlsplit(st.context.url or "")
    beside = {key: st.query_params[key] for key in links.BESIDE if key in st.query_params}
    link = urlunsplit((page.scheme, page.netloc, page.path, urlencode({**address, **beside}), ""))
    st.caption("For colleagues who open the same server:")
    st.code(link, language=None, wrap_lines=True)


def address_of(draft: Draft, market: Market) -> dict[str, str]:
    """Return the address of the draft; one too long to be passed on names the draft, which only its owner can open."""
    work = draft.now
    link = links.write_link(work.origin, work.start, work.scenario, market)
    if links.is_short(link):
        return link
    return {links.DRAFT: draft.slot.draft_id} if this_owner().lasting else {}


def follow_address(market: Market, presets: Mapping[str, Scenario]) -> None:
    """Take over an address that the reader went to in this tab, as a step that can be undone.

    Call it where a page opens, outside the fragment of its controls: while those run, the browser still sends the
    address from before the last move.
    """
    draft = st.session_state.get("draft")
    query = scenario_query()
    if not isinstance(draft, Draft) or draft.digest != market.digest or draft.address is None:
        return
    if query in ({}, draft.seen) or links.DRAFT in query:
        return
    found = follow(query, market, presets, this_owner())
    draft.history = History.did(draft.history, "Opened a link", found.now)
    draft.refused, draft.made_on, draft.seen = found.refused, found.made_on, query
    draft.address = address_of(draft, market)
    show_anew(draft)
    keep(draft)
