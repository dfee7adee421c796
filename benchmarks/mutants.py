"""Make the mutants of modules with Cosmic Ray, one JSON object a line; run by `mutation.py` in a place of its own.

Arguments: a pattern of operators to leave out, how many mutants of each module to make (0 for all, else drawn at
random), a seed, a folder for the session, then the modules. The first line says how many there are of each module.
"""

import json
import pickle
import re
import sys
from pathlib import Path
from random import Random

from cosmic_ray.ast import get_ast
from cosmic_ray.commands import init
from cosmic_ray.mutating import MutationVisitor
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec


def main(left_out: str, most: str, seed: str, folder: str, *modules: str) -> None:
    with use_db(str(Path(folder) / "session.sqlite"), WorkDB.Mode.create) as session:
        init([Path(module) for module in modules], session, {})
        listed: dict[str, list[MutationSpec]] = {module: [] for module in modules}
        for item in session.work_items:
            mutation = item.mutations[0]
            if not re.search(left_out, mutation.operator_name):
                listed[str(mutation.module_path)].append(mutation)
    print(json.dumps({module: len(found) for module, found in listed.items()}))
    for module, found in listed.items():
        # The session names its items at random, so their order is nobody's.
        found.sort(key=lambda mutation: (mutation.start_pos, mutation.operator_name, mutation.occurrence))
        # A mutation changes the tree, and reading a tree is quicker than parsing the module again.
        tree = pickle.dumps(get_ast(Path(module).read_text("utf-8")))
        chosen = Random(f"{seed}/{module}").sample(found, min(int(most), len(found))) if int(most) else found  # noqa: S311
        for mutation in chosen:
            operator = get_operator(mutation.operator_name)(**mutation.operator_args)
            changed = MutationVisitor(mutation.occurrence, operator).walk(pickle.loads(tree))  # noqa: S301
            mutant = {
                "module": module,
                "operator": mutation.operator_name.removeprefix("core/"),
                "line": mutation.start_pos[0],
                "within": mutation.definition_name or "",
                "source": changed.get_code(),
            }
            print(json.dumps(mutant))


main(*sys.argv[1:])
