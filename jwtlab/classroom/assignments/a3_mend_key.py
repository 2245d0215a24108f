"""a3.7, mend the choice of the key: it comes from the service's own set, by its name and for its issuer."""

from __future__ import annotations

from typing import Any

from jwtlab.attacks import ATTACKS
from jwtlab.classroom.assignments.a3_keys import header_of, key_of
from jwtlab.classroom.assignments.asking import near
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Part, Raised, Task, Wrong
from jwtlab.classroom.variants import Variant
from jwtlab.jose.token import decode


def _set(my: Variant, draw: Draw) -> list[dict[str, Any]]:
    """Keys of several issuers, in any order; the first two in it are no others than those of `_ours`."""
    other = f"https://{draw.text(7)}.example"
    keys = [key_of(my, draw, draw.choice(("ES256", "HS256", "RS256")), issuer=my.issuer) for _ in range(3)]
    keys += [key_of(my, draw, "ES256", issuer=other) for _ in range(2)]
    return draw.shuffled(keys)


def _ours(my: Variant, keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [key for key in keys if key["issuer"] == my.issuer]


def _finds(answer: Answer, my: Variant, draw: Draw) -> None:
    keys = _set(my, draw)
    for key in _ours(my, keys):
        found = answer.call(header_of(key["alg"], key), keys)
        if found != key:
            raise Wrong("it gives another key than the one that kid names, or none")
    words = 'it does not find a key that says use: "sig"'
    signing = key_of(my, draw, "ES256", issuer=my.issuer, use="sig")
    if answer.call(header_of("ES256", signing), [*keys, signing]) != signing:
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
        ("a good header finds no key, and then this test says nothing", header_of("x", mine), keys, mine)
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
    found = answer.call(header_of("ES256", mine, jwk=named, jku="https://mallory.example/keys"), keys)
    if found != mine:
        raise Wrong(f"{words}, or the token's own key put yours aside")
    bad = [
        (words, header_of("ES256", jwk, jwk=jwk), keys),
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
    _no_key(answer, my, draw, [(why, header_of("ES256", mine, kid=text), keys) for why, text in texts])


def _finds_types(answer: Answer, my: Variant, draw: Draw) -> None:
    keys = _set(my, draw)
    mine = _ours(my, keys)[0]
    nameless = {name: value for name, value in mine.items() if name != "kid"}
    words = "kid has to be a text"
    kinds: list[Any] = [None, True, 0, 1, [mine["kid"]], {mine["kid"]: 1}, [], {}]
    bad = [(words, header_of("ES256", mine, kid=each), [*keys, nameless]) for each in kinds]
    missing = "a header without kid found a key without kid"
    bad += [(missing, {"alg": "ES256"}, [nameless]), (missing, {"alg": "ES256"}, [*keys, nameless])]
    bad.append((words, {"alg": "ES256", "kid": 5}, [{**mine, "kid": 5}]))
    _no_key(answer, my, draw, bad)


def _finds_issuer(answer: Answer, my: Variant, draw: Draw) -> None:
    keys = _set(my, draw)
    words = "a key of another issuer got through"
    foreign = [key for key in keys if key["issuer"] != my.issuer]
    bad = [(words, header_of("ES256", key), keys) for key in foreign]
    mine = _ours(my, keys)[0]
    for why, text in near(my.issuer, words):
        bad.append((why, header_of("ES256", mine), [{**mine, "issuer": text}]))
    nobody = {name: value for name, value in mine.items() if name != "issuer"}
    bad.append(("a key that does not say whose it is got through", header_of("ES256", mine), [nobody]))
    twin = {**foreign[0], "kid": mine["kid"]}
    for offered in ([twin, *keys], [*keys, twin]):
        if answer.call(header_of("ES256", mine), offered) != mine:
            raise Wrong("two issuers may give their keys the same name: yours is not found then")
    _no_key(answer, my, draw, bad)


def _finds_use(answer: Answer, my: Variant, draw: Draw) -> None:
    keys = _set(my, draw)
    mine = _ours(my, keys)[0]
    words = "a key that is not for signatures got through (RFC 7517 §4.2)"
    uses: list[Any] = ["enc", "SIG", "", None, ["sig"], "signature"]
    _no_key(answer, my, draw, [(words, header_of("ES256", mine), [{**mine, "use": each}]) for each in uses])


TASK = Task(
    id="a3.7",
    title="Mend the choice of the key",
    name="key_for",
    parts=(
        Part(id="finds", title="The key that kid names", points=1, test=_finds),
        Part(id="embedded", title="No key from the token", points=1, test=_finds_embedded, hidden=True),
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
        Part(id="issuer", title="No key of another issuer", points=1, test=_finds_issuer, hidden=True),
        Part(id="use", title="No key for another use", points=1, test=_finds_use, hidden=True),
    ),
)
