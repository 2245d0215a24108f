"""What a server asks of a DPoP proof, and an API of a token: each verdict with its reason and evidence."""

from __future__ import annotations

import json

import pytest

from jwtlab import ALGORITHMS, Key, base64url
from jwtlab.errors import InvalidToken, OAuthError
from jwtlab.oauth import dpop
from jwtlab.oauth.bearer import (
    PRESENTATION_CHECKS,
    SCOPE_CHECKS,
    Presented,
    Scoped,
    authorization_values,
    challenge,
    proof_values,
)
from jwtlab.oauth.dpop.checks import CHECKS, ProofCase
from jwtlab.oauth.dpop.nonces import Nonces

NOW = 1_767_225_600
URL = "https://api.example/notes"
KEY, OTHER, SECRET = Key.generate("ES256"), Key.generate("ES256"), Key.generate("HS256")
JWK, THUMBPRINT = KEY.public().to_jwk(), KEY.thumbprint()
NONCES = Nonces(b"secret", lambda: NOW)
HEADER = {"typ": "dpop+jwt", "alg": "ES256", "jwk": {name: JWK[name] for name in ("kty", "crv", "x", "y")}}
CLAIMS = {"jti": "p-1", "htm": "GET", "htu": URL, "iat": NOW}
TOKEN = "access-token"
GONE = object()


def made(header=None, key=KEY, alg="ES256", **claims):
    content = {name: value for name, value in (CLAIMS | claims).items() if value is not GONE}
    parts = [json.dumps(part).encode() for part in (HEADER | (header or {}), content)]
    signing_input = ".".join(map(base64url.encode, parts))
    return f"{signing_input}.{base64url.encode(ALGORITHMS[alg].sign(key, signing_input.encode()))}"


def judged(*proofs, used=(), **more):
    names = []

    def first_use(name):
        names.append(name)
        return name not in used

    case = ProofCase(proofs, "GET", more.pop("url", URL), NOW, first_use, **more)
    report = CHECKS.run(case)
    if report.accepted:
        return {finding.id: finding.reason for finding in report}, names
    failed = report.first_failure
    return failed.id, failed.error.code, failed.reason, failed.claim, failed.expected, failed.found


def test_good_proof():
    notes, names = judged(made())
    assert names == [f"{THUMBPRINT}:p-1"]
    assert {name: note for name, note in notes.items() if note} == {
        "dpop-key": f"thumbprint {THUMBPRINT}",
        "dpop-nonce": "this server asks for no nonce",
        "dpop-token": "no access token comes along",
        "dpop-bound": "nothing is bound to a key yet",
    }


def test_good_proof_with_everything():
    proof = made(ath=dpop.token_hash(TOKEN), nonce=NONCES.current)
    notes, _ = judged(proof, access_token=TOKEN, bound_to=THUMBPRINT, nonces=NONCES)
    assert notes["dpop-nonce"] == "one that this server has handed out lately"
    assert notes["dpop-token"] == ""
    assert notes["dpop-bound"] == "the key that the token is bound to"


@pytest.mark.parametrize("iat", [NOW - 60, NOW + 60, NOW + 0.5])
def test_proof_is_fresh_for_a_minute_in_both_directions(iat):
    assert judged(made(iat=iat))[1]


@pytest.mark.parametrize("jti", ["x", "x" * 512])
def test_name_of_a_proof_is_of_any_length_up_to_512(jti):
    assert judged(made(jti=jti))[1] == [f"{THUMBPRINT}:{jti}"]


@pytest.mark.parametrize("url", [f"{URL}?a=b#c", "HTTPS://API.example/notes"])
def test_address_counts_without_query_fragment_and_capital_letters(url):
    assert judged(made(), url=url)[1]
    assert judged(made(htu=url))[1]


ALGS = tuple(name for name in ALGORITHMS if not name.startswith("HS"))


BAD = [
    (made(htm="POST"), {}, "dpop-method", "htm names another method", ("htm", "GET", "POST")),
    (made(htu=7), {}, "dpop-address", "htu names another address", ("htu", URL, 7)),
    (made(htu=f"{URL}/"), {}, "dpop-address", "htu names another address", ("htu", URL, f"{URL}/")),
    (made(htu="http://["), {}, "dpop-address", "htu names another address", ("htu", URL, "http://[")),
    (made({"typ": "JWT"}), {}, "dpop-type", "typ is not dpop+jwt", ("typ", "dpop+jwt", "JWT")),
    (
        made({"alg": "HS256"}, SECRET, "HS256"),
        {},
        "dpop-algorithm",
        "alg is not one of a key pair",
        ("alg", ALGS, "HS256"),
    ),
    (
        made({"jwk": KEY.to_jwk(private=True)}),
        {},
        "dpop-key",
        "its jwk is a private key or a secret, which should never travel",
        ("jwk", None, None),
    ),
    *(
        (
            made(iat=iat),
            {},
            "dpop-fresh",
            "iat is not within 60 seconds of now",
            ("iat", NOW, iat),
        )
        for iat in (NOW - 61, NOW + 61, None, "now", True)
    ),
    *(
        (made(jti=jti), {}, "dpop-unused", "jti is no text of 1 to 512 characters", ("jti", None, None))
        for jti in (7, "", "x" * 513, None)
    ),
    (
        made(),
        {"used": (f"{THUMBPRINT}:p-1",)},
        "dpop-unused",
        "this proof has been used before",
        ("jti", None, "p-1"),
    ),
    (
        made(ath="wrong"),
        {"access_token": TOKEN},
        "dpop-token",
        "ath belongs to another access token",
        ("ath", None, "wrong"),
    ),
    (
        made(),
        {"bound_to": OTHER.thumbprint()},
        "dpop-bound",
        "made with another key than the one the token is bound to",
        ("jkt", OTHER.thumbprint(), THUMBPRINT),
    ),
    *(
        (made(**{name: GONE}), {}, "dpop-form", f"the claim {name} is missing", (name, None, None))
        for name in CLAIMS
    ),
]


@pytest.mark.parametrize(
    ("proof", "more", "check", "reason", "evidence"), BAD, ids=[f"{n}-{row[2]}" for n, row in enumerate(BAD)]
)
def test_bad_proof(proof, more, check, reason, evidence):
    found = judged(proof, **more)
    assert found == (check, "invalid_dpop_proof", f"DPoP proof: {reason}", *evidence)


def test_proof_that_cannot_be_read_says_why():
    assert judged()[:3] == ("dpop-one", "invalid_dpop_proof", "DPoP proof: expected one header DPoP, found 0")
    assert judged(made(), made())[2:4] == ("DPoP proof: expected one header DPoP, found 2", "DPoP")
    assert judged("a.b")[0] == "dpop-form"
    assert judged("a.b")[2].startswith("DPoP proof: two parts")
    assert judged(made({"jwk": {"kty": "EC"}}))[:2] == ("dpop-key", "invalid_dpop_proof")
    assert judged(made({"jwk": {"kty": "EC"}}))[2].startswith("DPoP proof: its jwk is no key: ")
    assert judged(made({"jwk": {"kty": "EC"}}))[3] == "jwk"
    check, _, reason, *evidence = judged(made(key=OTHER))
    assert check == "dpop-signature"
    assert reason.startswith("DPoP proof: the signature does not belong to the key in the header (")
    assert evidence == [None, None, None]


@pytest.mark.parametrize("nonce", [GONE, 7, "", "guessed"])
def test_proof_without_the_nonce_is_asked_for_one(nonce):
    check, code, reason, claim, expected, found = judged(made(nonce=nonce), nonces=NONCES)
    assert (check, code, claim, expected) == ("dpop-nonce", "use_dpop_nonce", "nonce", None)
    assert reason.startswith("DPoP proof: make a new one with the nonce from the header DPoP-Nonce")
    assert found == (None if nonce is GONE else nonce)


def shown(authorization=(), **more):
    return Presented(authorization, more.pop("proofs", ()), "GET", URL, **more)


@pytest.mark.parametrize(
    ("case", "scheme", "token"),
    [
        (shown(("Bearer abc",)), "Bearer", "abc"),
        (shown(("bearer  abc ",)), "Bearer", "abc"),
        (shown(("DPOP abc",), proofs=("x",)), "DPoP", "abc"),
        (shown(fields=("abc",), takes_field=True), "Bearer", "abc"),
    ],
)
def test_token_is_found_where_it_may_be(case, scheme, token):
    assert (case.scheme, case.token) == (scheme, token)
    assert [finding.reason for finding in PRESENTATION_CHECKS.run(case)] == ["", scheme]


ONCE, SEND = "the token comes once, and in one way", "send the header Authorization: Bearer <access token>"


@pytest.mark.parametrize(
    ("case", "check", "reason", "claim"),
    [
        (shown(), "credentials-present", SEND, "Authorization"),
        (shown(("Bearer ",)), "credentials-present", SEND, "Authorization"),
        (shown(("Basic abc",)), "credentials-present", SEND, "Authorization"),
        (shown(fields=("abc",)), "credentials-present", SEND, "Authorization"),
        (shown(query=("abc",)), "credentials-present", SEND, "Authorization"),
        (shown(("Bearer a", "Bearer b")), "credentials-once", ONCE, "Authorization"),
        (shown(("Bearer a",), fields=("a",)), "credentials-once", ONCE, "Authorization"),
        (shown(("Bearer a",), query=("a",)), "credentials-once", ONCE, "Authorization"),
        (
            shown(("DPoP a",), proofs=("a", "b")),
            "credentials-once",
            "there is more than one header DPoP",
            "DPoP",
        ),
    ],
)
def test_request_without_one_token(case, check, reason, claim):
    failed = PRESENTATION_CHECKS.run(case).first_failure
    assert (failed.id, failed.reason, failed.claim) == (check, reason, claim)
    wanted = ("", 401) if check == "credentials-present" else ("invalid_request", 400)
    assert (failed.error.code, failed.error.status) == wanted


@pytest.mark.parametrize(
    ("header", "values"),
    [
        (None, ()),
        ("Bearer a", ("Bearer a",)),
        ("Bearer a, Bearer b", ("Bearer a", "Bearer b")),
        ("Basic a,DPoP b", ("Basic a", "DPoP b")),
        ('Digest a="1", b="2"', ('Digest a="1", b="2"',)),
        ('Digest a="1", b="2", Bearer c', ('Digest a="1", b="2"', "Bearer c")),
    ],
)
def test_headers_that_were_joined_are_parted(header, values):
    assert authorization_values(header) == values
    assert proof_values("a, b") == ("a", "b")
    assert proof_values(None) == ()


def test_scope_is_covered_or_named():
    assert SCOPE_CHECKS.run(Scoped({"scope": "a b"}, "b")).accepted
    assert SCOPE_CHECKS.run(Scoped({}, "")).accepted
    for claims in ({}, {"scope": "bb a"}, {"scope": 7}):
        failed = SCOPE_CHECKS.run(Scoped(claims, "b")).first_failure
        assert (failed.reason, failed.claim, failed.expected) == ("this needs the scope b", "scope", "b")
        assert failed.found == str(claims.get("scope", "")).split()
        assert (failed.error.code, failed.error.status) == ("insufficient_scope", 403)


DPOP = f'DPoP realm="notes", algs="{" ".join(ALGS)}"'


@pytest.mark.parametrize(
    ("error", "more", "header"),
    [
        (OAuthError("none", "", 401), {}, 'Bearer realm="notes"'),
        (OAuthError("none", "", 401), {"used": "DPoP"}, DPOP),
        (
            OAuthError("old", "invalid_token", 401),
            {},
            'Bearer realm="notes", error="invalid_token", error_description="old"',
        ),
        (
            InvalidToken('a "b" \\ \n § 4 ü'),
            {"scope": "x"},
            'Bearer realm="notes", error="invalid_token", error_description="a b   section  4 "',
        ),
        (
            OAuthError("more", "insufficient_scope", 403),
            {"scope": "x y"},
            'Bearer realm="notes", error="insufficient_scope", error_description="more", scope="x y"',
        ),
        *(
            (OAuthError("no", code, 401), {}, f'{DPOP}, error="{code}", error_description="no"')
            for code in ("invalid_dpop_proof", "use_dpop_nonce")
        ),
        (
            OAuthError("x" * 400, "invalid_token", 401),
            {"metadata": "https://m.example"},
            f'Bearer realm="notes", error="invalid_token", error_description="{"x" * 300}", '
            'resource_metadata="https://m.example"',
        ),
    ],
)
def test_challenge(error, more, header):
    assert challenge(error, "notes", **more) == header
