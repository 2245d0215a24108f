"""Cross-Origin Resource Sharing: may a script read an answer of another origin? (Fetch standard, "CORS protocol".)

The request mostly goes out all the same. Only a request that no form could make is announced first, by a preflight
("CORS-preflight fetch"): then a refusal keeps it at home.
"""

from __future__ import annotations

from collections.abc import Mapping

from jwtlab.oauth.web.rules import Blocked

SIMPLE_METHODS = ("GET", "HEAD", "POST")
SIMPLE_HEADERS = ("accept", "accept-language", "content-language", "content-type")
BROWSERS_OWN = ("content-length", "cookie", "host", "origin", "referer", "user-agent")
"""Set by the browser, whatever a script wants (some of the "forbidden request-headers"); nobody is asked about them."""

SIMPLE_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
READABLE_HEADERS = (
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
)


def unsafe_headers(headers: Mapping[str, str]) -> tuple[str, ...]:
    """The headers that no form could send ("CORS-unsafe request-header names"), in small letters."""
    found = [name.lower() for name in headers if name.lower() not in (*SIMPLE_HEADERS, *BROWSERS_OWN)]
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    if kind and kind.partition(";")[0].strip().lower() not in SIMPLE_TYPES:
        found.append("content-type")
    return tuple(sorted(set(found)))


def needs_preflight(method: str, headers: Mapping[str, str]) -> bool:
    """Could a plain form not have made this request?"""
    return method not in SIMPLE_METHODS or bool(unsafe_headers(headers))


def check(answer: Mapping[str, str], origin: str, credentials: bool) -> None:
    """May this origin read the answer ("CORS check")?

    Args:
        answer: its headers, names in small letters.
        origin: who asks.
        credentials: cookies went along.

    Raises:
        Blocked: it may not.
    """
    allowed = answer.get("access-control-allow-origin")
    if allowed == "*" and not credentials:
        return
    if allowed != origin:
        shown = (
            "no Access-Control-Allow-Origin" if allowed is None else f"Access-Control-Allow-Origin: {allowed}"
        )
        raise Blocked("CORS", f"the answer says {shown}, and {origin} asks")
    if credentials and answer.get("access-control-allow-credentials") != "true":
        raise Blocked(
            "CORS", "cookies went along, and the answer does not say Access-Control-Allow-Credentials: true"
        )


def check_preflight(
    status: int,
    answer: Mapping[str, str],
    origin: str,
    credentials: bool,
    method: str,
    headers: Mapping[str, str],
) -> None:
    """May the request that was announced be sent ("CORS-preflight fetch")?

    Raises:
        Blocked: it may not.
    """
    check(answer, origin, credentials)
    if not 200 <= status < 300:
        raise Blocked("CORS", f"the preflight was answered with {status}")
    methods, names = (_listed(answer, f"access-control-allow-{each}") for each in ("methods", "headers"))
    star = not credentials
    if method not in SIMPLE_METHODS and method not in methods and not (star and "*" in methods):
        raise Blocked("CORS", f"the preflight does not allow {method}")
    small = {each.lower() for each in names}
    for each in unsafe_headers(headers):
        # A star does not cover Authorization, which has to be named.
        if each not in small and not (star and "*" in small and each != "authorization"):
            raise Blocked("CORS", f"the preflight does not allow the header {each}")


def _listed(answer: Mapping[str, str], name: str) -> set[str]:
    return {each.strip() for each in answer.get(name, "").split(",") if each.strip()}
