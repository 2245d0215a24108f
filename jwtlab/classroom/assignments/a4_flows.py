"""a4: complete a client for the authorization code flow with PKCE; then find the fault in three recorded logins."""

from __future__ import annotations

from jwtlab.classroom.assignments import a4_login as login
from jwtlab.classroom.assignments import a4_requests as sent
from jwtlab.classroom.assignments import a4_responses as read
from jwtlab.classroom.assignments.a4_traces import FAULTS, my_traces, says_fault, says_step, says_value
from jwtlab.classroom.assignments.a4_world import my_app, try_login
from jwtlab.classroom.model import GIVEN, Assignment, Part, Task
from jwtlab.classroom.rubrics import written

__all__ = ["ASSIGNMENT", "FAULTS", "my_app", "my_traces", "try_login"]


def _hidden(id: str, title: str, points: float, test: login.Test) -> Part:
    return Part(id=id, title=title, points=points, test=test, hidden=True)


def _seen(id: str, title: str, points: float, test: login.Test) -> Part:
    return Part(id=id, title=title, points=points, test=test)


def _trace_task(number: int) -> Task:
    return Task(
        id=f"a4.{number + 6}",
        title=f"What is wrong in login {number}",
        name=f"fault_{number}",
        parts=(
            _seen("step", "Where it stands", 1, says_step(number)),
            _hidden("fault", "Which fault it is", 2, says_fault(number)),
            _hidden("value", "The value that shows it", 1, says_value(number)),
        ),
    )


ASSIGNMENT = Assignment(
    name="a4_flows",
    title="Log somebody in",
    minutes=90,
    primitives=(
        *("authlib", "oauthlib", "requests_oauthlib", "httpx_oauth", "oic", "idpyoidc", "pkce"),
        *("jwt", "joserfc", "jose", "jwcrypto", "jwtlab"),
    ),
    allowed=(
        "jwtlab.KeySet",
        "jwtlab.base64url",
        "jwtlab.verify",
        *GIVEN,
        *(f"jwtlab.classroom.assignments.a4_flows.{name}" for name in __all__ if name != "ASSIGNMENT"),
    ),
    tasks=(
        Task(
            id="a4.1",
            title="Make the challenge",
            name="challenge",
            parts=(
                _seen("own", "The example of RFC 7636, and your own", 1, sent.own_challenge),
                _hidden("any", "Any verifier", 1, sent.any_challenge),
            ),
        ),
        Task(
            id="a4.2",
            title="Send the browser away",
            name="start",
            parts=(
                _seen("parameters", "What you want arrives as it stands in app", 2, sent.request_parameters),
                _seen("pkce", "A verifier, and its challenge", 1, sent.request_pkce),
                _hidden("bound", "What is sent is what is kept", 1, sent.request_bound),
                _hidden("fresh", "Fresh for each login, and never guessed", 1, sent.request_fresh),
                _hidden("quiet", "Nothing secret, and nothing more", 1, sent.request_quiet),
            ),
        ),
        Task(
            id="a4.3",
            title="Read what the browser brings back",
            name="read_callback",
            parts=(
                _seen("good", "A good response gives its code", 1, read.response_good),
                _hidden("state", "No response of another login", 2, read.response_state),
                _hidden("iss", "No response of another server", 2, read.response_iss),
                _hidden("address", "Nothing at another address", 1, read.response_address),
                _hidden("twice", "No parameter twice", 1, read.response_twice),
                _hidden("error", "No code where the server says no", 1, read.response_error),
                _hidden("nonsense", "Nonsense gives None, never an exception", 1, read.response_nonsense),
            ),
        ),
        Task(
            id="a4.4",
            title="Redeem the code",
            name="token_request",
            parts=(
                _seen("form", "The right form to the right place", 1, sent.redeem_form),
                _seen("bound", "The same redirect URI, and the verifier", 1, sent.redeem_bound),
                _seen("client", "Your client shows who it is", 2, sent.redeem_client),
                _hidden("quiet", "Nothing more", 1, sent.redeem_quiet),
            ),
        ),
        Task(
            id="a4.5",
            title="Read the ID token",
            name="read_id_token",
            parts=(
                _seen("good", "A good ID token gives its claims", 1, read.id_token_good),
                _hidden("signed", "Only what your server signed", 1, read.id_token_signed),
                _hidden("names", "Only from your server, only for you", 1, read.id_token_names),
                _hidden("dates", "Only in its time", 1, read.id_token_dates),
                _hidden("nonce", "Only of this login", 2, read.id_token_nonce),
                _hidden("azp", "Not made for another application", 1, read.id_token_azp),
                _hidden("nonsense", "Nonsense gives None, never an exception", 1, read.id_token_nonsense),
            ),
        ),
        Task(
            id="a4.6",
            title="The whole client",
            name="client",
            parts=(
                _seen("login", "Alice and Bob log in on the network", 2, login.logs_in),
                _hidden("both", "Two browsers at once", 1, login.two_at_once),
                _hidden("csrf", "Nobody is logged in as Mallory", 1, login.another_ones_callback),
                _hidden("once", "A login is used once", 1, login.used_twice),
                _hidden("mix-up", "No code of another server is handed on", 1, login.another_server),
                _hidden("stolen", "A stolen code logs nobody in", 2, login.stolen_code),
                _hidden("refused", "A no is a no", 1, login.refused),
            ),
        ),
        *(_trace_task(number) for number in (1, 2, 3)),
    ),
    written=written("a4_flows"),
)
