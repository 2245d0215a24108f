"""Attack an API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.error import HTTPError

from jwtlab.errors import UsageError
from jwtlab.testing import faults
from jwtlab.testing.asking import VerifierAnswer, check_takes, in_words
from jwtlab.testing.catalogue import FORGERIES
from jwtlab.testing.forgery import ACCESS_TOKEN, Forgery, bench_at
from jwtlab.testing.issuer import Issuer
from jwtlab.testing.onslaught import NewKey, Target, attack
from jwtlab.testing.outcome import Accept, Outcome, accepted_reasons
from jwtlab.testing.patience import Patience
from jwtlab.testing.places import RefusedAddress
from jwtlab.testing.senders import SentReply, SessionClient, check_client, finished_reply

NO_TOKEN = Forgery(
    "no-token",
    "a request without a token",
    "Everybody reads what nobody asked a token for.",
    faults.NO_TOKEN,
    lambda bench: "",
)
SCOPES = (
    Forgery(
        "wrong-scope:none",
        "a token that allows nothing",
        "A token that was given for one thing opens everything.",
        faults.SCOPE,
        lambda bench: bench.good(scope=None),
    ),
    Forgery(
        "wrong-scope:other",
        "a token that allows something else",
        "A token that was given for one thing opens everything.",
        faults.SCOPE,
        lambda bench: bench.good(scope="openid profile"),
    ),
    Forgery(
        "wrong-scope:case",
        "a token whose scope is the needed one in other letters, large for small",
        "Scopes are compared letter by letter; what differs is another scope.",
        faults.SCOPE,
        lambda bench: bench.good(scope=str(bench.scope).swapcase()),
        lambda bench: str(bench.scope).swapcase() != str(bench.scope),
    ),
    Forgery(
        "wrong-scope:half",
        "a token that allows only the first of what is needed",
        "Who needs two rights and asks for any of them gives the other one away.",
        faults.SCOPE,
        lambda bench: bench.good(scope=str(bench.scope).split()[0]),
        lambda bench: len(str(bench.scope).split()) > 1,
    ),
    Forgery(
        "wrong-scope:longer",
        "a token whose scope begins like the one that is needed",
        "Scopes are words, separated by spaces: whoever looks for a part of the text finds it in others.",
        faults.SCOPE,
        lambda bench: bench.good(scope=" ".join(f"{word}-not x{word}" for word in str(bench.scope).split())),
    ),
)


def attack_api(
    send: Any,
    issuer: Issuer,
    path: str | None = None,
    *,
    audience: str | None = None,
    scope: str | None = None,
    method: str = "GET",
    sub: str = "alice",
    claims: Mapping[str, Any] | None = None,
    typ: str | None = ACCESS_TOKEN,
    header: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    scheme: str = "Bearer",
    algorithms: tuple[str, ...] | list[str] | None = None,
    single_use: bool = False,
    new_key: NewKey = None,
    accept: Accept | None = None,
) -> Outcome:
    """Every forgery that makes sense, sent to an API of yours.

    A good token has to be answered with 2xx; every other answer is a refusal.

    Args:
        send: how a token gets there: a function ``token -> status`` (or a response), which sends no token for
            the empty text; a test client (httpx, requests, Flask, Django, Starlette), with ``path``; a pair of
            both; or a whole address on this machine.
        issuer: whose tokens the API takes; started.
        path: what to ask the client for.
        audience: how the API calls itself; ``issuer.audience`` by default.
        scope: what is needed at this address. If it is given, tokens of other scopes are tried too.
        method: of HTTP.
        sub, claims, typ, header: what a good token looks like, as for `attack_verifier`.
        headers: further headers of the request.
        scheme: before the token in the header ``Authorization``.
        algorithms, single_use, new_key, accept: as for `attack_verifier`.

    Returns:
        The `Outcome`; ``.check()`` raises if it is not good.

    Raises:
        UsageError: the call itself is wrong.
        RefusedAddress: it would have been sent to another machine.
    """
    bench = bench_at(issuer, audience, sub=sub, scope=scope, typ=typ, claims=claims, header=header)
    asked, what = _sender(send, path, method, dict(headers or {}), scheme)
    more = tuple(each for each in (NO_TOKEN, *(SCOPES if scope else ())) if each.fits(bench))
    reasons = accepted_reasons(accept, (each.id for each in (*FORGERIES, NO_TOKEN, *SCOPES)))
    target = Target(what, partial(_ask, asked, Patience()), _fault_of)
    return attack(target, bench, reasons, algorithms, single_use, more, new_key)


def _sender(
    send: Any, path: str | None, method: str, headers: dict[str, str], scheme: str
) -> tuple[Callable[[str], Any], str]:
    """``token -> reply``, and what is attacked, in a phrase."""
    if isinstance(send, tuple) and len(send) == 2:
        send, path = send
    if isinstance(send, str):
        return _by_browser(
            SessionClient(send), path or send, method, headers, scheme
        ), f"API {method} {path or send}"
    if path is None:
        if not callable(send) or hasattr(send, "test_client"):
            raise UsageError(
                f'attack_api({type(send).__name__}, ...) needs a path as well: attack_api(client, issuer, "/notes")'
            )
        check_client(send)
        check_takes(send, "send(token)", 1)
        name = getattr(send, "__qualname__", type(send).__name__).replace("<locals>.", "")
        return send, f"API by {name}"
    return _by_browser(SessionClient(send), path, method, headers, scheme), f"API {method} {path}"


def _by_browser(
    browser: SessionClient, path: str, method: str, headers: dict[str, str], scheme: str
) -> Callable[[str], SentReply]:
    def send(token: str) -> SentReply:
        browser.fresh()  # a session cookie must not stand in for the token
        more = {"Authorization": f"{scheme} {token}"} if token else {}
        return browser.get(path, headers | more, method)

    return send


def _ask(send: Callable[[str], Any], patience: Patience, token: str) -> VerifierAnswer:
    try:
        reply = patience.call(lambda: finished_reply(send(token)))
    except UsageError:  # a refused address among them
        raise
    except HTTPError as error:  # of urllib: the answer itself, with its connection
        with error:
            return _of_exception(error)
    except Exception as error:
        return _of_exception(error)
    where = f" to {reply.location}" if reply.location else ""
    return VerifierAnswer(
        200 <= reply.status < 300, said=f"{reply.status}{where}", crashed=reply.status >= 500
    )


CLIENTS = ("httpx", "httpx2", "httpcore", "h11", "requests", "urllib3", "urllib", "http", "aiohttp")
"""Libraries that send. What they raise of their own is no crash of the application: no header has such letters."""


def _of_exception(error: Exception) -> VerifierAnswer:
    """A status that was raised; a client that would not send; or the application's own exception, handed through."""
    said = in_words(error)
    for place in (getattr(error, "response", None), error):
        for name in ("status_code", "status", "code"):
            status = getattr(place, name, None)
            if isinstance(status, int) and 100 <= status < 600:
                return VerifierAnswer(200 <= status < 300, said=said, crashed=status >= 500)
    own = isinstance(error, UnicodeError) or type(error).__module__.partition(".")[0] in CLIENTS
    return VerifierAnswer(False, said=said, crashed=not own)


def _fault_of(answer: VerifierAnswer, sent: Mapping[str, Any]) -> str:
    if answer.let_in:
        return ""
    hint = ""
    if answer.said.startswith("3"):
        hint = ": give the address that it leads to"
    elif answer.said.startswith("404"):
        hint = ": is this the path?"
    elif answer.said.startswith("403"):
        hint = ": which scope is needed? scope=... puts it into the token"
    if not answer.said[:1].isdecimal():
        where = ": does your application listen there?" if "onnect" in answer.said else ""
        return f"there was no answer but {answer.said}{where}"
    return f"it answered {answer.said}{hint}"


__all__ = ["NO_TOKEN", "SCOPES", "RefusedAddress", "attack_api"]
