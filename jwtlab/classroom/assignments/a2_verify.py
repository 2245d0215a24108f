"""a2: write the verifier, step by step, and then the whole of it, for one's own world."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import utils

from jwtlab.attacks import ATTACKS
from jwtlab.attacks.confusion import key_forms
from jwtlab.classroom.assignments.asking import Bad, near, no, said, yes
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Assignment, Part, Raised, Task, Written, Wrong
from jwtlab.classroom.variants import Variant
from jwtlab.jose import base64url
from jwtlab.jose.algorithms import Algorithm, split_signature
from jwtlab.jose.key import Key

NUMBER_OF = {"HS256": 32, "ES256": 64}
"""Bytes of a signature."""
TYP = "at+jwt"


def my_rules(my: Variant) -> dict[str, Any]:
    """The rules of this student's API.

    Returns:
        ``algorithm``: the only one that is allowed. ``typ``: what a token has to be.
        ``leeway``: seconds by which clocks may differ. ``required``: a claim that has to be there, a
        text that is not empty.
    """
    draw = my.draw("a2 rules")
    return {
        "algorithm": draw.choice(("HS256", "ES256")),
        "typ": TYP,
        "leeway": draw.between(5, 90),
        "required": draw.choice(("client_id", "tenant", "scope", "device", "sid")),
    }


def my_keys(my: Variant) -> dict[str, Any]:
    """The keys of this student's API: algorithm → secret bytes, or a public key as a JWK."""
    return {"HS256": my.secret, "ES256": my.key.public().to_jwk()}


def good_token(my: Variant) -> str:
    """A token that this student's API has to accept."""
    return _token(my, _claims(my, my.draw("a2 good token")))


def _claims(my: Variant, draw: Draw, **changes: Any) -> dict[str, Any]:
    """Claims of a good token, about somebody new."""
    fresh = {
        "sub": f"user-{draw.text(8)}",
        "jti": draw.text(12),
        my_rules(my)["required"]: f"{my.thing}-{draw.text(5)}",
    }
    return my.claims(**(fresh | changes))


def _header(my: Variant, **changes: Any) -> dict[str, Any]:
    header = {"alg": my_rules(my)["algorithm"], "typ": TYP, **changes}
    return {name: value for name, value in header.items() if value is not None}


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("utf-8")


def _sign(my: Variant, alg: str, text: bytes, key: bytes | Key | None = None) -> bytes:
    """A signature by the key that is trusted for this algorithm, or by another one."""
    if alg == "HS256":
        secret = my.secret if key is None else key
        assert isinstance(secret, bytes)
        return hmac.digest(secret, text, "sha256")
    private = my.key if key is None else key
    assert isinstance(private, Key)
    return Algorithm.named("ES256").sign(private, text)


def _token(
    my: Variant,
    claims: Mapping[str, Any] | bytes,
    header: Mapping[str, Any] | bytes | None = None,
    *,
    alg: str | None = None,
    key: bytes | Key | None = None,
) -> str:
    """A token, signed by the algorithm of the rules, or by another one; the bytes may be any."""
    alg = alg or my_rules(my)["algorithm"]
    header = _header(my, alg=alg) if header is None else header
    parts = [each if isinstance(each, bytes) else _json(each) for each in (header, claims)]
    text = ".".join(base64url.encode(each) for each in parts)
    return f"{text}.{base64url.encode(_sign(my, alg, text.encode('ascii'), key))}"


def _near_texts(right: str, words: str, make: Callable[[str], tuple[Any, ...]]) -> Iterator[Bad]:
    for why, text in near(right, words):
        yield Bad(why, make(text))


# a2.1: split


def _four(answer: Answer, token: Any) -> Any:
    """What `split` gives for a token that is one.

    Raises:
        Wrong: not four things.
    """
    found = answer.call(token)
    if found is None:
        raise Wrong("a good token gives None")
    if not isinstance(found, list) or len(found) != 4:
        raise Wrong("return four things: header, claims, signature, signing_input")
    return found


def _split_reads(answer: Answer, my: Variant, draw: Draw) -> None:
    claims = _claims(my, draw, name="Zoë Łukasz")
    header, payload, *_ = _four(answer, _token(my, claims))
    if header != _header(my):
        raise Wrong("the first of the four is the header, as a dict")
    if payload != claims:
        raise Wrong("the second of the four is the claims, as a dict")


def _split_exact(answer: Answer, my: Variant, draw: Draw) -> None:
    claims = json.dumps(_claims(my, draw, name="Zoë"), indent=1).encode("utf-8")
    header = json.dumps(_header(my, kid=draw.text(5)), separators=(" , ", " : ")).encode("utf-8")
    for each in (_token(my, claims, header), _token(my, _claims(my, draw))):
        _, _, signature, signing_input = _four(answer, each)
        text, _, last = each.rpartition(".")
        if signature != base64url.decode(last):
            raise Wrong("the third of the four is the signature, as bytes")
        if signing_input != text.encode("ascii"):
            raise Wrong(
                "the fourth of the four is the first two parts and the dot between them, as bytes, exactly "
                "as they came: what you write anew may be written otherwise"
            )


def _refuses(answer: Answer, bad: list[tuple[str, Any]], my: Variant, draw: Draw) -> None:
    """Each of these is no token: `split` gives ``None`` and raises nothing."""
    _four(answer, _token(my, _claims(my, draw)))
    for words, token in draw.shuffled(bad):
        try:
            found = answer.call(token)
        except Raised as raised:
            if raised.kind == "NotImplementedError":
                raise
            raise Wrong(f"it raised {raised.kind} where it should return None: {words}") from None
        if found is not None:
            raise Wrong(words)


def _split_pieces(answer: Answer, my: Variant, draw: Draw) -> None:
    token = _token(my, _claims(my, draw))
    header, payload, signature = token.split(".")
    words = "a token has exactly three parts"
    bad: list[tuple[str, Any]] = [
        (words, each)
        for each in (
            "",
            ".",
            header,
            f"{header}.{payload}",
            f"{token}.",
            f".{token}",
            f"{token}.{signature}",
            f"{header}.{payload}.{signature}..",
        )
    ]
    others: list[Any] = [None, draw.number(1000), True, token.encode(), [header, payload, signature], {}, 1.5]
    bad += [("what is no text is no token", each) for each in others]
    _refuses(answer, bad, my, draw)


def _split_letters(answer: Answer, my: Variant, draw: Draw) -> None:
    claims = _json(_claims(my, draw))
    if len(claims) % 3 == 0:
        claims += b" "  # so that the payload's last letter has bits that belong to no byte
    token = _token(my, claims)
    header, payload, signature = token.split(".")
    letters = base64url.ALPHABET

    def another(part: str) -> str:
        return part[:-1] + letters[letters.index(part[-1]) + 1]

    def padded(part: str) -> str:
        return part + "=" * (-len(part) % 4 or 1)

    bad: list[tuple[str, Any]] = [
        ("there is no padding in a token", f"{header}.{payload}.{padded(signature)}"),
        ("there is no padding in a token", f"{header}.{padded(payload)}.{signature}"),
        ("there is no padding in a token", f"{padded(header)}.{payload}.{signature}"),
        (
            "the last letter has bits that belong to no byte: they are zero",
            f"{header}.{payload}.{another(signature)}",
        ),
        (
            "the last letter has bits that belong to no byte: they are zero",
            f"{header}.{another(payload)}.{signature}",
        ),
    ]
    for letter in ("+", "/", " ", "\n", "\t", "\0", "é", "-=", "ａ", "%"):
        words = "a letter that is not in base64url stands in it"
        bad += [(words, f"{header}.{payload}.{signature}{letter}"), (words, f"{letter}{token}")]
        place = draw.between(1, len(payload) - 1)
        bad.append((words, f"{header}.{payload[:place]}{letter}{payload[place:]}.{signature}"))
    bad.append(("no bytes have so many letters", f"{header}.{payload}.{signature[:41]}"))
    _refuses(answer, bad, my, draw)


def _split_objects(answer: Answer, my: Variant, draw: Draw) -> None:
    claims = _claims(my, draw)
    bad: list[tuple[str, Any]] = []
    for octets in (
        b"",
        b"[]",
        b"null",
        b"true",
        b"7",
        b'"text"',
        _json([claims]),
        _json(list(claims.items())),
        b"{",
        b"{'a': 1}",
        _json(claims)[:-1],
        _json(claims) + b"}",
        b'{"a": "\xff\xfe"}',
        json.dumps(claims).encode("utf-16"),
    ):
        words = "header and claims are each one JSON object, in UTF-8"
        bad += [(words, _token(my, octets)), (words, _token(my, claims, octets))]
    _refuses(answer, bad, my, draw)


def _split_strict(answer: Answer, my: Variant, draw: Draw) -> None:
    claims, header = _claims(my, draw), _header(my)
    twice = "a name that appears twice in one object has two readers who read two things"
    number = "NaN and Infinity are no JSON"
    deep = "brackets without end make a parser give up: that is no reason to fall over"
    bad: list[tuple[str, Any]] = [
        (twice, _token(my, _json(claims)[:-1] + b',"sub":"admin"}')),
        (twice, _token(my, b'{"sub":"admin",' + _json(claims)[1:])),
        (twice, _token(my, _json(claims)[:-1] + b',"more":{"a":1,"a":2}}')),
        (twice, _token(my, claims, b'{"alg":"none",' + _json(header)[1:])),
        *((number, _token(my, _json(claims)[:-1] + b',"n":' + each + b"}")) for each in _NO_NUMBERS),
        (deep, _token(my, b"[" * 100_000)),
        (deep, _token(my, b'{"a":' * 100_000, header)),
    ]
    _refuses(answer, bad, my, draw)


_NO_NUMBERS = (b"NaN", b"Infinity", b"-Infinity")


# a2.2: the algorithm


def _algorithm_good(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "a good header is refused: only alg decides, whatever else stands there"
    yes(
        answer,
        [
            (words, (_header(my),)),
            (words, (_header(my, typ=None),)),
            (words, (_header(my, kid=draw.text(6), cty="json"),)),
        ],
    )
    _not_everything(answer, {"alg": "none", "crit": ["x"], "typ": "JWT"})


def _not_everything(answer: Answer, *arguments: Any) -> None:
    """Asked beside good ones: something in which everything is wrong."""
    if said(answer, arguments):
        raise Wrong("it says True to what is wrong in every way: does it look at what it is given?")


def _good_header(my: Variant) -> list[tuple[Any, ...]]:
    return [(_header(my),)]


_ALGS = ("none", "None", "NONE", "HS384", "HS512", "RS256", "PS256", "ES384", "EdDSA", "dir")


def _algorithm_others(answer: Answer, my: Variant, draw: Draw) -> None:
    others = [each for each in (*_ALGS, *NUMBER_OF) if each != my_rules(my)["algorithm"]]
    bad = [
        Bad("an algorithm got through that your rules do not allow", (_header(my, alg=each),))
        for each in others
    ]
    no(answer, bad, draw, _good_header(my))


def _algorithm_near(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "an alg got through that is only nearly yours"
    bad = _near_texts(my_rules(my)["algorithm"], words, lambda text: (_header(my, alg=text),))
    no(answer, bad, draw, _good_header(my))


def _algorithm_types(answer: Answer, my: Variant, draw: Draw) -> None:
    alg = my_rules(my)["algorithm"]
    others: list[Any] = [[alg], [], {alg: alg}, {}, True, False, draw.number(99), 0, 1.5, [[alg]]]
    bad = [Bad("alg has to be a text", (_header(my) | {"alg": each},)) for each in [*others, None]]
    bad += [
        Bad("a header without alg got through", ({"typ": TYP},)),
        Bad("an empty header got through", ({},)),
    ]
    no(answer, bad, draw, _good_header(my))


def _algorithm_crit(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "crit names what a reader must understand, and your API understands none of it: refuse"
    others: list[Any] = [["exp"], ["b64"], [draw.text(5)], [], "exp", None, {}, False]
    bad = [Bad(words, (_header(my) | {"crit": each, "exp": my.now, "b64": True},)) for each in others]
    no(answer, bad, draw, _good_header(my))


# a2.3: the signature


def _asked(my: Variant, draw: Draw, alg: str) -> tuple[str, bytes, bytes]:
    """Good arguments: alg, signing input, signature."""
    text = _token(my, _claims(my, draw), alg=alg).rpartition(".")[0].encode("ascii")
    return alg, text, _sign(my, alg, text)


def _signature_of(wanted: str) -> Callable[[Answer, Variant, Draw], None]:
    def test(answer: Answer, my: Variant, draw: Draw) -> None:
        words = f"a good {wanted} signature is refused: which key, which bytes, which hash?"
        yes(answer, [(words, _asked(my, draw, wanted)) for _ in range(4)])
        _not_everything(answer, wanted, b"nothing", b"no")

    return test


def _signatures_refused(
    make: Callable[[Variant, Draw, str], Iterator[Bad]],
) -> Callable[[Answer, Variant, Draw], None]:
    """Asked of each algorithm that works so far, so that one that is not yet written costs its own points."""

    def test(answer: Answer, my: Variant, draw: Draw) -> None:
        working = [alg for alg in NUMBER_OF if _works(answer, _asked(my, draw, alg))]
        if not working:
            raise Wrong("no good signature is accepted so far, and then this test says nothing")
        for alg in working:
            no(answer, make(my, draw, alg), draw, [_asked(my, draw, alg)])

    return test


def _works(answer: Answer, arguments: tuple[Any, ...]) -> bool:
    try:
        return said(answer, arguments)
    except Raised as raised:
        if raised.kind == "NotImplementedError":
            raise
        return False


def _changed(my: Variant, draw: Draw, alg: str) -> Iterator[Bad]:
    words = "a signature got through that does not belong to these bytes"
    _, text, signature = _asked(my, draw, alg)
    for _ in range(4):
        place = draw.number(len(signature))
        yield Bad(words, (alg, text, _flip(signature, place, draw)))
        yield Bad(words, (alg, _flip(text, draw.number(len(text)), draw), signature))
    yield Bad(words, (alg, text, _flip(signature, len(signature) - 1, draw)))
    yield Bad(words, (alg, text, _flip(signature, 0, draw)))
    yield Bad(words, (alg, text, _asked(my, draw, alg)[2]))
    yield Bad(words, (alg, b"", signature))
    other: bytes | Key = draw.bytes(32) if alg == "HS256" else my.other_key
    yield Bad("it was made with a key that you do not trust", (alg, text, _sign(my, alg, text, other)))
    yield Bad("a blank signature got through", (alg, text, bytes(NUMBER_OF[alg])))


def _flip(octets: bytes, place: int, draw: Draw) -> bytes:
    return octets[:place] + bytes([octets[place] ^ (1 << draw.number(7))]) + octets[place + 1 :]


def _length(my: Variant, draw: Draw, alg: str) -> Iterator[Bad]:
    _, text, right = _asked(my, draw, alg)
    words = f"a signature of {alg} has exactly {NUMBER_OF[alg]} bytes"
    others = [b"", right[:1], right[:-1], right[: len(right) // 2], right + b"\0", right + draw.bytes(1)]
    others += [b"\0" + right, right * 2, right[:32] + b"\0" + right[32:], right[1:]]
    if alg == "ES256":
        r, s = split_signature(right)
        others.append(utils.encode_dss_signature(r, s))
    for each in others:
        yield Bad(words, (alg, text, each))


def _names(my: Variant, draw: Draw, alg: str) -> Iterator[Bad]:
    _, text, signature = _asked(my, draw, alg)
    words = "an algorithm that you have no key for fits nothing"
    for name in (*_ALGS, alg.lower(), f"{alg} ", ""):
        yield Bad(words, (name, text, signature))
        yield Bad(words, (name, text, b""))
    other = next(each for each in NUMBER_OF if each != alg)
    yield Bad("the signature of one algorithm got through for another", (other, text, signature))


# a2.4: dates


def _date(my: Variant, claims: dict[str, Any], now: float | None = None, **changes: Any) -> tuple[Any, ...]:
    return {**claims, **changes}, my.now if now is None else now


def _dates_good(answer: Answer, my: Variant, draw: Draw) -> None:
    claims = _claims(my, draw)
    words = "good dates are refused: exp lies ahead, and nbf may be missing"
    fraction = "dates may have a fraction of a second (RFC 7519 §2)"
    yes(
        answer,
        [
            (words, _date(my, claims)),
            (words, _date(my, claims, nbf=my.now - draw.between(100, 900))),
            (fraction, _date(my, claims, exp=my.now + my.lifetime + 0.5)),
            (fraction, _date(my, claims, now=my.now + 0.25, nbf=my.now - 99.5)),
        ],
    )
    _not_everything(answer, {"exp": 1, "nbf": my.now * 2}, my.now)


def _dates_exp(answer: Answer, my: Variant, draw: Draw) -> None:
    claims, leeway = _claims(my, draw), my_rules(my)["leeway"]
    words = "a token got through that is expired, the leeway counted in"
    bad = [
        Bad(words, _date(my, claims, exp=my.now - leeway - gone)) for gone in (0, 1, draw.between(2, 9999))
    ]
    bad.append(Bad(words, _date(my, claims, exp=my.now - leeway - 0.5)))
    bad.append(Bad(words, _date(my, claims, now=claims["exp"] + leeway)))
    late = "a token is refused whose exp is gone by less than the leeway"
    yes(answer, [(late, _date(my, claims, exp=my.now - leeway + more)) for more in (1, leeway)])
    no(answer, bad, draw, [_date(my, claims)])


def _dates_nbf(answer: Answer, my: Variant, draw: Draw) -> None:
    claims, leeway = _claims(my, draw, exp=my.now + 9_999_999), my_rules(my)["leeway"]
    words = "a token got through that is not valid yet, the leeway counted in"
    bad = [
        Bad(words, _date(my, claims, nbf=my.now + leeway + more)) for more in (1, 0.5, draw.between(2, 9999))
    ]
    early = "a token is refused whose nbf is ahead by no more than the leeway"
    yes(answer, [(early, _date(my, claims, nbf=my.now + leeway - less)) for less in (0, leeway)])
    no(answer, bad, draw, [_date(my, claims)])


def _dates_numbers(answer: Answer, my: Variant, draw: Draw) -> None:
    claims, far = _claims(my, draw), my.now + 9999
    words = "a date is a number, and nothing else is"
    nan, infinity = float("nan"), float("inf")
    past = my.now - 99
    exps: list[Any] = [str(far), f"{far}.0", [far], {"exp": far}, None, True, "", "9" * 30]
    nbfs: list[Any] = [str(past), [past], None, True, False, {}, "", []]
    bad = [Bad(words, _date(my, claims, exp=each)) for each in exps]
    bad += [Bad(words, _date(my, claims, nbf=each)) for each in nbfs]
    bad += [
        Bad("True is no number, though Python can reckon with it", _date(my, claims, now=0, exp=True)),
        Bad("a number without end or value is no date", _date(my, claims, exp=infinity)),
        Bad("a number without end or value is no date", _date(my, claims, exp=nan)),
        Bad("a number without end or value is no date", _date(my, claims, nbf=-infinity)),
        Bad("a number without end or value is no date", _date(my, claims, nbf=nan)),
    ]
    without = {name: value for name, value in claims.items() if name != "exp"}
    bad.append(Bad("a token without exp would be good for ever", _date(my, without)))
    no(answer, bad, draw, [_date(my, claims)])
    try:
        said(answer, _date(my, claims, exp=10**400))  # either answer will do
    except Raised as raised:
        raise Wrong(f"it raised {raised.kind}: JSON has whole numbers that are no float") from None


# a2.5: issuer and audience


def _names_good(answer: Answer, my: Variant, draw: Draw) -> None:
    other = f"https://{draw.text(8)}.example"
    words = "a good token is refused: aud is a text, or a list that your own audience stands in"
    lists = ([my.audience], [my.audience, other], [other, my.audience])
    yes(
        answer,
        [
            ("a good token is refused: issuer and audience are yours", (_claims(my, draw),)),
            *((words, (_claims(my, draw, aud=each),)) for each in lists),
        ],
    )
    _not_everything(answer, {"iss": other, "aud": other})


def _names_iss(answer: Answer, my: Variant, draw: Draw) -> None:
    claims = _claims(my, draw)
    words = "an issuer got through that is not yours"
    bad = list(_near_texts(my.issuer, words, lambda text: ({**claims, "iss": text},)))
    bad += [
        Bad(words, ({**claims, "iss": each},)) for each in (my.audience, f"https://{draw.text(9)}.example")
    ]
    bad.append(Bad("a token without iss got through", (_claims(my, draw, iss=None),)))
    no(answer, bad, draw, [(claims,)])


def _names_aud(answer: Answer, my: Variant, draw: Draw) -> None:
    claims, other = _claims(my, draw), f"https://{draw.text(9)}.example"
    words = "an audience got through that is not yours"
    bad = list(_near_texts(my.audience, words, lambda text: ({**claims, "aud": text},)))
    bad += _near_texts(my.audience, words, lambda text: ({**claims, "aud": [other, text]},))
    bad += [Bad(words, ({**claims, "aud": each},)) for each in (my.issuer, other, [other], [])]
    bad.append(Bad(words, ({**claims, "aud": list(my.audience)},)))
    bad.append(Bad("a token without aud got through", (_claims(my, draw, aud=None),)))
    no(answer, bad, draw, [(claims,)])


def _names_types(answer: Answer, my: Variant, draw: Draw) -> None:
    claims = _claims(my, draw)
    words = "a value of a kind that it may not have got through"
    iss: list[Any] = [[my.issuer], {my.issuer: 1}, None, True, 0, [], {}]
    aud: list[Any] = [{my.audience: 1}, [[my.audience]], [{my.audience: 1}], None, True, 7, 1.5, {}, [None]]
    bad = [Bad(f"iss: {words}", ({**claims, "iss": each},)) for each in iss]
    bad += [Bad(f"aud: {words}", ({**claims, "aud": each},)) for each in aud]
    no(answer, bad, draw, [(claims,)])


# a2.6: the type


def _type_good(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "an access token is refused that says so: in capital letters, or with application/ before it"
    yes(answer, [(words, (_header(my, typ=each),)) for each in _SPELLINGS])
    _not_everything(answer, {"alg": "none", "typ": "secevent"})


_SPELLINGS = (TYP, "AT+JWT", "At+Jwt", f"application/{TYP}", "Application/AT+jwt")


def _type_others(answer: Answer, my: Variant, draw: Draw) -> None:
    if not any(_works(answer, (_header(my, typ=each),)) for each in _SPELLINGS):
        raise Wrong("no good type is accepted so far, and then this test says nothing")
    good = [(_header(my, typ=each),) for each in _SPELLINGS if _works(answer, (_header(my, typ=each),))]
    words = "a token of another type got through"
    others: list[Any] = ["JWT", "jwt", "id+jwt", "logout+jwt", "dpop+jwt", "application/jwt", "application/"]
    others += [
        f"application/{TYP}; charset=utf-8",
        f"text/{TYP}",
        f"x/application/{TYP}",
        f"application/x/{TYP}",
    ]
    others += [f"application//{TYP}", f"application/application/{TYP}", "at", "+jwt", f"applicationx{TYP}"]
    others += [text for _, text in near(TYP, "") if text.lower() != TYP]
    bad = [Bad(words, (_header(my) | {"typ": each},)) for each in others]
    kinds: list[Any] = [None, True, 5, [TYP], {TYP: 1}, [], {}]
    bad += [Bad("typ has to be a text", (_header(my) | {"typ": each},)) for each in kinds]
    bad.append(Bad("a header without typ got through", (_header(my, typ=None),)))
    no(answer, bad, draw, good)


# a2.7: the whole


def _verify_own(answer: Answer, my: Variant, draw: Draw) -> None:
    for claims in (_claims(my, draw), _claims(my, draw, name="Zoë", admin=False)):
        found = answer.call(_token(my, claims), my.now)
        if found is None:
            raise Wrong("a good token is refused: try each of your steps with it, one after the other")
        if found != claims:
            raise Wrong("a good token gives its claims, as they stand in it")


def _accepts(answer: Answer, token: str, now: float) -> bool:
    found = answer.call(token, now)
    if found is None:
        return False
    if not isinstance(found, dict):
        raise Wrong("verify gives the claims as a dict, or None")
    return True


def _verify_good(answer: Answer, my: Variant, draw: Draw) -> None:
    leeway = my_rules(my)["leeway"]
    other = f"https://{draw.text(8)}.example"
    later = my.now + draw.between(100_000, 900_000)
    tomorrow = _token(my, _claims(my, draw, iat=later, nbf=later, exp=later + 60))
    cases = [
        ("a token of a later day, on that day", tomorrow, later),
        ("an audience in a list", _token(my, _claims(my, draw, aud=[other, my.audience])), my.now),
        ("exp gone by less than the leeway", _token(my, _claims(my, draw, exp=my.now - leeway + 1)), my.now),
        ("nbf ahead by the leeway", _token(my, _claims(my, draw, nbf=my.now + leeway)), my.now),
        ("a fraction in exp", _token(my, _claims(my, draw, exp=my.now + 60.5)), my.now),
        ("a fraction in now", _token(my, _claims(my, draw)), my.now + 0.5),
        ("a clock that has moved on", _token(my, _claims(my, draw)), my.now + my.lifetime - 1),
        (
            "application/ before typ",
            _token(my, _claims(my, draw), _header(my, typ=f"application/{TYP}")),
            my.now,
        ),
        ("a kid in the header", _token(my, _claims(my, draw), _header(my, kid=draw.text(6))), my.now),
        ("JSON with spaces in it", _token(my, json.dumps(_claims(my, draw), indent=2).encode()), my.now),
        ("claims that you do not know", _token(my, _claims(my, draw, **{draw.text(6): [1, None]})), my.now),
    ]
    for what, token, now in draw.shuffled(cases):
        if not _accepts(answer, token, now):
            raise Wrong(f"a good token is refused: {what}")
    foreign = {"iss": other, "aud": other, "exp": 1, "sub": f"admin-{draw.text(5)}"}
    stranger: bytes | Key = draw.bytes(32) if my_rules(my)["algorithm"] == "HS256" else my.other_key
    if _accepts(answer, _token(my, foreign, _header(my, typ="JWT", crit=["x"]), key=stranger), my.now):
        raise Wrong("it lets in a token in which everything is wrong")


def _keeps_out(answer: Answer, my: Variant, draw: Draw, bad: list[tuple[str, Any]]) -> None:
    """Each is refused, at `my.now`, and a good token let in before and after."""
    cases: list[tuple[str, Any, bool]] = [(words, token, False) for words, token in bad]
    cases += [("", _token(my, _claims(my, draw)), True) for _ in range(2)]
    for words, token, wanted in draw.shuffled(cases):
        try:
            found = _accepts(answer, token, my.now)
        except Raised as raised:
            if wanted or raised.kind == "NotImplementedError":
                raise
            raise Wrong(f"it raised {raised.kind} where it should return None: {words}") from None
        if found != wanted:
            raise Wrong(words or "a good token is refused too, and then this test says nothing")


def _goal(draw: Draw) -> dict[str, Any]:
    return {"sub": f"admin-{draw.text(6)}"}


def _confused(my: Variant, draw: Draw) -> list[tuple[str, Any]]:
    """Key confusion: of an algorithm that is not allowed, or else with a secret that is none."""
    forge, good = ATTACKS["key-confusion"].forge, _token(my, _claims(my, draw))
    return [
        ("HS256 with the public key as the secret", forge(_goal(draw), original=good, public_key=octets))
        for octets in key_forms(my.key).values()
    ]


def _verify_unsigned(answer: Answer, my: Variant, draw: Draw) -> None:
    good = _token(my, _claims(my, draw))
    none, stripped = ATTACKS["alg-none"], ATTACKS["signature-stripped"]
    bad: list[tuple[str, Any]] = [
        ("a token that says it is not signed", none.forge(_goal(draw), original=good, spelling=each))
        for each in ("none", "None", "NONE", "nOnE", "none ")
    ]
    bad += [
        ("a token whose signature was cut off", stripped.forge(_goal(draw), original=good)),
        ("a token whose signature was cut off", good.rpartition(".")[0] + "."),
    ]
    _keeps_out(answer, my, draw, bad)


def _verify_changed(answer: Answer, my: Variant, draw: Draw) -> None:
    good, alg = _token(my, _claims(my, draw)), my_rules(my)["algorithm"]
    stranger: bytes | Key = draw.bytes(32) if alg == "HS256" else my.other_key
    jwk = my.other_key.public().to_jwk()
    blank = base64url.encode(bytes(NUMBER_OF[alg]))
    words = "claims that were changed after they were signed"
    bad: list[tuple[str, Any]] = [
        *((words, ATTACKS["unverified"].forge(_goal(draw), original=good)) for _ in range(2)),
        (words, f"{good.rpartition('.')[0]}.{_token(my, _claims(my, draw)).rpartition('.')[2]}"),
        ("a token signed with a key that you do not trust", _token(my, _claims(my, draw), key=stranger)),
        (
            "a token that brings its own key along",
            _token(my, _claims(my, draw), _header(my, jwk=jwk), key=stranger),
        ),
        ("a token with a blank signature", f"{good.rpartition('.')[0]}.{blank}"),
    ]
    if alg == "HS256":
        bad += _confused(my, draw)
    _keeps_out(answer, my, draw, bad)


def _verify_algorithm(answer: Answer, my: Variant, draw: Draw) -> None:
    other = next(each for each in NUMBER_OF if each != my_rules(my)["algorithm"])
    words = "a token that is signed by an algorithm which your rules do not allow"
    bad: list[tuple[str, Any]] = [(words, _token(my, _claims(my, draw), alg=other)) for _ in range(2)]
    if other == "HS256":
        bad += _confused(my, draw)
    bad.append(("a token with crit", _token(my, _claims(my, draw), _header(my, crit=["x"], x=1))))
    _keeps_out(answer, my, draw, bad)


def _verify_dates(answer: Answer, my: Variant, draw: Draw) -> None:
    leeway = my_rules(my)["leeway"]
    changes: list[tuple[str, dict[str, Any]]] = [
        ("an expired token", {"exp": my.now - leeway}),
        ("an expired token", {"exp": my.now - draw.between(1000, 99999)}),
        ("a token without exp", {"exp": None}),
        ("a token whose exp is a text", {"exp": str(my.now + 600)}),
        ("a token that is not valid yet", {"nbf": my.now + leeway + 1}),
        ("a token whose nbf is no number", {"nbf": True}),
    ]
    _keeps_out(answer, my, draw, [(words, _token(my, _claims(my, draw, **each))) for words, each in changes])
    if _accepts(answer, _token(my, _claims(my, draw)), my.now + my.lifetime + leeway):
        raise Wrong("a token that is expired at the time which is handed over")


def _verify_names(answer: Answer, my: Variant, draw: Draw) -> None:
    bad: list[tuple[str, Any]] = [
        (words, _token(my, _claims(my, draw, iss=text))) for words, text in near(my.issuer, "another issuer")
    ]
    bad += [
        (words, _token(my, _claims(my, draw, aud=text)))
        for words, text in near(my.audience, "another audience")
    ]
    bad += [
        ("a token without iss", _token(my, _claims(my, draw, iss=None))),
        ("a token without aud", _token(my, _claims(my, draw, aud=None))),
        ("a token for others", _token(my, _claims(my, draw, aud=[my.issuer, f"{my.audience}/x"]))),
        ("a token for others", _token(my, _claims(my, draw, aud={my.audience: True}))),
    ]
    _keeps_out(answer, my, draw, bad)


def _verify_type(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "a token of another type"
    headers = [_header(my, typ=each) for each in ("JWT", "id+jwt", "application/jwt", f"{TYP} ", "at")]
    headers += [_header(my, typ=None), _header(my) | {"typ": None}, _header(my, typ=[TYP])]
    _keeps_out(answer, my, draw, [(words, _token(my, _claims(my, draw), each)) for each in headers])


def _verify_required(answer: Answer, my: Variant, draw: Draw) -> None:
    name = my_rules(my)["required"]
    words = f"a token without a good {name}: the rules want a text that is not empty"
    values: list[Any] = ["", True, 1, 0, [], ["x"], {}, {"x": "y"}, 1.5]
    claims = [_claims(my, draw) | {name: each} for each in [*values, None]]
    claims.append({other: value for other, value in _claims(my, draw).items() if other != name})
    _keeps_out(answer, my, draw, [(words, _token(my, each)) for each in claims])


def _verify_hostile(answer: Answer, my: Variant, draw: Draw) -> None:
    good = _token(my, _claims(my, draw))
    text, _, signature = good.rpartition(".")
    words = "what is no token"
    things: list[Any] = ["", ".", "..", "...", text, f"{good}.", f"{good}=", f"{good}\n", f" {good}", None, 7]
    things += [[], {}, good.encode(), "é.é.é", "\0", draw.text(40), f"Bearer {good}", f"{text}..{signature}"]
    things += [_token(my, each) for each in (b"[]", b"null", b"", b"\xff", b"[" * 100_000)]
    things += [_token(my, _claims(my, draw), each) for each in (b"[]", b"null", b"7", b"{")]
    things.append(_token(my, _json(_claims(my, draw))[:-1] + b',"sub":"admin"}'))
    things.append(_token(my, _claims(my, draw), {}))
    _keeps_out(answer, my, draw, [(words, each) for each in things])


ASSIGNMENT = Assignment(
    name="a2_verify",
    title="Write the verifier",
    minutes=90,
    primitives=("jwt", "joserfc", "jose", "authlib", "jwcrypto", "jwtlab"),
    allowed=(
        "jwtlab.base64url",
        "jwtlab.MalformedToken",
        "jwtlab.classroom.check",
        "jwtlab.classroom.submission_button",
        "jwtlab.classroom.variant",
        "jwtlab.classroom.notebook.judged",
        "jwtlab.classroom.assignments.a2_verify.good_token",
        "jwtlab.classroom.assignments.a2_verify.my_keys",
        "jwtlab.classroom.assignments.a2_verify.my_rules",
    ),
    tasks=(
        Task(
            id="a2.1",
            title="Take a token apart, strictly",
            name="split",
            parts=(
                Part(id="reads", title="Header and claims of a good token", points=1, test=_split_reads),
                Part(
                    id="exact", title="Signature and signing input as they came", points=1, test=_split_exact
                ),
                Part(
                    id="pieces",
                    title="Exactly three parts of text",
                    points=1,
                    test=_split_pieces,
                    hidden=True,
                ),
                Part(
                    id="letters",
                    title="base64url and nothing beside it",
                    points=1,
                    test=_split_letters,
                    hidden=True,
                ),
                Part(id="objects", title="Two JSON objects", points=1, test=_split_objects, hidden=True),
                Part(
                    id="strict",
                    title="No doubled name, no NaN, no endless brackets",
                    points=2,
                    test=_split_strict,
                    hidden=True,
                ),
            ),
        ),
        Task(
            id="a2.2",
            title="Allow one algorithm",
            name="algorithm_fits",
            parts=(
                Part(id="good", title="Good headers pass", points=1, test=_algorithm_good),
                Part(
                    id="others",
                    title="Other algorithms do not",
                    points=1,
                    test=_algorithm_others,
                    hidden=True,
                ),
                Part(
                    id="near", title="Nor what is nearly yours", points=1, test=_algorithm_near, hidden=True
                ),
                Part(
                    id="types",
                    title="Nor what is missing or no text",
                    points=1,
                    test=_algorithm_types,
                    hidden=True,
                ),
                Part(id="crit", title="Nor a header with crit", points=1, test=_algorithm_crit, hidden=True),
            ),
        ),
        Task(
            id="a2.3",
            title="Verify the signature",
            name="signature_fits",
            parts=(
                Part(id="hs256", title="HS256: good signatures pass", points=1, test=_signature_of("HS256")),
                Part(id="es256", title="ES256: good signatures pass", points=1, test=_signature_of("ES256")),
                Part(
                    id="changed",
                    title="Changed bytes and other keys do not",
                    points=2,
                    test=_signatures_refused(_changed),
                    hidden=True,
                ),
                Part(
                    id="length",
                    title="Nor signatures of another length",
                    points=2,
                    test=_signatures_refused(_length),
                    hidden=True,
                ),
                Part(
                    id="names",
                    title="Nor algorithms without a key",
                    points=1,
                    test=_signatures_refused(_names),
                    hidden=True,
                ),
            ),
        ),
        Task(
            id="a2.4",
            title="Read the clock",
            name="dates_fit",
            parts=(
                Part(id="good", title="Good dates pass", points=1, test=_dates_good),
                Part(id="exp", title="exp, to the second", points=2, test=_dates_exp, hidden=True),
                Part(id="nbf", title="nbf, to the second", points=1, test=_dates_nbf, hidden=True),
                Part(
                    id="numbers", title="Only numbers are dates", points=2, test=_dates_numbers, hidden=True
                ),
            ),
        ),
        Task(
            id="a2.5",
            title="From whom, for whom",
            name="names_fit",
            parts=(
                Part(id="good", title="Your issuer and your audience pass", points=1, test=_names_good),
                Part(id="issuer", title="No other issuer does", points=2, test=_names_iss, hidden=True),
                Part(id="audience", title="No other audience does", points=2, test=_names_aud, hidden=True),
                Part(
                    id="types",
                    title="Nor what is no text and no list",
                    points=1,
                    test=_names_types,
                    hidden=True,
                ),
            ),
        ),
        Task(
            id="a2.6",
            title="Which type",
            name="type_fits",
            parts=(
                Part(id="spellings", title="Access tokens pass, however spelled", points=1, test=_type_good),
                Part(id="others", title="Other types do not", points=2, test=_type_others, hidden=True),
            ),
        ),
        Task(
            id="a2.7",
            title="The whole verifier",
            name="verify",
            parts=(
                Part(id="own", title="A good token gives its claims", points=1, test=_verify_own),
                Part(id="good", title="All good tokens are let in", points=1, test=_verify_good, hidden=True),
                Part(
                    id="unsigned",
                    title="No token without signature",
                    points=1,
                    test=_verify_unsigned,
                    hidden=True,
                ),
                Part(
                    id="changed",
                    title="No token of Mallory's making",
                    points=2,
                    test=_verify_changed,
                    hidden=True,
                ),
                Part(
                    id="algorithm", title="No other algorithm", points=1, test=_verify_algorithm, hidden=True
                ),
                Part(id="dates", title="No token out of its time", points=1, test=_verify_dates, hidden=True),
                Part(
                    id="names",
                    title="No other issuer, no other audience",
                    points=2,
                    test=_verify_names,
                    hidden=True,
                ),
                Part(id="type", title="No other type", points=1, test=_verify_type, hidden=True),
                Part(
                    id="required",
                    title="The claim that your rules want",
                    points=1,
                    test=_verify_required,
                    hidden=True,
                ),
                Part(
                    id="hostile",
                    title="Nonsense is refused, never an exception",
                    points=1,
                    test=_verify_hostile,
                    hidden=True,
                ),
            ),
        ),
    ),
    written=(
        Written(
            id="a2.8",
            title="Three changes that a colleague proposes",
            points=6,
            rubric=(
                "2 points, the algorithm from the header: the token then chooses how it is verified (1); what "
                "Mallory does with it: alg none, or the public key as an HMAC secret (1).",
                "2 points, startswith for the issuer: Mallory registers a name that begins alike, such as the "
                "issuer's with .mallory.example behind it (1); == compares all of it, and more than one "
                "issuer is a list of exact names (1).",
                "2 points, a leeway of one hour: a stolen or withdrawn token lives an hour longer, for everybody "
                "(1); leeway is for clocks that differ by seconds, and who needs more mends the clock or renews "
                "the token (1).",
            ),
        ),
    ),
)
