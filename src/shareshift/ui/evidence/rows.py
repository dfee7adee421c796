"""What the Evidence page asks of the tables: rows that match, rows that disagree, and what they rest on."""

from collections.abc import Sequence

import polars as pl

from shareshift.market.market import OPTIONAL_TABLES, Market

TABLES = ("spend", "revenues", "events", "claims", "outcomes", "parameters", "vendors", "customers", "sources")
WITH_CONFLICTS = ("spend", "revenues", "events", "claims", "outcomes", "diversion", "serves")
RESTS_ON = "rests_on"
ASSUMED = "our assumption"


def tables_of(market: Market) -> tuple[str, ...]:
    """Return the tables of a market in the order in which they are offered, the optional ones last but sources."""
    more = tuple(name for name in OPTIONAL_TABLES if name in market.tables)
    return (*TABLES[:-1], *more, TABLES[-1])


def evidence_table(market: Market, name: str) -> pl.DataFrame:
    """Return a table with a first column that says which source a row rests on, or that it is assumed."""
    frame = market.tables[name]
    if name == "sources":
        return frame
    titles = dict(market.tables["sources"].select("source_id", "publisher").iter_rows())
    assumed = pl.col("source_id") == "assumption"
    if "basis" in frame.columns:
        assumed = assumed | (pl.col("basis") == "assumption").fill_null(False)
    source = pl.col("source_id").replace_strict(titles, default=pl.col("source_id"), return_dtype=pl.String)
    told = frame.with_columns(pl.when(assumed).then(pl.lit(ASSUMED)).otherwise(source).alias(RESTS_ON))
    columns: list[str] = told.columns
    return told.select(sorted(columns, key=lambda column: _place(column, name)))  # type: ignore[arg-type]


def _place(column: str, table: str) -> int:
    """Return how far to the left a reader looks for a column; the rest keeps its order."""
    key = {"parameters": "label"}.get(table, table.removesuffix("s") + "_id")
    first = [key, "date", "title", "words", "name", "customer_id", "vendor_id", "low", "central", "high", "unit"]
    place = next((i for i, start in enumerate(first) if column == start or column.startswith(f"{start}_usd")), None)
    second = ["used", "basis", "gross", RESTS_ON, "grade", "note"]
    return place if place is not None else len(first) + (second.index(column) if column in second else len(second))


def matching(table: pl.DataFrame, words: str, grades: Sequence[str], only_used: bool) -> pl.DataFrame:
    """Return the rows that hold the words in any text, have one of the grades, and are used by the model if asked."""
    texts = [pl.col(name).fill_null("").str.to_lowercase() for name, kind in table.schema.items() if kind == pl.String]
    if words:
        table = table.filter(pl.any_horizontal(text.str.contains(words.lower(), literal=True) for text in texts))
    if grades:
        letter = pl.col("grade" if "grade" in table.columns else "reliability").str.slice(0, 1)
        table = table.filter(letter.is_in(list(grades)))
    return table.filter("used") if only_used and "used" in table.columns else table


def conflicts(market: Market) -> dict[str, pl.DataFrame]:
    """Return the rows that contradict each other, by the word they share, told in the same columns."""
    rows = []
    for name in (name for name in WITH_CONFLICTS if name in market.tables):
        frame = evidence_table(market, name).filter(pl.col("conflict_id").is_not_null())
        rows += [_told(name, row) for row in frame.iter_rows(named=True)]
    groups: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        groups.setdefault(str(row.pop("conflict_id")), []).append(row)
    return {key: pl.DataFrame(found) for key, found in sorted(groups.items()) if len(found) > 1}


def _told(table: str, row: dict[str, object]) -> dict[str, object]:
    key = {
        "spend": "spend_id",
        "revenues": "revenue_id",
        "events": "event_id",
        "claims": "claim_id",
        "diversion": "diversion_id",
        "serves": "serves_id",
    }
    ends = [row.get(f"{end}_usd_per_year", row.get(end)) for end in ("low", "central", "high")]
    used = row.get("used")
    return {
        "conflict_id": row["conflict_id"],
        "table": table,
        "row": row[key.get(table, "outcome_id")],
        "low": ends[0],
        "central": ends[1],
        "high": ends[2],
        "in the model": "" if used is None else "yes" if used else "no",
        "basis": row.get("basis") or row.get("kind"),
        "gross": row.get("gross"),
        "grade": row["grade"],
        RESTS_ON: row[RESTS_ON],
        "note": row["note"],
    }


def counted(market: Market) -> str:
    """Return how many rows there are and how many of them are assumptions."""
    tables = [evidence_table(market, name) for name in tables_of(market) if name != "sources"]
    rows = sum(table.height for table in tables)
    assumed = sum(table.filter(pl.col(RESTS_ON) == ASSUMED).height for table in tables)
    sources = market.tables["sources"].filter(pl.col("kind") != "assumption").height
    return (
        f"{rows} rows from {sources} sources; {assumed} of them are assumptions of ours and say so. "
        "The model runs on the rows marked used, as known on the date of the projection; the others are for reference."
    )
