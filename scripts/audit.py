"""``audit.py LOCK…``: known weaknesses of the locked packages that nobody has looked at yet.

Accepted ones stand in ``docs/accepted-weaknesses.json`` with reason and date. Ends with 0 if there
is nothing else, 1 if there is, 2 if the service that knows them cannot be asked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ACCEPTED = Path(__file__).parent.parent / "docs" / "accepted-weaknesses.json"


def main(locks: list[str]) -> int:
    """Ask, and tell what is new and which acceptance is not needed any more."""
    given = [part for lock in locks for part in ("--requirement", lock)]
    options = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    run = subprocess.run(
        [sys.executable, "-m", "pip_audit", *options, *given],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        packages = json.loads(run.stdout)["dependencies"]
    except ValueError:
        last = (run.stderr.strip().splitlines() or ["no answer"])[-1]
        print(f"audit: the service that knows weaknesses cannot be asked: {last}", file=sys.stderr)
        return 2
    unknown = [each for each in packages if each.get("skip_reason")]
    if unknown:
        print(
            f"audit: the service knows nothing of {len(unknown)} of {len(packages)} packages, "
            f"such as: {unknown[0]['skip_reason']}",
            file=sys.stderr,
        )
        return 2
    accepted = json.loads(ACCEPTED.read_text(encoding="utf-8"))
    new, unneeded = compared(packages, accepted)
    for line in new:
        print(line)
    for name in unneeded:
        print(f"no longer found, to be taken out of {ACCEPTED.name}: {name}")
    print(f"{len(packages)} packages, {len(new)} weaknesses that nobody has accepted")
    return 1 if new else 0


def compared(packages: Any, accepted: Any) -> tuple[list[str], list[str]]:
    """What is found and not accepted, a line each, and accepted names that are not found."""
    known = {each["id"]: each["package"] for each in accepted}
    new, found = [], set()
    for package in packages:
        for weakness in package.get("vulns", ()):
            names = {weakness["id"], *weakness["aliases"]}
            hits = {name for name in names if known.get(name) == package["name"]}
            found |= hits
            if not hits:
                repaired = ", ".join(weakness["fix_versions"]) or "no release"
                new.append(
                    f"{package['name']} {package['version']}: {', '.join(sorted(names))}; "
                    f"repaired in {repaired}"
                )
    return new, sorted(known.keys() - found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
