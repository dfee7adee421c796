"""The dashboard with a stopwatch around the engine and around the data of the charts, for the benchmark."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.web.cli import main

from shareshift.charts import pictures
from shareshift.ui.shell import cache

LOG = Path(os.environ["SHARESHIFT_TIMINGS"])


def timed(part: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*args: Any, **keywords: Any) -> Any:
        start = time.perf_counter()
        try:
            return function(*args, **keywords)
        finally:
            with LOG.open("a") as log:
                log.write(json.dumps({"part": part, "ms": 1000 * (time.perf_counter() - start)}) + "\n")

    return wrapped


cache.results_of = timed("engine", cache.results_of)
pictures.ribbons_block = timed("data", pictures.ribbons_block)
pictures.shares_block = timed("data", pictures.shares_block)
pictures.gains_block = timed("data", pictures.gains_block)
pictures.incumbent_block = timed("data", pictures.incumbent_block)
main(["run", *sys.argv[1:]])
