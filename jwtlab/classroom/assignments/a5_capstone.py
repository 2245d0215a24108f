"""a5: design the login and the API's security of a small product: code, and a decision in words."""

from __future__ import annotations

from jwtlab.classroom.assignments import a5_api as api
from jwtlab.classroom.assignments import a5_choices as choices
from jwtlab.classroom.assignments import a5_login as login
from jwtlab.classroom.assignments import a5_refresh as refresh
from jwtlab.classroom.assignments import a5_return as way_back
from jwtlab.classroom.assignments.a5_product import CLIENTS, GRANTS, PLACES, access_token, my_product
from jwtlab.classroom.model import GIVEN, Assignment, Part, Task, Test
from jwtlab.classroom.rubrics import written

__all__ = ["ASSIGNMENT", "CLIENTS", "GRANTS", "PLACES", "access_token", "my_product"]


def _hidden(id: str, title: str, points: float, test: Test) -> Part:
    return Part(id=id, title=title, points=points, test=test, hidden=True)


def _seen(id: str, title: str, points: float, test: Test) -> Part:
    return Part(id=id, title=title, points=points, test=test)


ASSIGNMENT = Assignment(
    name="a5_capstone",
    title="A product of your own",
    minutes=90,
    primitives=("authlib", "oauthlib", "requests_oauthlib", "jwt", "joserfc", "jose", "jwcrypto", "jwtlab"),
    allowed=(
        "jwtlab.KeySet",
        "jwtlab.Verifier",
        "jwtlab.verify",
        *GIVEN,
        *(f"jwtlab.classroom.assignments.a5_capstone.{name}" for name in __all__ if name != "ASSIGNMENT"),
    ),
    tasks=(
        Task(
            id="a5.1",
            title="Choose for each application",
            name="choices",
            parts=(
                _seen("words", "Every application has its three words", 1, choices.words),
                *(
                    _hidden(f"application-{number}", f"Application {number}", 1, choices.fits(number))
                    for number in range(1, 6)
                ),
            ),
        ),
        Task(
            id="a5.2",
            title="The API decides",
            name="decide",
            parts=(
                _seen("good", "Owners and readers come to what is theirs", 1, api.good),
                _hidden("signed", "Only what your issuer signed", 1, api.signed),
                _hidden("names", "Only from your issuer, only for your API", 1, api.names),
                _hidden("kind", "Only access tokens", 1, api.kind),
                _hidden("dates", "Only in their time", 1, api.dates),
                _hidden("scope", "Only what the scope covers", 2, api.scope),
                _hidden("owner", "Nobody comes to what is another's", 2, api.owner),
                _hidden("readers", "Who may read does not write", 1, api.readers),
                _hidden("hidden", "Strangers do not learn what exists", 1, api.hidden),
                _hidden("order", "The right status in the right order", 1, api.order),
                _hidden("nonsense", "Nonsense is 401, never an exception", 1, api.nonsense),
            ),
        ),
        Task(
            id="a5.3",
            title="The browser comes back",
            name="redeem",
            parts=(
                _seen("good", "A good response becomes a request", 1, way_back.good),
                _hidden("response", "No response of another login", 1, way_back.response),
                _hidden("server", "No response of another server, and no error", 1, way_back.server),
                _hidden("pkce", "The verifier of this login, and no other", 2, way_back.pkce),
                _hidden("nonsense", "Nonsense gives None, never an exception", 1, way_back.nonsense),
            ),
        ),
        Task(
            id="a5.4",
            title="Who is it?",
            name="finish",
            parts=(
                _seen("good", "A good login gives the person and the place", 1, login.good),
                _hidden("token", "Only your issuer's ID token for you", 2, login.token),
                _hidden("nonce", "Only of this login", 1, login.nonce),
                _hidden("person", "A person is iss and sub", 1, login.person),
                _hidden("next", "Nobody is sent elsewhere", 1, login.elsewhere),
                _hidden("nonsense", "Nonsense gives None, never an exception", 1, login.nonsense),
            ),
        ),
        Task(
            id="a5.5",
            title="Refresh, once",
            name="refresh",
            parts=(
                _seen("good", "A good token gives the next one", 1, refresh.good),
                _hidden("reuse", "A second use ends the login", 2, refresh.reuse),
                _hidden("strangers", "A guess changes nothing", 1, refresh.strangers),
                _hidden("client", "Only the application that it was given to", 1, refresh.client),
                _hidden("ended", "What has ended stays ended", 1, refresh.ended),
                _hidden("nonsense", "Nonsense gives nothing, never an exception", 1, refresh.nonsense),
            ),
        ),
    ),
    written=written("a5_capstone"),
)
