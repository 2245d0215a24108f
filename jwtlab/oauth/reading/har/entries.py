"""One entry of a recording as a request and its answer, whichever program wrote it.

The programs differ: Firefox gives a form as ``params`` and Chromium as ``text``, Safari writes empty texts for
what it did not keep, Charles and mitmproxy write bodies in base64, some write headers as an object. Whatever is of the
wrong kind counts as not there.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urldefrag, urlencode, urlsplit

from jwtlab.oauth.http.messages import FORM, Pairs, Request, Response, header

LONGEST_BODY = 1024 * 1024
"""Bytes of a body that are kept; no message of a login is longer."""
_JOINED = re.compile(r"\n|,\s*(?=[!#$%&'*+.^_`|~\w-]+=)")
"""Between two cookies; the comma in a date stands before a number and no name."""
LONGEST_ADDRESS = 64 * 1024
_MOST_HEADERS = 200


@dataclass(frozen=True)
class Entry:
    """A request and its answer, as a recording has them.

    Attributes:
        request, response: what was said; the response is ``None`` if none came.
        at: when, in seconds since 1970; 0 if it is not said.
        fragment: what stood behind the ``#`` of the address, which only some programs write down.
        kind: what the browser wanted it for, where it says so: ``"document"``, ``"xhr"``, ``"image"`` …
        error: why no answer came, in the browser's words.
        comment: of whoever wrote the file; jwtlab itself notes who spoke to whom.
    """

    request: Request
    response: Response | None
    at: float
    fragment: str = ""
    kind: str = ""
    error: str = ""
    comment: str = ""


def read_entry(entry: Any) -> Entry | None:
    """An entry, or ``None`` if it holds no request to an http address.

    Args:
        entry: a member of ``log.entries``, of any kind.
    """
    entry = _object(entry)
    asked, got = _object(entry.get("request")), _object(entry.get("response"))
    url = _text(asked.get("url")).strip()
    address, fragment = urldefrag(_quoted(url[: LONGEST_ADDRESS + 1]))
    if not _is_http(address):
        return None
    headers = _headers(asked.get("headers"), _cookies(asked.get("cookies")), "cookie")
    headers, body = _posted(asked.get("postData"), headers, asked.get("_content"))
    request = Request(_text(asked.get("method")).upper()[:20] or "GET", address, headers, body)
    response = _response(got)
    return Entry(
        request,
        response,
        _seconds(entry.get("startedDateTime")),
        fragment,
        _text(entry.get("_resourceType")).lower()[:30],
        _text(got.get("_error") or got.get("_transferError") or entry.get("_error"))[:200],
        _text(entry.get("comment"))[:200],
    )


def _response(got: dict[str, Any]) -> Response | None:
    status = got.get("status")
    status = int(status) if isinstance(status, str) and status.isascii() and status.isdecimal() else status
    if not isinstance(status, int) or isinstance(status, bool) or not 100 <= status <= 599:
        return None
    headers = _headers(got.get("headers"), (), "")
    target = _text(got.get("redirectURL"))
    if target and 300 <= status < 400 and not header(headers, "location"):
        headers = (*headers, ("Location", _location(target)))
    content = _object(got.get("content"))
    mime = _text(content.get("mimeType"))[:200]
    if mime and not header(headers, "content-type"):
        headers = (*headers, ("Content-Type", mime))
    return Response(status, _reason(status), headers, _body(content.get("text"), content.get("encoding")))


def _reason(status: int) -> str:
    """The words of the standard: what stands in the file could be anything."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _posted(data: Any, headers: Pairs, kept_apart: Any = None) -> tuple[Pairs, bytes]:
    """The body of a request, or what HTTP Toolkit keeps beside it; with its type among the headers."""
    data = _object(data)
    kept_apart = _object(kept_apart)
    mime = _text(data.get("mimeType"))[:200]
    body = _body(data.get("text"), data.get("encoding")) or _body(
        kept_apart.get("text"), kept_apart.get("encoding")
    )
    if not body:
        params = data.get("params")
        pairs = [
            (_text(each.get("name")), _text(each.get("value")))
            for each in (params if isinstance(params, list) else [])[:_MOST_HEADERS]
            if isinstance(each, dict)
        ]
        # Charles and Safari give the fields decoded, and Firefox a text beside them.
        body = urlencode(pairs, errors="replace").encode()[:LONGEST_BODY] if pairs else b""
        mime = mime or (FORM if pairs else "")
    if mime and not header(headers, "content-type"):
        headers = (*headers, ("Content-Type", mime))
    return headers, body


def _body(text: Any, encoding: Any) -> bytes:
    """At most `LONGEST_BODY` bytes; a longer one is as good as none."""
    if not isinstance(text, str) or not text:
        return b""
    if isinstance(encoding, str) and encoding.lower() == "base64":
        if len(text) > LONGEST_BODY * 4 // 3 + 4:
            return b""
        try:
            octets = base64.b64decode(text, validate=False)
        except (binascii.Error, ValueError):
            return b""
    else:
        if len(text) > LONGEST_BODY:
            return b""
        octets = text.encode("utf-8", "replace")
    if octets.startswith(b"\x1f\x8b"):
        octets = _unpacked(octets)
    return octets if len(octets) <= LONGEST_BODY else b""


def _unpacked(octets: bytes) -> bytes:
    """Some proxies keep a body as it travelled; never more than is kept comes out of it."""
    try:
        return zlib.decompressobj(wbits=31).decompress(octets, LONGEST_BODY)
    except zlib.error:
        return b""


def _headers(found: Any, cookies: Pairs, cookie_header: str) -> Pairs:
    if isinstance(found, dict):
        found = [{"name": name, "value": value} for name, value in found.items()]
    pairs: list[tuple[str, str]] = []
    for each in (found if isinstance(found, list) else [])[:_MOST_HEADERS]:
        name, value = (_text(_object(each).get(part)) for part in ("name", "value"))
        if name and not name.startswith(":"):  # :authority and the like of HTTP/2
            # One header with several cookies: some programs join them with line breaks, others with commas.
            values = _JOINED.split(value) if name.lower() == "set-cookie" else [value]
            if name.lower() == "location":
                values = [_location(value)]
            pairs += [(name[:200], one.strip()[:LONGEST_ADDRESS]) for one in values]
    if cookies and cookie_header and not any(name.lower() == cookie_header for name, _ in pairs):
        pairs.append(("Cookie", "; ".join(f"{name}={value}" for name, value in cookies)))
    return tuple(pairs)


def _cookies(found: Any) -> Pairs:
    """Of a request; some programs list them apart, and leave the header away."""
    return tuple(
        (_text(each.get("name")), _text(each.get("value")))
        for each in (found if isinstance(found, list) else [])[:_MOST_HEADERS]
        if isinstance(each, dict) and _text(each.get("name"))
    )


def _location(value: str) -> str:
    """An address that everybody can take to pieces."""
    value = _quoted(value[:LONGEST_ADDRESS].strip())
    try:
        _ = urlsplit(value).port
    except ValueError:
        return "invalid-address"
    return value


def _quoted(address: str) -> str:
    """What no address contains is written with percent signs (RFC 3986 §2)."""
    return quote(address, safe="".join(chr(code) for code in range(0x21, 0x7F)))


def _is_http(address: str) -> bool:
    if not address.lower().startswith(("http://", "https://")) or len(address) > LONGEST_ADDRESS:
        return False
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return bool(parts.hostname)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _seconds(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e14:
        return value / 1000 if value > 1e11 else float(value)  # Unix time, in thousandths or in seconds
    try:
        return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else 0.0
    except (ValueError, OverflowError, OSError):
        return 0.0
