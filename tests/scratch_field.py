"""A field that the product does not have, declared in a copy of the tree: the founding year."""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bot.settings import PROJECT

QUESTIONS, DOMAIN = "bot/texts/questions.yml", "domain.yml"
SCHEMA = "bot/handoff/schema/application-v1.1.schema.json"
BEFORE = "address:\n"
DECLARATION = """\
founded_year:
  section: club
  kind: {Year: {maximum: 2026}}
  required: never
  prefillable: true
  since: [1, 1]
  label: Gründungsjahr
  names: [gründungsjahr, gründung]
  ask: >-
    In welchem Jahr wurde der Verein gegründet? Sie können die Frage überspringen.
  why: >-
    Der Antrag fragt danach.
  how: >-
    Schreiben Sie das Jahr, zum Beispiel „1898“.
  hint: >-
    Ich brauche ein Jahr mit vier Ziffern, zum Beispiel „1898“.

"""
SLOT = "  founded_year:\n    type: any\n    mappings:\n    - type: custom\n"
COPIED = (
    "bot", "actions", "data", "tests", "config.yml", "domain.yml", "endpoints.yml",
    "credentials.yml", "pyproject.toml",
)  # fmt: skip

Change = Callable[[str], str]


def copy_of_the_tree(folder: Path) -> Path:
    """What the assistant and its tests need, to be changed."""
    for name in COPIED:
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, folder / name, ignore=_made_files)
        else:
            shutil.copy(PROJECT / name, folder / name)
    return folder


_made_files = shutil.ignore_patterns("__pycache__", "node_modules")


def declare(tree: Path) -> None:
    """Declare the field everywhere where a field has to be declared."""
    change(tree, QUESTIONS, lambda words: words.replace(f"\n{BEFORE}", f"\n{DECLARATION}{BEFORE}"))
    change(tree, DOMAIN, lambda words: words.replace("\nslots:\n", f"\nslots:\n{SLOT}"))
    run(tree, "-m", "bot.handoff.schema")


def change(tree: Path, name: str, edit: Change) -> None:
    """Change a file, and really so."""
    path = tree / name
    before = path.read_text(encoding="utf-8")
    after = edit(before)
    assert after != before, name
    path.write_text(after, encoding="utf-8")


def changed_files(tree: Path) -> set[str]:
    """The files that differ from the tree that was copied, by their paths in it."""
    found = set()
    for path in tree.rglob("*"):
        name = str(path.relative_to(tree))
        if path.is_file() and "__pycache__" not in name and name.startswith(COPIED):
            original = PROJECT / name
            if not original.is_file() or not filecmp.cmp(path, original, shallow=False):
                found.add(name)
    return found


def run(tree: Path, *arguments: str, **variables: str) -> str:
    """Run Python in this tree; its output. Fails with what it said."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": f"{tree}{os.pathsep}{tree / 'tests'}", **variables},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-6000:]
    return done.stdout
