"""A new grant is a file and its place in one tuple, a new endpoint likewise; all the rest derives from them."""

from __future__ import annotations

GRANT = '''"""Made up: a token for whoever says please."""

from jwtlab.checks import Check, Policy
from jwtlab.oauth.authorization_server.token.request import GrantType, TokenRequest
from jwtlab.oauth.authorization_server.token.response import access_token_response
from jwtlab.oauth.protocol import refuse


def polite(case: TokenRequest) -> str:
    if case.parameters.get("word") != "please":
        raise refuse("invalid_grant", "the magic word is missing", "word")
    return "please"


POLITE = Policy((Check(id="is-polite", title="It says please", run=polite),), "politeness")


def by_politeness(asked: TokenRequest):
    asked.server.decide("politeness", asked)
    scope = ("notes:read",)
    audience = asked.server.audience(scope, ())
    return access_token_response(asked.server, asked.client, asked.client.client_id, scope, audience, asked.jkt)


GRANT_TYPE = GrantType(
    id="urn:example:please",
    title="Politeness",
    spec="RFC 6749 §4.5",
    redeem=by_politeness,
    policies={"politeness": POLITE},
    parameters=frozenset({"word"}),
    metadata=lambda server: {"magic_word_supported": True},
)
'''

ENDPOINT = '''"""Made up: what the weather is like."""

from flask import Response, jsonify

from jwtlab.checks import Check, Policy
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.server import Server

WEATHER = Policy((Check(id="not-raining", title="It does not rain", run=lambda case: "sunny"),), "weather")


def weather(server: Server) -> Response:
    server.decide("weather", object())
    return jsonify({"sky": "blue"})


ENDPOINT = Endpoint(
    path="/weather",
    methods=("GET",),
    answer=weather,
    policies={"weather": WEATHER},
    metadata=lambda server: {"weather_endpoint": server.endpoint("weather")},
    for_scripts=True,
)
'''

USE = """
from dataclasses import replace
import jwtlab
lab = jwtlab.Lab()
world = lab.world()
server, you = world.server, world.network.client("You", world.server.issuer)
metadata = you.get("/.well-known/oauth-authorization-server").json()
"""


def test_a_made_up_grant(made_up):
    grants = "oauth/authorization_server/token/grants/"
    made_up.write(f"{grants}please.py", GRANT)
    made_up.add(f"{grants}__init__.py", "    password,\n", "    please,\n")
    made_up.add(f"{grants}__init__.py", "    password.GRANT_TYPE,\n", "    please.GRANT_TYPE,\n")
    found = made_up.run(
        USE
        + """
found["announced"] = "urn:example:please" in metadata["grant_types_supported"]
found["member"] = metadata["magic_word_supported"]
found["policies"] = "politeness" in server.policies
client = server.clients["report-service"]
server.clients["report-service"] = replace(client, grant_types=(*client.grant_types, "urn:example:please"))
SECRET = client.client_secret
def ask(**form):
    return you.post("/token", data={"grant_type": "urn:example:please", **form}, auth=("report-service", SECRET))
found["refused"] = ask(word="now").json()
answer = ask(word="please")
found["status"], found["answer"] = answer.status_code, answer.json()
found["twice"] = you.post("/token", content="grant_type=urn:example:please&word=please&word=please",
    headers={"Content-Type": "application/x-www-form-urlencoded"}, auth=("report-service", SECRET)).json()["error"]
exchange = world.network.trace[-2]
found["reports"] = [[f.id for f in report.findings] for name, report in exchange.reports]
world2 = jwtlab.Lab().world(); world2.without("is-polite")
found["weak"] = "is-polite" in world2.server.policies["politeness"].ids
"""
    )
    assert found["announced"]
    assert found["member"] is True
    assert found["policies"]
    assert found["refused"]["error"] == "invalid_grant"
    assert found["status"] == 200
    assert found["answer"]["scope"] == "notes:read"
    assert found["twice"] == "invalid_request"
    assert ["is-polite"] in found["reports"]
    assert not found["weak"]


def test_a_made_up_endpoint(made_up):
    endpoints = "oauth/authorization_server/endpoints/"
    made_up.write(f"{endpoints}weather.py", ENDPOINT)
    made_up.add(f"{endpoints}__init__.py", "    userinfo,\n", "    weather,\n")
    made_up.add(f"{endpoints}__init__.py", "    userinfo.ENDPOINT,\n", "    weather.ENDPOINT,\n")
    found = made_up.run(
        USE
        + """
found["announced"] = metadata["weather_endpoint"]
answer = you.get("/weather", headers={"Origin": "https://shop.example"})
found["sky"], found["cors"] = answer.json(), answer.headers.get("Access-Control-Allow-Origin")
exchange = world.network.trace[-1]
found["reports"] = [[f.id for f in report.findings] for name, report in exchange.reports]
found["method"] = you.post("/weather").status_code
found["policies"] = "weather" in server.policies
"""
    )
    assert found["announced"] == "https://as.example/weather"
    assert found["sky"] == {"sky": "blue"}
    assert found["cors"] == "*"
    assert found["reports"] == [["not-raining"]]
    assert found["method"] == 405
    assert found["policies"]
