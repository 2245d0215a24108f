"""The checks that may be missing, each with the section that asks for it and the fix in three libraries.

The fixes are code. They read ``token``, ``KEY`` (what PyJWT takes), ``KEYS`` (a key set of joserfc, which
Authlib takes as well), ``ISSUER``, ``AUDIENCE`` and ``ALG``, and end with ``claims``: a test runs
each of them against the forgeries that it is to stop.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PYJWT, JOSERFC, AUTHLIB = "PyJWT", "joserfc", "Authlib"


@dataclass(frozen=True)
class MissingCheck:
    """A check that is missing.

    Attributes:
        check: its id, as jwtlab's own verifier calls it.
        missing: what was not asked, in a phrase.
        spec: where it is written.
        fix: library → lines to take over.
    """

    check: str
    missing: str
    spec: str
    fix: Mapping[str, str] = field(default_factory=dict, repr=False)


_PYJWT = "claims = jwt.decode(token, KEY, algorithms=[ALG], audience=AUDIENCE, issuer=ISSUER)"
_PYJWT_STRICT = (
    "claims = jwt.decode(token, KEY, algorithms=[ALG], audience=AUDIENCE, issuer=ISSUER,\n"
    '                    options={"require": ["exp", "iss", "aud"]})'
)
_REGISTRY = (
    "rules = joserfc.jwt.JWTClaimsRegistry(\n"
    '    exp={"essential": True}, iss={"essential": True, "value": ISSUER},\n'
    '    aud={"essential": True, "value": AUDIENCE})'
)
_JOSERFC = (
    "found = joserfc.jwt.decode(token, KEYS, algorithms=[ALG])\n"
    f"{_REGISTRY}\n"
    "rules.validate(found.claims)\n"
    "claims = found.claims"
)
_VALIDATOR = (
    "class Validator(JWTBearerTokenValidator):  # authlib.oauth2.rfc9068\n"
    "    def get_jwks(self):\n"
    "        return KEYS"
)
_AUTHLIB = f"{_VALIDATOR}\nclaims = Validator(ISSUER, AUDIENCE).authenticate_token(token)\nclaims.validate()"
_LIBRARIES = {PYJWT: _PYJWT, JOSERFC: _JOSERFC, AUTHLIB: _AUTHLIB}
_STRICT = _LIBRARIES | {PYJWT: _PYJWT_STRICT}


def _before(lines: str, **instead: str) -> dict[str, str]:
    """The same question, asked before the library is."""
    return {name: f"{lines}\n{instead.get(name, code)}" for name, code in _STRICT.items()}


def _after(lines: str) -> dict[str, str]:
    """The same question, asked of what the library gives back."""
    return {name: f"{code}\n{lines}" for name, code in _STRICT.items()}


SIGNATURE = MissingCheck(
    "signature-valid",
    "the signature of every token is verified, with a key of the issuer",
    "RFC 7515 §5.2, RFC 8725 §3.3",
    _LIBRARIES,
)
REMEMBERED = MissingCheck(
    "signature-valid",
    "what is remembered of a token is found by the whole token, and only until its exp",
    "RFC 7515 §5.2, RFC 8725 §3.3",
    _LIBRARIES,
)
FAIL_CLOSED = MissingCheck(
    "key-found",
    "where no key can be had, no token is good",
    "RFC 7515 §5.2, RFC 8725 §3.3",
    _LIBRARIES,
)
ALGORITHM = MissingCheck(
    "algorithm-allowed",
    "the algorithm is on a list of the verifier's own; the token never chooses it",
    "RFC 8725 §3.1, §3.2",
    _LIBRARIES,
)
KEY_SOURCE = MissingCheck(
    "key-found",
    "the key comes from the verifier's own configuration, never out of the token",
    "RFC 8725 §3.10, RFC 7515 §10.3",
    _LIBRARIES,
)
KEY_NAME = MissingCheck(
    "key-found",
    "kid is looked up among known keys, and never used as a path or in a query",
    "RFC 8725 §3.10",
    _LIBRARIES,
)
SECRET = MissingCheck(
    "key-size",
    "the secret is random, and at least as long as the hash",
    "RFC 7518 §3.2, RFC 8725 §3.5",
    {
        PYJWT: "SECRET = secrets.token_urlsafe(48)   # once, into your secret store\n"
        'options={"enforce_minimum_key_length": True}   # of jwt.decode',
        JOSERFC: "KEY = joserfc.jwk.OctKey.generate_key(512)   # once, into your secret store",
        AUTHLIB: "KEY = joserfc.jwk.OctKey.generate_key(512)   # Authlib takes keys of joserfc",
    },
)
EXPIRED = MissingCheck("not-expired", "exp is compared with the time", "RFC 7519 §4.1.4", _LIBRARIES)
NO_EXPIRY = MissingCheck(
    "expiry-present", "a token without exp is refused", "RFC 9068 §2.2, RFC 7519 §4.1.4", _STRICT
)
DATES = MissingCheck(
    "numeric-dates",
    "exp is a number of seconds, and not many years away",
    "RFC 7519 §2",
    _after(
        'if isinstance(claims["exp"], (str, bool)) or claims["exp"] > time.time() + 86_400:\n'
        '    raise ValueError("exp is no date of ours")'
    ),
)
NOT_YET = MissingCheck("already-valid", "nbf is compared with the time", "RFC 7519 §4.1.5", _LIBRARIES)
AUDIENCE = MissingCheck(
    "audience-expected",
    "aud names this application, exactly",
    "RFC 7519 §4.1.3, RFC 8725 §3.9",
    _STRICT,
)
ISSUER = MissingCheck("issuer-expected", "iss is the expected issuer, exactly", "RFC 8725 §3.8", _STRICT)
ISSUER_KEYS = MissingCheck(
    "issuer-expected",
    "keys come from the one issuer that you have configured; iss is compared, and never followed",
    "RFC 8725 §3.8, §3.10",
    _STRICT,
)
_NO_AT = 'if typ.removeprefix("application/") not in ("none", "jwt"):\n    raise ValueError("no ID token")\n'
_ITS_TYP = f'{_JOSERFC}\ntyp = str(found.header.get("typ")).lower()\n{_NO_AT}'.rstrip()
NO_ACCESS_TOKEN = MissingCheck(
    "type-expected",
    "typ says that it is no access token (at+jwt)",
    "RFC 8725 §3.11, §3.12",
    {
        PYJWT: f'typ = str(jwt.get_unverified_header(token).get("typ")).lower()\n{_NO_AT}{_PYJWT}',
        JOSERFC: _ITS_TYP,
        AUTHLIB: _ITS_TYP,  # its own validator is for access tokens
    },
)
TYPE = MissingCheck(
    "type-expected",
    "typ says that it is an access token (at+jwt)",
    "RFC 9068 §4, RFC 8725 §3.11",
    {
        PYJWT: 'typ = str(jwt.get_unverified_header(token).get("typ")).lower()\n'
        'if typ.removeprefix("application/") != "at+jwt":\n'
        '    raise jwt.InvalidTokenError("no access token")\n' + _PYJWT,
        JOSERFC: _JOSERFC
        + '\nif str(found.header.get("typ")).lower().removeprefix("application/") != "at+jwt":\n'
        '    raise ValueError("no access token")',
        AUTHLIB: _AUTHLIB
        + '\nif str(claims.header.get("typ")).lower().removeprefix("application/") != "at+jwt":\n'
        '    raise ValueError("no access token")',
    },
)
CRITICAL = MissingCheck(
    "critical-understood",
    "a critical header parameter that is not understood is refused",
    "RFC 7515 §4.1.11",
    _LIBRARIES,  # PyJWT from 2.12, Authlib from 1.6.4
)
UNIQUE = MissingCheck(
    "claims-unique",
    "a claim that appears twice is refused",
    "RFC 7519 §4",
    _before(
        "def once(pairs):\n"
        "    if len(dict(pairs)) < len(pairs):\n"
        '        raise ValueError("a claim appears twice")\n'
        "    return dict(pairs)\n"
        'json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="), object_pairs_hook=once)'
    ),
)
SPELLING = MissingCheck(
    "base64url-strict",
    "a token has one spelling only: base64url without padding, spare bits or other characters; "
    "keep lists of jti, not of tokens",
    "RFC 7515 §2, RFC 4648 §3.5",
    _before(
        'for part in token.split("."):\n'
        '    octets = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))\n'
        '    if base64.urlsafe_b64encode(octets).decode().rstrip("=") != part:\n'
        '        raise ValueError("spelled in another way than it was issued")'
    ),
)
SERIALIZATION = MissingCheck(
    "compact-form",
    "only the compact serialization is read, and by one reader",
    "RFC 7515 §7.1, RFC 8725bis (draft) §3.14",
    _before(
        r'if not re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", token, re.ASCII):' + "\n"
        '    raise ValueError("no compact token")'
    ),
)
REPLAY = MissingCheck(
    "not-replayed",
    "each jti is taken once",
    "RFC 7519 §4.1.7",
    _after(
        'if claims["jti"] in USED:   # a store that all workers share; keep each jti until its exp\n'
        '    raise ValueError("used before")\nUSED.add(claims["jti"])'
    ),
)
CRASH = MissingCheck(
    "no-crash",
    "what is no token is refused like any other bad token",
    "RFC 6750 §3.1",
    {
        PYJWT: "except jwt.PyJWTError:   # the root of everything that it raises for a bad token\n    abort(401)",
        JOSERFC: "except (joserfc.errors.JoseError, ValueError):\n    abort(401)",
        AUTHLIB: "except (authlib.oauth2.OAuth2Error, joserfc.errors.JoseError, ValueError):\n    abort(401)",
    },
)
NO_TOKEN = MissingCheck(
    "token-present",
    "a request without a token is refused",
    "RFC 6750 §3",
    {
        PYJWT: 'scheme, _, token = request.headers.get("Authorization", "").partition(" ")\n'
        'if scheme.lower() != "bearer" or not token:\n    abort(401)',
        JOSERFC: 'scheme, _, token = request.headers.get("Authorization", "").partition(" ")\n'
        'if scheme.lower() != "bearer" or not token:\n    abort(401)',
        AUTHLIB: "@require_oauth()   # of a ResourceProtector with the Validator",
    },
)
SCOPE = MissingCheck(
    "scope-allowed",
    "the token's scope covers what is asked for",
    "RFC 6750 §3.1, RFC 9068 §4",
    {
        PYJWT: 'if NEEDED not in claims.get("scope", "").split():\n    abort(403)',
        JOSERFC: 'if NEEDED not in claims.get("scope", "").split():\n    abort(403)',
        AUTHLIB: "@require_oauth(NEEDED)",
    },
)
