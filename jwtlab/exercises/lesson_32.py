"""Lesson 32: any issuer by its address. Metadata, keys, and a login with a real browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jwtlab.exercises.choosing_keys import judge_key
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, near_misses, true_or_false

PATH = "/.well-known/openid-configuration"
_ISSUER = "https://issuer.example"


def _look_at_address(found: Any, case: Case) -> None:
    host, expected = case.given[0].split("/")[2], case.expected
    told = {
        expected.replace("/.well", ".well"): "no-slash",
        expected.replace("/.well", "//.well"): "slash",
        expected.replace("openid-configuration", "oauth-authorization-server"): "oauth-name",
        f"https://{host}{PATH}{case.given[0].partition(host)[2]}": "inserted",
        f"https://{host}{PATH}": "path",
    }
    if isinstance(found, str) and found in told:
        raise Wrong(told[found], f"For {case.given[0]!r} your function gives {found!r}.")


def _address(mistake: str, issuer: str, why: str = "") -> Case:
    return Case(mistake, (issuer,), issuer.removesuffix("/") + PATH, why)


_judge_address = Table(
    cases=(
        _address("other", _ISSUER, "The address is the issuer, and behind it /.well-known/openid-configuration."),
        _address("other", "https://accounts.example"),
        _address("slash", f"{_ISSUER}/", "A slash at the end of the issuer is taken off first."),
        _address("path", f"{_ISSUER}/tenant/7", "An issuer may have a path of its own; ours comes behind it."),
        _address("path", f"{_ISSUER}/tenant/7/"),
        _address("path", f"{_ISSUER}/box/"),
        _address("port", "http://127.0.0.1:8765", "Scheme and port are the issuer's own: leave them as they are."),
        _address("port", f"{_ISSUER}:8443/"),
        _address("capitals", f"{_ISSUER}/Tenant/A", "In a path capital letters count: leave the issuer as it is."),
    ),
    look=_look_at_address,
    own={
        "no-slash": "There is no slash between the issuer and .well-known.",
        "oauth-name": "That is the name of OAuth's own document (RFC 8414). An OpenID provider's is "
        "openid-configuration.",
        "inserted": "RFC 8414 puts its path in front of the issuer's own. OpenID puts it behind (Discovery §4).",
    },
    praise="One name is enough to find everything else: the metadata name the other addresses.",
)  # fmt: skip


_GOOD: Mapping[str, Any] = {
    "issuer": _ISSUER,
    "jwks_uri": "https://keys.example/jwks",
    "authorization_endpoint": f"{_ISSUER}/authorize",
    "token_endpoint": f"{_ISSUER}/token",
    "id_token_signing_alg_values_supported": ["RS256"],
}
_ALGS = "id_token_signing_alg_values_supported"


def _document(
    mistake: str, changes: Mapping[str, Any], expected: bool = False, why: str = "", asked: str = _ISSUER
) -> Case:
    """The good document with changes, which come first, so that they are seen; ``...`` takes a member out."""
    document = {name: value for name, value in {**changes, **_GOOD, **changes}.items() if value is not ...}
    (name, value), *_ = changes.items() or [("", "")]
    return Case(mistake, (asked, document), expected, why, {"name": name, "value": value})


_PLAIN = "{name} is {value!r}: every jwks_uri and _endpoint is a text that begins with https://."
_NONE = "{name} is {value!r}, and none is in it: a token without a signature would be as good as another."
_judge_document = Table(
    cases=(
        _document("good", {}, True, "This document is good; the keys may be at another host."),
        _document("good", {"issuer": f"{_ISSUER}/"}, True, asked=f"{_ISSUER}/"),
        _document("good", {"token_endpoint": ...}, True),
        _document("good", {_ALGS: ["ES256", "PS256"]}, True),
        _document("no-address", {"token_endpoint_auth_methods_supported": ["client_secret_basic"]}, True,
                  "{name} is no address: its name only contains _endpoint."),
        _document("no-address", {"service_documentation": "http://issuer.example/help"}, True),
        *(_document("no-address", {text: "http://x"}, True) for _, _, text in near_misses("jwks_uri")),
        _document("other-issuer", {"issuer": "https://mallory.example"}, why="The document's issuer is {value!r}: it "
                  "speaks for somebody else."),
        _document("other-issuer", {"issuer": _ISSUER}, asked="https://mallory.example"),
        _document("slash", {"issuer": f"{_ISSUER}/"}, why="The issuer is {value!r}: one slash more or less is "
                  "another name, since all tokens are compared with it."),
        _document("slash", {"issuer": _ISSUER}, asked=f"{_ISSUER}/"),
        *near("issuer", _ISSUER, lambda text: _document("", {"issuer": text}).given, False, without="slash"),
        _document("other-issuer", {"issuer": _ISSUER}, asked=""),
        _document("no-issuer", {"issuer": ...}, why="issuer is missing: then it speaks for nobody."),
        *(_document("issuer-kind", {"issuer": other}, why="issuer is {value!r}, and no text.")
          for other in (None, [_ISSUER], {_ISSUER: 1}, 7, True)),
        _document("no-keys", {"jwks_uri": ...}, why="Without jwks_uri there are no keys."),
        _document("keys-over-http", {"jwks_uri": "http://keys.example/jwks"}, why="jwks_uri is {value!r}: whoever sits "
                  "between brings keys of their own."),
        *(_document("over-http", {f"{name}_endpoint": f"http://issuer.example/{name}"}, why="{name} is {value!r}: "
                    "whoever sits between reads passwords, codes and tokens. Every address counts.")
          for name in ("token", "authorization", "userinfo", "end_session", "my_new")),
        *(_document("not-https", {name: other}, why=_PLAIN) for name in ("jwks_uri", "token_endpoint", "my_endpoint")
          for other in ("", "https:/issuer.example/x", "//issuer.example/x", "ftp://issuer.example/x", "httpsx://x",
                        " https://issuer.example/x", "http://issuer.example/https://", None, 7, True,
                        ["https://issuer.example/x"], {"https://": 1})),
        _document("no-algorithm", {_ALGS: ...}, why="It names no algorithm for ID tokens: no list, or an empty one."),
        _document("no-algorithm", {_ALGS: []}),
        *(_document("none", {_ALGS: other}, why=_NONE) for other in (["none"], ["none", "RS256"], ["RS256", "none"])),
        _document("nearly-none", {_ALGS: ["RS256", "nonesuch"]}, True, "nonesuch is not none, whatever it may be."),
        *(_document("algorithms-kind", {_ALGS: other}, why="{name} is {value!r}, and no list.")
          for other in ("RS256", {"RS256": 1}, 7, True, None)),
        *(Case("no-document", (_ISSUER, other), False, "This is no JSON object, so no metadata; look before you index.")
          for other in (None, _ISSUER, [], list(_GOOD), [["issuer", _ISSUER]], 7, True)),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="The document decides where your secrets go. It is believed only about the issuer that was asked.",
)  # fmt: skip


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
    algorithms = document.get("id_token_signing_alg_values_supported")
    return isinstance(algorithms, list) and len(algorithms) > 0 and "none" not in algorithms""",
        ),
        Exercise(
            id="32.3",
            title="Which key?",
            judge_answer=judge_key,
            hints=(
                "Write a condition for one key; then take the keys of the set that fit, and see whether it is one.",
                "RS256 and PS256 need kty RSA, ES256 needs EC and crv P-256. use, key_ops and alg may be missing.",
                'key.get("use", "sig") == "sig", "verify" in key.get("key_ops", ["verify"]), and alg in the same way.',
            ),
            solution="""\
def answer(jwks, header):
    alg = header.get("alg")
    wanted = {"RS256": ("RSA", None), "PS256": ("RSA", None), "ES256": ("EC", "P-256")}.get(alg)

    def fits(key):
        return (
            (key["kty"], key.get("crv")) == wanted
            and key.get("use", "sig") == "sig"
            and "verify" in key.get("key_ops", ["verify"])
            and key.get("alg", alg) == alg
            and ("kid" not in header or key.get("kid") == header["kid"])
        )

    fitting = [key for key in jwks["keys"] if fits(key)]
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
                Option(text="Go on with a", why="Its tokens will say b, and be refused, or worse, be taken."),
                Option(
                    text="Stop: the document must speak for the one that was asked",
                    why="RFC 8414 §3.3 says so.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="32.q2",
            text="A token arrives with a kid that you do not know. What now?",
            options=(
                Option(
                    text="Fetch the keys again, but at a limited rate",
                    why="New keys are found, strangers cost little.",
                    right=True,
                ),
                Option(
                    text="Fetch the keys again, for every such token",
                    why="Anybody could make you fetch all day.",
                ),
                Option(text="Refuse it", why="It may be the issuer's new key: it rotates them."),
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
