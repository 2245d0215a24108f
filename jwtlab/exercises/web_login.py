"""The tables of lesson 41: what is in a session cookie, where a person may be sent, and whose account it is."""

from __future__ import annotations

import hashlib
from typing import Any

from flask.json.tag import TaggedJSONSerializer
from itsdangerous import URLSafeTimedSerializer

from jwtlab.exercises.table import Case, Table, near

# 41.1: what is in the cookie


def _cookie(*states: str, more: dict[str, Any] | None = None) -> str:
    """A session cookie as Flask and Authlib leave it: packed if that is shorter, signed."""
    session: dict[str, Any] = {}
    for state in states:
        data = {"redirect_uri": "https://diary.example/callback", "nonce": _drawn("nonce", state)}
        data |= {
            "url": f"https://as.example/authorize?state={state}",
            "code_verifier": _drawn("verifier", state),
        }
        session[f"_state_lab_{state}"] = {"data": data, "exp": 1767229200}
    serializer = URLSafeTimedSerializer(
        "not needed for reading",
        salt="cookie-session",
        serializer=TaggedJSONSerializer(),
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha1},
    )
    return str(serializer.dumps(session | (more or {})))


def _drawn(what: str, state: str) -> str:
    return hashlib.sha256(f"{what} of {state}".encode()).hexdigest()[:44]


_ONE, _TWO = _cookie("Zq7w"), _cookie("Zq7w", "b81K")
_ALIKE = _cookie("ab12", "ab123", "xab12")
_SMALL = _cookie(more={"user": "alice"})
judge_cookie = Table(
    cases=(
        Case("the-verifier", (_ONE, "Zq7w"), _drawn("verifier", "Zq7w"),
             "The session is a dict of entries, as printed above: the entry's name is _state_lab_ and then the state, "
             "and the code_verifier stands in its data."),
        Case("two-logins", (_TWO, "Zq7w"), _drawn("verifier", "Zq7w"),
             "Two tabs, two logins under way: each state has an entry of its own."),
        Case("two-logins", (_TWO, "b81K"), _drawn("verifier", "b81K"), ""),
        Case("no-such-login", (_TWO, "other"), None, "No login with this state is under way here: that is None."),
        Case("packed", (_SMALL, "Zq7w"), None,
             "This cookie is short, so it is not packed: no dot stands before it, and zlib has nothing to unpack."),
        Case("alike", (_ALIKE, "ab12"), _drawn("verifier", "ab12"), "The whole state counts, and nothing but it."),
        Case("alike", (_ALIKE, "ab123"), _drawn("verifier", "ab123"), ""),
        Case("alike", (_ALIKE, "ab"), None, ""),
        Case("alike", (_ALIKE, "AB12"), None, ""),
        Case("alike", (_ALIKE, ""), None, ""),
        Case("the-verifier", (_cookie("k9", more={"note": "x" * 900}), "k9"), _drawn("verifier", "k9"), ""),
    ),
    none_counts=True,
    raised={
        "JSONDecodeError": "What json.loads got is no JSON. A cookie that begins with a dot has nothing before that "
        "dot: its session is the second piece.",
        "UnicodeDecodeError": "These bytes are no text yet. A cookie that begins with a dot was packed: zlib."
        "decompress first, then json.loads.",
        "Error": "base64 wants four letters at a time, and this cookie has left out the = at its end: put two of them "
        "behind it; too many do no harm.",
        "error": "zlib finds nothing to unpack. Only a cookie that begins with a dot is packed.",
        "TypeError": "Something is not of the type that it is used as: None, perhaps, or bytes where a text is wanted. "
        "Print what you have after each step.",
    },
    praise="No key was needed: a signature keeps others from writing, and nobody from reading. So no token, and "
    "nothing that the person herself must not see, belongs in such a cookie.",
)  # fmt: skip

# 41.3: where a person may be sent

_OURS = (
    "/", "/diary", "/diary/7", "/diary?page=2", "/diary#today", "/find?q=https://other.example/", "/a/b//c",
    "/diary?next=//mallory.example", "/tag/a:b", "/~alice", "/find?q=50%25",
)  # fmt: skip
_ELSEWHERE = (
    ("another-address", "https://mallory.example/", "This is a whole address of another site."),
    ("another-address", "http://mallory.example", ""),
    ("another-address", "HTTPS://mallory.example", ""),
    ("two-slashes", "//mallory.example", "Two slashes begin a host: the browser adds only the scheme."),
    ("two-slashes", "///mallory.example", ""),
    ("two-slashes", "////mallory.example/diary", ""),
    ("looks-like-ours", "https://diary.example.mallory.example/", "This only looks like our own address."),
    ("looks-like-ours", "https://diary.example@mallory.example/", ""),
    ("looks-like-ours", "//diary.example@mallory.example", ""),
    ("looks-like-ours", "https://mallory.example/diary.example", ""),
    ("no-path", "https:mallory.example", "What has a scheme, or does not begin with a slash, is no path of ours."),
    ("no-path", "https:/mallory.example", ""),
    ("no-path", "javascript:alert(1)", ""),
    ("no-path", "data:text/html,hello", ""),
    ("no-path", "mallory.example", ""),
    ("no-path", "diary", ""),
    ("no-path", "?page=2", ""),
    ("no-path", "../diary", ""),
    ("no-path", "", ""),
    ("backslash", "/\\mallory.example", "Browsers read a backslash as a slash, so this begins a host."),
    ("backslash", "\\\\mallory.example", ""),
    ("backslash", "\\/mallory.example", ""),
    ("backslash", "/\\/mallory.example", ""),
    ("backslash", "/\\\\mallory.example", ""),
    ("invisible", "/\t/mallory.example", "Browsers throw away tabs and line breaks in an address, and spaces before "
     "it. What is left begins a host."),
    ("invisible", "/\n/mallory.example", ""),
    ("invisible", "/\r\n/mallory.example", ""),
    ("invisible", "\t//mallory.example", ""),
    ("invisible", " //mallory.example", ""),
    ("invisible", "\x00//mallory.example", ""),
    ("invisible", "\n/\t/mallory.example", ""),
    ("invisible", "/\t\\mallory.example", ""),
    ("header", "/diary\r\nSet-Cookie: session=hers", "A line break in a header begins a new header."),
    ("header", "/diary\nx", ""),
    ("header", "/diary\x00", ""),
    ("header", "/diary\x1f", ""),
    ("header", "/diary\x7f", ""),
    ("header", "/diary\n", ""),
)  # fmt: skip
judge_next = Table(
    cases=(
        *(
            Case("our-own", (path,), path, "This is a path of ours: the person wanted to go there.")
            for path in _OURS
        ),
        *(Case(name, (address,), "/", why) for name, address, why in _ELSEWHERE),
        Case("nothing-asked", (None,), "/", "Nobody said where to go: the home page is a good place."),
    ),
    praise="One slash, no second one in any disguise, nothing invisible. Better still: keep the name of a page in the "
    "session, and no address at all, as examples/flask_login does.",
)
"""Everything that leads elsewhere by a browser's reading; a test asks Chromium."""
NEXT_OURS, NEXT_ELSEWHERE = _OURS, tuple(address for _, address, _ in _ELSEWHERE)

# 41.4: whose account it is

_ISSUER = "https://as.example"
_ACCOUNTS = (
    {"id": 1, "iss": _ISSUER, "sub": "alice", "email": "alice@mail.example", "name": "Alice"},
    {"id": 2, "iss": _ISSUER, "sub": "bob", "email": "bob@mail.example", "name": "Bob"},
    {
        "id": 3,
        "iss": "https://other.example",
        "sub": "alice",
        "email": "alice@other.example",
        "name": "Alice",
    },
    {"id": 4, "iss": f"{_ISSUER}/a", "sub": "b7", "email": "b7@mail.example", "name": "Bob"},
)


def _ask(claims: dict[str, Any]) -> tuple[Any, ...]:
    return [dict(each) for each in _ACCOUNTS], claims


def _claims(iss: str, sub: str, **more: Any) -> dict[str, Any]:
    return {"iss": iss, "sub": sub, "aud": "diary", **more}


judge_account = Table(
    arguments=_ask,
    cases=(
        Case("known", (_claims(_ISSUER, "alice", email="alice@mail.example", email_verified=True),), 1,
             "There is an account with this iss and this sub: it is theirs, whatever else is said or left out."),
        Case("known", (_claims(_ISSUER, "bob"),), 2, ""),
        Case("other-issuer", (_claims("https://other.example", "alice", email="alice@other.example"),), 3,
             "Two issuers, two people: both may call theirs alice."),
        Case("new-address", (_claims(_ISSUER, "alice", email="wonder@mail.example", email_verified=True),), 1,
             "Alice has a new address. She is the same person."),
        Case("new-address", (_claims(_ISSUER, "bob", email="alice@mail.example", email_verified=True),), 2, ""),
        Case("address-of-another", (_claims(_ISSUER, "mallory", email="alice@mail.example", email_verified=True),),
             None, "Mallory's address was Alice's once, and the issuer has verified it. She is another person."),
        Case("address-of-another", (_claims(_ISSUER, "mallory", email="Alice@Mail.Example", email_verified=True),),
             None, ""),
        Case("address-of-another", (_claims("https://evil.example", "x", email="bob@mail.example",
                                            email_verified=True),), None, ""),
        Case("name-of-another", (_claims(_ISSUER, "mallory", name="Alice", email="mallory@mail.example"),), None,
             "Anybody may be called Alice."),
        Case("other-issuer", (_claims("https://evil.example", "alice"),), None, ""),
        Case("other-issuer", (_claims("https://evil.example", "bob", email="bob@mail.example"),), None, ""),
        Case("run-together", (_claims(f"{_ISSUER}/", "ab7"),), None,
             "iss and sub are two things. Run together, two other ones may look the same."),
        Case("run-together", (_claims(f"{_ISSUER}/a", "b7", email="new@mail.example"),), 4, ""),
        Case("run-together", (_claims(f"{_ISSUER}/ab", "7"),), None, ""),
        *near("sub", "alice", lambda text: (_claims(_ISSUER, text, email="x@mail.example"),), None),
        *near("iss", _ISSUER, lambda text: (_claims(text, "alice", email="x@mail.example"),), None),
    ),
    none_counts=True,
    praise="iss and sub together, letter by letter (OpenID Connect Core §5.7). Where none is found, make a new "
    "account; joining it to an old one is for the person to ask, logged in at both.",
)  # fmt: skip
