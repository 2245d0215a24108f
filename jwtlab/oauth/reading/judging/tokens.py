"""What is asked of tokens: how they were got, what they say, and where they are shown."""

from __future__ import annotations

from jwtlab.checks import Check, NotAsked, Note
from jwtlab.errors import JwtlabError
from jwtlab.oauth import pkce
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.protocol import half_hash
from jwtlab.oauth.reading.judging.model import wrong
from jwtlab.oauth.reading.logins import Logins, Redeeming, origin

NO_REDEEMING = NotAsked(
    "the recording holds no token request: the application sends it by itself, not by the browser"
)
NO_ID_TOKEN = NotAsked("no ID token is seen")


def redirect_uri_repeated(case: Logins) -> Note:
    compared = 0
    for one in case.redeemings:
        asking = case.asked_for(one["code"])
        if one["grant_type"] != "authorization_code" or asking is None or not asking["redirect_uri"]:
            continue
        compared += 1
        if one["redirect_uri"] and one["redirect_uri"] != asking["redirect_uri"]:
            raise wrong(
                "the redirect URI of the token request is another one than that of the authorization request",
                one.number,
                "redirect_uri",
                expected=asking["redirect_uri"],
                found=one["redirect_uri"],
            )
    return "the same twice" if compared else NO_REDEEMING


def verifier_fits(case: Logins) -> Note:
    compared = 0
    for one in case.redeemings:
        asking = case.asked_for(one["code"])
        if one["grant_type"] != "authorization_code" or asking is None or not asking["code_challenge"]:
            continue
        compared += 1
        challenge, verifier = asking["code_challenge"], one["code_verifier"]
        plain = asking["code_challenge_method"] != pkce.S256 and verifier == challenge
        if plain or pkce.fits(verifier, challenge):
            continue
        whose = next(
            (
                each.number
                for each in case.askings
                if verifier and pkce.fits(verifier, each["code_challenge"])
            ),
            None,
        )
        raise wrong(
            f"this code_verifier belongs to another attempt (message {whose}): two tabs share one place for it"
            if whose is not None
            else "this code_verifier does not belong to the challenge with which the code was asked for"
            if verifier
            else "the code was asked for with a challenge, and is redeemed without a code_verifier",
            one.number,
            "code_verifier",
        )
    return "its hash is the challenge" if compared else NO_REDEEMING


def token_answer(case: Logins) -> Note:
    for one in case.redeemings:
        error = one.answer.get("error")
        waits = error in ("authorization_pending", "slow_down", "use_dpop_nonce")
        if not one.good and not waits and one.exchange.response is not None:
            said = one.answer.get("error_description")
            reason = f"the token endpoint says {str(error or one.exchange.response.status)[:60]}"
            raise wrong(f"{reason}: {str(said)[:200]}" if said else reason, one.number, "error", found=error)
    return f"{len(case.redeemings)} good answers" if case.redeemings else NO_REDEEMING


def nonce_returned(case: Logins) -> Note:
    compared = 0
    for number, token, asking, _ in case.id_tokens:
        if asking is None or not asking["nonce"]:
            continue
        compared += 1
        if token.claims.get("nonce") != asking["nonce"]:
            raise wrong(
                "the nonce in the ID token is not the one of the request that it answers",
                number,
                "nonce",
                expected=asking["nonce"],
                found=token.claims.get("nonce"),
            )
    return "the one that was sent" if compared else NO_ID_TOKEN


def id_token_for_client(case: Logins) -> Note:
    compared = 0
    for number, token, asking, _ in case.id_tokens:
        if asking is None:
            continue
        compared += 1
        audience = token.claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if asking["client_id"] not in audiences:
            raise wrong(
                "this ID token was made for another client",
                number,
                "aud",
                expected=asking["client_id"],
                found=audience,
            )
    return "aud names the client" if compared else NO_ID_TOKEN


def id_token_of_server(case: Logins) -> Note:
    compared = 0
    for number, token, asking, _ in case.id_tokens:
        issuer = token.claims.get("iss")
        if asking is None or not isinstance(issuer, str) or not case.metadata:
            continue
        compared += 1
        known = [name for name in case.metadata if origin(name) == asking.server]
        if known and issuer not in known:
            raise wrong(
                "another issuer has made this ID token", number, "iss", expected=known[0], found=issuer
            )
    return "iss names the server" if compared else NotAsked("no metadata was fetched to compare with")


def half_hashes_fit(case: Logins) -> Note:
    compared = 0
    for number, token, _, access in case.id_tokens:
        given = token.claims.get("at_hash")
        if not isinstance(given, str) or not access:
            continue
        compared += 1
        try:
            expected = half_hash(access, str(token.header.get("alg")))
        except JwtlabError:
            continue
        if given != expected:
            raise wrong("the access token is not the one that the ID token was made with", number, "at_hash")
    return "at_hash fits" if compared else NotAsked("no ID token came with an access token and at_hash")


def signing_key_known(case: Logins) -> Note:
    """A party that has fetched keys fetches them again when a token names a new one."""
    fetched: list[tuple[Exchange, set[str]]] = [(each, kids) for each in case.trace if (kids := _kids(each))]
    if not fetched:
        return NotAsked("no keys are fetched in this recording")
    for number, token, _, _ in case.id_tokens:
        kid = token.header.get("kid")
        if not isinstance(kid, str) or any(kid in kids for _, kids in fetched):
            continue
        raise wrong(
            f"this ID token is signed with a key that is in no key set of the recording (fetched with message "
            f"{fetched[-1][0].number}). A verifier that meets an unknown kid fetches the keys again, once",
            number,
            "kid",
            expected=", ".join(sorted(set().union(*(kids for _, kids in fetched)))[:6]),
            found=kid[:80],
        )
    return "it is in the key set"


def _kids(each: Exchange) -> set[str]:
    body = each.response.json if each.response is not None else None
    keys = body.get("keys") if isinstance(body, dict) else None
    found = keys if isinstance(keys, list) else []
    return {str(key.get("kid")) for key in found if isinstance(key, dict) and "kty" in key}


def refresh_used_once(case: Logins) -> Note:
    used: dict[str, Redeeming] = {}
    for one in case.redeemings:
        token = one["refresh_token"]
        if one["grant_type"] != "refresh_token" or not token:
            continue
        before = used.get(token)
        rotated = before is not None and before.answer.get("refresh_token") not in (None, token)
        if before is not None and (rotated or not one.good):
            raise wrong(
                f"this refresh token was traded with message {before.number} already. Two tabs, or two "
                f"workers, refresh at "
                "once; the server takes the second for a thief, and every token of this login dies",
                one.number,
                "refresh_token",
            )
        used.setdefault(token, one)
    return "each was used once" if used else NotAsked("nothing is refreshed in this recording")


TOKEN_CHECKS = (
    Check(
        id="redirect-uri-repeated",
        title="The token request repeats the redirect URI",
        spec="RFC 6749 §4.1.3",
        run=redirect_uri_repeated,
        group="Tokens",
        purpose="The server refuses the code: invalid_grant.",
    ),
    Check(
        id="verifier-fits",
        title="The code verifier belongs to the challenge (PKCE)",
        spec="RFC 7636 §4.6",
        run=verifier_fits,
        group="Tokens",
        purpose="The server refuses the code: invalid_grant.",
    ),
    Check(
        id="refresh-used-once",
        title="Each refresh token is used once",
        spec="RFC 9700 §4.14.2",
        run=refresh_used_once,
        group="Tokens",
        purpose="The server takes the second use for a theft, and everybody is logged out.",
    ),
    Check(
        id="nonce-returned",
        title="The ID token carries the nonce that was sent",
        spec="OpenID Connect Core §3.1.3.7",
        run=nonce_returned,
        group="Tokens",
        purpose="An ID token of another login is replayed.",
    ),
    Check(
        id="id-token-for-client",
        title="The ID token is for this client (aud)",
        spec="OpenID Connect Core §3.1.3.7",
        run=id_token_for_client,
        group="Tokens",
        purpose="Whoever logs in at another application is logged in here.",
    ),
    Check(
        id="id-token-of-server",
        title="The ID token is of this server (iss)",
        spec="OpenID Connect Core §3.1.3.7",
        run=id_token_of_server,
        group="Tokens",
        purpose="Another server says who this is.",
    ),
    Check(
        id="half-hashes-fit",
        title="The access token came with the ID token (at_hash)",
        spec="OpenID Connect Core §3.1.3.8",
        run=half_hashes_fit,
        group="Tokens",
        purpose="An access token is swapped for another.",
    ),
    Check(
        id="signing-key-known",
        title="The key that signed is in the key set that was fetched",
        spec="OpenID Connect Core §10.1.1",
        run=signing_key_known,
        group="Tokens",
        purpose="After the server has changed its keys nobody can log in.",
    ),
    Check(
        id="token-answer",
        title="The token endpoint says yes",
        spec="RFC 6749 §5.2",
        run=token_answer,
        group="Tokens",
        purpose="There is no token.",
    ),
)
