"""What is fuzzed: functions from bytes to nothing, each with an oracle.

A target raises `AssertionError` (or anything else) when the code under test does what it should never do: it
breaks down, it takes two spellings for one value, it accepts what another library with the same checks refuses.
An error of ours is no finding as long as it belongs to the tree of `JwtlabError` and says a sentence.

The same targets are played by hypothesis in the tests (`test_fuzz.py`) and, guided by coverage, by
``python tools/fuzz.py``.
"""

from __future__ import annotations

import base64
import contextlib
import json
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import jwt as pyjwt
from cryptography.hazmat.primitives.asymmetric import utils
from driving import AS, Place
from joserfc import jwk as joserfc_jwk
from joserfc import jws as joserfc_jws
from joserfc import jwt as joserfc_jwt
from material import CLAIMS, EXPECTED, LAB, NOW, forge, verifying

import jwtlab
from jwtlab import Key, base64url
from jwtlab.errors import JwtlabError
from jwtlab.jose import algorithms, der, key_text, strict_json
from jwtlab.jose.key_set import read_keys
from jwtlab.oauth import dpop
from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.protocol.parameters import basic_credentials, read_parameters

TARGETS: dict[str, Callable[[bytes], None]] = {}


def target(run: Callable[[bytes], None]) -> Callable[[bytes], None]:
    TARGETS[run.__name__.replace("_", "-")] = run
    return run


@contextlib.contextmanager
def only_our_errors() -> Iterator[None]:
    """Ours say where and why; any other error is a finding, and so is one without a sentence."""
    try:
        yield
    except JwtlabError as error:
        if len(str(error)) <= 5:
            raise AssertionError(f"no sentence: {error!r}") from error


def text(octets: bytes) -> str:
    """As UTF-8, lone surrogates included, or else each byte a character."""
    try:
        return octets.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return octets.decode("latin-1")


# Tokens


@target
def base64url_text(octets: bytes) -> None:
    """One spelling for every value (RFC 7515 §2), and the value that others read."""
    given = text(octets)
    with only_our_errors():
        value = base64url.decode(given)
        assert base64url.encode(value) == given
        assert base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)) == value
    base64url.first_fault(given), base64url.decode_leniently(given)


@target
def strict_json_text(octets: bytes) -> None:
    """What is sound is what Python's reader finds; and it can be written and read again."""
    sound = strict_json.read_sound(octets)
    document = strict_json.read(octets)
    assert repr(strict_json.read(octets)) == repr(document)  # NaN is unlike itself
    if sound is not None:
        assert sound == json.loads(octets)
        assert strict_json.read_sound(strict_json.write(sound, "claims")) == sound


@target
def token_text(octets: bytes) -> None:
    """A token that is read is written again byte by byte."""
    for given in (octets, text(octets)):
        with only_our_errors():
            token = jwtlab.decode(given)
            again = ".".join(
                base64url.encode(base64url.decode(segment)) if segment else "" for segment in token.segments
            )
            assert again == (given if isinstance(given, str) else given.decode("ascii"))
        report = jwtlab.verify(given, HS256, algorithms=["HS256"], now=NOW)
        assert not report.accepted or text(octets).count(".") == 2
        str(report)


HS256, ES256 = LAB.key("HS256"), LAB.key("ES256")
CHECKED = {"verify_signature": True, "verify_aud": True, "verify_iss": True, "verify_exp": True}
STRICTER = {
    "payload-json": "both take NaN, Infinity and a byte order mark (RFC 8259 §6, §8.1)",
    "header-json": "the same in the header",
    "claims-unique": "in both the later of two claims wins (RFC 7519 §4)",
    "header-unique": "in both the later of two parameters wins (RFC 7515 §4)",
    "header-types": "neither looks at the types of all registered parameters (RFC 7515 §4.1)",
    "claim-types": "neither looks at the types of all registered claims (RFC 7519 §4.1)",
    "numeric-dates": "a date in a text, or one beyond all calendars, is a number to PyJWT (RFC 7519 §2)",
    "critical-understood": "parameters that have to be understood (RFC 7515 §4.1.11)",
    "key-found": "a kid that names another key: both have been handed one key, and do not look",
    "issued-in-past": "joserfc does not look at iat unless it is asked to: a rule of the house",
}
"""Where we refuse and others accept: which check of ours it is, and why it is stricter."""


_UNKNOWN_IGNORED = {
    alg: joserfc_jws.JWSRegistry(algorithms=[alg], strict_check_header=False) for alg in ("HS256", "ES256")
}
"""joserfc refuses parameters that it does not know unless told otherwise; RFC 7515 §4 wants them ignored."""


def _verdicts(token: str, key: Key, alg: str) -> tuple[bool, bool]:
    """Do PyJWT and joserfc accept it, asked for the same claims?"""
    jwk = verifying(key).to_jwk(private=True) if key.is_symmetric else key.public().to_jwk()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            given = pyjwt.decode(
                token,
                pyjwt.PyJWK({**jwk, "alg": alg}),
                algorithms=[alg],
                audience=EXPECTED["audience"],
                issuer=EXPECTED["issuer"],
                options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
            first = _dates_hold(given)
        except (
            pyjwt.PyJWTError,
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            RecursionError,
            OverflowError,
        ):
            first = False
        try:
            read = joserfc_jwt.decode(token, joserfc_jwk.import_key(jwk), registry=_UNKNOWN_IGNORED[alg])
            joserfc_jwt.JWTClaimsRegistry(
                now=NOW,
                iss={"essential": True, "value": EXPECTED["issuer"]},
                aud={"essential": True, "value": EXPECTED["audience"]},
                exp={"essential": True},
            ).validate(read.claims)
            second = True
        except Exception:  # whatever it is: it was not accepted
            second = False
    return first, second


def _dates_hold(claims: dict) -> bool:
    """PyJWT asks the machine's clock; the lab's stands still, so its dates are judged here.

    PyJWT would cut the fraction of a second off; that difference is known, and left out.
    """
    return (
        float(claims["exp"]) > NOW
        and float(claims.get("nbf", 0)) <= NOW
        and float(claims.get("iat", 0)) <= NOW
    )


@target
def signed_bytes(octets: bytes) -> None:
    """Header and payload of any bytes, signed: who accepts? We accept only what both others accept."""
    alg = "ES256" if octets[:1] > b"\x7f" else "HS256"
    header, _, payload = octets[1:].partition(b"\0")
    key = LAB.key(alg)
    token = forge(header or b'{"alg":"%s"}' % alg.encode(), payload, key, alg)
    report = jwtlab.verify(token, verifying(key), algorithms=[alg], **EXPECTED)
    str(report)
    others = _verdicts(token, key, alg)
    if report.accepted:
        assert all(others), f"only we accept {header!r} {payload!r}: {others}"
        assert json.loads(payload) == report.claims
    elif any(others):
        failure = report.first_failure
        assert failure is not None
        assert failure.id in STRICTER, f"{failure.id}: {failure.reason}; {header!r} {payload!r}: {others}"


@target
def ecdsa_signature_bytes(octets: bytes) -> None:
    """No bytes are a second signature; and what DER is, cryptography says too."""
    good = LAB.token()
    kept, _, right = good.rpartition(".")
    if octets != base64url.decode(right):
        report = jwtlab.verify(
            f"{kept}.{base64url.encode(octets)}", ES256.public(), algorithms=["ES256"], now=NOW
        )
        assert not report.accepted
        str(report)
    if algorithms.is_der_signature(octets):
        r, s = utils.decode_dss_signature(octets)
        if max(r, s) < 2**256:
            assert algorithms.split_signature(algorithms.der_to_raw(octets, 32)) == (r, s)


# Keys


@target
def key_of_any_form(octets: bytes) -> None:
    """A key is read, or a sentence says why not; what was read keeps its thumbprint on every way."""
    der.recognise(octets)
    found = key_text.recognise(octets)
    if found is not None:
        assert found.words
        assert found.way_out is not None
    given = text(octets)
    for secret_as in ("text", "base64url"):
        with only_our_errors():
            for key in read_keys(given, secret_as=secret_as):
                again = Key.from_jwk(key.to_jwk(private=key.is_private))
                assert again.thumbprint() == key.thumbprint()
                if not key.is_symmetric:
                    assert Key.from_pem(key.public().to_pem()).thumbprint() == key.thumbprint()
    with only_our_errors():
        Key.from_pem(octets)
    with only_our_errors():
        key = Key.from_jwk(octets)
        assert Key.from_jwk(key.to_jwk(private=key.is_private)).thumbprint() == key.thumbprint()
    with only_our_errors():
        secret = Key.from_secret(octets)
        assert secret.secret == octets
        if found is not None and found.is_public:
            token = forge({"alg": "HS256"}, CLAIMS, secret, "HS256")
            assert not jwtlab.verify(token, secret, algorithms=["HS256"], **EXPECTED).accepted, (
                "key confusion"
            )


# OAuth

_PLACE: list[Place] = []


def place() -> Place:
    """One server for all inputs, made when the first one comes."""
    if not _PLACE:
        _PLACE.append(Place(legacy=True))
    return _PLACE[0]


ENDPOINTS = (
    *("/authorize", "/token", "/par", "/introspect", "/revoke", "/device_authorization", "/device"),
    *("/login", "/consent", "/magic", "/magic/send", "/magic/code", "/logout", "/logout/confirm"),
    *("/userinfo", "/jwks", "/.well-known/openid-configuration"),
)


def _answered(response: Response, path: str) -> None:
    assert response.status < 500, f"{path}: {response.status} {response.body[:200]!r}"
    if response.status >= 400 and b"json" in dict(response.headers).get("Content-Type", "").encode():
        said = json.loads(response.body)
        assert said.get("error") or response.status == 401, (
            said
        )  # who shows no token hears of no error (RFC 6750 §3.1)
        assert len(said.get("error_description", "a sentence is a courtesy")) > 5


@target
def endpoint_parameters(octets: bytes) -> None:
    """Any query and any body at any endpoint: an OAuth error with a sentence, or a page."""
    path = ENDPOINTS[octets[0] % len(ENDPOINTS)] if octets else "/token"
    given = octets[1:]
    query = "".join(
        chr(each) if 32 < each < 127 and each not in b'#"<>' else f"%{each:02X}" for each in given
    )
    headers = (("Content-Type", "application/x-www-form-urlencoded"),)
    for request in (
        Request("GET", f"{AS}{path}?{query}"),
        Request("POST", f"{AS}{path}", headers, given),
    ):
        answer = place().world.network.deliver("Test", request.to_httpx())
        _answered(Response.of(answer), path)
    pairs = read_parameters(given)
    assert pairs == parse_qsl(
        given.decode("ascii", "surrogateescape"), keep_blank_values=True, errors="surrogateescape"
    )


@target
def headers_and_cookies(octets: bytes) -> None:
    """Any Authorization, Cookie and DPoP header; any cookie that a server sets in the miniature browser."""
    value = "".join(chr(each) for each in octets if each not in b"\r\n\0")
    basic_credentials(value)
    for name, path in (
        ("Cookie", "/authorize"),
        ("Authorization", "/token"),
        ("DPoP", "/token"),
        ("Cookie", "/login"),
    ):
        request = Request("POST", f"{AS}{path}", ((name, value),), b"")
        try:
            sent = request.to_httpx()
        except UnicodeEncodeError:
            return  # no header can say that
        _answered(Response.of(place().world.network.deliver("Test", sent)), path)
    browser = place().world.browser("alice")
    navigation = browser.opening(f"{AS}/authorize")
    browser.arrive(navigation, Response(200, headers=(("Set-Cookie", value),)))
    browser.opening(f"{AS}/login")


@target
def dpop_proof(octets: bytes) -> None:
    """Any proof: a report, never a breakdown."""
    case = dpop.ProofCase(
        proofs=(text(octets),), method="POST", url=f"{AS}/token", now=NOW, first_use=lambda *_: True
    )
    str(dpop.examine(case))


# Files


@contextlib.contextmanager
def as_file(octets: bytes, name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="jwtlab-fuzz-") as folder:
        path = Path(folder, name)
        path.write_bytes(octets)
        yield path


@target
def har_file(octets: bytes) -> None:
    """A recording is read, or a sentence says what is wrong with it."""
    from jwtlab.oauth.reading.recording import read_har

    with as_file(octets, "login.har") as path:
        for choice in ({}, {"everything": True}, {"partial": True}):
            with only_our_errors():
                recording = read_har(path, **choice)
                json.dumps(recording.to_json())


@target
def progress_file(octets: bytes) -> None:
    """Whatever stands in the file: nothing is lost, and what is recorded next is kept."""
    from jwtlab.exercises.progress import Progress

    with as_file(octets, "progress.json") as path:
        progress = Progress(path)
        before = progress.done()
        progress.record("01.1")
        after = Progress(path)
        assert after.done() == before | {"01.1"}
        kept = [each.read_bytes() for each in path.parent.iterdir() if "unreadable" in each.name]
        assert all(each == octets for each in kept)
        after.notices()
    with as_file(octets, "exported.json") as path, only_our_errors():
        Progress(path.parent / "progress.json").load(path)


@target
def people_and_clients_files(octets: bytes) -> None:
    """Files of a class: read, or a sentence with the place."""
    from jwtlab.registry.class_list import read_list
    from jwtlab.registry.clients import read_clients
    from jwtlab.registry.people import read_people

    with as_file(octets, "people.toml") as path:
        with only_our_errors():
            read_people(path)
        with only_our_errors():
            read_clients(path, api="http://127.0.0.1:8765/api", secret=lambda name: "s" * 40)
    for name in ("class.csv", "class.txt"):
        with as_file(octets, name) as path, only_our_errors():
            read_list(path)
