"""Asks the database of known vulnerabilities about every package of this environment, where it can be reached.

    python tools/audit.py              what is known, package by package; exit code 1 if anything is
    python tools/audit.py -s osv       asks another database; further words go to pip-audit

A package that the database does not know was not looked at, and is never counted as sound. If it could be asked
about none, a sentence says so, and the exit code is 2: nothing is known then, neither good nor bad.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

WAIT = 600
"""Seconds for all questions together."""


def audit(words: Sequence[str]) -> int:
    """Ask, and say what came out; gives the exit code."""
    command = [sys.executable, "-m", "pip_audit", "--local", "--skip-editable", "--format", "json"]
    command += ["--progress-spinner", "off", *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return _unreachable(f"it did not answer within {WAIT // 60} minutes")
    try:
        packages = list(json.loads(done.stdout)["dependencies"])
    except (ValueError, KeyError, TypeError):
        return _unreachable(_last_word(done.stderr))
    return report(packages)


def report(packages: Sequence[Mapping[str, Any]]) -> int:
    """What pip-audit found out, in words; gives the exit code.

    Args:
        packages: each with ``name``, ``version`` and ``vulns``, or with ``skip_reason``.
    """
    asked = [each for each in packages if "skip_reason" not in each]
    skipped = [each for each in packages if "skip_reason" in each and "editable" not in each["skip_reason"]]
    if not asked:
        return _unreachable(skipped[0]["skip_reason"] if skipped else "there is no package to ask about")
    for each in skipped:
        print(f"not looked at: {each['name']} ({each['skip_reason']})")
    known = [(each, flaw) for each in asked for flaw in each["vulns"]]
    for each, flaw in known:
        better = ", ".join(flaw.get("fix_versions", ())) or "no version yet"
        print(f"{each['name']} {each['version']}: {flaw['id']}; mended in {better}")
    print(
        f"{len(asked)} packages were looked up, {len(skipped)} were not: {len(known)} known vulnerabilities."
    )
    return 1 if known else 0


def _unreachable(why: str) -> int:
    print(
        "The database of known vulnerabilities could not be asked, so nothing is known about any package, neither "
        f"good nor bad. The reason: {why.strip().rstrip('.')}. Try again where the network reaches it."
    )
    return 2


def _last_word(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "pip-audit said nothing"


if __name__ == "__main__":
    sys.exit(audit(sys.argv[1:]))
