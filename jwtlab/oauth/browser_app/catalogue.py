"""What can be combined: where an application keeps its tokens, what attacks it, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from jwtlab.errors import UsageError

SOURCE = "RFC 10017"


@dataclass(frozen=True)
class Design:
    """Where an application keeps its tokens.

    Attributes:
        id: lower-case words joined by hyphens.
        title: in a few words.
        spec: where RFC 10017 speaks of it.
    """

    id: str
    title: str
    spec: str = ""


@dataclass(frozen=True)
class PageAttack:
    """What Mallory does.

    Attributes:
        id: lower-case words joined by hyphens.
        title: in a few words.
        entry: how her script gets into the page: ``"note"`` (as a note that is shown without being escaped),
            ``"library"`` (in a library that the page loads), or ``""`` if it does not: then another site's page acts.
        spec: where RFC 10017 speaks of it.
    """

    id: str
    title: str
    entry: str = ""
    spec: str = ""

    @property
    def name(self) -> str:
        """With its entry: ``"what-is-kept by library"``."""
        return f"{self.id} by {self.entry}" if self.entry else self.id


@dataclass(frozen=True)
class Defence:
    """Something that may be up or not.

    Attributes:
        id: lower-case words joined by hyphens.
        title: as it stands over a column.
        up, down: what the servers do in the one case and in the other.
    """

    id: str
    title: str
    up: str = field(repr=False)
    down: str = field(repr=False)


DESIGNS = (
    Design("local-storage", "tokens in localStorage", f"{SOURCE} §8.5"),
    Design("memory", "tokens in a variable", f"{SOURCE} §8.4"),
    Design("service-worker", "tokens in a service worker", f"{SOURCE} §8.2"),
    Design("bound-key", "tokens bound to a key that cannot be exported", f"{SOURCE} §9.2"),
    Design("backend", "tokens at a backend, a cookie in the browser", f"{SOURCE} §6.1"),
)

_IN_THE_PAGE = (
    ("what-is-kept", "carry off what is kept", f"{SOURCE} §5.1.1"),
    ("what-passes", "carry off what the page sends", f"{SOURCE} §5.1.2"),
    ("a-new-login", "log in once more, unseen", f"{SOURCE} §5.1.3"),
    ("through-the-page", "read and press, while it is open", f"{SOURCE} §5.1.4"),
)

ATTACKS = (
    *(
        PageAttack(name, title, entry, spec)
        for entry in ("note", "library")
        for name, title, spec in _IN_THE_PAGE
    ),
    PageAttack("form-from-elsewhere", "a form, posted by another site", spec=f"{SOURCE} §6.1.3.3"),
    PageAttack("form-from-a-sibling", "a form, posted by a sibling of one site", spec=f"{SOURCE} §6.1.3.3.1"),
    PageAttack("read-from-elsewhere", "another site reads with Alice's cookie", spec=f"{SOURCE} §6.1.3.3.2"),
)

DEFENCES = (
    Defence("http-only", "HttpOnly", "no script reads the session cookie", "scripts read the session cookie"),
    Defence("same-site", "SameSite", "the cookie says SameSite=Strict", "the cookie says SameSite=None"),
    Defence("csp", "CSP", "the page runs scripts of its own origin and no others", "the page has no policy"),
    Defence(
        "cors", "CORS", "only the application's origin may read", "every origin may read, cookies and all"
    ),
    Defence(
        "csrf-token",
        "CSRF token",
        "whoever writes has to bring the token of the session",
        "nobody asks for it",
    ),
)

PAYLOADS = tuple(dict.fromkeys(each.id for each in ATTACKS if each.entry))
"""What Mallory's script does once it is in."""


@dataclass(frozen=True)
class PlayedCase:
    """One thing to play.

    Attributes:
        design: id of one of the `DESIGNS`.
        attack: name of one of the `ATTACKS`.
        defences: ids of those that are up.

    Raises:
        UsageError: there is no such design, attack or defence.
    """

    design: str
    attack: str
    defences: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        known = [each.name for each in ATTACKS]
        _among("design", self.design, [each.id for each in DESIGNS])
        _among("attack", self.attack, known)
        for each in self.defences:
            _among("defence", each, [one.id for one in DEFENCES])

    @property
    def what(self) -> PageAttack:
        return next(each for each in ATTACKS if each.name == self.attack)

    def __str__(self) -> str:
        up = "+".join(each.id for each in DEFENCES if each.id in self.defences) or "nothing"
        return f"{self.design}/{self.attack}/{up}"


def _among(kind: str, name: str, known: list[str]) -> None:
    if name not in known:
        raise UsageError(f"there is no {kind} {name!r}; there are: {', '.join(known)}")


def defence_sets(most: int | None = None) -> tuple[frozenset[str], ...]:
    """Every combination of defences, the small ones first.

    Args:
        most: leave out those of more than so many, but for the one in which all are up.
    """
    ids = [each.id for each in DEFENCES]
    counts = [count for count in range(len(ids) + 1) if most is None or count <= most or count == len(ids)]
    return tuple(frozenset(each) for count in counts for each in combinations(ids, count))


def cases(designs: Iterable[str] = (), *, most: int | None = None) -> Iterator[PlayedCase]:
    """Every design with every attack and every combination of defences.

    Args:
        designs: only these.
        most: see `defence_sets`.
    """
    for design in tuple(designs) or tuple(each.id for each in DESIGNS):
        for attack in ATTACKS:
            for up in defence_sets(most):
                yield PlayedCase(design, attack.name, up)
