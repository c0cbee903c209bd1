"""Servers that the tests start themselves, from Debian's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def need(program: Path, package: str) -> Path:
    """The program; installed if that is allowed here, else the test fails and says so.

    Args:
        program: its path, in which an asterisk may stand for a version: the newest is taken.
    """
    found = _newest(program)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        # Run level 1 keeps the package from starting a server of its own.
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        command = ["apt-get", "install", "--yes", "--no-install-recommends", package]
        subprocess.run(command, env=quiet, check=False, capture_output=True)
        found = _newest(program)
    if found is None:
        pytest.fail(f"{program} is missing: apt-get install {package}", pytrace=False)
    return found


def _newest(program: Path) -> Path | None:
    found = sorted(Path("/").glob(str(program.relative_to("/"))))
    return found[-1] if found else None
