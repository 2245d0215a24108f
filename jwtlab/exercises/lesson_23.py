"""Lesson 23: the authorization code. A voucher in the browser, the tokens behind its back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jwtlab.errors import kind
from jwtlab.exercises.codes import MINE, judge_challenge, judge_redemption
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong, mistakes
from jwtlab.exercises.table import Case, Table, near
from jwtlab.oauth import pkce

_WANTED = {
    "response_type": "code",
    "client_id": "notes-app",
    "redirect_uri": "https://app.example/callback",
    "scope": "profile notes:read",
    "state": "s-123",
    "code_challenge": pkce.challenge(MINE),
    "code_challenge_method": "S256",
}
_WHY = {
    "response_type": "It says that you want a code.",
    "client_id": "It says who asks.",
    "redirect_uri": "It says where the answer goes; it is registered character by character.",
    "scope": "Two words, with a space between them (which becomes + or %20 in the address).",
    "state": "It comes back unchanged.",
    "code_challenge": "It is the challenge of my_verifier, not the verifier.",
    "code_challenge_method": "Without it the server would take the method for plain.",
}


@mistakes(
    {
        "not-text": "An address is a text; this is {what}.",
        "space": "A space or a line break cannot stand in an address; urlencode writes + for a space.",
        "endpoint": "The address begins with https://as.example/authorize, and then comes a question mark.",
        "fragment": "What stands behind # is not sent to the server; an endpoint's address has none (RFC 6749 §3.1).",
        "verifier": "The verifier is in the address. It must not leave the application before the last step.",
        "secret": "A secret in the front channel is none any more: leave client_secret out.",
        "duplicate": "{name} appears twice; the server would refuse the request (RFC 6749 §3.1).",
    }
    | {f"{name}-missing": f"{name} is missing. {why}" for name, why in _WHY.items()}
    | {f"{name}-wrong": f"{name} is {{found}}; expected {{right}}. {why}" for name, why in _WHY.items()}
)
def _judge_request(answer: Any) -> str:
    if not isinstance(answer, str):
        raise Wrong("not-text", what=kind(answer))
    address = answer.strip()
    if any(letter.isspace() for letter in address):
        raise Wrong("space")
    parts = urlsplit(address)
    if (parts.scheme, parts.netloc, parts.path) != ("https", "as.example", "/authorize"):
        raise Wrong("endpoint")
    if "#" in address:
        raise Wrong("fragment")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    given = dict(pairs)
    if "code_verifier" in given or MINE in given.values():
        raise Wrong("verifier")
    if "client_secret" in given:
        raise Wrong("secret")
    names = [name for name, _ in pairs]
    for name in given:
        if names.count(name) > 1:
            raise Wrong("duplicate", name=name[:40])
    _compare(given)
    return "Everything in it may be seen by everybody: it names, it asks, and it hides the verifier behind a hash."


def _compare(given: Mapping[str, str]) -> None:
    for name, right in _WANTED.items():
        if name not in given:
            raise Wrong(f"{name}-missing")
        found = given[name]
        same = sorted(found.split(" ")) == sorted(right.split(" ")) if name == "scope" else found == right
        if not same:
            raise Wrong(f"{name}-wrong", found=repr(found[:60]), right=repr(right))


_AS, _LOGIN = "https://as.example", "https://login.example/op/"
_CAME = {"code": "c-1", "state": "s-1", "iss": _AS}
_SESSION = {"state": "s-1", "issuer": _AS}
_OTHER_CAME = {"code": "C-2", "state": "Oth.er/", "iss": _LOGIN}
_OTHER_SESSION = {"state": "Oth.er/", "issuer": _LOGIN}


def _came(
    mistake: str,
    expected: str | None,
    why: str = "",
    *,
    session: Any = None,
    without: str = "",
    **changes: str,
) -> Case:
    came = {name: value for name, value in (_CAME | changes).items() if name != without}
    return Case(mistake, (session or _SESSION, came), expected, why)


# hmac.compare_digest is a right way to compare these, and takes no text beyond ASCII: no "letter" among them.
_judge_response = Table(
    cases=(
        _came("good", "c-1", "This is the good answer: give its code."),
        Case("given", (_OTHER_SESSION, _OTHER_CAME), "C-2", "Compare with what this session holds."),
        Case("given", (_OTHER_SESSION, _CAME), None, ""),
        _came("further", "c-1", "Further parameters are to be ignored (RFC 6749 §4.1.2).", session_state="x.y"),
        _came("other-state", None, "The state is another one: this browser was not sent for that.", state="s-2"),
        _came("no-state", None, "There is no state in it at all.", without="state"),
        _came("neither", None, "The session knows no state, and the answer has none: None == None is no match.",
              session={"issuer": _AS}, without="state"),
        _came("never-sent", None, "The session knows no state: this browser was never sent. Raise nothing.",
              session={"issuer": _AS}),
        _came("other-server", None, "Another server answers than the one you asked.", iss="https://mallory.example"),
        _came("no-iss", None, "This server always names itself (iss); here the name is missing.", without="iss"),
        Case("error", (_SESSION, {"error": "access_denied", "state": "s-1", "iss": _AS}), None, "The server said no."),
        _came("error-and-code", None, "An error and a code together are no yes.", error="server_error"),
        _came("no-code", None, "There is no code in it. Raise nothing.", without="code"),
        *near("state", "s-1", lambda text: (_SESSION, _CAME | {"state": text}), None, without="letter"),
        *near("state", "Oth.er/", lambda text: (_OTHER_SESSION, _OTHER_CAME | {"state": text}), None, without="letter"),
        *near("iss", _AS, lambda text: (_SESSION, _CAME | {"iss": text}), None),
        *near("iss", _LOGIN, lambda text: (_OTHER_SESSION, _OTHER_CAME | {"iss": text}), None),
    ),
    none_counts=True,
    praise="State, issuer, no error, a code: in this order, because an error of a stranger is a stranger's word too.",
)  # fmt: skip

LESSON = Lesson(
    number="23",
    name="23_authorization_code",
    title="The authorization code",
    why="An application gets access to your notes without ever seeing your password, and what travels in the "
    "browser's addresses is of no use to a thief.",
    minutes=55,
    needs=("20",),
    exercises=(
        Exercise(
            id="23.1",
            title="The challenge",
            judge_answer=judge_challenge,
            hints=(
                "Hash the verifier's ASCII bytes with SHA-256, then write the 32 bytes as base64url.",
                "base64.urlsafe_b64encode(...) leaves = at the end; strip it.",
                "jwtlab.base64url.encode(hashlib.sha256(verifier.encode()).digest())",
            ),
            solution="""\
def answer(verifier):
    return jwtlab.base64url.encode(hashlib.sha256(verifier.encode("ascii")).digest())""",
        ),
        Exercise(
            id="23.2",
            title="The request",
            judge_answer=_judge_request,
            hints=(
                "Seven parameters: look at message 2 in the stepper.",
                "The challenge is pkce.challenge(my_verifier); its method is S256.",
                'from urllib.parse import urlencode, then "https://as.example/authorize?" + urlencode({...})',
            ),
            solution="""\
from urllib.parse import urlencode

my_verifier = "a-verifier-has-at-least-forty-three-letters"
parameters = {
    "response_type": "code",
    "client_id": "notes-app",
    "redirect_uri": "https://app.example/callback",
    "scope": "profile notes:read",
    "state": "s-123",
    "code_challenge": pkce.challenge(my_verifier),
    "code_challenge_method": "S256",
}
answer = "https://as.example/authorize?" + urlencode(parameters)""",
        ),
        Exercise(
            id="23.3",
            title="The answer comes back",
            judge_answer=_judge_response,
            hints=(
                "Four questions: the state, the issuer, an error, a code.",
                "A state that is missing on both sides is not the same state.",
                'if not session.get("state") or answer_parameters.get("state") != session["state"]: return None',
            ),
            solution="""\
def answer(session, answer_parameters):
    if not session.get("state") or answer_parameters.get("state") != session["state"]:
        return None
    if answer_parameters.get("iss") != session["issuer"] or "error" in answer_parameters:
        return None
    return answer_parameters.get("code")""",
        ),
        Exercise(
            id="23.4",
            title="The server's side",
            judge_answer=judge_redemption,
            hints=(
                "Used, expired, the client, the address, the verifier.",
                "Hash the verifier that comes, and compare with the challenge. No verifier is no match.",
                'pkce.fits(request.get("code_verifier"), record["code_challenge"]), if there is a challenge.',
            ),
            solution="""\
def answer(record, request, now):
    if record["used"] or now >= record["expires"] or record["code_challenge"] is None:
        return False
    if any(request[name] != record[name] for name in ("client_id", "redirect_uri")):
        return False
    return pkce.fits(request.get("code_verifier"), record["code_challenge"])""",
        ),
    ),
    predictions=(
        Question(
            id="23.p1",
            text="The server has found out who Alice is, and Alice has said yes. Why does it not simply "
            "send the token back "
            "with the browser?",
            options=(
                Option(
                    text="Tokens are too long for an address",
                    why="They fit, and for years it was done so (lesson 24).",
                ),
                Option(
                    text="Many can see what a browser carries",
                    why="It is in the history; extensions, logs and the next page may see it. So it carries "
                    "something that is of no use to others.",
                    right=True,
                ),
                Option(
                    text="The browser could not decode it",
                    why="It need not decode it; it would only pass it on.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="23.q1",
            text="Mallory has got hold of the code and of the code_challenge. What else would she need to "
            "redeem the code of a public client?",
            options=(
                Option(
                    text="The code_verifier",
                    why="Only its hash went through the browser. The application kept it.",
                    right=True,
                ),
                Option(
                    text="The signature",
                    why="A code has none; it is a random word that the server has stored.",
                ),
                Option(
                    text="The state",
                    why="She goes straight to the token endpoint, where nobody asks for it.",
                ),
            ),
        ),
        Question(
            id="23.q2",
            text="An authorization request has a redirect_uri that is not registered. What does the server do?",
            options=(
                Option(
                    text="It sends the error to that address",
                    why="Then anybody could write a link that leads from the trusted server to a page of their "
                    "own.",
                ),
                Option(
                    text="It takes the nearest one that is registered",
                    why="A wrong guess gives the code to somebody else.",
                ),
                Option(
                    text="It shows the person an error page",
                    why="No other address is known to belong to the application (RFC 6749 §4.1.2.1).",
                    right=True,
                ),
            ),
        ),
        Question(
            id="23.q3",
            text="A code is redeemed a second time. The sound server refuses. What else should it do?",
            options=(
                Option(
                    text="Nothing: the second one was too late",
                    why="One of the two may be a thief, and perhaps it was the first one.",
                ),
                Option(
                    text="Take back the tokens that the code gave",
                    why="Two parties have the code, and the server cannot tell who is honest (RFC 6749 "
                    "§4.1.2). An API that checks JWTs by itself accepts such a token until exp all the "
                    "same.",
                    right=True,
                ),
                Option(text="Ask the user for a new password", why="The password has nothing to do with it."),
            ),
        ),
    ),
)
