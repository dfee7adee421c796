"""Two states of the project side by side: this one, and a commit before it in a folder of its own."""

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BEFORE = "74b072b"
"""The engine and the page as they were before the speed of both was worked on."""


@contextlib.contextmanager
def tree_of(commit: str) -> Iterator[Path]:
    """Check a commit out into a temporary folder and yield it; the checkout in use is not touched."""
    with tempfile.TemporaryDirectory(prefix="shareshift-before-") as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--detach", "--quiet", str(tree), commit)
        try:
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def state_of(tree: Path) -> str:
    """Name the commit of a tree, with a plus when files under `src` differ from it."""
    commit = _git("rev-parse", "--short", "HEAD", tree=tree)
    return commit + ("+" if _git("status", "--porcelain", "src", tree=tree) else "")


def _git(*arguments: str, tree: Path = ROOT) -> str:
    command = ["git", "-C", str(tree), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {done.stderr.strip()}")
    return done.stdout.strip()
