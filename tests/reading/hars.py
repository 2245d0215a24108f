"""Recordings for the tests: entries as the programs write them."""

# ruff: noqa: E501
from __future__ import annotations

import json

START = "2026-01-01T00:00:{:02d}.000Z"


def entry(
    url,
    status=200,
    *,
    method="GET",
    headers=(),
    answer=(),
    form=None,
    body="",
    mime="text/html",
    at=0,
    **more,
):
    """An entry as Chromium writes it."""
    request = {
        "method": method,
        "url": url,
        "httpVersion": "http/2.0",
        "headers": [{"name": name, "value": value} for name, value in headers],
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": 0,
    }
    if form is not None:
        request["postData"] = {"mimeType": "application/x-www-form-urlencoded", "text": form}
    return {
        "startedDateTime": START.format(at),
        "time": 3.5,
        "request": request,
        "response": {
            "status": status,
            "statusText": "",
            "headers": [{"name": name, "value": value} for name, value in answer],
            "cookies": [],
            "content": {"size": len(body), "mimeType": mime, "text": body},
            "redirectURL": "",
        },
        "cache": {},
        "timings": {},
        **more,
    }


def har(entries, **more):
    return {"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "1"}, "pages": [], **more,
                    "entries": list(entries)}}  # fmt: skip


def write(path, document):
    path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return path


AS, APP, API = "https://login.example.com", "https://shop.example.net", "https://api.example.net"
SENT = "response_type=code&client_id=shop&scope=openid&redirect_uri=https%3A%2F%2Fshop.example.net%2Fcb"
PKCE = "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
"""RFC 7636 Appendix B."""
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
COOKIE = ("Set-Cookie", "sid=cookie-value-0001; Path=/; Secure; HttpOnly; SameSite=Lax")
FRAMED = (("X-Frame-Options", "DENY"), ("Content-Type", "text/html"))


def login(
    sent=f"{SENT}&state=xyzzy-state-1&nonce=noncense-1&{PKCE}",
    back="code=SplxlOBeZQQYbYS6WxSbIA&state=xyzzy-state-1",
):
    """A sound login at a server-side application, as far as the browser sees it."""
    return [
        entry(f"{APP}/login", 302, answer=[("Location", f"{AS}/authorize?{sent}"), COOKIE], at=0),
        entry(f"{AS}/authorize?{sent}", answer=FRAMED, at=1),
        entry(f"{AS}/login", 302, method="POST", form="username=alice%40mail.example&password=wonderland-42",
              answer=[("Location", f"{APP}/cb?{back}")], at=2),
        entry(f"{APP}/cb?{back}", 302, headers=[("Cookie", "sid=cookie-value-0001")], answer=[("Location", f"{APP}/")],
              at=3),
        entry(f"{APP}/", headers=[("Cookie", "sid=cookie-value-0001")], at=4),
    ]  # fmt: skip


def spa(
    token_answer,
    *,
    form=None,
    back="code=SplxlOBeZQQYbYS6WxSbIA&state=xyzzy-state-1",
    bearer=None,
    status=200,
):
    """A login of an application that lives in the browser: the token request is seen, too."""
    form = (
        form
        or f"grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA&redirect_uri=https%3A%2F%2Fshop.example.net%2Fcb&client_id=shop&code_verifier={VERIFIER}"
    )
    sent = f"{SENT}&state=xyzzy-state-1&nonce=noncense-1&{PKCE}"
    cors = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    found = [
        entry(f"{AS}/authorize?{sent}", 302, answer=[("Location", f"{APP}/cb?{back}")], at=1),
        entry(f"{APP}/cb?{back}", answer=[("Referrer-Policy", "no-referrer"), ("Content-Type", "text/html")], at=2),
        entry(f"{AS}/token", method="POST", form=form, answer=cors, body=json.dumps(token_answer), at=3,
              mime="application/json", _resourceType="fetch"),
    ]  # fmt: skip
    if bearer is not None:
        found.append(
            entry(f"{API}/notes", status, headers=[("Authorization", f"Bearer {bearer}")], at=4, body="[]",
                  mime="application/json", _resourceType="fetch")
        )  # fmt: skip
    return found
