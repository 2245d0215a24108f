"""A refresh token that rotates, in two hands: who notices, and when (RFC 9700 §4.14.2)."""

from __future__ import annotations

from jwtlab.oauth.browser_app.application import PUBLIC
from jwtlab.oauth.browser_app.catalogue import PlayedCase
from jwtlab.oauth.browser_app.playing import prepare
from jwtlab.oauth.http.messages import Request
from jwtlab.oauth.web import Reply


def stolen_refresh_token(page_goes_on: bool) -> list[tuple[str, str]]:
    """Mallory has carried off the page's refresh token, and uses it three times, half an hour between.

    Args:
        page_goes_on: Alice keeps the page open, so that it refreshes too; otherwise she has closed it.

    Returns:
        Who asked for new tokens, and what they got.
    """
    played = prepare(PlayedCase("local-storage", "what-is-kept by note"))
    window, stage = played.browser.open(played.stage.places.app), played.stage
    hers = pages = window.local_storage["refresh_token"]
    said: list[tuple[str, str]] = []
    for _ in range(3):
        played.wait(30 * 60)
        sent = Request.make("POST", f"{stage.places.issuer}/token", form=_form(hers))
        answer = stage.network.deliver("Mallory", sent.to_httpx())
        said.append(("Mallory", _in_words(answer.status_code, answer.text)))
        hers = answer.json().get("refresh_token", hers)
        if page_goes_on:
            reply: Reply = window.fetch(f"{stage.places.issuer}/token", "POST", form=_form(pages))
            said.append(("the page", _in_words(reply.status, reply.text)))
            pages = reply.json().get("refresh_token", pages)
    return said


def _form(token: str) -> dict[str, str]:
    return {"grant_type": "refresh_token", "client_id": PUBLIC, "refresh_token": token}


def _in_words(status: int, text: str) -> str:
    return (
        "new tokens"
        if status == 200
        else f"refused, {status}" + (": invalid_grant" if "invalid_grant" in text else "")
    )
