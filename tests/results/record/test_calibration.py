"""What travels with the package of past migrations is what the command finds."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from shareshift.results.record.calibration import calibrate, claims_of, library
from shareshift.results.record.past import claims_record, left_one_out
from shareshift.results.record.score import MODEL
from support.places import MIGRATIONS, ROOT


@pytest.mark.slow
def test_the_record_of_past_migrations_is_what_calibrate_finds():
    assert_frame_equal(calibrate(library()).cases, left_one_out(), check_dtypes=False, rel_tol=1e-9)


def test_past_migrations_are_covered_as_promised_and_beat_fair_share():
    cases = left_one_out()
    own, fair = (cases.filter(forecaster=name) for name in (MODEL, "fair_share"))
    assert 0.75 <= own["inside_90"].sum() / own["rows"].sum() <= 0.98
    assert (own["crps_log"] < fair["crps_log"]).mean() >= 0.75
    assert (
        own["crps_log"].mean() == pl.DataFrame(cases).group_by("forecaster").agg(pl.mean("crps_log"))["crps_log"].min()
    )


def test_the_texts_quote_the_record_of_the_past_migrations_that_are_there():
    own = left_one_out().filter(forecaster=MODEL)
    assert own["case"].to_list() == sorted(path.name for path in MIGRATIONS.iterdir())
    readme, method = (
        " ".join((ROOT / name).read_text().split()) for name in ("README.md", "src/shareshift/ui/method/method.md")
    )
    assert f"over {own.height} past migrations" in readme
    assert f"Over {own.height} past migrations" in method
    assert f"it holds {own['inside_90'].sum()} of {own['rows'].sum()}" in readme


@pytest.mark.slow
def test_the_record_of_claims_is_what_calibrate_finds():
    assert_frame_equal(claims_of(library()), claims_record(), check_dtypes=False, rel_tol=1e-9)
