"""Make the mutants of modules with Cosmic Ray, one JSON object a line; run by `mutation.py` in a place of its own.

Arguments: a pattern of operators to leave out, a folder for the session, then the modules.
"""

import json
import re
import sys
from pathlib import Path

from cosmic_ray.commands import init
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db


def main(left_out: str, folder: str, *modules: str) -> None:
    with use_db(str(Path(folder) / "session.sqlite"), WorkDB.Mode.create) as session:
        init([Path(module) for module in modules], session, {})
        for item in session.pending_work_items:
            mutation = item.mutations[0]
            if re.search(left_out, mutation.operator_name):
                continue
            operator = get_operator(mutation.operator_name)(**mutation.operator_args)
            source = Path(mutation.module_path).read_text("utf-8")
            mutant = {
                "module": str(mutation.module_path),
                "operator": mutation.operator_name.removeprefix("core/"),
                "occurrence": mutation.occurrence,
                "line": mutation.start_pos[0],
                "within": mutation.definition_name or "",
                "source": mutate_code(source, operator, mutation.occurrence),
            }
            print(json.dumps(mutant))


main(*sys.argv[1:])
