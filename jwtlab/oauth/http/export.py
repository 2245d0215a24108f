"""A record for other tools: HAR, and a sequence diagram in Mermaid's notation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from jwtlab.oauth.http.addresses import split
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import Pairs, Response, header, text


def mermaid(parties: Iterable[str], messages: Iterable[tuple[Exchange, bool]]) -> str:
    """A sequence diagram.

    Args:
        parties: in the order in which they stand.
        messages: requests (``True``) and answers (``False``), in order.
    """
    names = {name: f"p{index}" for index, name in enumerate(parties)}
    lines = [
        "sequenceDiagram",
        *(f"    participant {key} as {_plain(name)}" for name, key in names.items()),
    ]
    for each, asks in messages:
        one, other = names[each.sender], names[each.receiver]
        if asks:
            what = f"{each.number} {_plain(each.request.method)} {_plain(each.request.path)}"
            lines.append(f"    {one}->>{other}: {what}")
        else:
            answer = "no answer" if each.response is None else _answer(each.response)
            lines.append(f"    {other}-->>{one}: {each.number} {_plain(answer)}")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Text that means nothing to Mermaid: no line breaks, no semicolon, no hash, no angle brackets."""
    return re.sub(r"[^\w /.,:()=?&%@~+-]", " ", text)[:80]


def _answer(response: Response) -> str:
    where = f" to {split(response.location).path or '/'}" if response.location else ""
    return f"{response.status} {response.reason}{where}".strip()


def har_entry(each: Exchange) -> dict[str, Any]:
    """An entry of an HTTP Archive 1.2."""
    request, response = each.request, each.response
    sent: dict[str, Any] = {
        "method": request.method,
        "url": request.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _har_pairs(request.headers),
        "queryString": _har_pairs(request.query),
        "headersSize": -1,
        "bodySize": len(request.body),
    }
    if request.body:
        sent["postData"] = {
            "mimeType": header(request.headers, "content-type"),
            "params": _har_pairs(request.form),
            "text": text(request.body),
        }
    got = response or Response(0, "no answer")
    return {
        "startedDateTime": datetime.fromtimestamp(each.at, UTC).isoformat(),
        "time": 0,
        "request": sent,
        "response": {
            "status": got.status,
            "statusText": got.reason,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _har_pairs(got.headers),
            "content": {
                "size": len(got.body),
                "mimeType": header(got.headers, "content-type"),
                "text": text(got.body),
            },
            "redirectURL": got.location,
            "headersSize": -1,
            "bodySize": len(got.body),
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "comment": f"{each.sender} → {each.receiver}",
    }


def _har_pairs(pairs: Pairs) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]
