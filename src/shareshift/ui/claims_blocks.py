"""The blocks of the claims page: the two pictures on top, a card per claim, even odds, believing, and the files."""

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

import polars as pl
import streamlit as st

from shareshift.charts.claims_belief import Moved, belief_data, belief_height
from shareshift.charts.claims_inputs import SHOWN, inputs_data, inputs_height
from shareshift.charts.claims_odds import Odds, odds_data, odds_height
from shareshift.charts.claims_place import Strip, place_data, place_height
from shareshift.charts.claims_stack import stack_data, stack_height
from shareshift.charts.look import Look
from shareshift.credibility import Key, credibility
from shareshift.formats import percent
from shareshift.market import Market
from shareshift.ui import claims_words as words
from shareshift.ui.blocks import (
    INSIDE,
    ChartBlock,
    show_chart,
    show_download,
    show_finding,
    show_table,
    show_warning,
)
from shareshift.ui.claims_cache import Asked, Beliefs, Believed, Tested, believed, even_odds, spec_of
from shareshift.ui.claims_words import Card
from shareshift.ui.words import html, plain

FILES = (
    "claims", "claim_distributions", "oversubscription", "oversubscription_bins", "claimed_stack", "programme",
    "contradictions", "beliefs", "posterior", "inputs_moved",
)  # fmt: skip
CHOSEN, VALUES = "claims-chosen", "claims-values"


def show_claims_style() -> None:
    """Put the typography of this page on the page."""
    st.html(f"<style>{files('shareshift.ui').joinpath('claims.css').read_text()}</style>")


def stack_block(found: Tested, look: Look, digest: str, source: str) -> ChartBlock:
    """Return the claimed money beside the money there is."""
    return ChartBlock(
        name="claims-stack",
        finding=words.stack_finding(found.oversubscription),
        note="Colour: the least that rivals say they win. Grey: the displaced money there is, mean; the line holds "
        "90 in 100 draws. Each basis stands alone.",
        spec=spec_of(look, digest, "stack", stack_height(found.stack.filter("counted"))),
        data=stack_data(found.stack, look),
        frame=found.stack,
        table=_stack_table(found.stack, look),
        source=source,
    )


def _stack_table(stack: pl.DataFrame, look: Look) -> pl.DataFrame:
    return stack.select(
        pl.col("basis").str.replace("_", " ").alias("Basis"),
        pl.col("deadline").alias("Due"),
        look.named(stack["vendor_id"]).alias("Who"),
        pl.col("low").alias("At least, USD"),
        pl.col("counted").alias("Counted"),
        pl.col("mean_pool").alias("Pool, mean USD"),
        pl.col("p5_pool").alias("P5 USD"),
        pl.col("p95_pool").alias("P95 USD"),
        pl.col("why_not").alias("Why not"),
    )


def odds_block(found: Tested, cards: list[Card], look: Look, digest: str, source: str) -> ChartBlock:
    """Return how likely every claim is."""
    rows = [
        Odds(
            group=card.group,
            label=words.label_of(test.row, look.names),
            words=words.chance_words(test.row),
            probability=test.row["probability"],
        )
        for card in cards
        for test in card.tests
    ]
    return ChartBlock(
        name="claims-odds",
        finding=words.odds_finding(cards),
        note="Share of the draws in which each claim holds, by reading. A claim may be read in more than one way.",
        spec=spec_of(look, digest, "odds", odds_height(rows)),
        data=odds_data(rows),
        frame=found.claims,
        table=_claims_table(found.claims, look),
        source=source,
    )


def _claims_table(claims: pl.DataFrame, look: Look) -> pl.DataFrame:
    labels = [words.label_of(row, look.names) for row in claims.iter_rows(named=True)]
    return claims.select(
        pl.Series("Claim", labels, dtype=pl.String),
        pl.col("speaker").alias("Said by"),
        pl.col("grade").alias("Grade"),
        pl.col("likelihood").fill_null("not tested").alias("Holds"),
        pl.col("probability").alias("Holds, share"),
        pl.col("standard_error").alias("Error, share"),
        pl.col("needed_capture_share").alias("Needs of the pool, share"),
        pl.col("shortfall_usd").alias("Short by, USD"),
        pl.col("stopped_by").alias("Stopped by"),
    )


def show_together(found: Tested, cards: list[Card], look: Look) -> None:
    """Say what all claims need together, who conflicts, and what is left out of the sum."""
    titles = words.titles_of(cards, look.names)
    lines = words.programme_sentences(found.programme, titles)
    lines += words.left_out_sentences(found.stack, titles)
    st.html(f'<ul class="sums" data-testid="together">{"".join(f"<li>{html(line)}</li>" for line in lines)}</ul>')


def show_cards(found: Tested, cards: list[Card], market: Market, look: Look) -> None:
    """Show every claim with where it falls in the model's distribution."""
    sources = dict(market.tables["sources"].select("source_id", "publisher").iter_rows())
    for group in dict.fromkeys(card.group for card in cards):
        st.html(f'<h3 class="group">{html(group)}</h3>')
        for card in (card for card in cards if card.group == group):
            left, right = st.columns([1, 1.05], gap="large")
            left.html(_card_words(card, sources, look))
            with right:
                _show_place(found, card, look, market.digest)


def _card_words(card: Card, sources: Mapping[str, str | None], look: Look) -> str:
    first = card.row

    def said(row: words.Row) -> str:
        return html(words.said_words(row, sources.get(row["source_id"]) or row["source_id"]))

    tests = "".join(_test_words(test.row, look, len(card.tests) > 1) for test in card.tests)
    others = [report for test in card.tests for report in test.reports]
    reports = "".join(f"<br>{html(report['words'])} {said(report)}" for report in others)
    also = f'<p class="reports">The same, told again; it counts once.{reports}</p>' if others else ""
    return (
        f'<div class="claim"><p class="words">{html(first["words"])}</p>'
        f'<p class="said">{said(first)} · {html(words.due_words(first["deadline"]))}</p>'
        f'<dl class="tests">{tests}</dl>{also}</div>'
    )


def _test_words(row: words.Row, look: Look, several: bool) -> str:
    head = html(words.label_of(row, look.names) if several or row["metric"] != "exit" else words.chance_words(row))
    if row["not_tested"]:
        return f"<div><dt>{head}</dt><dd>Not tested. {html(row['not_tested'])}</dd></div>"
    lines = [f"{html(words.chance_words(row))} <span>{html(words.error_words(row))}</span>"]
    if row["metric"] == "exit" and not several:
        lines = [f"<span>Monte Carlo error {html(words.error_words(row) or 'none')}</span>"]
    if row["needed_capture_share"] is not None:
        lines.append(f"<span>Takes</span> {html(words.need_words(row))}")
    if row["shortfall_usd"]:
        lines.append(f"<span>Falls short by</span> {html(words.shortfall_words(row))} <span>on average</span>")
    if row["stopped_by"] is not None:
        lines.append(f"<span>Stopped by</span> {html(words.stopper_words(row))}")
    note = f'<dd class="notes">{html(row["note"])}</dd>' if row["note"] else ""
    return f"<div><dt>{head}</dt>{''.join(f'<dd>{line}</dd>' for line in lines)}{note}</div>"


def _show_place(found: Tested, card: Card, look: Look, digest: str) -> None:
    strips = [strip for test in card.tests if (strip := _strip(found, test.row))]
    if not strips:
        return
    spec = spec_of(look, digest, "place", place_height(strips))
    data: dict[str, Any] = {**spec, "datasets": place_data(strips)}
    st.vega_lite_chart(spec=data, theme=None, key=f"chart-place-{card.claim_id}")


def _strip(found: Tested, row: words.Row) -> Strip | None:
    if row["probability"] is None:
        return None
    bins = found.distributions.filter(pl.col("claim_id") == row["claim_id"], pl.col("reading") == row["reading"])
    holds, yes_no = row["probability"], None
    if row["metric"] == "exit":
        verbs = ("leaves", "stays") if row["comparator"] == "at_least" else ("stays", "leaves")
        yes_no = (f"{verbs[0]} in {percent(holds)} of draws", f"{verbs[1]} in {percent(1 - holds)}")
    return Strip(
        head=f"{row['what'].partition(',')[0]}, {words.when(row)}" if row["what"] else "",
        claimed=f"claimed {words.threshold(row)}",
        model=words.range_of(row),
        mean=row["mean_value"],
        bins=bins,
        from_zero=row["metric"] in {"won_from_incumbent", "in_house_flow"},
        yes_no=yes_no,
        holds=holds,
    )


def show_even_odds(asked: Asked, cards: list[Card], look: Look) -> None:
    """Show on demand what each slider alone would have to say for a claim to be as likely as not."""
    place = st.expander("What would make a claim even odds?", key="claims-even", on_change="rerun")
    if not place.open:
        return
    labels = {
        test.key: words.label_of(test.row, look.names)
        for card in cards
        for test in card.tests
        if test.row["probability"] is not None
    }
    with place:
        if not labels:
            st.caption("No claim can be tested in this run, so there is nothing to look for.")
            return
        pick, press = st.columns([3, 1], vertical_alignment="bottom")
        claim = pick.selectbox("Claim", list(labels), format_func=labels.__getitem__, key="claims-even-claim")
        wanted = (asked.key, claim)
        if press.button("Look for it", key="claims-even-look", type="primary"):
            st.session_state["claims-even-wanted"] = wanted
        if st.session_state.get("claims-even-wanted") != wanted:
            st.caption("One slider at a time, all else as it stands. It takes about fifty small runs.")
            return
        with st.spinner("Trying each slider on its own"):
            found = even_odds(asked, claim)
        reached = found.filter(pl.col("value").is_not_null()).height
        st.markdown(plain(_even_words(reached, found.height)))
        show_table(found.select(pl.col("label").alias("Slider"), pl.col("words").alias("What it does")))
        show_download("even_odds.csv", lambda: _csv(found), "CSV of these sliders")


def _even_words(reached: int, count: int) -> str:
    if not reached:
        return f"Not within any of the {count} sliders’ ranges; how near each comes:"
    return f"{reached} of {count} sliders can do it alone:"


def _csv(frame: pl.DataFrame) -> bytes:
    from shareshift.export import write_csv

    return write_csv(frame)


def show_believing(asked: Asked, found: Tested, cards: list[Card], look: Look, source: str) -> Beliefs | None:
    """Show what believing the claims does, when the reader asks; return the beliefs, None for those of the grades."""
    show_finding(
        "Believe the claims",
        "The draws are weighted anew, as little as can be, so that each believed claim holds as often as its grade "
        "says. Off, nothing on this page or elsewhere rests on a claim.",
    )
    on = st.toggle("Believe the claims", key="claims-believe")
    beliefs = _stored(found)
    if not on:
        return beliefs
    beliefs = _ask_beliefs(found, cards, look)
    after = believed(asked, beliefs)
    _show_remarks(after, cards, look)
    left, right = st.columns(2, gap="large")
    incumbent = look.names[look.incumbent]
    with left:
        show_chart(_posterior_block(after, look, asked.market.digest, source, incumbent))
    with right:
        show_chart(_inputs_block(after, cards, look, asked.market.digest, source))
    return beliefs


def _stored(found: Tested) -> Beliefs | None:
    """Return the reader's beliefs; None as long as they are those of the grades."""
    chosen = st.session_state.get(CHOSEN)
    values: Mapping[Key, float] = st.session_state.get(VALUES, {})
    if chosen is None and not values:
        return None
    keys = list(found.defaults) if chosen is None else chosen
    tested = set(found.claims.filter(pl.col("probability").is_not_null()).select("claim_id", "reading").iter_rows())
    grades = dict(zip(found.claims.select("claim_id", "reading").iter_rows(), found.claims["grade"], strict=True))
    return tuple(sorted((*key, values.get(key, credibility(grades[key]) or 0.5)) for key in keys if key in tested))


def _ask_beliefs(found: Tested, cards: list[Card], look: Look) -> Beliefs | None:
    rows = {(row["claim_id"], row["reading"]): row for row in found.claims.iter_rows(named=True)}
    options = [key for key, row in rows.items() if row["probability"] is not None]
    order = [(test.row["claim_id"], test.row["reading"]) for card in cards for test in card.tests]
    options.sort(key=lambda key: (order.index(key) if key in order else len(order), key))
    now = st.session_state.get(CHOSEN)
    st.session_state["claims-believed"] = [key for key in (found.defaults if now is None else now) if key in options]
    st.multiselect(
        "Claims that count",
        options,
        key="claims-believed",
        format_func=lambda key: _belief_label(rows[key], look),
        on_change=_take_chosen,
        placeholder="No claim is believed; choose one",
    )
    values: dict[Key, float] = st.session_state.setdefault(VALUES, {})
    chosen = st.session_state["claims-believed"]
    columns = st.columns(3, gap="medium")
    for place, key in enumerate(chosen):
        with columns[place % 3]:
            _ask_credibility(key, rows[key], values, look)
    st.button(
        "Back to what the grades say", key="claims-belief-reset", type="tertiary", on_click=_forget,
        disabled=now is None and not values,
    )  # fmt: skip
    return _stored(found)


def _belief_label(row: words.Row, look: Look) -> str:
    return f"{words.label_of(row, look.names)} ({row['speaker']}, {row['grade']})"


def _ask_credibility(key: Key, row: words.Row, values: dict[Key, float], look: Look) -> None:
    name = f"belief-{'/'.join(key)}"
    graded = credibility(row["grade"])
    if name not in st.session_state:
        st.session_state[name] = values.get(key, graded if graded is not None else 0.5)
    st.slider(
        plain(words.label_of(row, look.names)), 0.0, 1.0, step=0.01, key=name, format="percent",
        on_change=_take_credibility, args=(key, name),
    )  # fmt: skip
    grade = f"grade {row['grade']} reads as {percent(graded)}" if graded is not None else f"grade {row['grade']}"
    st.caption(plain(f"{grade}; holds in {percent(row['probability'])} of the draws"))


def _take_chosen() -> None:
    st.session_state[CHOSEN] = list(st.session_state["claims-believed"])


def _take_credibility(key: Key, name: str) -> None:
    st.session_state.setdefault(VALUES, {})[key] = round(float(st.session_state[name]), 4)


def _forget() -> None:
    for key in st.session_state.pop(VALUES, {}):
        st.session_state.pop(f"belief-{'/'.join(key)}", None)
    st.session_state.pop(CHOSEN, None)


def _show_remarks(after: Believed, cards: list[Card], look: Look) -> None:
    labels = {test.key: words.label_of(test.row, look.names) for card in cards for test in card.tests}
    if after.refused:
        items = "".join(
            f"<li>{html(labels.get(key, '/'.join(key)))}. {html(why)}</li>" for key, why in after.refused.items()
        )
        st.html(
            '<div class="fault" role="status" data-testid="belief-refused"><p>Not believed, because it cannot be '
            f"had from these draws:</p><ul>{items}</ul></div>"
        )
    if after.conflict:
        show_warning(after.conflict)
        return
    share = after.effective_draws / after.draws
    counted = f"{len(after.believed)} claim{'' if len(after.believed) == 1 else 's'} believed"
    st.html(
        f'<p class="key" data-testid="effective">{counted}. The weighted draws are worth {after.effective_draws:,.0f} '
        f"of {after.draws:,} ({percent(share)}).</p>"
    )
    if after.few_draws:
        show_warning(
            f"Only {percent(share)} of the draws carry what follows, less than a tenth; read its ranges as rough. "
            "Believe fewer claims, or less firmly."
        )


def _posterior_block(after: Believed, look: Look, digest: str, source: str, incumbent: str) -> ChartBlock:
    rows = []
    for row in after.posterior.iter_rows(named=True):
        amounts = [words.figure_amount(row[f"{when}_mean"], row["unit"]) for when in ("prior", "posterior")]
        ends = [tuple(row[f"{when}_{name}"] for name in ("mean", "p5", "p95")) for when in ("prior", "posterior")]
        label = words.figure_label(row["figure"], incumbent)
        rows.append(Moved(label=label, words=f"{amounts[0]} → {amounts[1]}", before=ends[0], after=ends[1]))
    labels = [row.label for row in rows]
    table = after.posterior.select(
        pl.Series("Figure", labels, dtype=pl.String),
        pl.col("unit").str.replace_all("_", " ").alias("Unit"),
        *(
            pl.col(f"{when}_{name}").alias(f"{word}, {name if name == 'mean' else name.upper()}")
            for when, word in (("prior", "Before"), ("posterior", "After"))
            for name in ("mean", "p5", "p95")
        ),
    )
    return ChartBlock(
        name="claims-posterior",
        finding=words.posterior_finding(after.posterior, incumbent),
        note=f"◆ before   ● after believing; each figure on its own scale. {INSIDE}",
        spec=spec_of(look, digest, "belief", belief_height(len(rows))),
        data=belief_data(rows),
        frame=after.posterior,
        table=table,
        source=source,
    )


def _inputs_block(after: Believed, cards: list[Card], look: Look, digest: str, source: str) -> ChartBlock:
    moved = after.inputs_moved
    labels = {test.key: words.short_title(test.row, look.names) for card in cards for test in card.tests}
    only = [labels.get(key, key[0]) for key in after.believed]
    whose = f"“{only[0]}”" if len(only) == 1 else "these claims"
    amounts = [words.input_words(row) for row in moved.head(SHOWN).iter_rows(named=True)]
    table = moved.select(
        pl.col("label").alias("Input"),
        pl.col("unit").str.replace_all("_", " ").alias("Unit"),
        pl.col("prior_mean").alias("Before, mean"),
        pl.col("posterior_mean").alias("After, mean"),
        pl.col("moved_sd").alias("Move in deviations"),
        pl.col("beyond_noise").alias("Beyond noise"),
    )
    return ChartBlock(
        name="claims-inputs",
        finding="What would have to be true",
        note=words.inputs_sentence(moved, whose),
        spec=spec_of(look, digest, "inputs", inputs_height()),
        data=inputs_data(moved, amounts),
        frame=moved,
        table=table,
        source=source,
    )


def show_files(asked: Callable[[], Asked], beliefs: Callable[[], Beliefs | None]) -> None:
    """Show a button per file, the same that the command line writes."""
    show_finding(
        "Take the numbers with you",
        "The files that `shareshift claims` writes: CSV as UTF-8, ISO dates, units in the headers; text made safe.",
    )
    with st.container(horizontal=True, key="downloads"):
        for name in FILES:
            show_download(f"{name}.csv", _file(asked, beliefs, name))


def _file(asked: Callable[[], Asked], beliefs: Callable[[], Beliefs | None], name: str) -> Callable[[], bytes]:
    return lambda: asked().table(name, beliefs())
