"""Client credentials: a service speaks for itself (RFC 6749 §4.4)."""

from __future__ import annotations

from jwtlab.errors import UsageError
from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.http.steps import Steps, call
from jwtlab.oauth.world import API, ISSUER, World


def token_request(world: World, client_id: str, form: dict[str, str]) -> Request:
    """A request to the token endpoint with a client's credentials."""
    return world.credentials[client_id].post(
        f"{ISSUER}/token", form, issuer=ISSUER, now=world.clock(), jti=world.secret
    )


def api_request(token: object, path: str = "/notes", api: str = API) -> Request:
    """A request to an API with an access token (RFC 6750 §2.1)."""
    return Request.make("GET", f"{api}{path}", headers={"Authorization": f"Bearer {token}"})


def member(answer: Response, name: str) -> str:
    """A member of a JSON answer; empty if it is not there, as in an error."""
    return str(answer.json.get(name, "")) if isinstance(answer.json, dict) else ""


def needed(answer: Response, name: str) -> str:
    """A member of a JSON answer without which an honest client cannot go on.

    Raises:
        UsageError: it is not there. The flow ends with this sentence.
    """
    found = member(answer, name)
    if not found:
        raise UsageError(f"The answer ({answer.status}) brings no {name}, so there is nothing to go on with.")
    return found


def client_credentials(world: World, client_id: str = "report-service") -> Steps[Response]:
    """A nightly report reads the API; no person is there.

    Args:
        world: where it happens.
        client_id: ``"report-service"`` (a secret), or ``"crm-sync"`` (a key of its own, ``private_key_jwt``).

    Returns:
        The API's answer.
    """
    name = world.server.clients[client_id].name
    answer = yield from call(
        name,
        token_request(world, client_id, {"grant_type": "client_credentials", "scope": "notes:read"}),
        "The service asks for a token in its own name, and shows who it is.",
        "RFC 6749 §4.4.2",
    )
    return (
        yield from call(
            name,
            api_request(needed(answer, "access_token")),
            "The service uses the token. When it has expired, it asks for another: there is no refresh token.",
            "RFC 6749 §4.4.3, RFC 6750 §2.1",
        )
    )
