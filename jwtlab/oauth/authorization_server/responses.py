"""How the server answers: JSON, errors in the protocol's words, redirects with parameters, pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, jsonify, make_response
from werkzeug.datastructures import Headers

from jwtlab.errors import JwtlabError, OAuthError
from jwtlab.names import unmasked_page
from jwtlab.oauth.http import templates

UNAUTHORIZED = frozenset({"invalid_client", "invalid_token", "invalid_dpop_proof"})


def json_answer(body: Mapping[str, Any], status: int = 200) -> Response:
    """JSON that no cache keeps (RFC 6749 §5.1)."""
    response = make_response(jsonify(body), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response


def json_error(error: JwtlabError, fallback: str = "invalid_request", realm: str = "") -> Response:
    """An error as RFC 6749 §5.2 wants it.

    Args:
        error: what happened.
        fallback: the code for an error that has none of its own.
        realm: for the challenge that goes with 401.
    """
    code = error.code if isinstance(error, OAuthError) else fallback
    status = error.status if isinstance(error, OAuthError) else 400
    if code == "invalid_client":
        status = 401
    response = json_answer({"error": code, "error_description": plain(str(error))}, status)
    if status == 401:
        response.headers["WWW-Authenticate"] = f'Basic realm="{realm}"'
    return response


def plain(text: str) -> str:
    """What may stand in error_description: printable ASCII without double quotes and backslashes (RFC 6749 §5.2)."""
    text = text.replace("§", "section ").replace('"', "'")
    return "".join(each for each in text if " " <= each <= "~" and each != "\\")[:400]


def with_parameters(uri: str, parameters: Mapping[str, str], *, fragment: bool = False) -> str:
    """The address, to the letter, with parameters added to its query (RFC 6749 §4.1.2) or as its fragment (§4.2.2)."""
    added = urlencode(parameters)
    if fragment:
        return f"{uri}#{added}"
    if "?" not in uri:
        return f"{uri}?{added}"
    return f"{uri}{added}" if uri.endswith(("?", "&")) else f"{uri}&{added}"


class Literal(Response):
    """A response whose ``Location`` is sent as it is: the framework would write ``app:///callback`` anew."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        headers = super().get_wsgi_headers(environ)
        if "Location" in self.headers:
            headers["Location"] = self.headers["Location"]
        return headers


def redirect(uri: str) -> Response:
    """303: whatever the request was, go on with GET, so that no form travels on (RFC 9700 §4.12)."""
    response = Literal("", 303, content_type="text/html; charset=utf-8")
    response.headers["Location"] = uri
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def page(
    template: str, status: int = 200, scripts: Iterable[str] = (), framed: bool = False, **values: Any
) -> Response:
    """A page that cannot be framed (RFC 9700 §4.16), cached, or read by the next site in ``Referer`` (§4.2.4).

    Its own forms have to say where they come from: with ``no-referrer`` a browser would send ``Origin: null``
    even to the page's own server (Fetch standard, "append a request Origin header"), and they would be refused.

    Args:
        template: its file.
        status: the HTTP status.
        scripts: hashes of the scripts in it; without them none runs.
        framed: it may stand in another site's frame all the same: there is nothing on it to be pressed.
        values: for the template.
    """
    response = make_response(unmasked_page(templates.render(template, **values)), status)
    allowed = " ".join(f"'{each}'" for each in scripts) or "'none'"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src {allowed}; "
        "base-uri 'none'" + ("" if framed else "; frame-ancestors 'none'")
    )
    if not framed:
        response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


def error_page(error: JwtlabError, status: int | None = None) -> Response:
    """An error that is shown to the person, not sent on (RFC 6749 §4.1.2.1)."""
    if status is None:
        status = error.status if isinstance(error, OAuthError) else 400
    code = error.code if isinstance(error, OAuthError) else "invalid_request"
    return page("error.html", status, code=code, reason=str(error))
