"""Stand-ins: each secret has one, and equal secrets have the same, so that a reader still sees what is equal.

What secrets have to do with one another stays true, too: the stand-in of a challenge is the hash of the stand-in
of its verifier (RFC 7636 §4.2), and half hashes are made anew (OpenID Connect Core §3.1.3.6).
"""

from __future__ import annotations

import hashlib
import re

from jwtlab.jose import base64url
from jwtlab.oauth import pkce
from jwtlab.oauth.reading.redaction.names import KINDS

SHORTEST = 6
"""Characters; shorter values are not looked for inside other texts: every second word would be hit."""


class StandIns:
    """What has been replaced, and by what.

    Attributes:
        known: secret → its stand-in.
        clients: what applications are called; that is no secret.
    """

    def __init__(self) -> None:
        self.known: dict[str, str] = {}
        self.clients: set[str] = set()
        self._people: set[str] = set()
        self._counts: dict[str, int] = {}
        self._made: set[str] = set()
        self._finder: tuple[int, re.Pattern[str] | None] = (0, None)

    def of(self, value: str, name: str) -> str:
        """The stand-in of a secret.

        Args:
            value: the secret.
            name: the parameter, claim or cookie that carries it.
        """
        if not value or value in self._made:
            return value
        if KINDS.get(name) == "person":
            self._people.add(value)
        if value not in self.known:
            self.remember(value, self._new(KINDS.get(name, _plain(name))))
        return self.known[value]

    def is_person(self, text: str) -> bool:
        """Is this what somebody is called? However short it is."""
        return text in self._people

    def is_made(self, text: str) -> bool:
        """Is this a stand-in already?"""
        return text in self._made

    def is_client(self, text: str) -> bool:
        return text in self.clients

    def remember(self, value: str, stand_in: str) -> str:
        """Note what a secret is replaced by."""
        self.known[value] = stand_in
        self._made.add(stand_in)
        return stand_in

    def _new(self, kind: str) -> str:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        number = self._counts[kind]
        if kind == "verifier":  # it has to look like one, since its hash is compared
            return f"verifier-{number}-".ljust(43, "x")
        if kind == "challenge":  # of a verifier that nobody has seen
            return base64url.encode(hashlib.sha256(f"challenge {number}".encode()).digest())
        return f"{kind}-{number}"

    def pair(self, verifier: str, challenges: set[str]) -> None:
        """Give a verifier its stand-in, and its challenge, if it was seen, the hash of that."""
        stand_in = self.of(verifier, "code_verifier")
        if pkce.VERIFIER.fullmatch(verifier) and pkce.challenge(verifier) in challenges:
            self.remember(pkce.challenge(verifier), pkce.challenge(stand_in))
        elif verifier in challenges:  # the method "plain"
            self.remember(verifier, stand_in)

    def inside(self, text: str) -> str:
        """A text with every secret that is known so far replaced wherever it stands."""
        count, finder = self._finder
        if count != len(self.known):
            long = sorted((each for each in self.known if len(each) >= SHORTEST), key=len, reverse=True)
            finder = re.compile("|".join(map(re.escape, long))) if long else None
            self._finder = len(self.known), finder
        return text if finder is None else finder.sub(lambda found: self.known[found.group()], text)


def _plain(name: str) -> str:
    """A name as a word: ``__Host-session`` becomes ``host-session``."""
    if "@" in name or (re.search(r"[A-Za-z0-9]{12,}", name) and re.search("[0-9]", name)):
        return "value"  # what stands where a name should is no name
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:24].strip("-") or "value"
