"""Ask for the form of the model, and whether rivals can be full."""

from collections.abc import Callable, Sequence

import streamlit as st

from shareshift.market.market import Market
from shareshift.market.second_choices import matrix_faults
from shareshift.scenario.forms import FORM_WORDS, FORMS, MATRIX, without_effect
from shareshift.ui.shell.words import plain


def ask_form(market: Market, form: str, capacity: bool, take: Callable[[str, bool], None], key: str = "form") -> None:
    """Show the form that holds now and ask for another; `take` hears the form and the capacity that are chosen.

    `take` is called before the page runs again. `key` begins the names of the two widgets, which always show what
    holds now, wherever it was changed. A form that the market's tables do not allow is not offered.
    """
    offered = [name for name in FORMS if name != MATRIX or name == form or not matrix_faults(market)]
    choice, limited = f"{key}-choice", f"{key}-capacity"
    st.session_state[choice], st.session_state[limited] = form, capacity

    def taken() -> None:
        take(st.session_state[choice], st.session_state[limited])

    st.selectbox(
        "How money chooses among rivals", offered, key=choice, format_func=lambda name: FORMS[name], on_change=taken
    )
    st.toggle("Rivals can be full", key=limited, on_change=taken)
    idle = idle_sentence(market, form, capacity)
    st.caption(plain(f"{FORM_WORDS[form]} {idle or ''}"))


def idle_sentence(market: Market, form: str, capacity: bool) -> str | None:
    """Return which sliders a form switches off; None where it switches off none."""
    labels = [market.parameters[name].label for name in without_effect(form, capacity) if name in market.parameters]
    return f"Without effect in this form: {_listed(labels)}." if labels else None


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{'; '.join(words[:-1])}; and {words[-1]}"
