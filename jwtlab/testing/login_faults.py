"""The checks of a client that may be missing. The fixes are lines for the callback of an application.

They read ``session`` (of the browser), ``request.args``, ``claims`` (of the ID token) and ``CLIENT_ID``.
"""

from __future__ import annotations

from jwtlab.testing.faults import AUTHLIB, JOSERFC, PYJWT, MissingCheck

_AUTHLIB = (
    'oauth.register("as", server_metadata_url=METADATA, client_id=CLIENT_ID, client_secret=SECRET,\n'
    '               client_kwargs={"scope": "openid", "code_challenge_method": "S256"})\n'
    "oauth.as.authorize_redirect(CALLBACK)     # at the start: keeps state, nonce and verifier in the session\n"
    "token = oauth.as.authorize_access_token()  # at the callback: compares all three"
).replace("oauth.as.", "oauth.create_client('as').")


def _by_hand(lines: str, authlib: str = _AUTHLIB) -> dict[str, str]:
    """PyJWT and joserfc know tokens, and no logins: these lines are the application's own."""
    return {PYJWT: lines, JOSERFC: lines, AUTHLIB: authlib}


STATE = MissingCheck(
    "state",
    "state at the callback is the one that this very browser was given",
    "RFC 6749 §10.12, RFC 9700 §4.7",
    _by_hand(
        'session["state"] = secrets.token_urlsafe(32)   # at the start, and into the request\n'
        'expected = session.pop("state", None)   # nothing is no state: not even of a request without one\n'
        'if not expected or not hmac.compare_digest(expected, request.args.get("state", "")):\n    abort(403)'
    ),
)
BINDING = MissingCheck(
    "code-verifier or nonce",
    "the code belongs to a request of this very browser: PKCE, or a nonce in the ID token",
    "RFC 9700 §2.1.1, §4.5.3",
    _by_hand(
        'session["verifier"] = secrets.token_urlsafe(48)   # at the start; S256 of it is the code_challenge\n'
        'form["code_verifier"] = session.pop("verifier")   # when the code is redeemed'
    ),
)
NONCE = MissingCheck(
    "nonce",
    "nonce in the ID token is the one that this very request carried",
    "OpenID Connect Core §3.1.3.7 (11)",
    _by_hand('if claims.get("nonce") != session.pop("nonce"):\n    abort(403)'),
)
ID_AUDIENCE = MissingCheck(
    "id-token-audience",
    "aud of the ID token is this client",
    "OpenID Connect Core §3.1.3.7 (3)",
    {
        PYJWT: "claims = jwt.decode(id_token, KEY, algorithms=[ALG], audience=CLIENT_ID, issuer=ISSUER)",
        JOSERFC: 'joserfc.jwt.JWTClaimsRegistry(aud={"essential": True, "value": CLIENT_ID}).validate(claims)',
        AUTHLIB: _AUTHLIB,
    },
)
AUTHORIZED_PARTY = MissingCheck(
    "id-token-azp",
    "azp of the ID token, if it is there, is this client",
    "OpenID Connect Core §3.1.3.7 (5)",
    _by_hand('if claims.get("azp", CLIENT_ID) != CLIENT_ID:\n    abort(403)'),
)
ID_ISSUER = MissingCheck(
    "id-token-issuer",
    "iss of the ID token is the issuer that was asked",
    "OpenID Connect Core §3.1.3.7 (2)",
    {
        PYJWT: "claims = jwt.decode(id_token, KEY, algorithms=[ALG], audience=CLIENT_ID, issuer=ISSUER)",
        JOSERFC: 'joserfc.jwt.JWTClaimsRegistry(iss={"essential": True, "value": ISSUER}).validate(claims)',
        AUTHLIB: _AUTHLIB,
    },
)
ID_TIME = MissingCheck(
    "id-token-time",
    "the ID token has not expired",
    "OpenID Connect Core §3.1.3.7 (9)",
    {
        PYJWT: "claims = jwt.decode(id_token, KEY, algorithms=[ALG], audience=CLIENT_ID, issuer=ISSUER)",
        JOSERFC: 'joserfc.jwt.JWTClaimsRegistry(exp={"essential": True}).validate(claims)',
        AUTHLIB: _AUTHLIB,
    },
)
ID_SIGNATURE = MissingCheck(
    "id-token-signature",
    "the ID token is signed by the issuer (over TLS from the token endpoint it may go without)",
    "OpenID Connect Core §3.1.3.7 (6)",
    {
        PYJWT: "claims = jwt.decode(id_token, KEY, algorithms=[ALG], audience=CLIENT_ID, issuer=ISSUER)",
        JOSERFC: "claims = joserfc.jwt.decode(id_token, KEYS, algorithms=[ALG]).claims",
        AUTHLIB: _AUTHLIB,
    },
)
RESPONSE_ISSUER = MissingCheck(
    "response-issuer",
    "iss of the authorization response is the issuer that this browser was sent to",
    "RFC 9207 §2.4, RFC 9700 §4.4.2",
    _by_hand(
        'session["issuer"] = ISSUER   # at the start\n'
        'if request.args.get("iss") != session.pop("issuer"):\n    abort(403)',
        'if request.args.get("iss") != oauth.create_client("as").load_server_metadata()["issuer"]:\n    abort(403)',
    ),
)
USERINFO = MissingCheck(
    "userinfo-sub",
    "sub of UserInfo is the ID token's",
    "OpenID Connect Core §5.3.2",
    _by_hand(
        'if userinfo["sub"] != claims["sub"]:\n    abort(403)',
        'if oauth.create_client("as").userinfo(token=token)["sub"] != token["userinfo"]["sub"]:\n    abort(403)',
    ),
)
ID_TOKEN = MissingCheck(
    "id-token-read",
    "the ID token is validated, and says who it is",
    "OpenID Connect Core §3.1.3.7",
    {
        PYJWT: "claims = jwt.decode(id_token, KEY, algorithms=[ALG], audience=CLIENT_ID, issuer=ISSUER)",
        JOSERFC: "claims = joserfc.jwt.decode(id_token, KEYS, algorithms=[ALG]).claims   # then validate them",
        AUTHLIB: 'claims = oauth.create_client("as").authorize_access_token()["userinfo"]',
    },
)
ACCOUNT = MissingCheck(
    "account-by-sub",
    "an account is found by iss and sub together, and never by an e-mail address or a name",
    "OpenID Connect Core §5.7",
    _by_hand(
        'account = accounts.get((claims["iss"], claims["sub"]))   # and not by claims["email"]',
        'about = token["userinfo"]\naccount = accounts.get((about["iss"], about["sub"]))',
    ),
)
_NEW_SESSION = (
    'session.clear()   # Flask, Starlette: the whole session lives in the cookie\nsession["user"] = user\n'
    "django.contrib.auth.login(request, user)   # Django: takes a new session key by itself\n"
    "request.session.cycle_key()   # Django, where the session is filled by hand"
)
SESSION = MissingCheck(
    "session-renewed",
    "a login begins a new session: the cookie from before opens nothing",
    "RFC 10025 §8.4",
    _by_hand(_NEW_SESSION, _NEW_SESSION),
)
_OWN_PLACE = (
    "parts = urllib.parse.urlsplit(place)\n"
    r'if parts.scheme or parts.netloc or not re.match(r"/(?![/\\])", place) or re.search(r"[\x00-\x20\\]", place):'
    '\n    place = "/"   # Django: url_has_allowed_host_and_scheme(place, {request.get_host()})'
)
NEXT = MissingCheck(
    "next-is-own",
    "where a login ends is a path of your own application",
    "RFC 9700 §4.11",
    _by_hand(_OWN_PLACE, _OWN_PLACE),
)
