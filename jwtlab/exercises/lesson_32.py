"""Lesson 32: any issuer by its address. Metadata, keys, and a login with a real browser."""

from __future__ import annotations

from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call

PATH = "/.well-known/openid-configuration"
_ADDRESSES = (
    ("https://issuer.example", "https://issuer.example" + PATH, "The path comes behind the issuer."),
    ("https://issuer.example/", "https://issuer.example" + PATH, "A slash at the end is taken off first."),
    (
        "https://issuer.example/tenant/7",
        "https://issuer.example/tenant/7" + PATH,
        "An issuer may have a path of its own; ours comes behind it.",
    ),
    ("http://127.0.0.1:8765", "http://127.0.0.1:8765" + PATH, "The port belongs to the address."),
)


def _judge_address(answer: Any) -> str:
    if call(answer, "https://issuer.example") in (None, ...):
        raise NotYet
    for issuer, expected, advice in _ADDRESSES:
        found = call(answer, issuer)
        if found != expected:
            raise Wrong(f"For {issuer} your function gives {found!r}. {advice}")
    return "One name is enough to find everything else: the metadata name the other addresses."


_GOOD = {
    "issuer": "https://issuer.example",
    "jwks_uri": "https://keys.example/jwks",
    "authorization_endpoint": "https://issuer.example/authorize",
    "token_endpoint": "https://issuer.example/token",
    "id_token_signing_alg_values_supported": ["RS256"],
}
_DOCUMENTS: tuple[tuple[str, Any, bool, str], ...] = (
    ("https://issuer.example", _GOOD, True, "This one is good; the keys may be at another host."),
    (
        "https://issuer.example",
        _GOOD | {"issuer": "https://mallory.example"},
        False,
        "It speaks for somebody else.",
    ),
    (
        "https://issuer.example",
        _GOOD | {"issuer": "https://issuer.example.mallory.example"},
        False,
        "Equal means equal, not: begins alike.",
    ),
    (
        "https://issuer.example",
        _GOOD | {"issuer": "https://ISSUER.example"},
        False,
        "Names are compared as they stand.",
    ),
    (
        "https://issuer.example",
        {name: value for name, value in _GOOD.items() if name != "issuer"},
        False,
        "There is no issuer in it.",
    ),
    (
        "https://issuer.example",
        {name: value for name, value in _GOOD.items() if name != "jwks_uri"},
        False,
        "Without jwks_uri there are no keys.",
    ),
    (
        "https://issuer.example",
        _GOOD | {"jwks_uri": "http://keys.example/jwks"},
        False,
        "Keys over http: whoever sits between brings keys of their own.",
    ),
    (
        "https://issuer.example",
        _GOOD | {"token_endpoint": "http://issuer.example/token"},
        False,
        "A token endpoint over http: whoever sits between reads code and secret.",
    ),
    (
        "https://issuer.example",
        _GOOD | {"id_token_signing_alg_values_supported": ["none"]},
        False,
        "It offers nothing but ID tokens without a signature.",
    ),
    (
        "https://issuer.example",
        _GOOD | {"id_token_signing_alg_values_supported": ["none", "RS256"]},
        False,
        "It offers none as well: a token without a signature would be as good as another.",
    ),
    (
        "https://issuer.example",
        {name: value for name, value in _GOOD.items() if name != "id_token_signing_alg_values_supported"},
        False,
        "It does not say how ID tokens are signed; do not fall over it.",
    ),
    (
        "https://issuer.example",
        _GOOD | {"userinfo_endpoint": "http://issuer.example/userinfo"},
        False,
        "userinfo over http: every address that ends in _endpoint counts.",
    ),
    (
        "https://issuer.example",
        _GOOD | {"authorization_endpoint": "http://issuer.example/authorize"},
        False,
        "The login page over http: whoever sits between reads the password.",
    ),
    ("https://issuer.example", None, False, "Nothing came; look before you index."),
    ("https://issuer.example", "https://issuer.example", False, "A text is no metadata document."),
    ("https://issuer.example", [], False, "A list is no metadata document; look before you index."),
)


def _judge_document(answer: Any) -> str:
    if all(call(answer, asked, document) in (None, ...) for asked, document, _, _ in _DOCUMENTS):
        raise NotYet
    for asked, document, expected, advice in _DOCUMENTS:
        found = call(answer, asked, document)
        if not isinstance(found, bool):
            raise Wrong(f"Say True or False; for {advice!r} your function gives {kind(found)}.")
        if found is not expected:
            raise Wrong(f"Your function says {found} of a document. {advice}")
    return "The document decides where your secrets go. It is believed only about the issuer that was asked."


_RSA = {"kty": "RSA", "kid": "a", "use": "sig", "n": "x", "e": "AQAB"}
_EC = {"kty": "EC", "crv": "P-256", "kid": "b", "x": "x", "y": "y"}
_ENC = {"kty": "RSA", "kid": "c", "use": "enc", "n": "x", "e": "AQAB"}
_OCT = {"kty": "oct", "kid": "d", "k": "x"}
_SET = {"keys": [_RSA, _EC, _ENC, _OCT]}
_CHOICES: tuple[tuple[dict[str, Any], dict[str, Any], dict[str, Any] | None, str], ...] = (
    (_SET, {"alg": "RS256", "kid": "a"}, _RSA, "kid a is there and fits RS256."),
    (_SET, {"alg": "ES256", "kid": "b"}, _EC, "kid b is there and fits ES256."),
    (
        _SET,
        {"alg": "RS256", "kid": "z"},
        None,
        "No key is called z: fetch the set again, at most now and then.",
    ),
    (_SET, {"alg": "ES256", "kid": "a"}, None, "Key a is an RSA key; ES256 needs an EC key."),
    (_SET, {"alg": "RS256", "kid": "c"}, None, "Key c is for encryption (use is enc)."),
    (
        _SET,
        {"alg": "HS256", "kid": "d"},
        None,
        "A secret in a published set is none: an issuer's tokens are RS or ES.",
    ),
    (_SET, {"alg": "none", "kid": "a"}, None, "none needs no key, and gets none."),
    (
        {"keys": [_RSA, _RSA | {"kid": "e"}]},
        {"alg": "RS256"},
        None,
        "Without a kid it is not clear which key is meant: two would fit.",
    ),
    ({"keys": [_RSA]}, {"alg": "RS256"}, _RSA, "There is one key only, and it fits: a kid is not needed."),
    ({"keys": []}, {"alg": "RS256", "kid": "a"}, None, "The set is empty."),
    (_SET, {"alg": "RS512", "kid": "a"}, None, "RS512 is not on your list, though the key would fit."),
    (
        {"keys": [_RSA]},
        {"alg": "RS256", "kid": "z"},
        None,
        "A kid that is there counts, also if there is one key only.",
    ),
    ({"keys": [_ENC]}, {"alg": "RS256"}, None, "The only key is for encryption."),
    ({"keys": [_EC]}, {"alg": "RS256"}, None, "The only key is an EC key."),
    (
        {"keys": [_EC | {"crv": "P-384"}]},
        {"alg": "ES256", "kid": "b"},
        None,
        "ES256 means the curve P-256 (RFC 7518 §3.4); this key is on P-384.",
    ),
)


def _judge_key(answer: Any) -> str:
    if all(call(answer, jwks, header) in (None, ...) for jwks, header, _, _ in _CHOICES):
        raise NotYet
    for jwks, header, expected, advice in _CHOICES:
        found = call(answer, jwks, header)
        if found != expected:
            got = found.get("kid", "a key") if isinstance(found, dict) else repr(found)
            raise Wrong(f"For {header} your function gives {got}. {advice}")
    return "The token proposes a key by its name; the set and the algorithm decide."


LESSON = Lesson(
    number="32",
    name="32_your_own_issuer",
    title="Your own issuer",
    why="Most of what you have learnt works at every OpenID provider: its address leads you to all the others.",
    minutes=45,
    needs=("26", "07"),
    exercises=(
        Exercise(
            id="32.1",
            title="Where is the document?",
            judge_answer=_judge_address,
            hints=(
                "The well-known path is appended to the issuer.",
                "What if the issuer ends with a slash?",
                'issuer.rstrip("/") + "/.well-known/openid-configuration"',
            ),
            solution="""\
def answer(issuer):
    return issuer.rstrip("/") + "/.well-known/openid-configuration\"""",
        ),
        Exercise(
            id="32.2",
            title="Is it the right document?",
            judge_answer=_judge_document,
            hints=(
                "Is it a dict? Does it speak for the issuer that was asked? Are the addresses protected?",
                "Look at every address in it: those that end in _endpoint, and jwks_uri.",
                "And at least one signing algorithm, and none is not among them.",
            ),
            solution="""\
def answer(asked, document):
    if not isinstance(document, dict) or document.get("issuer") != asked or "jwks_uri" not in document:
        return False
    addresses = [value for name, value in document.items() if name == "jwks_uri" or name.endswith("_endpoint")]
    if not all(str(address).startswith("https://") for address in addresses):
        return False
    algorithms = document.get("id_token_signing_alg_values_supported", [])
    return bool(algorithms) and "none" not in algorithms""",
        ),
        Exercise(
            id="32.3",
            title="Which key?",
            judge_answer=_judge_key,
            hints=(
                "By kid first; then ask whether the key may be used for this algorithm.",
                "RS256 and PS256 need kty RSA, ES256 needs EC and crv P-256; a key with use enc does not sign.",
                "Without a kid only a set of exactly one fitting key is clear.",
            ),
            solution="""\
def answer(jwks, header):
    kinds = {"RS256": ("RSA", None), "PS256": ("RSA", None), "ES256": ("EC", "P-256")}
    wanted = kinds.get(header.get("alg"))
    fitting = [key for key in jwks["keys"] if (key["kty"], key.get("crv")) == wanted and key.get("use", "sig") == "sig"]
    if "kid" in header:
        fitting = [key for key in fitting if key.get("kid") == header["kid"]]
    return fitting[0] if len(fitting) == 1 else None""",
        ),
    ),
    predictions=(
        Question(
            id="32.p1",
            text="You know the address of an OpenID provider and nothing else. How do you get its public keys?",
            options=(
                Option(
                    text="By e-mail from its administrator",
                    why="So it was done once; keys change more often than that.",
                ),
                Option(
                    text="From a document at a well-known address, which names the place of the keys",
                    why="That is discovery: one name leads to all the rest.",
                    right=True,
                ),
                Option(
                    text="They stand in every token",
                    why="What a token brings along, Mallory's token brings along too.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="32.q1",
            text="The metadata of https://a.example name https://b.example as issuer. What do you do?",
            options=(
                Option(
                    text="Go on with b: it says so itself", why="Then whoever runs a decides whom you trust."
                ),
                Option(
                    text="Stop: the document must speak for the one that was asked",
                    why="RFC 8414 §3.3 says so.",
                    right=True,
                ),
                Option(text="Go on with a", why="Its tokens will say b, and be refused, or worse, be taken."),
            ),
        ),
        Question(
            id="32.q2",
            text="A token arrives with a kid that you do not know. What now?",
            options=(
                Option(text="Refuse it", why="It may be the issuer's new key: it rotates them."),
                Option(
                    text="Fetch the keys again, for every such token",
                    why="Anybody could make you fetch all day.",
                ),
                Option(
                    text="Fetch the keys again, but at a limited rate",
                    why="New keys are found, strangers cost little.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="32.q3",
            text="A provider's access tokens are not JWTs. What can your API do?",
            options=(
                Option(
                    text="Decode them with another library",
                    why="There is nothing in them to decode: a random word.",
                ),
                Option(
                    text="Ask the provider what they are worth (introspection)",
                    why="RFC 7662, as in lesson 34. First see whether the token is for your API: many are not.",
                    right=True,
                ),
                Option(
                    text="Use the ID token in their place",
                    why="It is for the client, not for the API (lesson 15).",
                ),
            ),
        ),
    ),
)
