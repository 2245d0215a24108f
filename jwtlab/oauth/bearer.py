"""How an API lets somebody in: the token of a request, and the challenge if it does not do (RFC 6750, RFC 9449 §7)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jwtlab.checks import Check, Policy, Refusal, Report
from jwtlab.errors import ClaimRefused, JwtlabError, OAuthError
from jwtlab.jose import jwt
from jwtlab.oauth import dpop
from jwtlab.oauth.http.recorder import record_report
from jwtlab.oauth.protocol import FORM, Parameters, read_parameters, refuse

SCHEMES = {"bearer": "Bearer", "dpop": "DPoP"}


@dataclass(frozen=True)
class Presented:
    """What a request brought along.

    Attributes:
        authorization: every header of that name.
        proofs: every header ``DPoP``.
        method, url: of the request.
        fields: every form field ``access_token`` (RFC 6750 §2.2).
        query: every ``access_token`` in the address, which no API takes (RFC 9700 §4.3.2).
        takes_field: the API takes the token from the form too.
    """

    authorization: tuple[str, ...]
    proofs: tuple[str, ...]
    method: str
    url: str
    fields: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    takes_field: bool = False

    @property
    def field(self) -> str:
        """The token in the form, where it counts."""
        return self.fields[0] if self.takes_field and self.fields else ""

    @property
    def scheme(self) -> str:
        """``"Bearer"``, ``"DPoP"``, or what else was there."""
        if not self.authorization:
            return "Bearer" if self.field else ""
        word = self.authorization[0].split(" ", 1)[0]
        return SCHEMES.get(word.lower(), word)

    @property
    def token(self) -> str:
        if not self.authorization:
            return self.field
        return self.authorization[0].partition(" ")[2].strip(" ")


def presented(request: Any, url: str, *, field: bool = False) -> Presented:
    """What a Flask request brought along.

    Args:
        request: the request.
        url: its address as the API knows it. The header ``Host`` is the sender's word: who relays a proof
            made for another host would write that one there (RFC 9449 §4.3).
        field: the token may also come in the form (RFC 6750 §2.2).
    """
    body = request.get_data() if request.mimetype == FORM else b""
    form, query = (Parameters(read_parameters(each)) for each in (body, request.query_string))
    return Presented(
        authorization_values(request.headers.get("Authorization")),
        proof_values(request.headers.get("DPoP")),
        request.method,
        url,
        form.all("access_token"),
        query.all("access_token"),
        field,
    )


def authorization_values(header: str | None) -> tuple[str, ...]:
    """Every header ``Authorization``. Two of them reach an application as one, joined by a comma.

    Neither a token nor Basic's credentials contain one (RFC 6750 §2.1, RFC 7617 §2); other schemes may.
    """
    if header is None:
        return ()
    plain = header.partition(" ")[0].lower() in (*SCHEMES, "basic")
    return tuple(each.strip() for each in (header.split(",") if plain else _NEXT.split(header)))


_NEXT = re.compile(r",\s*(?=[A-Za-z]+ +[^\s=])")
"""Where another scheme begins."""


def proof_values(header: str | None) -> tuple[str, ...]:
    """Every header ``DPoP``; a JWT contains no comma."""
    return () if header is None else tuple(each.strip() for each in header.split(","))


def credentials_once(case: Presented) -> str:
    if len((*case.authorization, *case.fields, *case.query)) > 1:
        raise refuse("invalid_request", "the token comes once, and in one way", "Authorization")
    if len(case.proofs) > 1:
        raise refuse("invalid_request", "there is more than one header DPoP", "DPoP")
    return ""


def credentials_present(case: Presented) -> str:
    if case.scheme not in SCHEMES.values() or not case.token:
        # Without credentials no error is named (RFC 6750 §3.1).
        raise refuse("", "send the header Authorization: Bearer <access token>", "Authorization", status=401)
    return case.scheme


PRESENTATION_CHECKS = Policy(
    (
        Check(
            id="credentials-once",
            title="The token comes once, in one way",
            spec="RFC 6750 §3.1",
            run=credentials_once,
            group="Request",
            purpose="Which of two tokens counts, decides who is let in.",
        ),
        Check(
            id="credentials-present",
            title="There is a token",
            spec="RFC 6750 §2.1",
            run=credentials_present,
            group="Request",
            purpose="Everybody is let in.",
        ),
    ),
    "credentials",
)


def scheme_matches(case: jwt.Case) -> str:
    """A bound token comes with its proof; an unbound one as Bearer (RFC 9449 §7.1, §7.2)."""
    shown: Presented = case.context
    bound = isinstance(case.claims.get("cnf"), dict) and "jkt" in case.claims["cnf"]
    if bound and shown.scheme != "DPoP":
        raise Refusal(
            "this token is bound to a key; it comes with the scheme DPoP and a proof, not as Bearer",
            claim="cnf",
            expected="DPoP",
            found=shown.scheme,
            error=ClaimRefused,
        )
    if shown.scheme == "DPoP" and not bound:
        raise Refusal("this token is bound to no key", claim="cnf", error=ClaimRefused)
    return shown.scheme


SCHEME_MATCHES = Check(
    id="scheme-matches",
    title="A bound token comes with its proof",
    spec="RFC 9449 §7.2",
    run=scheme_matches,
    group="Purpose",
    purpose="A thief presents a bound token as an ordinary one.",
)

ACCESS_TOKEN_CHECKS = jwt.STANDARD.adding(SCHEME_MATCHES)
"""What an API asks of an access token (RFC 9068 §4), with `SCHEME_MATCHES`."""


@dataclass(frozen=True)
class Scoped:
    """Claims in front of a resource that needs a scope."""

    claims: Mapping[str, Any]
    needed: str


def scope_covers(case: Scoped) -> str:
    held = str(case.claims.get("scope", "")).split()
    if case.needed and case.needed not in held:
        raise refuse(
            "insufficient_scope",
            f"this needs the scope {case.needed}",
            "scope",
            status=403,
            expected=case.needed,
            found=held,
        )
    return case.needed


SCOPE_CHECKS = Policy(
    (
        Check(
            id="scope-covers",
            title="The token is for this",
            spec="RFC 6750 §3.1",
            run=scope_covers,
            group="Purpose",
            purpose="A token for reading writes.",
        ),
    ),
    "scope",
)

POLICIES: Mapping[str, Policy] = {
    "credentials": PRESENTATION_CHECKS,
    "access token": ACCESS_TOKEN_CHECKS,
    "DPoP proof": dpop.CHECKS,
    "scope": SCOPE_CHECKS,
}
"""The decisions of an API, in order."""


_CODES = {"dpop-nonce": "use_dpop_nonce", "dpop-bound": "invalid_token"}
"""Error codes for a proof that would do otherwise (RFC 9449 §7.1, §9)."""


def admit(
    shown: Presented,
    scope: str,
    *,
    policies: Mapping[str, Policy],
    judge: Callable[[Presented, Policy], Report],
    now: float,
    first_use: Callable[[str], bool],
    nonces: dpop.Nonces | None = None,
) -> dict[str, Any]:
    """Let a request in, or say why not.

    Args:
        shown: what the request brought along.
        scope: what the resource needs; empty for any good token.
        policies: as `POLICIES`.
        judge: ``(shown, policy) -> Report`` on the token, with the caller's keys and expectations.
        now: seconds since 1970.
        first_use: ``(name) -> bool``, for DPoP proofs.
        nonces: of this API, if it demands one in each proof (RFC 9449 §9).

    Returns:
        The token's claims.

    Raises:
        OAuthError: with the code and status of RFC 6750 §3.1.
    """
    _ = record_report("credentials", policies["credentials"].run(shown)).value
    report = record_report("access token", judge(shown, policies["access token"]))
    if report.first_failure is not None:
        raise OAuthError(report.first_failure.reason, "invalid_token", 401)
    claims = report.claims
    if shown.scheme == "DPoP":
        bound = claims.get("cnf", {}).get("jkt")
        case = dpop.ProofCase(
            shown.proofs, shown.method, shown.url, now, first_use, shown.token, bound, nonces
        )
        failure = record_report("DPoP proof", dpop.examine(case, policies["DPoP proof"])).first_failure
        if failure is not None:
            raise OAuthError(failure.reason, _CODES.get(failure.id, "invalid_dpop_proof"), 401)
    _ = record_report("scope", policies["scope"].run(Scoped(claims, scope))).value
    return claims


def challenge(
    error: JwtlabError, realm: str, scope: str = "", used: str = "Bearer", metadata: str = ""
) -> str:
    """``WWW-Authenticate`` (RFC 6750 §3, RFC 9449 §7.1, RFC 9728 §5.1).

    Args:
        error: why the request is refused.
        realm: the API's name.
        scope: what the resource needs.
        used: the scheme of the request.
        metadata: where the API says who gives out tokens for it.
    """
    code = error.code if isinstance(error, OAuthError) else "invalid_token"
    scheme = "DPoP" if code in ("invalid_dpop_proof", "use_dpop_nonce") or used == "DPoP" else "Bearer"
    parts = [f'{scheme} realm="{realm}"']
    if scheme == "DPoP":
        parts.append(f'algs="{" ".join(dpop.ALGORITHMS)}"')
    if code:
        said = "".join(c for c in str(error).replace("§", "section ") if " " <= c <= "~" and c not in '"\\')
        parts.append(f'error="{code}", error_description="{said[:300]}"')
    if code == "insufficient_scope":
        parts.append(f'scope="{scope}"')
    if metadata:
        parts.append(f'resource_metadata="{metadata}"')
    return ", ".join(parts)
