"""`shareshift calibrate`: what past migrations say of the model's defaults, and how well each was forecast."""

import polars as pl

from shareshift.basics.version import __version__
from shareshift.cli.choices import OutChoice, asks
from shareshift.cli.output import ResultsFolder, say


@asks(OutChoice)
def calibrate_command(choice: OutChoice) -> None:
    """Score the model on past migrations, each with what the others say of its defaults; takes about a minute."""
    from shareshift.results.record.calibration import calibrate, library
    from shareshift.results.record.score import FORECASTERS

    cases = library()
    run = {"command": "calibrate", "version": __version__, "cases": sorted(cases)}
    results = ResultsFolder(folder=choice.out, run=run, force=choice.force)
    say(f"{len(cases)} past migrations: {', '.join(cases)}")
    found = calibrate(cases)
    results.write(found.tables)
    for name, label in FORECASTERS.items():
        rows = found.cases.filter(forecaster=name)
        inside, count, crps = rows.select(pl.sum("inside_90", "rows"), pl.mean("crps_log")).row(0)
        say(f"{label}: {inside} of {count} inside the 90% range, mean CRPS {crps:.3f}")
    own = found.cases.filter(pl.col("forecaster") == "model")
    better = sum(
        row["crps_log"] < found.cases.filter(case=row["case"], forecaster="fair_share")["crps_log"][0]
        for row in own.iter_rows(named=True)
    )
    say(f"closer than fair share in {better} of {own.height} cases")
