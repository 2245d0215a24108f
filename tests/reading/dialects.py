"""One recording as other programs would have written it: the shapes are theirs, the messages are the same."""

from __future__ import annotations

import base64
import copy
from urllib.parse import parse_qsl, urlsplit


def _each(entries, change):
    fresh = copy.deepcopy(entries)
    for number, entry in enumerate(fresh):
        change(number, entry, entry["request"], entry["response"])
    return fresh


def _take(headers, name):
    found = [each["value"] for each in headers if each["name"].lower() == name]
    headers[:] = [each for each in headers if each["name"].lower() != name]
    return found


def _fields(request):
    text = request.get("postData", {}).get("text", "")
    return [{"name": name, "value": value} for name, value in parse_qsl(text, keep_blank_values=True)]


def firefox(entries):
    """Fields beside the text, redirectURL, times of the machine's own zone, no text for a redirect."""

    def change(number, entry, request, response):
        entry["startedDateTime"] = entry["startedDateTime"].replace("00:00:", "02:00:").replace("Z", "+02:00")
        entry["_securityState"], entry["pageref"] = "secure", "page_1"
        request["httpVersion"] = "HTTP/2"
        if "postData" in request:
            request["postData"]["params"] = _fields(request)
        for name in _take(request["headers"], "cookie"):
            request["cookies"] = [
                dict(zip(("name", "value"), each.split("=", 1), strict=True)) for each in name.split("; ")
            ]
        response["redirectURL"] = next(
            (each["value"] for each in response["headers"] if each["name"] == "Location"), ""
        )
        if 300 <= response["status"] < 400:
            response["content"] = {"mimeType": "text/html; charset=utf-8", "size": 0}

    return _each(entries, change)


def chromium(entries):
    """Names of HTTP/2 among the headers, small letters, where a request came from."""

    def change(number, entry, request, response):
        parts = urlsplit(request["url"])
        request["headers"] = [
            {"name": ":authority", "value": parts.netloc},
            {"name": ":method", "value": request["method"]},
            {"name": ":path", "value": parts.path},
            *({"name": each["name"].lower(), "value": each["value"]} for each in request["headers"]),
        ]
        response["headers"] = [
            {"name": each["name"].lower(), "value": each["value"]} for each in response["headers"]
        ]
        entry["_initiator"] = {"type": "other", "url": "https://shop.example.net/?secret=of-the-initiator"}
        entry["_webSocketMessages"] = [
            {"type": "send", "time": 1.5, "opcode": 1, "data": "secret-of-the-socket"}
        ]
        request["queryString"] = [{"name": n, "value": v} for n, v in parse_qsl(parts.query)]

    return _each(entries, change)


def safari(entries):
    """Nothing for what was not kept: no bodies of redirects, empty texts, sizes of -1."""

    def change(number, entry, request, response):
        entry["_fetchType"], entry["_priority"] = "Network Load", "high"
        response["content"].pop("text" if not response["content"]["text"] else "compression", None)
        response["statusText"] = None
        response["bodySize"] = request["bodySize"] = -1
        if 300 <= response["status"] < 400:
            response["redirectURL"] = _take(response["headers"], "location")[0]
            response["content"] = {"size": 0, "mimeType": ""}

    return _each(entries, change)


def charles(entries):
    """Bodies in base64, fields decoded and no text, every header of every kind."""

    def change(number, entry, request, response):
        if "postData" in request:
            request["postData"] = {"mimeType": request["postData"]["mimeType"], "params": _fields(request)}
        text = response["content"].get("text", "")
        response["content"] |= {"text": base64.b64encode(text.encode()).decode(), "encoding": "base64"}
        request["headers"].insert(0, {"name": ":scheme", "value": "https"})
        entry["serverIPAddress"], entry["timings"] = "192.0.2.7", {"connect": None, "send": -1}

    return _each(entries, change)


def mitmproxy(entries):
    """Text and fields; cookies of both sides apart as well; times to the millionth."""

    def change(number, entry, request, response):
        entry["startedDateTime"] = entry["startedDateTime"].replace(".000Z", ".000000+00:00")
        if "postData" in request:
            request["postData"]["params"] = _fields(request)
        response["cookies"] = [{"name": "sid", "value": "cookie-value-0001", "path": "/", "domain": ""}]
        response["redirectURL"] = next(
            (each["value"] for each in response["headers"] if each["name"] == "Location"), ""
        )
        response["content"] |= {"compression": 0}
        entry["connection"], entry["cache"] = "", {}

    return _each(entries, change)


def insomnia(entries):
    """Hardly more than what was sent: no sizes, no cache, no timings; time in thousandths."""

    def change(number, entry, request, response):
        for name in ("cache", "timings", "time"):
            entry.pop(name, None)
        entry["startedDateTime"] = 1767225600000 + 1000 * number
        for name in ("headersSize", "bodySize", "cookies", "queryString", "httpVersion"):
            request.pop(name, None)
        if "postData" in request:
            request["postData"] = {"mimeType": request["postData"]["mimeType"], "params": _fields(request)}
        response.pop("redirectURL"), response.pop("cookies")

    return _each(entries, change)


def http_toolkit(entries):
    """A body that it does not read lies apart; what was not answered has the status 0."""

    def change(number, entry, request, response):
        if "postData" in request:
            text = request.pop("postData")["text"]
            request["_requestBodyStatus"] = "discarded:not-representable"
            request["_content"] = {
                "text": base64.b64encode(text.encode()).decode(),
                "encoding": "base64",
                "size": 1,
            }
            request["headers"].append({"name": "content-type", "value": "application/x-www-form-urlencoded"})

    fresh = _each(entries, change)
    silent = copy.deepcopy(fresh[0])
    silent["response"] = {
        "status": 0,
        "headers": [],
        "content": {},
        "_transferError": "aborted",
        "redirectURL": "",
    }
    silent["request"]["url"] = "https://metrics.example/collect"
    return [*fresh, silent]


def joined(entries):
    """Some programs write several Set-Cookie into one header, with commas; times are missing here and there."""

    def change(number, entry, request, response):
        found = _take(response["headers"], "set-cookie")
        more = (
            "old=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax"
        )
        if found:
            response["headers"].append({"name": "set-cookie", "value": ", ".join([*found, more])})
        if number % 2:
            entry.pop("startedDateTime")

    return _each(entries, change)


DIALECTS = [firefox, chromium, safari, charles, mitmproxy, insomnia, http_toolkit, joined]
