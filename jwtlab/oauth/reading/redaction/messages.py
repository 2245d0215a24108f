"""A whole trace with its secrets replaced."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import Pairs, Request, Response, header, text
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.protocol import basic_credentials
from jwtlab.oauth.reading.redaction import names
from jwtlab.oauth.reading.redaction.addresses import SECRET_LIKE, address, name_of
from jwtlab.oauth.reading.redaction.tokens import COMPACT, claim, key_shown, token, word
from jwtlab.oauth.reading.redaction.values import StandIns

PROTOCOL_WORDS = re.compile(
    r"\b(?:redirect[_ ]ur[il](?:[_ ]mismatch)?|unauthorized_client|access_denied|"
    r"invalid_(?:request(?:_uri|_object)?|client(?:_metadata)?|grant|scope|token|target|state|nonce|redirect_uri|"
    r"dpop_proof|authorization_details)|unsupported_(?:response_type|grant_type|token_type)|"
    r"mismatching[_ ]state|state mismatch|csrf|login_required|consent_required|server_error|nonce|code_verifier|"
    r"expired|id_token)\b",
    re.IGNORECASE,
)
"""What is kept of a page: the words in it that are the protocol's."""
_LEFT_OUT = "left out"
_CHALLENGE_PARAMETER = re.compile(r'(\w+)="?([^",]*)"?')


def redacted(trace: Trace) -> Trace:
    """The same trace without secrets, tokens, cookies and people; equal values stay equal.

    Args:
        trace: of a recording. Reports and sentences that came with it are dropped: they may name values.
    """
    known = StandIns()
    known.clients.update(_clients(trace))
    challenges = {
        value for each in trace for name, value in each.request.parameters if name == "code_challenge"
    }
    for each in trace:
        for name, value in each.request.parameters:
            if name == "code_verifier":
                known.pair(value, challenges)
    for _ in range(2):  # the first time learns what is secret; the second finds it wherever it stands
        shown = [_exchange(each, known) for each in trace]
    return Trace(shown)


def _clients(trace: Trace) -> Iterator[str]:
    """The names of applications; any other name in front of a password is somebody's (RFC 6749 §2.3.1)."""
    for each in trace:
        parameters = dict(each.request.parameters)
        if "client_id" in parameters:
            yield parameters["client_id"]
        if parameters.keys() & {"grant_type", "token", "request", "response_type", "client_assertion"}:
            basic = basic_credentials(header(each.request.headers, "authorization"))
            if basic is not None:
                yield basic[0]


def _exchange(each: Exchange, known: StandIns) -> Exchange:
    request = _request(each.request, known)
    response = None if each.response is None else _response(each.response, known)
    return replace(each, request=request, response=response, reports=(), says="", spec="")


def _request(request: Request, known: StandIns) -> Request:
    shown = _parameters(request.parameters, known)
    return Request(
        request.method,
        address(request.url, known, shown),
        _headers(request.headers, known, shown),
        _body(request.headers, request.body, known, shown),
    )


def _response(response: Response, known: StandIns) -> Response:
    shown = _parameters((), known)
    return Response(
        response.status,
        response.reason,
        _headers(response.headers, known, shown),
        _body(response.headers, response.body, known, shown),
    )


def _parameters(together: Iterable[tuple[str, str]], known: StandIns) -> Callable[[str, str], str]:
    """How a parameter is shown; half hashes in an ID token are of what came along with it."""
    seen = dict(together)

    def shown(name: str, value: str) -> str:
        if name in names.PARAMETERS:
            return word(name, value, known)
        if name in names.ADDRESSES:
            return address(value, known, shown)
        if name in names.SENTENCES:
            return _sentence(value, known)
        if name == "response" and "=" in value:  # what a page found behind its #, handed on
            return urlencode([(key, shown(key, each)) for key, each in parse_qsl(value)])
        return token(value, known, name, seen) if COMPACT.fullmatch(value) else known.of(value, name)

    return shown


def _sentence(value: str, known: StandIns) -> str:
    """Plain words; known secrets in it are replaced, and so is what looks like an address of mail."""
    value = COMPACT.sub(lambda found: token(found.group(), known, "token"), value)
    value = re.sub(r"[^\s@<>\"']+@[^\s@<>\"']+", lambda found: known.of(found.group(), "email"), value)
    value = re.sub(r"[A-Za-z0-9_.~=-]{6,}", lambda found: _in_sentence(found.group(), known), value)
    return known.inside(value)[:500]


def _in_sentence(piece: str, known: StandIns) -> str:
    """A piece of a sentence: a code or an opaque token is no word."""
    bare = piece.rstrip(".=")
    secret = SECRET_LIKE.fullmatch(bare) and not known.is_made(bare)
    return known.of(bare, "value") + piece[len(bare) :] if secret else piece


# Headers

_Shown = Callable[[str, str], str]


def _headers(headers: Pairs, known: StandIns, shown: _Shown) -> Pairs:
    return tuple(
        (name, _header(name.lower(), value, known, shown)) for name, value in headers if _plain_name(name)
    )


def _plain_name(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}", name) is not None


def _header(name: str, value: str, known: StandIns, shown: _Shown) -> str:
    if name in names.HEADERS or name.startswith("access-control-"):
        return value if len(value) <= 300 and "@" not in value else _LEFT_OUT
    if name in names.HEADERS_WITH_ADDRESSES:
        return address(value, known, shown)
    if name in ("authorization", "proxy-authorization"):
        return _authorization(value, known)
    if name == "cookie":
        return "; ".join(_cookie(each.strip(), known) for each in value.split(";") if each.strip())
    if name == "set-cookie":
        pair, *attributes = value.split(";")
        kept = [_attribute(each.strip(), known) for each in attributes]
        kept = [each for each in kept if each]
        return "; ".join([_cookie(pair.strip(), known), *kept])
    if name == "dpop":
        return token(value, known, "dpop") if COMPACT.fullmatch(value) else known.of(value, "dpop")
    if name == "dpop-nonce":
        return known.of(value, "nonce")
    if name == "www-authenticate":
        return _challenge(value, known)
    return _LEFT_OUT


def _authorization(value: str, known: StandIns) -> str:
    """The scheme is shown, and of Basic the client's name."""
    scheme, _, credentials = value.partition(" ")
    basic = basic_credentials(value)
    if basic is not None:
        user = (
            word("client_id", basic[0], known) if known.is_client(basic[0]) else known.of(basic[0], "login")
        )
        pair = ":".join((quote(user), quote(known.of(basic[1], "client_secret"))))
        return f"{scheme} {base64.b64encode(pair.encode()).decode('ascii')}"
    if not re.fullmatch(r"[A-Za-z0-9-]{1,20}", scheme) or not credentials:
        return known.of(value, "authorization")
    secret = credentials.strip()
    kind = "access_token" if scheme.lower() in ("bearer", "dpop", "token") else "authorization"
    return f"{scheme} {token(secret, known, kind) if COMPACT.fullmatch(secret) else known.of(secret, kind)}"


def _attribute(text: str, known: StandIns) -> str:
    """An attribute of a cookie; its path may hold what the path of a page holds."""
    name, _, value = text.partition("=")
    if name.strip().lower() == "path":
        return f"{name}={address(value, known)}" if value.startswith("/") else name
    if name.strip().lower() not in names.COOKIE_ATTRIBUTES:
        return ""  # of another cookie, as some programs join them
    return text if re.fullmatch(r"[\w -]+(=[\w ,:./+-]*)?", text) else ""


def _cookie(pair: str, known: StandIns) -> str:
    name, equals, value = pair.partition("=")
    if not equals:  # a cookie without a name: all of it is its value (RFC 10025 §5.6)
        return known.of(pair, "cookie")
    shown = ".".join(_cookie_name(each, known) for each in name.split("."))
    # A cookie that was taken away has an empty value, and keeps it.
    return f"{shown}{equals}{known.of(value, f'cookie {shown}')}"


def _cookie_name(part: str, known: StandIns) -> str:
    """A part of a cookie's name: ASP.NET and others write a state or a nonce into the name itself."""
    plain = re.fullmatch(r"[\w$-]{0,60}", part)
    runs = re.findall(r"[A-Za-z0-9]{12,}", part)
    secret = not plain or any(re.search("[0-9]", each) and re.search("[A-Za-z]", each) for each in runs)
    return known.of(part, "cookie-name") if secret or known.is_person(part) else part


def _challenge(value: str, known: StandIns) -> str:
    scheme = value.partition(" ")[0]
    kept = {"realm", "error", "scope", "error_description", "algs", "acr_values", "max_age"}
    found = [
        f'{name}="{_sentence(said, known)}"'
        for name, said in _CHALLENGE_PARAMETER.findall(value)
        if name in kept
    ]
    return f"{scheme[:20]} {', '.join(found)}".strip()


# Bodies


def _body(headers: Pairs, body: bytes, known: StandIns, shown: _Shown) -> bytes:
    kind = header(headers, "content-type").lower()
    if not body:
        return b""
    is_json = body.lstrip()[:1] in (b"{", b"[")  # whatever its type says: a client's default is a form
    if kind.startswith("application/x-www-form-urlencoded") and b"=" in body and not is_json:
        pairs = parse_qsl(text(body), keep_blank_values=True)
        return urlencode([(name_of(name, known), shown(name, value)) for name, value in pairs]).encode()
    try:
        document = json.loads(body) if "json" in kind or is_json else None
    except (ValueError, RecursionError):
        document = None
    if isinstance(document, dict | list):
        return json.dumps(_document(document, known), ensure_ascii=False).encode("utf-8", "replace")
    return _page(text(body)).encode()


def _document(document: Any, known: StandIns) -> Any:
    """A JSON body: metadata and public keys are public, everything else is looked at member by member."""
    if isinstance(document, list):
        return [_document(each, known) for each in document[:200]]
    if not isinstance(document, dict):
        return claim("value", document, known)
    public = isinstance(document.get("issuer"), str) and any(
        str(name).endswith("_endpoint") for name in document
    )
    seen = {str(name): value for name, value in document.items() if isinstance(value, str)}
    fresh: dict[str, Any] = {}
    for name, value in list(document.items())[:400]:
        if name == "keys" and isinstance(value, list):
            fresh[name] = [key_shown(each) for each in value[:100] if isinstance(each, dict)]
        elif public and name.endswith(names.DOCUMENT_ENDINGS):
            fresh[name] = _public(value, known)
        elif isinstance(value, str) and COMPACT.fullmatch(value):
            fresh[name] = token(value, known, name, seen)
        elif name in names.SENTENCES and isinstance(value, str):
            fresh[name] = _sentence(value, known)
        else:
            # The object's own member names go through the same filter as everything else.
            fresh |= claim("", {name: value}, known)
    return fresh


def _public(value: Any, known: StandIns) -> Any:
    """A member of a metadata document (RFC 8414 §2)."""
    if isinstance(value, list):
        return [_public(each, known) for each in value[:200]]
    if isinstance(value, str):
        return address(value, known) if "/" in value else word("value", value, known)
    return value if isinstance(value, bool | int | float) else None


def _page(content: str) -> str:
    """Of a page nothing is kept but the protocol's own words in it."""
    found = dict.fromkeys(each.lower() for each in PROTOCOL_WORDS.findall(content[:200_000]))
    said = f" Words of the protocol in it: {', '.join(list(found)[:12])}." if found else ""
    return f"({len(content):,} characters of a page were left out.{said})"
