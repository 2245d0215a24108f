"""Which messages of a recording belong to a login; a page brings a hundred others along."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from jwtlab.oauth.http.messages import Response, header
from jwtlab.oauth.reading.har.entries import Entry

MOST_MESSAGES = 400
"""More than this nobody looks at."""

_FILES = re.compile(
    r"\.(?:css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|otf|mp4|webm|mp3|wasm)$", re.IGNORECASE
)
_NOISE = re.compile(
    r"^(?:image/|font/|video/|audio/|text/css|(?:text|application)/(?:x-)?javascript|application/wasm)"
)
_NOISY_KINDS = frozenset(
    {"image", "stylesheet", "script", "font", "media", "manifest", "ping", "texttrack", "preflight"}
)
_PARAMETERS = frozenset(
    {
        *("response_type", "code_challenge", "grant_type", "redirect_uri", "id_token", "access_token"),
        *("id_token_hint", "logout_token", "request_uri", "device_code", "user_code", "client_assertion"),
        *("subject_token", "refresh_token", "post_logout_redirect_uri"),
    }
)
_MEMBERS = re.compile(
    rb'"(?:access_token|id_token|refresh_token|issuer|jwks_uri|keys|device_code|request_uri|error)"\s*:'
)
_TOKEN = re.compile(rb"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.")
_PATHS = ("/.well-known/", "/userinfo")


def of_the_login(entries: Iterable[Entry]) -> tuple[list[Entry], int]:
    """The messages that a reader wants to see, and how many were left out.

    Those that speak OAuth are kept, and the pages and redirects at the same addresses.

    Args:
        entries: all of a recording.
    """
    shown: list[tuple[Entry, bool]] = []
    left_out = 0
    for entry in entries:
        speaks = speaks_oauth(entry)
        room = len(shown) < 5 * MOST_MESSAGES or (speaks and is_step(entry))
        if (speaks or is_page(entry)) and room:
            shown.append((entry, speaks))
        else:
            left_out += 1
    homes = {origin for entry, speaks in shown if speaks for origin in _origins(entry)}
    kept = [entry for entry, speaks in shown if speaks or not homes.isdisjoint(_origins(entry)[:1])]
    left_out += len(shown) - len(kept) + max(0, len(kept) - MOST_MESSAGES)
    return _most_telling(kept), left_out


def _most_telling(kept: list[Entry]) -> list[Entry]:
    """Of too many messages the steps of the logins, and then whatever comes first: calls of an API have no end."""
    if len(kept) <= MOST_MESSAGES:
        return kept
    steps = [place for place, entry in enumerate(kept) if is_step(entry)][:MOST_MESSAGES]
    others = sorted(set(range(len(kept))) - set(steps))
    return [kept[place] for place in sorted([*steps, *others[: MOST_MESSAGES - len(steps)]])]


def is_step(entry: Entry) -> bool:
    """Is it a step of a login, and not only a call that shows a token?"""
    target = _split(entry.response.location) if entry.response is not None else ("", "")
    sent = {name for name, _ in (*entry.request.parameters, *parse_qsl(entry.fragment))}
    led = {name for name, _ in (*parse_qsl(target[0]), *parse_qsl(target[1]))}
    return any(
        names & (_PARAMETERS - {"access_token"}) or names >= {"code", "state"} or names >= {"error", "state"}
        for names in (sent, led)
    )


def speaks_oauth(entry: Entry) -> bool:
    """Is it a message of OAuth, or does it carry a token?"""
    request, response = entry.request, entry.response
    if is_file(entry):
        return False
    names = {name for name, _ in request.parameters} | {name for name, _ in parse_qsl(entry.fragment)}
    if names & _PARAMETERS or {"code", "state"} <= names or {"error", "state"} <= names:
        return True
    if any(each in request.path for each in _PATHS):
        return True
    scheme = header(request.headers, "authorization").partition(" ")[0].lower()
    if scheme in ("bearer", "dpop") or header(request.headers, "dpop"):
        return True
    if _TOKEN.search(request.url.encode("utf-8", "replace")) or _TOKEN.search(request.body):
        return True
    return response is not None and _answers_oauth(response)


def _answers_oauth(response: Response) -> bool:
    target = _split(response.location)
    names = {name for name, _ in (*parse_qsl(target[0]), *parse_qsl(target[1]))}
    if names & _PARAMETERS or {"code", "state"} <= names or "error" in names:
        return True
    if "bearer" in header(response.headers, "www-authenticate").lower():
        return True
    kind = header(response.headers, "content-type").lower()
    return "json" in kind and bool(_MEMBERS.search(response.body) or _TOKEN.search(response.body))


def is_file(entry: Entry) -> bool:
    """A picture, a script, a style: part of a page, and no message of its own."""
    if entry.kind in _NOISY_KINDS or entry.request.method == "OPTIONS":
        return True
    kind = header(entry.response.headers, "content-type").lower() if entry.response is not None else ""
    return bool(_NOISE.match(kind)) or (bool(_FILES.search(entry.request.path)) and "json" not in kind)


def is_page(entry: Entry) -> bool:
    """Does the browser go somewhere with it?"""
    if is_file(entry):
        return False
    if entry.kind:
        return entry.kind in ("document", "other", "navigation")
    if header(entry.request.headers, "sec-fetch-mode"):
        return header(entry.request.headers, "sec-fetch-mode") == "navigate"
    if entry.response is None:
        return False
    redirect = 300 <= entry.response.status < 400
    return redirect or "html" in header(entry.response.headers, "content-type").lower()


def _origins(entry: Entry) -> tuple[str, ...]:
    """Where it goes, and where the answer sends the browser."""
    found = [origin(entry.request.url)]
    if entry.response is not None and entry.response.location.startswith("http"):
        found.append(origin(entry.response.location))
    found += [origin(value) for name, value in entry.request.parameters if name == "redirect_uri"]
    return tuple(each for each in found if each)


_PORTS = {"http": 80, "https": 443}


def origin(url: str) -> str:
    """Scheme, host and port (RFC 6454 §4); empty for what has none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    shown = "" if port in (None, _PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{shown}"


def _split(location: str) -> tuple[str, str]:
    try:
        parts = urlsplit(location)
    except ValueError:
        return "", ""
    return parts.query, parts.fragment
