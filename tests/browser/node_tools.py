"""The tools from npm that check and bundle the widget, installed where git does not look.

`python tests/browser/node_tools.py` writes the bundle ``bot/widget/widget.js`` anew.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
FOLDER = ROOT / "var" / "npm"
WIDGET = ROOT / "bot" / "widget"
BUNDLE = WIDGET / "widget.js"
BANNER = "/* Bundle of src/, made by tests/browser/node_tools.py. Change src/, then run that. */"


class ToolMissing(RuntimeError):
    """A program that the browser tests need is not there."""


def install() -> Path:
    """The folder of the pinned tools, filled if it is not yet.

    Raises:
        ToolMissing: there is no npm.
        subprocess.CalledProcessError: npm could not install them.
    """
    wanted = HERE / "package.json"
    present = FOLDER / "package.json"
    tools = FOLDER / "node_modules"
    if present.is_file() and tools.is_dir() and present.read_text() == wanted.read_text():
        return tools
    npm = shutil.which("npm")
    if npm is None:
        raise ToolMissing("npm is missing; the widget's checks need it: apt-get install npm")
    FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(wanted, present)
    options = ["--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        subprocess.run([npm, "install", *options], cwd=FOLDER, check=True)
    except subprocess.CalledProcessError:
        present.unlink()
        raise
    return tools


def type_errors() -> str:
    """What the type checker says about the widget's modules; empty if all is well."""
    checker = install() / ".bin" / "tsc"
    result = subprocess.run(
        [str(checker), "-p", str(HERE / "tsconfig.json")],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return result.stdout if result.returncode else ""


def bundled() -> str:
    """The widget's modules as one script without comments."""
    result = subprocess.run(
        [
            str(install() / ".bin" / "esbuild"),
            str(WIDGET / "src" / "widget.js"),
            "--bundle",
            "--format=esm",
            "--target=es2022",
            "--charset=utf8",
            "--minify",
            "--log-level=warning",
            f"--banner:js={BANNER}",
        ],
        cwd=ROOT,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    )
    return result.stdout


if __name__ == "__main__":
    BUNDLE.write_text(bundled(), encoding="utf-8")
