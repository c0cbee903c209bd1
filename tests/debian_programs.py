"""Servers that the tests start themselves, from Debian's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def need(program: Path, package: str) -> Path:
    """The program; installed if that is allowed here, else the test fails and says so."""
    if program.exists():
        return program
    if os.geteuid() == 0 and shutil.which("apt-get"):
        # Run level 1 keeps the package from starting a server of its own.
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        command = ["apt-get", "install", "--yes", "--no-install-recommends", package]
        subprocess.run(command, env=quiet, check=False, capture_output=True)
    if not program.exists():
        pytest.fail(f"{program} is missing: apt-get install {package}", pytrace=False)
    return program
