"""Where assignment 5 happens: a student's own product, with its applications, its API and what belongs to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jwtlab.classroom.draw import Draw
from jwtlab.classroom.variants import Variant
from jwtlab.jose import jwt
from jwtlab.jose.key import Key

GRANTS = ("authorization_code", "client_credentials", "device_code", "token_exchange")
CLIENTS = ("confidential", "public")
PLACES = ("server", "device", "memory", "nowhere")
FIELDS = {"grant": GRANTS, "client": CLIENTS, "tokens": PLACES}


@dataclass(frozen=True)
class Application:
    """An application that needs a way to its tokens.

    Attributes:
        says: what its makers tell, with {thing} in it.
        grant, client, tokens: what fits.
        why: what the student should look at, without the answer.
        source: where it is written.
    """

    says: str
    grant: str
    client: str
    tokens: str
    why: str
    source: str


CATALOGUE = {
    "shop": Application(
        "A web application on our own server. People log in with a browser and see their {thing}.",
        *("authorization_code", "confidential", "server"),
        "a person is there, with a browser; the code runs where nobody else can read it",
        "RFC 6749 §4.1, RFC 9700 §2.1.1",
    ),
    "page": Application(
        "A page of scripts only. It has a small backend of its own, which keeps a cookie and calls the API for it.",
        *("authorization_code", "confidential", "server"),
        "the backend logs people in; what it holds, no script in the page has to hold",
        "RFC 10017 §6.1",
    ),
    "phone": Application(
        "An app for telephones, from the usual shops. It stays logged in for weeks.",
        *("authorization_code", "public", "device"),
        "everybody can take the app apart, so a secret in it is none; the system has a place for what is private",
        "RFC 8252 §8.5, RFC 9700 §2.1.1",
    ),
    "terminal": Application(
        "A program for the command line, on a desktop computer with a browser. It stays logged in.",
        *("authorization_code", "public", "device"),
        "a person is there, and so is a browser, on the same machine",
        "RFC 8252 §7.3, §8.5",
    ),
    "screen": Application(
        "A screen on the wall without a keyboard or a browser. Somebody stands before it with a telephone.",
        *("device_code", "public", "device"),
        "a person is there, with a browser on their telephone",
        "RFC 8628 §1",
    ),
    "report": Application(
        "A program that counts all {thing} at night, and keeps no token for the next night. Nobody is there.",
        *("client_credentials", "confidential", "nowhere"),
        "no person is there, so nobody can be asked; a new token is one request away",
        "RFC 6749 §4.4",
    ),
    "import": Application(
        "A job on a build server that brings in {thing} of partners each hour. It asks for a token each time.",
        *("client_credentials", "confidential", "nowhere"),
        "no person is there; it acts for itself",
        "RFC 6749 §4.4",
    ),
    "archive": Application(
        "An API of ours that is called with a person's token, and has to call the archive on behalf of that person. "
        "It keeps nothing after the answer.",
        *("token_exchange", "confidential", "nowhere"),
        "the token it has got is for itself, and the archive has to see for whom it acts",
        "RFC 8693 §1.1",
    ),
}
"""Eight, of which each student has five; every grant is among them."""

DOCUMENTS = ("d-1", "d-2", "d-3", "d-4")


def my_product(my: Variant) -> dict[str, Any]:
    """What this student's product is.

    Returns:
        ``applications`` (name → what its makers say), ``issuer``, ``api`` (the API's name in ``aud``), ``keys``
        (of the issuer, a JWK set), ``client_id``, ``redirect_uri`` and ``read``, ``write``, the two scopes.
    """
    draw = my.draw("a5 product")
    fixed = ["screen", "archive", draw.choice(("report", "import")), draw.choice(("shop", "page"))]
    names = draw.shuffled([*fixed, draw.choice(("phone", "terminal"))])
    return {
        "applications": {name: CATALOGUE[name].says.format(thing=my.thing) for name in names},
        "issuer": my.issuer,
        "api": my.audience,
        "keys": {"keys": [my.key.public().to_jwk()]},
        "client_id": f"{my.thing}-{draw.text(5)}",
        "redirect_uri": f"https://{my.thing}-{draw.text(4)}.example/{draw.choice(('callback', 'signed-in'))}",
        "read": f"{my.thing}:read",
        "write": f"{my.thing}:write",
    }


def documents(draw: Draw) -> dict[str, dict[str, Any]]:
    """Some documents, each with an owner and readers."""
    people = [f"{name}-{draw.text(4)}" for name in ("alice", "bob", "carol")]
    found = {}
    for name in DOCUMENTS[:3]:
        owner, reader, _ = draw.shuffled(people)
        found[f"{name}-{draw.text(3)}"] = {"owner": owner, "readers": [reader]}
    return found


def access_token(
    my: Variant,
    sub: str,
    scope: Any,
    changes: dict[str, Any] | None = None,
    *,
    typ: Any = "at+jwt",
    key: Key | None = None,
) -> str:
    """An access token of this student's issuer (RFC 9068 §2); ``None`` takes a claim out."""
    claims = my.claims(sub=sub, scope=scope, client_id=my_product(my)["client_id"])
    claims = {name: value for name, value in (claims | (changes or {})).items() if value is not None}
    return jwt.issue(claims, key or my.key, alg="ES256", header={"typ": typ} if typ else {})


def id_token(
    my: Variant, sub: str, nonce: Any, changes: dict[str, Any] | None = None, key: Key | None = None
) -> str:
    """An ID token of the same issuer, for the application."""
    claims = my.claims(sub=sub, aud=my_product(my)["client_id"], nonce=nonce, jti=None)
    claims = {name: value for name, value in (claims | (changes or {})).items() if value is not None}
    return jwt.issue(claims, key or my.key, alg="ES256", header={"typ": "JWT"})
