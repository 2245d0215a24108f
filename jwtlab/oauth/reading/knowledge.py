"""Who knows what: which secret of a trace is in whose hands, and since which message.

What is followed: passwords, client secrets, codes of every kind, tokens, assertions, pushed requests, the word in
a magic link. Cookies and private keys are not: a cookie is a thing between two, and a private key never travels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from jwtlab.oauth import pkce
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import Pairs, Request, header, text_members
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.protocol import basic_credentials

KINDS = {
    "password": "password",
    "client_secret": "client secret",
    "client_assertion": "assertion",
    "assertion": "assertion",
    "code_verifier": "code verifier",
    "code": "authorization code",
    "device_code": "device code",
    "user_code": "user code",
    "request_uri": "request_uri",
    "access_token": "access token",
    "refresh_token": "refresh token",
    "id_token": "ID token",
    "id_token_hint": "ID token",
    "logout_token": "logout token",
    "subject_token": "access token",
    "actor_token": "access token",
    "one-time code": "one-time code",
    "magic link": "magic link",
}
"""Name of a parameter or member → what it carries."""

_OF_A_MAIL = {"code": "one-time code", "token": "magic link"}
"""What these parameters carry at /magic, where no RFC names them."""

_TOKEN = re.compile(r"(?:Bearer|DPoP) +(\S+)", re.IGNORECASE)


@dataclass(frozen=True)
class Secret:
    """Something that lets whoever holds it do something.

    Attributes:
        name: such as ``"access token"``, with a number where there are several of the kind.
        value: itself.
        known: party → number of the message since which it holds it; 0 for a client secret, which the
            client and the server have held since the registration.
    """

    name: str
    value: str
    known: dict[str, int]

    @property
    def words(self) -> str:
        """``"access token: Notes app since message 6"``."""
        return f"{self.name}: " + ", ".join(
            f"{who} since message {n}" if n else f"{who} beforehand" for who, n in self.known.items()
        )


def who_knows(trace: Trace, also: Iterable[str] = ()) -> tuple[Secret, ...]:
    """The secrets of a trace, in the order in which they first travelled.

    Whoever sends a message or receives it, as request or as answer, knows from then on what is in it; an answer
    that comes after other messages counts from the last of these. The
    client application knows its code verifier from the moment in which it shows the challenge made of it
    (RFC 7636 §4.2).

    Args:
        trace: of a flow. ``trace[:4]`` asks who knew what after four messages.
        also: further parameters to follow, such as ``state`` and ``nonce``.
    """
    kinds = {**KINDS, **{name: name for name in also}}
    secrets: dict[str, tuple[str, dict[str, int]]] = {}
    challenges: dict[str, list[Exchange]] = {}
    last = trace[-1].number if len(trace) else 0
    for each in trace:
        for name, value, asks in _everything(each):
            at = each.number if asks else max(each.answered_after, each.number)
            if name == "code_challenge":
                challenges.setdefault(value, []).append(each)
            elif name in kinds and value and at <= last:
                known = secrets.setdefault(value, (kinds[name], {}))[1]
                since = 0 if name == "client_secret" and not known else at
                for party in (each.sender, each.receiver):
                    known[party] = min(known.get(party, since), since)
                if name == "code_verifier":
                    _remember(known, each.sender, value, challenges)
    counted: dict[str, int] = {}
    total = [kind for kind, _ in secrets.values()]
    found = []
    for value, (kind, known) in secrets.items():
        counted[kind] = counted.get(kind, 0) + 1
        name = f"{kind} {counted[kind]}" if total.count(kind) > 1 else kind
        found.append(Secret(name, value, dict(sorted(known.items(), key=lambda pair: pair[1]))))
    return tuple(found)


def _remember(
    known: dict[str, int], sender: str, verifier: str, challenges: Mapping[str, Iterable[Exchange]]
) -> None:
    """Who sends a verifier made the challenge, too."""
    shown = [each for made, times in challenges.items() if pkce.fits(verifier, made) for each in times]
    earlier = [each.number for each in shown if sender in (each.sender, each.receiver)]
    if earlier:
        known[sender] = min(earlier)


def _everything(each: Exchange) -> Iterator[tuple[str, str, bool]]:
    """Name, value, and whether it stood in the request."""
    mail = each.request.path.startswith("/magic")
    for name, value in _asked(each.request):
        yield _OF_A_MAIL.get(name, name) if mail else name, value, True
    if each.response is not None:
        for name, value in (*_places(each.response.location), *text_members(each.response.body)):
            yield name, value, False


def _asked(request: Request) -> Iterator[tuple[str, str]]:
    yield from _credentials(request.headers)
    for name, value in request.parameters:
        yield name, value
        if name == "response":  # what a page of the application found behind the #
            yield from parse_qsl(value)
    yield from text_members(request.body)


def _places(location: str) -> Iterator[tuple[str, str]]:
    try:
        target = urlsplit(location)
    except ValueError:  # no address at all
        return
    yield from parse_qsl(target.query)
    yield from parse_qsl(target.fragment)


def _credentials(headers: Pairs) -> Iterator[tuple[str, str]]:
    given = header(headers, "authorization")
    basic = basic_credentials(given)
    if basic is not None:
        yield "client_secret", basic[1]
    elif match := _TOKEN.fullmatch(given):
        yield "access_token", match[1]
