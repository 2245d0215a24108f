"""Every package that an installation of jwtlab consists of, with its version and licence.

    python tools/licences.py                 what a learner's environment needs
    python tools/licences.py classroom hub   with these extras

The packages are followed from jwtlab's own list through each one's; what is not installed here, because
another system needs it, is left out. The exit code is 1 when a licence is none of the known free ones:
then somebody has to read it and to decide.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata

from packaging.requirements import Requirement

FREE = re.compile(
    r"\b(MIT|BSD|Apache|PSF|Python Software Foundation|Python-2\.0|ISC|MPL|Mozilla Public|LGPL|Lesser General|"
    r"Unlicense|Zope|ZPL|0BSD|HPND|CNRI|Zlib|zlib|CC0|OFL|matplotlib)\b|BSD"
)
"""Licences that allow use, change and redistribution, in the words and SPDX names that packages use."""


@dataclass(frozen=True)
class Package:
    """One installed package.

    Attributes:
        name: as its project spells it.
        version: the installed one.
        licence: its SPDX expression, or the words that it gives instead; empty if it says nothing.
        needed_by: who asks for it first.
    """

    name: str
    version: str
    licence: str
    needed_by: str

    @property
    def free(self) -> bool:
        return bool(FREE.search(self.licence))


def packages(extras: Iterable[str] = ()) -> list[Package]:
    """What jwtlab needs, with these extras of its own, by name."""
    found: dict[str, Package] = {}
    waiting = [("jwtlab", tuple(extras), "")]
    while waiting:
        name, wanted, needed_by = waiting.pop(0)
        key = _normal(name)
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        if key in found and not wanted:
            continue
        if key not in found:
            found[key] = Package(distribution.name, distribution.version, licence(distribution), needed_by)
        waiting += [
            (each.name, tuple(each.extras), distribution.name)
            for each in map(Requirement, distribution.requires or ())
            if _applies(each, wanted)
            and (_normal(each.name) not in found or each.extras)
            and (_normal(each.name), tuple(each.extras)) != (key, wanted)
        ]
    return sorted(found.values(), key=lambda each: _normal(each.name))


def licence(distribution: metadata.Distribution) -> str:
    """What a package says of its licence: the expression (PEP 639), the classifiers, or the old free text."""
    told = distribution.metadata
    expression = told.get("License-Expression")
    if expression:
        return str(expression)
    classifiers = [
        each.rsplit(" :: ", 1)[1]
        for each in told.get_all("Classifier") or ()
        if each.startswith("License :: ") and each.count(" :: ") > 1
    ]
    if classifiers:
        return "; ".join(classifiers)
    text = str(told.get("License") or "").strip()
    return text.splitlines()[0][:60] if text else ""


def _applies(requirement: Requirement, extras: tuple[str, ...]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": each}) for each in ("", *extras))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(extras: list[str]) -> int:
    found = packages(extras)
    widths = [max(len(getattr(each, name)) for each in found) for name in ("name", "version")]
    for each in found:
        mark = " " if each.free else "?"
        print(
            f"{mark} {each.name:<{widths[0]}}  {each.version:<{widths[1]}}  {each.licence or 'says nothing'}"
        )
    unknown = [each.name for each in found if not each.free]
    print(f"{len(found)} packages; {len(unknown)} with a licence to be read: {', '.join(unknown) or 'none'}")
    return bool(unknown)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
