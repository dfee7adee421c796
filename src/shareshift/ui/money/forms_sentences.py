"""How much depends on the model, in sentences."""

from collections.abc import Mapping

import polars as pl

from shareshift.basics.formats import money, percent
from shareshift.results.labels import FORM_LABELS as LABELS

HOW = "Shares of the variance over the same simulations; every form counts the same, which is our assumption."
WHAT = {"displaced_gain": "gain", "run_rate_at_horizon": "run rate in the last month"}
# What is said of the rows that are no form.
NAIVE_WORDS = {
    "displaced_gain": "The naive splits (grey) stand beside and are in no share: they send what leaves by size or in "
    "equal parts, and know of no capacity. The other naive forecasters know of no displaced money.",
    "run_rate_at_horizon": "The naive forecasters (grey) stand beside and are in no share: they have no ledger. "
    "An arrow says that one ends beyond the picture.",
}


def forms_finding(gains: pl.DataFrame, names: Mapping[str, str]) -> str:
    """Return how much of the range of the leading rival's gain or run rate is the model; `gains` is ranked."""
    row = gains.row(0, named=True)
    name, what = names.get(row["vendor_id"], row["vendor_id"]), WHAT[row["measure"]]
    if row["share_from_form"] is None:
        return f"{name}’s {what} is the same in every form and every simulation"
    model = percent(row["share_from_form"])
    data = f"{100 - round(100 * row['share_from_form'])}%"
    return f"Of the range of {name}’s {what}, {model} comes from the choice of model and {data} from the data"


def forms_note(gains: pl.DataFrame, names: Mapping[str, str]) -> str:
    """Return where the forms lie for the leading rival, for whom the choice matters most, and how it is computed."""
    row = gains.row(0, named=True)
    ends = (
        f"Its mean runs from {money(row['lowest_mean_value'])} ({LABELS[row['lowest_form_id']].lower()}) to "
        f"{money(row['highest_mean_value'])} ({LABELS[row['highest_form_id']].lower()})."
    )
    most = gains.drop_nulls("share_from_form").sort("share_from_form", descending=True, maintain_order=True)
    told = ""
    if most.height and most["vendor_id"][0] != row["vendor_id"]:
        name = names.get(most["vendor_id"][0], most["vendor_id"][0])
        told = f" The choice matters most for {name}: {percent(most['share_from_form'][0])}."
    return f"{ends}{told} {HOW} {NAIVE_WORDS[row['measure']]}"
