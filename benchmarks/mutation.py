"""Change engine, answers and rules in small ways, one at a time, and see whether tests notice: mutation testing.

    python benchmarks/mutation.py                                  every mutant of every module
    python benchmarks/mutation.py --sample 60 --seed 1             so many of each module, drawn at random
    python benchmarks/mutation.py --only model/equations/rounds results/claims     some modules, or whole rooms

Cosmic Ray makes the mutants: it changes decorated functions too, where mutmut leaves them alone, and the kernels and
tables of the engine are decorated. It is installed on demand into a temporary environment, as nothing else needs it.
The tests run in a copy of the tree. Modules with kernels are tested with these as plain Python, so that neither a
compiled kernel of another mutant is used nor each mutant compiled; see `nursery.py`. Mutants that differ only in
annotations or in decorators without effect on results are no mutants of what runs, and are left out.

Survivors that cannot be told from the original are named with their reasons in `mutation_survivors.toml`. The table
gives the share killed of all, and of all but those.
"""

import argparse
import ast
import contextlib
import difflib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
COSMIC_RAY = "cosmic-ray==8.7.0"
COPIED = (
    "src",
    "tests",
    "data",
    "seeds",
    "benchmarks",
    "pyproject.toml",
    "run.py",
    "app.py",
    "README.md",
    ".streamlit",
)
PACKAGE = "src/shareshift/"
KERNELS = "shareshift.basics.kernels"
Mutant = dict[str, Any]
Result = dict[str, Any]
Job = tuple[Mutant, list[list[str]], float]


@dataclass
class Plan:
    """What `mutation.toml` says."""

    leave_out: str
    without_effect: frozenset[str]
    types_only: frozenset[str]
    stages: dict[str, list[list[str]]]

    @classmethod
    def read(cls) -> "Plan":
        text = tomllib.loads((HERE / "mutation.toml").read_text("utf-8"))
        stages = {PACKAGE + name: entry["stages"] for name, entry in text["modules"].items()}
        without_effect, types_only = (frozenset(text[key]) for key in ("without_effect", "types_only"))
        return cls(text["leave_out"], without_effect, types_only, stages)

    def of(self, module: str) -> list[list[str]]:
        """Return the stages of a module: its own, else those of the room it stands in."""
        rooms = [name for name in self.stages if module == name or module.startswith(name.removesuffix(".py") + "/")]
        return self.stages[max(rooms, key=len)]


def modules(tree: Path, only: Sequence[str], plan: Plan) -> list[str]:
    """Return the modules to change, as paths from the tree."""
    places = [tree / name for name in plan.stages]
    files = {file for place in places for file in ([place] if place.is_file() else place.rglob("[!_]*.py"))}
    found = sorted({file.relative_to(tree).as_posix() for file in files} - {PACKAGE + name for name in plan.types_only})
    wanted = [PACKAGE + name.removesuffix(".py") for name in only]
    for name in wanted:
        if not any(_within(module, name) for module in found):
            raise SystemExit(f"No module {name}. Choose from {', '.join(found)}.")
    return [module for module in found if not wanted or any(_within(module, name) for name in wanted)]


def _within(module: str, place: str) -> bool:
    return module == f"{place}.py" or module.startswith(f"{place}/")


def make_mutants(
    tree: Path, names: list[str], plan: Plan, folder: Path, sample: int, seed: int
) -> tuple[list[Mutant], dict[str, int]]:
    """Return the mutants of what runs in some modules, all or a sample of each, and how many there are in all."""
    python = install_cosmic_ray(folder)
    # More than asked for, as those that change nothing that runs fall out afterwards.
    most = sample + sample // 2 + 20 if sample else 0
    command = [str(python), str(HERE / "mutants.py"), plan.leave_out, str(most), str(seed), str(folder), *names]
    made = subprocess.run(command, cwd=tree, stdout=subprocess.PIPE, text=True, check=True)
    first, *lines = made.stdout.splitlines()
    found: dict[str, list[Mutant]] = {name: [] for name in names}
    for mutant in _that_run(map(json.loads, lines), tree, plan.without_effect):
        found[mutant["module"]].append(mutant)
    counts = {name: len(group) for name, group in found.items()} if not sample else json.loads(first)
    return [mutant for group in found.values() for mutant in group[: sample or None]], counts


def install_cosmic_ray(folder: Path) -> Path:
    """Install Cosmic Ray into an environment of its own and return its interpreter."""
    venv = folder / "venv"
    python = venv / "bin" / "python"
    if uv := shutil.which("uv"):
        run = [[uv, "venv", "-q", "--python", sys.executable, str(venv)]]
        run.append([uv, "pip", "install", "-q", "--python", str(python), COSMIC_RAY])
    else:
        run = [[sys.executable, "-m", "venv", str(venv)], [str(python), "-m", "pip", "install", "-qq", COSMIC_RAY]]
    for command in run:
        subprocess.run(command, check=True)
    return python


def _that_run(mutants: Iterator[Mutant], tree: Path, without_effect: frozenset[str]) -> Iterator[Mutant]:
    originals: dict[str, tuple[str, str]] = {}
    seen = set()
    for mutant in mutants:
        name = mutant["module"]
        if name not in originals:
            source = (tree / name).read_text("utf-8")
            originals[name] = source, essence(source, without_effect)
        original, same = originals[name]
        try:
            changed = essence(mutant["source"], without_effect)
        except SyntaxError:
            mutant["incompetent"], changed = True, mutant["source"]
        if changed == same or (name, changed) in seen:
            continue
        seen.add((name, changed))
        mutant["change"] = change(original, mutant["source"])
        yield mutant


def essence(source: str, without_effect: frozenset[str]) -> str:
    """Return what runs of a module: its syntax tree without annotations, docstrings and decorators without effect."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign):
            node.annotation = ast.Constant(value=None)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            node.decorator_list = [each for each in node.decorator_list if _name(each) not in without_effect]
    return ast.dump(tree)


def _name(decorator: ast.expr) -> str:
    named = decorator.func if isinstance(decorator, ast.Call) else decorator
    return named.id if isinstance(named, ast.Name) else ""


def change(original: str, mutated: str) -> tuple[str, str]:
    """Return the lines that a mutant takes away and those that it puts in their place, without their indentation."""
    lines = list(difflib.unified_diff(original.splitlines(), mutated.splitlines(), n=0, lineterm=""))[2:]
    old = " ".join(line[1:].strip() for line in lines if line.startswith("-"))
    new = " ".join(line[1:].strip() for line in lines if line.startswith("+"))
    return old, new


def copy_tree(tree: Path, folder: Path) -> Path:
    """Copy what the tests need, so that edits of the tree during the run change nothing."""
    copied = folder / "tree"
    copied.mkdir()
    for name in COPIED:
        source = tree / name
        if source.is_dir():
            shutil.copytree(source, copied / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy2(source, copied / name)
    return copied


def nursery(copied: Path, plan: list[Job], workers: int) -> Iterator[Result]:
    """Test mutants and yield results as they come: those of modules with kernels, then the others."""
    interpreted = [KERNELS in (copied / mutant["module"]).read_text("utf-8") for mutant, _, _ in plan]
    for kind in (True, False):
        numbers = [number for number, its in enumerate(interpreted) if its == kind]
        if numbers:
            for result in _nursery(copied, [plan[number] for number in numbers], workers, interpret=kind):
                yield result | {"number": numbers[result["number"]]}


def _nursery(copied: Path, plan: list[Job], workers: int, *, interpret: bool) -> Iterator[Result]:
    temporary = copied.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "PYTHONPATH": str(copied / "src"),
        "NUMBA_DISABLE_JIT": str(int(interpret)),
        "NUMBA_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "POLARS_MAX_THREADS": "1",
        "HYPOTHESIS_PROFILE": "same",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        # Its settings stand in pyproject.toml, which is read strictly.
        "PYTEST_PLUGINS": "pytest_timeout",
        "TMPDIR": str(temporary),
    }
    file = copied.parent / "plan.json"
    file.write_text(json.dumps(plan))
    command = [sys.executable, str(HERE / "nursery.py"), str(file), str(workers)]
    with subprocess.Popen(command, cwd=copied, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                yield json.loads(line)
        finally:
            process.terminate()
    if process.returncode not in (0, 143):
        raise SystemExit(f"The nursery ended with code {process.returncode}.")


def baselines(copied: Path, names: list[str], plan: Plan) -> dict[str, float]:
    """Return the processor time that the tests of each module take unchanged, in seconds; they have to pass."""
    # Modules of one room mostly share their tests, which need no more than one measurement.
    alike: dict[tuple[str, bool], list[str]] = {}
    for name in names:
        alike.setdefault((json.dumps(plan.of(name)), KERNELS in (copied / name).read_text("utf-8")), []).append(name)
    groups = list(alike.values())
    jobs: list[Job] = [({"module": group[0], "source": None}, plan.of(group[0]), 900.0) for group in groups]
    found: dict[str, float] = {}
    # Twice, as the first run also writes the compiled files of the tests.
    for _ in range(2):
        for result in nursery(copied, jobs, 1):
            group = groups[result["number"]]
            if result["outcome"] != "survived":
                what = f"{result['by'] or result['outcome']}\n{result.get('words', '')}"
                raise SystemExit(f"The tests of {group[0]} fail without any change: {what}")
            found.update(dict.fromkeys(group, float(result["seconds"])))
    return found


def wilson(part: int, of: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a share, after Wilson."""
    if not of:
        return 0.0, 1.0
    z, share = 1.96, part / of
    centre, spread = share + z * z / (2 * of), z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (centre - spread) / (1 + z * z / of), (centre + spread) / (1 + z * z / of)


def accepted_survivors() -> dict[tuple[str, str, str], str]:
    """Return the reasons for survivors that cannot be told from the original, by module, old and new line."""
    path = HERE / "mutation_survivors.toml"
    entries = tomllib.loads(path.read_text("utf-8")).get("survivor", []) if path.exists() else []
    return {(entry["module"], entry["old"], entry["new"]): entry["reason"] for entry in entries}


def table(mutants: list[Mutant], results: list[Result], counts: dict[str, int], names: list[str]) -> None:
    """Print how many mutants of each module were killed."""
    reasons = accepted_survivors()
    print(
        f"\n{'module':<34}{'mutants':>8}{'run':>6}{'killed':>8}{'timeout':>9}{'invalid':>9}{'survived':>10}{'accepted':>10}"
        f"{'of all':>9}{'of the rest':>13}   95 % interval"
    )
    rows = [(name, [name]) for name in names] + [("all", names)]
    for title, of in rows:
        chosen = [(m, r) for m, r in zip(mutants, results, strict=True) if m["module"] in of]
        number = {kind: sum(r["outcome"] == kind for _, r in chosen) for kind in ("killed", "timeout", "survived")}
        invalid = sum(r["outcome"] == "invalid" for _, r in chosen)
        equal = sum(r["outcome"] == "survived" and key(m) in reasons for m, r in chosen)
        run = len(chosen) - invalid
        killed = number["killed"] + number["timeout"]
        low, high = wilson(killed, run)
        print(
            f"{title.removeprefix(PACKAGE):<34}{sum(counts[n] for n in of):>8}{len(chosen):>6}"
            f"{number['killed']:>8}{number['timeout']:>9}{invalid:>9}{number['survived']:>10}{equal:>10}"
            f"{killed / max(run, 1):>9.1%}{killed / max(run - equal, 1):>13.1%}   {low:.1%} to {high:.1%}"
        )
    print("Killed counts timeouts. The interval is that of the share of all, for a sample.")


def key(mutant: Mutant) -> tuple[str, str, str]:
    return (mutant["module"], *mutant["change"])


def survivors(mutants: list[Mutant], results: list[Result], whole: bool) -> int:
    """Print the survivors and return how many of them have no reason."""
    reasons = accepted_survivors()
    alive = [m for m, r in zip(mutants, results, strict=True) if r["outcome"] == "survived"]
    new = [mutant for mutant in alive if key(mutant) not in reasons]
    for mutant in new:
        old, put = mutant["change"]
        print(f"\n{mutant['module']}:{mutant['line']} {mutant['within']} ({mutant['operator']})\n  - {old}\n  + {put}")
    found = {key(mutant) for mutant in alive}
    tested = {mutant["module"] for mutant in mutants}
    if whole and (stale := [entry for entry in reasons if entry not in found and entry[0] in tested]):
        print("\nNamed in mutation_survivors.toml, but they do not survive (any more):")
        for entry in stale:
            print("  ", *entry, sep="\n    ")
    print(f"\n{len(new)} survivors without a reason, {len(alive) - len(new)} with one in mutation_survivors.toml")
    return len(new)


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=(), metavar="MODULE", help="as in model/equations/rounds")
    parser.add_argument(
        "--sample", type=int, default=0, metavar="N", help="test N mutants of each module, drawn at random"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--tree", type=Path, default=ROOT, help="another checkout to test")
    parser.add_argument("--results", type=Path, metavar="FILE", help="write every mutant and its fate, JSON lines")
    return parser


def main() -> int:
    options = command_line().parse_args()
    # Whoever ends this with a signal ends what it started as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    plan, begun = Plan.read(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="shareshift-mutants-") as name:
        folder = Path(name)
        copied = copy_tree(options.tree, folder)
        names = modules(copied, options.only, plan)
        mutants, counts = make_mutants(copied, names, plan, folder, options.sample, options.seed)
        seconds = baselines(copied, names, plan)
        print(f"{sum(counts.values())} mutants, {len(mutants)} to test; {time.monotonic() - begun:.0f} s to make them")
        print(
            "processor time of the tests, unchanged: "
            + ", ".join(f"{Path(n).stem} {s:.1f} s" for n, s in seconds.items())
        )
        results: list[Result] = [
            {"outcome": "invalid" if "incompetent" in mutant else "waiting", "by": "", "seconds": 0.0}
            for mutant in mutants
        ]
        valid = [index for index, mutant in enumerate(mutants) if "incompetent" not in mutant]
        jobs = [
            (mutants[index], plan.of(mutants[index]["module"]), 5.0 + 4 * seconds[mutants[index]["module"]])
            for index in valid
        ]
        # Whoever ends a long run early is told what was found by then.
        with contextlib.suppress(KeyboardInterrupt, SystemExit):
            for done, result in enumerate(nursery(copied, jobs, options.workers), 1):
                results[valid[result["number"]]] = result
                if done % 10 == 0 or done == len(jobs):
                    alive = sum(each["outcome"] == "survived" for each in results)
                    print(f"{done} of {len(jobs)} after {time.monotonic() - begun:.0f} s, {alive} alive", flush=True)
    tested = [number for number, result in enumerate(results) if result["outcome"] != "waiting"]
    mutants, results = [mutants[number] for number in tested], [results[number] for number in tested]
    if options.results:
        lines = (
            {k: v for k, v in m.items() if k != "source"} | {k: v for k, v in r.items() if k != "words"}
            for m, r in zip(mutants, results, strict=True)
        )
        options.results.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    new = survivors(mutants, results, whole=not options.sample)
    table(mutants, results, counts, names)
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
