"""Protected resource metadata (RFC 9728): an API says where its tokens come from."""

from __future__ import annotations

import pytest
from driving import AS

from jwtlab.oauth.resource_server.metadata import metadata_address


def test_the_api_names_its_metadata(place):
    bare = place.http.get("https://api.example/notes")
    where = "https://api.example/.well-known/oauth-protected-resource"
    assert f'resource_metadata="{where}"' in bare.headers["WWW-Authenticate"]
    answer = place.http.get(where)
    told = answer.json()
    assert (told["resource"], told["authorization_servers"]) == ("https://api.example", [AS])
    assert "notes:read" in told["scopes_supported"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("resource", "where"),
    [
        ("https://a.example", "https://a.example/.well-known/oauth-protected-resource"),
        ("https://a.example/", "https://a.example/.well-known/oauth-protected-resource"),
        ("https://a.example/mcp", "https://a.example/.well-known/oauth-protected-resource/mcp"),
        ("https://a.example:8/x/y?z=1", "https://a.example:8/.well-known/oauth-protected-resource/x/y?z=1"),
    ],
)
def test_where_metadata_is(resource, where):
    assert metadata_address(resource) == where
