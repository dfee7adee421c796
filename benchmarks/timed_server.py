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
for name in ("ribbons_block", "shares_block", "gains_block", "incumbent_block"):
    setattr(pictures, name, timed("data", getattr(pictures, name)))
main(["run", *sys.argv[1:]])
