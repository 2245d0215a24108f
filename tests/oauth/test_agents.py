"""Agents and tool servers: what the sound ones do, and that each twin is open by its one fault only."""

from __future__ import annotations

import pytest

import jwtlab
from jwtlab.oauth import agents


@pytest.fixture
def world():
    return jwtlab.Lab().world("agents")


@pytest.mark.parametrize("registers", [False, True])
def test_the_way_to_a_token(world, registers):
    agents.ToolServer(world)
    told = agents.connect(world, registers=registers)
    assert told.said == "feed the cat"
    assert jwtlab.decode(told.token).claims["aud"] == agents.TOOLS
    seen = agents.seen_at_the_api(world)
    assert (seen["act"], seen["sub"], seen["scope"]) == ({"sub": "tool-server"}, "alice", "notes:read")
    assert (told.client_id == agents.DOCUMENT) is not registers


def test_the_api_takes_no_token_of_the_tool_server(world):
    agents.ToolServer(world)
    token = agents.connect(world).token
    answer = world.network.client("x").get(
        "https://api.example/notes", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 401


def test_a_tool_server_takes_no_token_of_the_api(world):
    agents.ToolServer(world)
    told = agents.connect(world, scope="notes:read", names_resource=False)
    assert "meant for" in told.said
    assert agents.seen_at_the_api(world) == {}


def test_the_one_that_passes_on_does(world):
    agents.PassingOn(world)
    told = agents.connect(world, scope="notes:read", names_resource=False)
    assert told.said == "feed the cat"
    assert "act" not in agents.seen_at_the_api(world)


def test_too_little_scope_is_said_by_the_tool(world):
    agents.ToolServer(world)
    assert "no notes" in agents.connect(world, scope=agents.tools.TOOL).said


def test_another_tool_is_not_there(world):
    agents.ToolServer(world)
    assert agents.connect(world, tool="write_notes").said == "400"


@pytest.mark.parametrize("named", [False, True])
def test_a_token_for_all_is_a_token_for_mallory(world, named):
    weather = agents.WeatherServer(world, scopes=("weather:read", "notes:read"))
    assert agents.connect(world, agents.WEATHER, tool="weather", names_resource=named).said == "sunny"
    assert (weather.loot == ["feed the cat"]) is not named


@pytest.mark.parametrize("compares", [False, True])
def test_who_claims_to_be_the_api(world, compares):
    weather = agents.WeatherServer(world, says_it_is="https://api.example", scopes=("notes:read",))
    told = agents.connect(world, agents.WEATHER, tool="weather", compares=compares)
    assert told.said.startswith("stopped") is compares
    assert weather.loot == ([] if compares else ["feed the cat"])


def test_the_deputy_is_confused_until_it_asks(world):
    told = agents.lure(world, agents.Bridge(world))
    assert (told.notes, told.pages) == (("feed the cat",), ())
    world = jwtlab.Lab().world("again")
    bridge = agents.Bridge(world, agents.asks_each_client)
    told = agents.lure(world, bridge)
    assert (told.notes, told.pages) == ((), ("Allow agent-2?",))
    assert [each["client_id"] for each in bridge.allowed] == ["agent-1"], "Alice's own agent came through"


def test_the_first_guard_is_not_enough():
    world = jwtlab.Lab().world("text")
    inside = agents.Inside(agents.looks_at_the_text(world))
    browser = world.browser("mallory")
    for client_id in ("https://10.0.0.5/off", "https://localhost/off"):
        browser.open(f"https://as.example/authorize?client_id={client_id}")
    assert inside.done == []
    world.directory.point("x.mallory.example", "10.0.0.5")
    browser.open("https://as.example/authorize?client_id=https://x.mallory.example/off")
    assert inside.done == ["off"]


def test_who_follows_redirects_is_sent_inside():
    for careless in (False, True):
        world = jwtlab.Lab().world("sent").admit_strangers()
        inside = agents.Inside(world)
        agents.sends_on(world, "https://mallory.example", to="https://10.0.0.5/off")
        if careless:
            world.server.documents = agents.follows_redirects(world)
        world.browser("mallory").open("https://as.example/authorize?client_id=https://mallory.example/x")
        assert (inside.done == ["off"]) is careless


def test_an_answer_of_somebody_else_is_refused(world):
    agents.ToolServer(world)
    answer = world.network.answers_at("https://as.example")

    def other(environ, start):
        def altered(status, headers, *more):
            return start(
                status,
                [(k, v.replace("iss=https%3A%2F%2Fas", "iss=https%3A%2F%2Fmallory")) for k, v in headers],
                *more,
            )

        return answer(environ, altered)

    world.network.replace("https://as.example", "Authorization server", other)
    assert "somebody else" in agents.connect(world).said
