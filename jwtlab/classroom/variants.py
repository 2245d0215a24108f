"""What is different for each student: keys, names, claims, the clock. The same id always gives the same.

A copied answer then fails, because it was made for another student's keys and claims.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from jwtlab.classroom.draw import Draw
from jwtlab.errors import UsageError, kind
from jwtlab.jose import base64url
from jwtlab.jose.curves import CURVES
from jwtlab.jose.key import Key

_PLACES = ("harbour", "library", "bakery", "museum", "garden", "station", "theatre", "workshop", "market")
_THINGS = ("notes", "orders", "tickets", "photos", "maps", "recipes", "lessons", "rooms", "letters")
START = 1_767_225_600
"""1 January 2026, 00:00:00 UTC: the clocks of all variants stand within two years of it."""


@dataclass(frozen=True)
class Variant:
    """One student's own world.

    Attributes:
        student: the id, as the course knows it.
        place, thing: two words that the names of this student's services are made of.
        issuer: who issues tokens in this student's world.
        audience: the API that tokens are meant for.
        subject: whom tokens are about.
        now: the time there, in seconds since 1970.
        lifetime: how long tokens live there, in seconds.
    """

    student: str
    place: str = field(repr=False)
    thing: str = field(repr=False)
    issuer: str
    audience: str
    subject: str
    now: int
    lifetime: int

    def draw(self, purpose: str) -> Draw:
        """A stream of draws that belongs to this student and this purpose."""
        return Draw("variant", self.student, purpose)

    @cached_property
    def secret(self) -> bytes:
        """A shared secret of 32 bytes, for HS256."""
        return self.draw("secret").bytes(32)

    @cached_property
    def key(self) -> Key:
        """A private EC key on P-256, for ES256."""
        return self._ec_key("key")

    @cached_property
    def other_key(self) -> Key:
        """Another one, of somebody who is not trusted."""
        return self._ec_key("other key")

    @cached_property
    def mac_key(self) -> Key:
        """`secret` as a key."""
        return Key.from_secret(self.secret)

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Claims of a good token in this world; ``None`` takes one out."""
        found = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": self.audience,
            "iat": self.now,
            "exp": self.now + self.lifetime,
            "jti": self.draw("jti").text(12),
            **changes,
        }
        return {name: value for name, value in found.items() if value is not None}

    def _ec_key(self, purpose: str) -> Key:
        order = CURVES["P-256"].n
        number = 1 + self.draw(purpose).number(order - 1)
        private = ec.derive_private_key(number, ec.SECP256R1())
        point = private.public_key().public_numbers()
        part = {
            name: base64url.encode(value.to_bytes(32))
            for name, value in (("x", point.x), ("y", point.y), ("d", number))
        }
        kid = f"{self.place}-{self.draw(purpose + ' name').text(4)}"
        return Key.from_jwk({"kty": "EC", "crv": "P-256", "kid": kid, "alg": "ES256", **part})


def student_id(given: object) -> str:
    """A student's id in its one form: NFC, small letters, no spaces around it.

    So "Alice " in the notebook and "alice" in the roster are one person with one variant.

    Raises:
        UsageError: it is no text, empty, or longer than 200 characters.
    """
    if not isinstance(given, str):
        raise UsageError(f"a student's id is a text; this is {kind(given)}")
    found = unicodedata.normalize("NFC", given).strip().casefold()
    if not found or len(found) > 200:
        raise UsageError('write your own id into the first cell: STUDENT = "…"')
    return found


def variant(student: str) -> Variant:
    """The world of one student.

    Args:
        student: the student's id, as the course's roster has it.

    Returns:
        The `Variant`; the same for the same id on every machine and Python version.

    Raises:
        UsageError: there is no id.
    """
    student = student_id(student)
    draw = Draw("variant", student, "names")
    place, thing, number = draw.choice(_PLACES), draw.choice(_THINGS), draw.between(100, 999)
    return Variant(
        student=student,
        place=place,
        thing=thing,
        issuer=f"https://{place}{number}.example",
        audience=f"https://{thing}.{place}{number}.example",
        subject=f"{draw.choice(('alice', 'bob'))}-{draw.text(6)}",
        now=START + draw.number(2 * 365 * 24 * 3600),
        lifetime=60 * draw.between(5, 30),
    )
