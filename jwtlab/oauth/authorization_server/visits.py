"""Browsers at the door: cookies, forms that cannot be forged, and what a person came for.

Two cookies: one for the browser, one for the log-in. Both are HttpOnly and SameSite=Lax, so no script reads
them, and no other site's form carries them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Response, g, request

from jwtlab.checks import Check, Policy
from jwtlab.errors import OAuthError
from jwtlab.jose import base64url
from jwtlab.oauth.authorization_server import answers, received
from jwtlab.oauth.protocol import PARAMETER_CHECKS, Parameters, refuse
from jwtlab.oauth.store import Record, fingerprint

if TYPE_CHECKING:
    from jwtlab.oauth.authorization_server.server import AuthorizationServer

SESSION_LIFETIME = 8 * 3600
INTERACTION_LIFETIME = 30 * 60
ANSWER_LIFETIME = 60
"""Seconds."""

FORM_FIELDS = frozenset(
    {
        *("interaction", "csrf_token"),  # in every form
        *("username", "password", "email", "code"),  # login
        *("decision", "user_code"),  # consent, devices
    }
)
"""What a form of ours may bring."""


@dataclass(frozen=True)
class Form:
    """A form that came back: the case of `FORM_CHECKS`."""

    server: AuthorizationServer
    parameters: Parameters
    origin: str | None
    browser: str | None

    @property
    def interaction(self) -> Record | None:
        return self.server.store.get("interaction", fingerprint(self.parameters.get("interaction", "")))


def _wrong_form(reason: str, **evidence: Any) -> Any:
    return refuse("invalid_request", f"{reason}. Go back to the application and start again", **evidence)


def interaction_known(case: Form) -> str:
    record = case.interaction
    if record is None or record["expires"] <= case.server.clock():
        raise _wrong_form("this page is no longer good")
    return ""


def same_browser(case: Form) -> str:
    record = case.interaction
    if record is not None and (case.browser is None or record["browser"] != fingerprint(case.browser)):
        raise _wrong_form("this page was opened in another browser")
    return ""


def form_token(case: Form) -> str:
    expected = csrf_token(case.browser or "", case.parameters.get("interaction", ""))
    if not hmac.compare_digest(expected.encode(), case.parameters.get("csrf_token", "").encode()):
        raise _wrong_form("this form was not made by our page", parameter="csrf_token")
    return ""


def same_origin(case: Form) -> str:
    if case.origin not in (None, case.server.issuer):
        raise _wrong_form("this form comes from another site", expected=case.server.issuer, found=case.origin)
    return ""


FORM_CHECKS = Policy(
    (
        *PARAMETER_CHECKS,
        Check(
            id="interaction-known",
            title="We asked for it",
            spec="",
            run=interaction_known,
            group="Form",
            purpose="A page from yesterday would act today.",
        ),
        Check(
            id="same-browser",
            title="It comes from the browser that we asked",
            spec="",
            run=same_browser,
            group="Form",
            purpose="Somebody else's page, finished by you, logs you in for them.",
        ),
        Check(
            id="form-token",
            title="It carries our page's secret",
            spec="RFC 6749 §10.12",
            run=form_token,
            group="Form",
            purpose="Another site could press Allow in your name.",
        ),
        Check(
            id="same-origin",
            title="No other site sent it",
            spec="RFC 6749 §10.12",
            run=same_origin,
            group="Form",
            purpose="Another site could press Allow in your name.",
        ),
    ),
    "form",
)
"""What is asked of every form before it counts."""


def csrf_token(browser: str, interaction: str) -> str:
    """Only who can read the cookie can make it, and other sites cannot."""
    return base64url.encode(
        hmac.digest(browser.encode(), interaction.encode("utf-8", "replace"), hashlib.sha256)
    )


def cookie_name(server: AuthorizationServer, name: str) -> str:
    """With the prefix that binds a cookie to this host and to TLS, where there is TLS."""
    return f"__Host-{name}" if server.is_secure else f"jwtlab-{name}"


def set_cookie(server: AuthorizationServer, response: Response, name: str, value: str) -> None:
    response.set_cookie(
        cookie_name(server, name), value, secure=server.is_secure, httponly=True, samesite="Lax", path="/"
    )


def clear_cookie(server: AuthorizationServer, response: Response, name: str) -> None:
    response.delete_cookie(
        cookie_name(server, name), secure=server.is_secure, httponly=True, samesite="Lax", path="/"
    )


def browser_id(server: AuthorizationServer) -> str:
    """The browser's own cookie; a new one is made, and set with the answer, if it has none."""
    known = request.cookies.get(cookie_name(server, "browser")) or g.get("new_browser")
    if known is None:
        known = g.new_browser = server.secret()
    return known


def current_session(server: AuthorizationServer) -> Record | None:
    """Who is logged in with this browser: sub, auth_time, amr, sid, clients; or ``None``."""
    cookie = g.get("new_session") or request.cookies.get(cookie_name(server, "session"))
    record = server.store.get("session", fingerprint(cookie)) if cookie else None
    return record if record is not None and record["expires"] > server.clock() else None


def log_in(server: AuthorizationServer, subject: str, amr: list[str]) -> Record:
    """A session under a new name, whatever cookie the browser came with (session fixation).

    Somebody who logs in again goes on with their session: the applications reached before belong to it, and
    have to hear of its end (OpenID Connect Back-Channel Logout §2.3). Somebody else ends it.
    """
    now = server.clock()
    before = current_session(server)
    if before is not None and before["sub"] != subject:
        server.end_session(before)
    with server.store.transaction():
        before = current_session(server)
        forget_session(server)
        cookie = g.new_session = server.secret()
        record: Record = {
            "sub": subject,
            "auth_time": int(now),
            "amr": amr,
            "sid": before["sid"] if before else server.secret(12),
            "name": fingerprint(cookie),
            "clients": before["clients"] if before else [],
            "grants": before["grants"] if before else [],
            "expires": now + SESSION_LIFETIME,
        }
        server.store.put("session", record["name"], record, record["expires"])
    return record


def forget_session(server: AuthorizationServer) -> None:
    cookie = request.cookies.get(cookie_name(server, "session"))
    if cookie:
        server.store.delete("session", fingerprint(cookie))


def remember(server: AuthorizationServer, session: Record, client_id: str, grant: str) -> bool:
    """Note which application this session reached, and what it was allowed, for log-out.

    Returns:
        ``False`` if the session has ended meanwhile.
    """
    with server.store.transaction():
        record = server.store.get("session", session["name"])
        if record is None:
            return False
        record["clients"] = [*dict.fromkeys([*record["clients"], client_id])]
        record["grants"].append(grant)
        server.store.put("session", session["name"], record, record["expires"])
    return True


def new_interaction(server: AuthorizationServer, what: Mapping[str, Any]) -> tuple[str, Record]:
    """What a browser came for, kept while the person logs in."""
    name, expires = server.secret(), server.clock() + INTERACTION_LIFETIME
    record: Record = {**what, "browser": fingerprint(browser_id(server)), "expires": expires}
    server.store.put("interaction", fingerprint(name), record, expires)
    return name, record


def received_form(server: AuthorizationServer) -> tuple[str, Record, Parameters]:
    """The form of this request, judged.

    Returns:
        The interaction's name, its record, and what was filled in.

    Raises:
        OAuthError: the form does not count.
    """
    parameters = received.form(FORM_FIELDS)
    browser = request.cookies.get(cookie_name(server, "browser"))
    case = Form(server, parameters, request.headers.get("Origin"), browser)
    server.decide("form", case)
    record = case.interaction
    if record is None:  # only where the check was taken out
        raise OAuthError("there is nothing to go on with")
    return parameters.get("interaction", ""), record, parameters


def finish(server: AuthorizationServer, interaction: str) -> None:
    """What the browser came for is answered with this response, and with no other one."""
    server.store.delete("interaction", fingerprint(interaction))
    g.finished = True


def answered_once(
    answer: Callable[[AuthorizationServer], Response],
) -> Callable[[AuthorizationServer], Response]:
    """An endpoint for forms at which a double click is one click.

    The browser shows the answer to its last request. So the same form, sent again by the same browser, gets
    the same answer again, for a minute and until the code in it has been redeemed. It is kept in
    memory and in no store, because a code in it is good for whoever reads it.
    """

    def once(server: AuthorizationServer) -> Response:
        browser = request.cookies.get(cookie_name(server, "browser"), "")
        form = fingerprint(f"{request.path} {browser} {request.get_data().decode('latin-1')}")
        with server.one_form:  # of two clicks at once, one comes first
            known = server.given_answers.get("answer", form)
            if known is not None and known["until"] > server.clock():
                if known["session"]:
                    g.new_session = known["session"]
                return answers.Literal(known["body"], known["status"], known["headers"])
            g.form = form
            response = answer(server)
            if "finished" in g:
                until = server.clock() + ANSWER_LIFETIME
                record = {
                    "until": until,
                    "session": g.get("new_session"),
                    "body": response.get_data(as_text=True),
                    "status": response.status_code,
                    "headers": [list(pair) for pair in response.headers],
                }
                server.given_answers.put("answer", form, record, until)
        return response

    return once


def hidden_fields(server: AuthorizationServer, interaction: str) -> dict[str, str]:
    """What a form has to carry."""
    return {"interaction": interaction, "csrf_token": csrf_token(browser_id(server), interaction)}


def with_cookies(server: AuthorizationServer, response: Response) -> Response:
    """Set the cookies that this request made."""
    if "new_browser" in g:
        set_cookie(server, response, "browser", g.new_browser)
    if "new_session" in g:
        set_cookie(server, response, "session", g.new_session)
    return response
