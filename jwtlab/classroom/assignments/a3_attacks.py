"""a3: forge tokens that open five weak doors; then mend."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from jwtlab.attacks import ATTACKS
from jwtlab.classroom.assignments.a3_doors import (
    LONGEST,
    Door,
    good,
    is_honest,
    my_doors,
    read,
    sign_es256,
    signing_text,
)
from jwtlab.classroom.assignments.asking import Bad, near, no, said, yes
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Assignment, Part, Raised, Task, Wrong
from jwtlab.classroom.rubrics import written
from jwtlab.classroom.variants import Variant
from jwtlab.jose import base64url
from jwtlab.jose.token import decode

__all__ = ["ASSIGNMENT", "my_algorithms", "my_doors", "sign_es256"]

_ALGORITHMS = ("HS256", "HS512", "ES256", "RS256", "RS512", "PS256", "PS512")


def my_algorithms(my: Variant) -> list[str]:
    """The two algorithms that this student's API allows."""
    return my.draw("a3 algorithms").shuffled(_ALGORITHMS)[:2]


# a3.1 to a3.5: forge


def _token_of(answer: Answer) -> str:
    found = answer.value()
    if not isinstance(found, str):
        raise Wrong("a token is text")
    if len(found) > LONGEST:
        raise Wrong(f"no door looks at a token of more than {LONGEST:,} letters")
    return found


def _opens(number: int) -> Callable[[Answer, Variant, Draw], None]:
    def test(answer: Answer, my: Variant, draw: Draw) -> None:
        token, door = _token_of(answer), my_doors(my)[number]
        if signing_text(token) == signing_text(door.token):
            raise Wrong(
                "this is the token that you were given, and it opens the door by right: forge another"
            )
        if door(token) is None:
            raise Wrong(_why_shut(door, token))
        if door.family == "not-asked":
            if token not in door.given:
                raise Wrong("the issuer did not give this token, and Mallory cannot sign in its name")
        elif is_honest(door, token):
            raise Wrong(
                "this is signed with a key that only issuer and service have: Mallory has to do without"
            )

    return test


def _why_shut(door: Door, token: str) -> str:
    try:
        _, claims, _, _ = read(token)
    except Exception:
        return "the door does not let it in: it is not three parts of base64url, with JSON in the first two"
    try:
        fits = door.family == "not-asked" or good(claims, door.service)
    except Exception:
        fits = False
    if not fits:
        return (
            "the door does not let it in: iss, aud and exp have to be good, so take them from your own token"
        )
    return "the door does not let it in: walk through its code with your token, line by line"


def _carries(number: int) -> Callable[[Answer, Variant, Draw], None]:
    def test(answer: Answer, my: Variant, draw: Draw) -> None:
        token, door = _token_of(answer), my_doors(my)[number]
        try:
            claims = json.loads(base64url.decode(token.split(".")[1]))
            fits = all(claims.get(name) == value for name, value in door.wanted.items())
        except Exception:
            raise Wrong("its claims cannot be read") from None
        if not fits:
            raise Wrong("it does not carry the claims that this door's `wanted` asks for")

    return test


def _forge_task(number: int) -> Task:
    return Task(
        id=f"a3.{number}",
        title=f"Open door {number}",
        name=f"forged_{number}",
        parts=(
            Part(id="claims", title="It carries what is wanted", points=1, test=_carries(number)),
            Part(id="opens", title="The door lets a forged token in", points=3, test=_opens(number)),
        ),
    )


# a3.6: mend the algorithm


def _key(my: Variant, draw: Draw, alg: str | None, **changes: Any) -> dict[str, Any]:
    """A key of the service as a JWK: the public half, or a secret."""
    family = (alg or "")[:2]
    if family == "HS":
        members: dict[str, Any] = {"kty": "oct", "k": base64url.encode(draw.bytes(32))}
    elif family in ("RS", "PS"):
        modulus = bytes([0xC1]) + draw.bytes(254) + b"\x01"
        members = {"kty": "RSA", "n": base64url.encode(modulus), "e": "AQAB"}
    else:
        public = my.key.public().to_jwk()
        members = {name: public[name] for name in ("kty", "crv", "x", "y")}
    members |= {"kid": f"{my.place}-{draw.text(4)}", "alg": alg, **changes}
    return {name: value for name, value in members.items() if value is not None}


def _header(alg: str, key: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"alg": alg, "typ": "at+jwt", "kid": key["kid"], **changes}


def _pairs(my: Variant, draw: Draw) -> list[tuple[Any, ...]]:
    """Good headers, each with its key."""
    keys = [(alg, _key(my, draw, alg)) for alg in my_algorithms(my)]
    return [(_header(alg, key), key) for alg, key in keys]


def _safe_good(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "a good header is refused: its alg is the key's, and it stands on your list"
    for _ in range(2):
        yes(answer, [(words, pair) for pair in _pairs(my, draw)])
    key = _key(my, draw, my_algorithms(my)[1])
    bare = {name: value for name, value in key.items() if name != "kid"}
    yes(
        answer, [("a good header is refused: here only alg matters", ({"alg": key["alg"], "cty": "x"}, bare))]
    )
    if said(answer, ({"alg": "?"}, _key(my, draw, "ES"))):
        raise Wrong("it says True to what is wrong in every way: does it look at what it is given?")


def _safe_none(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "a token that says it is not signed got through"
    bad = []
    for pair in _pairs(my, draw):
        header, key = pair
        for spelling in ("none", "None", "NONE", "nOnE", "none ", "nonnonee", "", draw.text(5)):
            bad.append(Bad(words, ({**header, "alg": spelling}, key)))
    for scenario in ATTACKS["alg-none"].scenarios():
        bad.append(Bad(words, (decode(scenario.forged).header, _pairs(my, draw)[0][1])))
    no(answer, bad, draw, _pairs(my, draw)[:1])


def _safe_confusion(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "the header chose an algorithm that its key is not for"
    first, second = my_algorithms(my)
    bad = []
    for alg, other in ((first, second), (second, first)):
        key = _key(my, draw, other)
        bad.append(Bad(words, (_header(alg, key), key)))
        silent = _key(my, draw, alg) | {"use": "sig"}
        del silent["alg"]
        bad.append(Bad("a key that does not say what it is for fits nothing", (_header(alg, silent), silent)))
        bad.append(Bad("a key's alg has to be a text", (_header(alg, key), {**key, "alg": [alg]})))
    no(answer, bad, draw, _pairs(my, draw)[:1])


def _safe_list(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "an algorithm got through that is not on your list"
    others = [each for each in (*_ALGORITHMS, "HS384", "ES384", "EdDSA") if each not in my_algorithms(my)]
    keys = [_key(my, draw, each) for each in others]
    bad = [Bad(words, (_header(key["alg"], key), key)) for key in keys]
    bad += [Bad(words, ({"alg": each}, _key(my, draw, each))) for each in ("?", draw.text(5))]
    silent = _key(my, draw, None)
    bad.append(
        Bad("a header without alg, and a key without alg, got through", ({"kid": silent["kid"]}, silent))
    )
    no(answer, bad, draw, _pairs(my, draw)[:1])


def _safe_near(answer: Answer, my: Variant, draw: Draw) -> None:
    bad = []
    for header, key in _pairs(my, draw):
        alg = key["alg"]
        for why, text in near(alg, "an alg got through that is only nearly the key's"):
            bad.append(Bad(why, ({**header, "alg": text}, key)))
        kinds: list[Any] = [None, True, 0, 1.5, [alg], {alg: 1}, [], {}]
        bad += [Bad("alg has to be a text", ({**header, "alg": each}, key)) for each in kinds]
        bad.append(Bad("a header without alg got through", ({"kid": key["kid"]}, key)))
    no(answer, bad, draw, _pairs(my, draw)[:1])


# a3.7: mend the choice of the key


def _set(my: Variant, draw: Draw) -> list[dict[str, Any]]:
    """Keys of several issuers, in any order; the first two in it are no others than those of `_ours`."""
    other = f"https://{draw.text(7)}.example"
    keys = [_key(my, draw, draw.choice(("ES256", "HS256", "RS256")), issuer=my.issuer) for _ in range(3)]
    keys += [_key(my, draw, "ES256", issuer=other) for _ in range(2)]
    return draw.shuffled(keys)


def _ours(my: Variant, keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [key for key in keys if key["issuer"] == my.issuer]


def _finds(answer: Answer, my: Variant, draw: Draw) -> None:
    keys = _set(my, draw)
    for key in _ours(my, keys):
        found = answer.call(_header(key["alg"], key), keys)
        if found != key:
            raise Wrong("it gives another key than the one that kid names, or none")
    words = 'it does not find a key that says use: "sig"'
    signing = _key(my, draw, "ES256", issuer=my.issuer, use="sig")
    if answer.call(_header("ES256", signing), [*keys, signing]) != signing:
        raise Wrong(words)
    if answer.call({"alg": "none", "kid": draw.text(9)}, []) is not None:
        raise Wrong("where there are no keys it cannot find one")


def _no_key(
    answer: Answer, my: Variant, draw: Draw, bad: list[tuple[str, dict[str, Any], list[Any]]]
) -> None:
    """Each header finds no key, and a plain good one does."""
    keys = _set(my, draw)
    mine = draw.choice(_ours(my, keys))
    cases: list[tuple[str, dict[str, Any], list[Any], Any]] = [(*each, None) for each in bad]
    cases.append(
        ("a good header finds no key, and then this test says nothing", _header("x", mine), keys, mine)
    )
    for words, header, offered, wanted in draw.shuffled(cases):
        try:
            found = answer.call(header, offered)
        except Raised as raised:
            if wanted is not None or raised.kind == "NotImplementedError":
                raise
            raise Wrong(f"it raised {raised.kind} where it should return None: {words}") from None
        if found != wanted:
            raise Wrong(words)


def _finds_embedded(answer: Answer, my: Variant, draw: Draw) -> None:
    keys = _set(my, draw)
    mine = _ours(my, keys)[0]
    jwk = my.other_key.public().to_jwk()
    named = {**jwk, "kid": mine["kid"], "issuer": my.issuer}
    words = "a key that the token brought along got through"
    found = answer.call(_header("ES256", mine, jwk=named, jku="https://mallory.example/keys"), keys)
    if found != mine:
        raise Wrong(f"{words}, or the token's own key put yours aside")
    bad = [
        (words, _header("ES256", jwk, jwk=jwk), keys),
        (words, {"alg": "ES256", "jwk": {**named, "kid": draw.text(5)}}, keys),
        (words, {"alg": "ES256", "jwk": {**jwk, "issuer": my.issuer}, "kid": jwk["kid"]}, []),
    ]
    for name in ("embedded-jwk", "jku-spoof", "x5u-spoof", "x5c"):
        for scenario in ATTACKS[name].scenarios():
            header = dict(decode(scenario.forged).header)
            bad += [(words, header, keys), (words, {**header, "kid": draw.text(6)}, keys)]
    _no_key(answer, my, draw, bad)


def _finds_unknown(answer: Answer, my: Variant, draw: Draw) -> None:
    keys = _set(my, draw)
    words = "a kid that nobody has given a key to still found one"
    kids = [draw.text(8), "", "0", "default", "../" * 4 + "dev/null", "../static/style.css", "*"]
    bad = [(words, {"alg": "ES256", "kid": kid}, offered) for kid in kids for offered in (keys, keys[:1])]
    for offered in (keys, _ours(my, keys)[:1]):
        bad.append(
            ("a header without kid found a key: nobody chooses for Mallory", {"alg": "ES256"}, offered)
        )
    for name in ("kid-path-traversal", "kid-sql-injection"):
        bad += [(words, dict(decode(each.forged).header), keys) for each in ATTACKS[name].scenarios()]
    _no_key(answer, my, draw, bad)


def _finds_near(answer: Answer, my: Variant, draw: Draw) -> None:
    keys = _set(my, draw)
    mine = _ours(my, keys)[0]
    texts = near(mine["kid"], "a kid found a key whose name it is only nearly")
    _no_key(answer, my, draw, [(why, _header("ES256", mine, kid=text), keys) for why, text in texts])


def _finds_types(answer: Answer, my: Variant, draw: Draw) -> None:
    keys = _set(my, draw)
    mine = _ours(my, keys)[0]
    nameless = {name: value for name, value in mine.items() if name != "kid"}
    words = "kid has to be a text"
    kinds: list[Any] = [None, True, 0, 1, [mine["kid"]], {mine["kid"]: 1}, [], {}]
    bad = [(words, _header("ES256", mine, kid=each), [*keys, nameless]) for each in kinds]
    missing = "a header without kid found a key without kid"
    bad += [(missing, {"alg": "ES256"}, [nameless]), (missing, {"alg": "ES256"}, [*keys, nameless])]
    bad.append((words, {"alg": "ES256", "kid": 5}, [{**mine, "kid": 5}]))
    _no_key(answer, my, draw, bad)


def _finds_issuer(answer: Answer, my: Variant, draw: Draw) -> None:
    keys = _set(my, draw)
    words = "a key of another issuer got through"
    foreign = [key for key in keys if key["issuer"] != my.issuer]
    bad = [(words, _header("ES256", key), keys) for key in foreign]
    mine = _ours(my, keys)[0]
    for why, text in near(my.issuer, words):
        bad.append((why, _header("ES256", mine), [{**mine, "issuer": text}]))
    nobody = {name: value for name, value in mine.items() if name != "issuer"}
    bad.append(("a key that does not say whose it is got through", _header("ES256", mine), [nobody]))
    twin = {**foreign[0], "kid": mine["kid"]}
    for offered in ([twin, *keys], [*keys, twin]):
        if answer.call(_header("ES256", mine), offered) != mine:
            raise Wrong("two issuers may give their keys the same name: yours is not found then")
    _no_key(answer, my, draw, bad)


def _finds_use(answer: Answer, my: Variant, draw: Draw) -> None:
    keys = _set(my, draw)
    mine = _ours(my, keys)[0]
    words = "a key that is not for signatures got through (RFC 7517 §4.2)"
    uses: list[Any] = ["enc", "SIG", "", None, ["sig"], "signature"]
    _no_key(answer, my, draw, [(words, _header("ES256", mine), [{**mine, "use": each}]) for each in uses])


ASSIGNMENT = Assignment(
    name="a3_attacks",
    title="Forge, then mend",
    minutes=90,
    primitives=("jwt", "joserfc", "jose", "authlib", "jwcrypto", "jwtlab"),
    allowed=(
        "jwtlab.base64url",
        "jwtlab.classroom.check",
        "jwtlab.classroom.submission_button",
        "jwtlab.classroom.variant",
        "jwtlab.classroom.notebook.judged",
        *(f"jwtlab.classroom.assignments.a3_attacks.{name}" for name in __all__ if name != "ASSIGNMENT"),
    ),
    tasks=(
        *(_forge_task(number) for number in range(1, 6)),
        Task(
            id="a3.6",
            title="Mend the algorithm",
            name="algorithm_is_safe",
            parts=(
                Part(id="good", title="Good headers pass", points=1, test=_safe_good),
                Part(id="none", title="Nothing unsigned passes", points=1, test=_safe_none, hidden=True),
                Part(
                    id="confusion",
                    title="A key for one algorithm only",
                    points=1,
                    test=_safe_confusion,
                    hidden=True,
                ),
                Part(id="list", title="Only what is on your list", points=1, test=_safe_list, hidden=True),
                Part(
                    id="near",
                    title="Nor what is nearly right, or no text",
                    points=1,
                    test=_safe_near,
                    hidden=True,
                ),
            ),
        ),
        Task(
            id="a3.7",
            title="Mend the choice of the key",
            name="key_for",
            parts=(
                Part(id="finds", title="The key that kid names", points=1, test=_finds),
                Part(
                    id="embedded", title="No key from the token", points=1, test=_finds_embedded, hidden=True
                ),
                Part(
                    id="unknown",
                    title="No key for an unknown name",
                    points=1,
                    test=_finds_unknown,
                    hidden=True,
                ),
                Part(
                    id="near",
                    title="Nor for one that is nearly right",
                    points=1,
                    test=_finds_near,
                    hidden=True,
                ),
                Part(id="types", title="Nor for what is no text", points=1, test=_finds_types, hidden=True),
                Part(
                    id="issuer", title="No key of another issuer", points=1, test=_finds_issuer, hidden=True
                ),
                Part(id="use", title="No key for another use", points=1, test=_finds_use, hidden=True),
            ),
        ),
    ),
    written=written("a3_attacks"),
)
