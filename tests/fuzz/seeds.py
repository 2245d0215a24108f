"""Where fuzzing begins: a few good and nearly good inputs for each target, made from the lab's own material."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache

from material import CLAIMS, LAB, NOW
from targets import place

from jwtlab import Key
from jwtlab.jose import base64url
from jwtlab.oauth import dpop

ALGORITHMS = ("HS256", "RS256", "PS256", "ES256", "EdDSA")


def _compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _tokens() -> list[bytes]:
    return [LAB.token(alg=alg).encode() for alg in ALGORITHMS] + [b"a.b.c", b"e30.e30.", b"Bearer e30.e30.AA"]


def _json_texts() -> list[bytes]:
    return [
        _compact(CLAIMS),
        b'{"a":[1,-0,1e5,"\\ud83d\\ude00",null,true,{"b":{}}]}',
        b'{"exp":1e999,"a":NaN,"a":1}',
        b"\xef\xbb\xbf{}",
        b'{"\\ud800":"\xed\xa0\x80"}',
    ]


def _signed() -> list[bytes]:
    header, claims = b'{"alg":"HS256","typ":"JWT"}', _compact(CLAIMS)
    odd = _compact(CLAIMS | {"aud": ["x", LAB.audience], "exp": NOW + 0.5, "nbf": NOW, "may": None})
    return [
        b"\0" + header + b"\0" + claims,
        b"\xff" + b'{"alg":"ES256","kid":"lab-es256"}' + b"\0" + claims,
        b"\0" + b'{"alg":"HS256","crit":["b64"],"b64":true}' + b"\0" + claims,
        b"\0" + header + b"\0" + odd,
        b"\0" + header + b"\0" + claims.replace(b'"sub":"alice"', b'"sub":"alice","sub":"bob"'),
    ]


def _signatures() -> list[bytes]:
    right = base64url.decode(LAB.token().rpartition(".")[2])
    return [
        right,
        right[32:] + right[:32],
        bytes(64),
        bytes.fromhex("3006020101020101"),
        right[:63],
        right + b"\0",
    ]


def _keys() -> list[bytes]:
    found: list[bytes] = []
    for alg in ALGORITHMS:
        key = LAB.key(alg)
        found.append(_compact(key.to_jwk(private=True)))
        if not key.is_symmetric:
            found += [key.public().to_pem(), key.to_pem(private=True), _compact(key.public().to_jwk())]
            found.append(b"".join(key.public().to_pem().splitlines()[1:-1]))
    found.append(_compact({"keys": [Key.generate("ES256").public().to_jwk(), {"kty": "oct", "k": "AA"}, 7]}))
    found.append(
        b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f alice@host"
    )
    return found


def _requests() -> list[bytes]:
    world = place()
    good = "&".join(f"{name}={value}" for name, value in world.request().items()).encode()
    token = world.tokens()["access_token"].encode()
    bodies = [
        good,
        b"grant_type=authorization_code&code=x&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&code_verifier=v",
        b"grant_type=client_credentials&scope=notes%3Aread&client_id=report-service&client_secret=x",
        b"token=" + token,
        b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=" + token,
        b"a=1&a=2;b=%FF%FE&%zz=&=&&state=%ED%A0%80",
        b"client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=a.b.c",
    ]
    return [bytes([number]) + body for number, body in enumerate(bodies * 2)]


def _headers() -> list[bytes]:
    return [
        b"Basic bm90ZXMtYXBwOm5vdGVzLWFwcC1zZWNyZXQtZm9yLWxlc3NvbnM=",
        b"Bearer " + LAB.token().encode(),
        b"__Host-session=abc; __Host-browser=def; a=b; =; ;;",
        b'session="a\\"b"; Path=/; Max-Age=-1; Domain=.example; SameSite=None; Secure; Partitioned',
        b"a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=99999999999999999999",
    ]


def _proofs() -> list[bytes]:
    key = Key.generate("ES256")
    made = dpop.proof(key, "POST", "https://as.example/token", now=NOW, jti="one")
    return [made.encode(), LAB.token().encode()]


def _hars() -> list[bytes]:
    entry = {
        "startedDateTime": "2026-01-01T00:00:00.000Z",
        "request": {
            "method": "GET",
            "url": "https://as.example/authorize?response_type=code&client_id=a&state=s&code_challenge=c",
            "headers": [{"name": "Cookie", "value": "a=b"}],
            "postData": {"mimeType": "application/x-www-form-urlencoded", "text": "a=b"},
        },
        "response": {
            "status": 302,
            "headers": [{"name": "Location", "value": "https://app.example/cb?code=x&state=s"}],
            "content": {"mimeType": "text/html", "text": "PGgxPg==", "encoding": "base64"},
        },
    }
    document = {
        "log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": [entry, entry]}
    }
    return [
        _compact(document),
        _compact(document)[:-30],
        b'{"log":{"entries":[{}]}}',
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
    ]


def _progress() -> list[bytes]:
    return [
        b'{"version": 1, "done": ["01.1", "02.3"]}',
        b'\xef\xbb\xbf{"done": ["01.1"]}',
        '{"done": ["ä"]}'.encode("utf-16"),
        b'{"done": [1, null, {"a": []}]}',
        b"",
        b"[]",
    ]


def _people() -> list[bytes]:
    return [
        b'[people.alice]\nname = "Alice"\nemail = "alice@mail.example"\npassword = "scrypt$x"\n',
        b'[clients.shop]\nclient_name = "Shop"\nredirect_uris = ["http://127.0.0.1/callback"]\n',
        b"name,id,email\nAlice,1,alice@mail.example\nBob;2\n",
        b"Alice\nBob\n\xef\xbb\xbfMallory\n",
    ]


_SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "base64url-text": _tokens,
    "strict-json-text": _json_texts,
    "token-text": _tokens,
    "signed-bytes": _signed,
    "ecdsa-signature-bytes": _signatures,
    "key-of-any-form": _keys,
    "endpoint-parameters": _requests,
    "headers-and-cookies": _headers,
    "dpop-proof": _proofs,
    "har-file": _hars,
    "progress-file": _progress,
    "people-and-clients-files": _people,
}

DICTIONARY = [
    *(
        b'"alg"',
        b'"none"',
        b'"HS256"',
        b'"kid"',
        b'"crit"',
        b'"exp"',
        b'"aud"',
        b'"jwk"',
        b'"k"',
        b'"n"',
        b'"x5c"',
    ),
    *(b"-----BEGIN PUBLIC KEY-----", b"-----BEGIN PRIVATE KEY-----", b"-----BEGIN CERTIFICATE-----", b"MII"),
    *(
        b"&",
        b"=",
        b"%00",
        b"%FF",
        b"+",
        b";",
        b"\xed\xa0\x80",
        b"\xf0\x9f\x98\x80",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
    ),
    *(
        b"null",
        b"NaN",
        b"1e400",
        b"[[[[[[",
        b"{}",
        b".",
        b"..",
        b"\n",
        b"\\u0000",
        b"\\ud800",
        b"ssh-rsa ",
        b'"keys":[',
    ),
]
"""Pieces that are worth putting in."""


@cache
def seeds(name: str) -> tuple[bytes, ...]:
    """Where this target begins."""
    return tuple(_SEEDS[name]())
