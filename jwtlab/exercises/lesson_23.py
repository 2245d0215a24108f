"""Lesson 23: the authorization code. A voucher in the browser, the tokens behind its back."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.oauth import pkce

VERIFIERS = ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "a" * 43, "x~._-" * 20)
MINE = "a-verifier-has-at-least-forty-three-letters"


def _judge_challenge(answer: Any) -> str:
    if call(answer, VERIFIERS[0]) in (None, ...):
        raise NotYet
    for verifier in VERIFIERS:
        found, expected = call(answer, verifier), pkce.challenge(verifier)
        if isinstance(found, bytes):
            raise Wrong("These are bytes; a parameter is text: .decode() at the end.")
        if not isinstance(found, str):
            raise Wrong(f"The challenge is a text; your function gives {kind(found)}.")
        if found == verifier:
            raise Wrong("This is the verifier itself, as with the method plain. The challenge is its hash.")
        if found.rstrip("=") == expected and found != expected:
            raise Wrong("The padding '=' does not belong here: base64url without padding (RFC 7636 §4.2).")
        if found != expected and found.translate(str.maketrans("+/", "-_")).rstrip("=") == expected:
            raise Wrong("That is plain base64, with + and /. In an address it is base64url, with - and _.")
        if len(found) == 64:
            raise Wrong(
                "These are hexadecimal digits; the 32 bytes of the hash themselves are encoded: .digest()."
            )
        if found != expected:
            raise Wrong(
                f"For {verifier[:12]}… your function gives {found[:20]!r}; expected {expected[:20]!r}…."
            )
    return "43 characters that everybody may see, and from which nobody gets back to the verifier."


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
    "scope": "Two words, parted by a space (which becomes + or %20 in the address).",
    "state": "It comes back unchanged.",
    "code_challenge": "It is the challenge of my_verifier, not the verifier.",
    "code_challenge_method": "Without it the server would take the method for plain.",
}


def _judge_request(answer: Any) -> str:
    if not isinstance(answer, str):
        raise Wrong(f"An address is a text; this is {kind(answer)}.")
    if " " in answer.strip():
        raise Wrong("A space cannot stand in an address; urlencode writes + for it.")
    parts = urlsplit(answer.strip())
    if (parts.scheme, parts.netloc, parts.path) != ("https", "as.example", "/authorize"):
        raise Wrong("The address begins with https://as.example/authorize, and then comes a question mark.")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    given = dict(pairs)
    if "code_verifier" in given or MINE in given.values():
        raise Wrong("The verifier is in the address. It must not leave the application before the last step.")
    if "client_secret" in given:
        raise Wrong("A secret in the front channel is none any more: leave client_secret out.")
    if len(given) != len(pairs):
        raise Wrong("A parameter appears twice; the server would refuse it (RFC 6749 §3.1).")
    for name, value in _WANTED.items():
        if name not in given:
            raise Wrong(f"{name} is missing. {_WHY[name]}")
        if given[name] != value and not (
            name == "scope" and sorted(given[name].split()) == sorted(value.split())
        ):
            raise Wrong(f"{name} is {given[name][:60]!r}; expected {value!r}. {_WHY[name]}")
    return "Everything in it may be seen by everybody: it names, it asks, and it hides the verifier behind a hash."


_GOOD = {"code": "c-1", "state": "s-1", "iss": "https://as.example"}
_SESSION = {"state": "s-1", "issuer": "https://as.example"}
_RESPONSES: tuple[tuple[dict[str, str], dict[str, str], str | None, str], ...] = (
    (_SESSION, _GOOD, "c-1", "This is the good answer: give its code."),
    (_SESSION, _GOOD | {"state": "s-2"}, None, "The state is another one: this browser was not sent for that."),
    (_SESSION, {"code": "c-1", "iss": "https://as.example"}, None, "There is no state at all."),
    ({"issuer": "https://as.example"}, {"code": "c-1", "iss": "https://as.example"}, None,
     "The session knows no state, and the answer has none: None == None is no match."),
    ({"issuer": "https://as.example"}, _GOOD, None, "The session knows no state: this browser was never sent."),
    (_SESSION, _GOOD | {"iss": "https://mallory.example"}, None, "Another server answers than the one you asked."),
    (_SESSION, {"error": "access_denied", "state": "s-1", "iss": "https://as.example"}, None, "The server said no."),
    (_SESSION, _GOOD | {"error": "server_error"}, None, "An error and a code together are no yes."),
    (_SESSION, {"state": "s-1", "iss": "https://as.example"}, None, "There is no code in it."),
    (_SESSION, {"code": "c-1", "state": "s-1"}, None,
     "This server always names itself (iss); here the name is missing."),
)  # fmt: skip


def _judge_response(answer: Any) -> str:
    if all(call(answer, dict(session), dict(given)) in (None, ...) for session, given, _, _ in _RESPONSES):
        raise NotYet
    for session, given, expected, advice in _RESPONSES:
        found = call(answer, dict(session), dict(given))
        if found != expected:
            raise Wrong(f"For {given} your function gives {found!r}. {advice}")
    return "State, issuer, no error, a code: in this order, because an error of a stranger is a stranger's word too."


_CODE = {
    "client_id": "notes-app",
    "redirect_uri": "https://app.example/callback",
    "code_challenge": pkce.challenge(MINE),
    "used": False,
    "expires": 1060,
}
_ASKED = {
    "client_id": "notes-app",
    "redirect_uri": "https://app.example/callback",
    "code_verifier": MINE,
}
_REDEMPTIONS: tuple[tuple[dict[str, Any], dict[str, Any], float, bool, str], ...] = (
    (_CODE, _ASKED, 1000, True, "Everything is right here."),
    (_CODE | {"used": True}, _ASKED, 1000, False, "The code has been used before (RFC 6749 §4.1.2)."),
    (_CODE, _ASKED, 1060, False, "At expires it is over: now < expires."),
    (_CODE, _ASKED | {"client_id": "game"}, 1000, False, "The code was given to another client."),
    (_CODE, _ASKED | {"redirect_uri": "https://app.example/callback/"}, 1000, False, "Another redirect_uri."),
    (_CODE, _ASKED | {"code_verifier": "b" * 43}, 1000, False, "The verifier belongs to another challenge."),
    (_CODE, _ASKED | {"code_verifier": pkce.challenge(MINE)}, 1000, False,
     "That is the challenge itself, which the thief has seen. Hash what comes, then compare."),
    (_CODE, {"client_id": "notes-app", "redirect_uri": "https://app.example/callback"}, 1000, False,
     "There is no verifier, and the code is bound to a challenge."),
    (_CODE, _ASKED | {"code_verifier": ""}, 1000, False, "An empty verifier is none."),
    (_CODE | {"code_challenge": None}, _ASKED, 1000, False,
     "A verifier for a code without a challenge: somebody took the challenge out (RFC 9700 §4.8.2)."),
)  # fmt: skip


def _judge_redemption(answer: Any) -> str:
    if all(call(answer, dict(r), dict(q), now) in (None, ...) for r, q, now, _, _ in _REDEMPTIONS):
        raise NotYet
    for record, request, now, expected, advice in _REDEMPTIONS:
        mine = dict(record)
        found = call(answer, mine, dict(request), now)
        if mine != record:
            raise Wrong(
                "Your function changes the record. Marking the code as used comes after the decision."
            )
        if not isinstance(found, bool):
            raise Wrong(f"Say True or False; your function gives {found!r} for this: {advice}")
        if found is not expected:
            raise Wrong(f"Your function gives {found} for this: {advice}")
    return "Five questions and a hash. Each of them alone has been forgotten somewhere, and each let somebody in."


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
            judge_answer=_judge_challenge,
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
            judge_answer=_judge_redemption,
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
                    text="The state",
                    why="She goes straight to the token endpoint, where nobody asks for it.",
                ),
                Option(
                    text="The code_verifier",
                    why="Only its hash went through the browser. The application kept it.",
                    right=True,
                ),
                Option(
                    text="The signature",
                    why="A code has none; it is a random word that the server has stored.",
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
                    text="It shows the person an error page",
                    why="No other address is known to belong to the application (RFC 6749 §4.1.2.1).",
                    right=True,
                ),
                Option(
                    text="It takes the nearest one that is registered",
                    why="A wrong guess gives the code to somebody else.",
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
