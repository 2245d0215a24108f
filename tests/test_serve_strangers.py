"""jwtlab serve and clients that nobody registered; further APIs."""

from __future__ import annotations

import httpx
import pytest
from serving import client_of, serving

from jwtlab.cli import main
from jwtlab.served import Options, Served

TOOLS = "http://127.0.0.1:8000/mcp"


@pytest.fixture(scope="module")
def told():
    with serving("--port", "0", "--resource", f"{TOOLS}=tools:use,tools:list") as (_, described):
        yield described


def test_it_admits_strangers_and_says_so(told):
    with httpx.Client(trust_env=False) as http:
        said = http.get(f"{told['issuer']}/.well-known/oauth-authorization-server").json()
        assert said["client_id_metadata_document_supported"] is True
        metadata = {"client_name": "Agent", "redirect_uris": ["http://127.0.0.1/callback"]}
        answer = http.post(said["registration_endpoint"], json=metadata)
        assert answer.status_code == 201
        assert "tools:use" in answer.json()["scope"].split()


def test_nobody_sends_it_into_its_own_network(told):
    """Nothing listens there, and nothing is asked: the address itself is refused."""
    with httpx.Client(trust_env=False) as http:
        pages = []
        for client_id in (
            "https://127.0.0.1/client.json",
            "https://localhost/client.json",
            "https://10.0.0.5/x",
        ):
            answer = http.get(f"{told['issuer']}/authorize", params={"client_id": client_id})
            assert answer.status_code == 400
            pages.append(answer.text)
    assert "fetches nothing from that address" in pages[0]
    assert len(set(pages)) == 1


def test_its_api_describes_itself(told):
    with httpx.Client(trust_env=False) as http:
        challenge = http.get(f"{told['api']}/notes").headers["WWW-Authenticate"]
        where = f"{told['issuer']}/.well-known/oauth-protected-resource/api"
        assert f'resource_metadata="{where}"' in challenge
        assert http.get(where).json()["resource"] == told["api"]


def test_a_further_api_is_known_and_can_trade(told):
    mine = client_of(told, "resource-1")
    assert (mine["resource"], len(mine["client_secret"]) > 30) == (TOOLS, True)
    assert "notes:read" in mine["scope"].split()


@pytest.mark.parametrize(
    "given", ["http://x", "http://x=", "=a", "x=a", "http://x#y=a", "http://x=a b", "http://x=a,,b"]
)
def test_resources_that_are_none(given, capsys):
    assert main(["serve", "--resource", given]) != 0
    assert "--resource wants URL=SCOPE" in capsys.readouterr().err


def test_with_people_of_one_s_own_only_if_it_is_said(tmp_path):
    people = tmp_path / "people.toml"
    people.write_text("")
    assert main(["serve", "--people", str(people), "--add-person", "dora"]) == 0
    for strangers in (False, True):
        served = Served("http://127.0.0.1:1", Options(people=people, strangers=strangers))
        assert ("registration_endpoint" in served.server.metadata) == strangers
        assert (served.server.documents is not None) == strangers
        served.close()
