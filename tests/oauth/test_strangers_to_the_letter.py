"""What is asked of applications that describe themselves: each verdict with its code, reason and member."""

from __future__ import annotations

import json

import pytest

from jwtlab import Key
from jwtlab.oauth.authorization_server import client_metadata, documents, strangers
from jwtlab.oauth.authorization_server.client_metadata import Described
from jwtlab.oauth.authorization_server.documents import DocumentAddress, DocumentAnswer, Documents
from jwtlab.oauth.http.guarded import Fetched

METHODS = ("none", "client_secret_basic", "private_key_jwt")
SCOPE = ("openid", "notes:read", "notes:write")
HOME = "https://app.example/callback"
PUBLIC = {"keys": [Key.generate("ES256").public().to_jwk()]}
PRIVATE = {"keys": [Key.generate("ES256").to_jwk(private=True)]}
SHARED = {"keys": [{"kty": "oct", "k": "AAAA"}]}


def judged(policy, case):
    report = policy.run(case)
    if report.accepted:
        return [finding.reason for finding in report]
    failed = report.first_failure
    return failed.id, failed.error.code, failed.reason, failed.claim


def described(document=False, **metadata):
    given = {"redirect_uris": [HOME]} | metadata
    return Described(
        {name: value for name, value in given.items() if value is not None}, METHODS, SCOPE, document
    )


@pytest.mark.parametrize(
    ("case", "notes"),
    [
        (
            described(),
            [
                "",
                "1 addresses",
                "authorization_code",
                "client_secret_basic",
                "An application without a name",
            ],
        ),
        (
            described(True, client_name="x" * 80, grant_types=["authorization_code", "refresh_token"]),
            ["", "1 addresses", "authorization_code refresh_token", "none", "x" * 80],
        ),
        (
            described(redirect_uris=[HOME] * 10, token_endpoint_auth_method="private_key_jwt", jwks=PUBLIC),
            [
                "",
                "10 addresses",
                "authorization_code",
                "private_key_jwt",
                "An application without a name",
            ],
        ),
        (
            described(
                True,
                redirect_uris=["http://127.0.0.1:9/cb", "com.example.app:/cb"],
                client_uri="x" * 2000,
                application_type="native",
                client_name="Ä",
            ),
            ["", "2 addresses", "authorization_code", "none", "Ä"],
        ),
    ],
)
def test_application_that_is_taken(case, notes):
    assert judged(client_metadata.CHECKS, case) == notes


METADATA, REDIRECT = "invalid_client_metadata", "invalid_redirect_uri"
NOT_ONE_TO_TEN = "redirect_uris names from 1 to 10 addresses"
ONLY_PUBLIC = "with private_key_jwt go public keys, and nothing but public keys, as jwks"
ONLY_CODE = "response_types is [code], and goes with grant_types authorization_code"
SEEN = "client_name has at most 80 letters, all of which can be seen"
KEYS = {"token_endpoint_auth_method": "private_key_jwt"}


@pytest.mark.parametrize(
    ("metadata", "check", "code", "reason", "member"),
    [
        *(
            ({name: value}, "described-types", METADATA, f"{name} is a text of at most 2000 letters", name)
            for name in ("client_name", "client_uri", "logo_uri", "scope", "jwks_uri", "application_type")
            for value in (7, "x" * 2001)
        ),
        *(
            ({name: value}, "described-types", METADATA, f"{name} is a list of texts", name)
            for name in ("redirect_uris", "grant_types", "response_types", "post_logout_redirect_uris")
            for value in (7, "x", [7], [HOME, 7], ["x" * 1000, "y" * 1001])
        ),
        *(
            ({"redirect_uris": uris}, "described-redirects", REDIRECT, NOT_ONE_TO_TEN, "redirect_uris")
            for uris in (None, [], [HOME] * 11)
        ),
        *(
            ({name: uris}, "described-redirects", REDIRECT, reason, "redirect_uris")
            for name in ("redirect_uris", "post_logout_redirect_uris")
            for uris, reason in (
                (["https://a@app.example/"], "https://a@app.example/: no user name stands in a redirect URI"),
                (
                    ["https://:p@app.example/"],
                    "https://:p@app.example/: no user name stands in a redirect URI",
                ),
                (
                    ["http://app.example/"],
                    "http://app.example/: codes do not travel over http, except on one machine",
                ),
                (
                    [HOME, "myapp:/cb"],
                    "myapp:/cb: a scheme of one's own is a domain name turned round, such as com.example.app "
                    "(RFC 8252 §7.1)",
                ),
            )
        ),
        *(
            (
                {"redirect_uris": [uri], "application_type": "web"},
                "described-redirects",
                REDIRECT,
                f"{uri}: a web application has https addresses; one on this machine is application_type native",
                "redirect_uris",
            )
            for uri in ("http://127.0.0.1/", "https://127.0.0.1/", "com.example.app:/cb")
        ),
        (
            {"grant_types": ["authorization_code", "x" * 90]},
            "described-grants",
            METADATA,
            f"a client that nobody has looked at may not use {'x' * 80}",
            "grant_types",
        ),
        ({"grant_types": ["refresh_token"]}, "described-grants", METADATA, ONLY_CODE, "response_types"),
        ({"response_types": ["token"]}, "described-grants", METADATA, ONLY_CODE, "response_types"),
        (
            {"token_endpoint_auth_method": "x"},
            "described-method",
            METADATA,
            "token_endpoint_auth_method is one of none, client_secret_basic, private_key_jwt",
            "token_endpoint_auth_method",
        ),
        (
            KEYS | {"jwks": PUBLIC, "jwks_uri": "https://app.example/keys"},
            "described-method",
            METADATA,
            "send the keys as jwks: this server fetches no jwks_uri",
            "jwks_uri",
        ),
        (
            KEYS | {"jwks": {"keys": 7}},
            "described-method",
            METADATA,
            "jwks: a JWK Set has a member 'keys' that is a list of JWKs (RFC 7517 §5.1)",
            "jwks",
        ),
        *(
            (KEYS | {"jwks": jwks}, "described-method", METADATA, ONLY_PUBLIC, "jwks")
            for jwks in (None, {}, PRIVATE, SHARED, {"keys": PUBLIC["keys"] + PRIVATE["keys"]})
        ),
        *(
            ({"client_name": name}, "described-name", METADATA, SEEN, "client_name")
            for name in ("x" * 81, "a\u200bb", "a\nb", "\u202eb")
        ),
    ],
    ids=lambda value: None if isinstance(value, str) and len(value) < 60 else "",
)
def test_application_that_is_refused(metadata, check, code, reason, member):
    assert judged(client_metadata.CHECKS, described(**metadata)) == (check, code, reason, member)


def test_client_that_came_by_itself():
    client = described(
        scope="notes:read admin", client_name="App", grant_types=["authorization_code"]
    ).client("c", "s")
    assert (client.name, client.client_secret, client.scope, client.stranger) == (
        "App",
        "s",
        "notes:read",
        True,
    )
    assert (client.redirect_uris, client.jwks) == ((HOME,), None)
    assert described(True).client("c").scope == " ".join(SCOPE)
    assert described(**KEYS, jwks=PUBLIC).client("c").jwks.keys[0].kty == "EC"
    assert described(True, post_logout_redirect_uris=[HOME]).client("c").post_logout_redirect_uris == (HOME,)


PLAIN = "https://app.example/client.json"


def address(url=PLAIN, addresses=("93.184.215.14",)):
    def resolve(host, port):
        return addresses

    return DocumentAddress(url, Documents(resolve))


HIDES = (
    "a client_id that is an address has a path, "
    "and neither dots as a segment of it, nor a fragment, nor a user name"
)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (address(), ["", "", "93.184.215.14"]),
        (address("https://app.example/" + "x" * 480), ["", "", "93.184.215.14"]),
        (address("https://app.example/a..b"), ["", "", "93.184.215.14"]),
        (
            address("http://app.example/c"),
            ("address-https", "a client_id that is an address begins with https://"),
        ),
        *(
            (address(url), ("address-plain", HIDES))
            for url in (
                "https://app.example",
                "https://app.example/../c",
                "https://app.example/%2E/c",
                "https://app.example/.%2e/c",
                "https://app.example/c#d",
                "https://app.example/c#",
                "https://a@app.example/c",
                "https://app.example/\\c",
                "https://app.example/c d",
                "https://app.example/\u00fc",
                "https://app.example/\x7f",
                "https://app.example/" + "x" * 481,
            )
        ),
        (address(addresses=()), ("address-public", documents.NOT_FETCHED)),
        (address(addresses=("127.0.0.1",)), ("address-public", documents.NOT_FETCHED)),
        (address(addresses=("93.184.215.14", "10.0.0.1")), ("address-public", documents.NOT_FETCHED)),
    ],
)
def test_address_of_a_document(case, said):
    found = judged(documents.ADDRESS_CHECKS, case)
    assert found == (said if isinstance(said, list) else (said[0], "invalid_client", said[1], "client_id"))


def answer(body=None, status=200, kind="application/json", **members):
    content = {"client_id": PLAIN} | members
    octets = json.dumps(content).encode() if body is None else body
    return DocumentAnswer(PLAIN, Fetched(status, kind, octets))


NOT_THERE = "there is no client metadata document at that address."
NO_OBJECT = "the client metadata document is no JSON object"
ITSELF = "the document's client_id is not the address from which it was fetched, character by character"
NO_SECRET = "a secret in a public document is none: use keys, or nothing"


@pytest.mark.parametrize(
    ("case", "check", "reason"),
    [
        *((answer(status=status), "document-arrived", NOT_THERE) for status in (404, 201, 299, 400)),
        *(
            (
                answer(status=status),
                "document-arrived",
                f"{NOT_THERE} A redirect is not followed: it could lead anywhere",
            )
            for status in (300, 302, 399)
        ),
        *(
            (
                answer(kind=kind),
                "document-type",
                "a client metadata document is served as application/json",
            )
            for kind in ("text/html", "application/xml", "text/x+json", "")
        ),
        (answer(p="x" * 5120), "document-size", "a client metadata document has at most 5120 octets"),
        *(
            (answer(body), "document-json", NO_OBJECT)
            for body in (b"[]", b"", b'{"client_id":1,"client_id":2}', b'{"a":NaN}')
        ),
        (answer(client_id=PLAIN + "?"), "document-names-itself", ITSELF),
        (answer(client_secret="s"), "document-no-secret", NO_SECRET),
        (answer(client_secret_expires_at=0), "document-no-secret", NO_SECRET),
        (answer(token_endpoint_auth_method="client_secret_post"), "document-no-secret", NO_SECRET),
    ],
)
def test_document_that_is_refused(case, check, reason):
    assert judged(documents.DOCUMENT_CHECKS, case) == (check, "invalid_client", reason, "client_id")


def test_document_that_is_taken():
    size = len(answer().fetched.body)
    notes = ["", "application/json", f"{size} octets", "", "", ""]
    assert judged(documents.DOCUMENT_CHECKS, answer()) == notes
    assert judged(documents.DOCUMENT_CHECKS, answer(kind="application/x+json"))[1] == "application/x+json"
    full = answer(p="x" * (5120 - size - len(', "p": ""')))
    assert judged(documents.DOCUMENT_CHECKS, full)[2] == "5120 octets"


def test_crowd_of_strangers():
    closed = judged(strangers.CROWD_CHECKS, strangers.Crowd(False, 0, 9))
    assert closed[1:3] == ("access_denied", "this server registers no client by itself; ask whoever runs it")
    full = strangers.CROWD_CHECKS.run(strangers.Crowd(True, 9, 9)).first_failure
    assert (full.reason, full.error.code, full.error.status) == (
        "too many of them lately; try again later",
        "temporarily_unavailable",
        429,
    )
    assert judged(strangers.CROWD_CHECKS, strangers.Crowd(True, 8, 9)) == ["", "8 so far"]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", 300),
        ("private", 300),
        ("max-age=600", 600),
        ("Private, MAX-AGE=600", 600),
        ("max-age=1", 60),
        ("max-age=60", 60),
        ("max-age=86401", 86_400),
        ("no-store, max-age=600", 60),
        ("max-age=600, no-cache", 60),
        ("x-max-age=99999999999", 300),
    ],
)
def test_document_is_fresh_as_long_as_it_says_within_limits(header, seconds):
    assert strangers._fresh_for(header) == seconds


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("https://a", True),
        ("HTTP://a", True),
        ("http:/a", False),
        ("notes-app", False),
        ("xhttps://a", False),
    ],
)
def test_name_that_is_an_address(name, is_one):
    assert documents.is_address(name) is is_one
