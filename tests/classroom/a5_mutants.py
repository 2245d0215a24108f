"""Mistakes in assignment 5: what is wrong, the task, the parts it costs, the piece, what stands in its place."""

# ruff: noqa: E501
from __future__ import annotations

VERIFY = 'typ="at+jwt"'
SCOPE = 'if needed not in report.claims.get("scope", "").split():'
WHO = 'if document is None or person not in (document["owner"], *document["readers"]):'
READER = 'if person != document["owner"] and method != "GET":'
URL = "if not isinstance(url, str) or not isinstance(keep, dict):"
TYPES = 'if not isinstance(keep, dict) or not isinstance(tokens, dict) or not isinstance(tokens.get("id_token"), str):'
STATE = 'if not isinstance(state, str) or not state or given.get("state") != state:'
ISS = 'if given.get("iss") != product["issuer"]:'
KEPT = 'verifier = dict(pairs), keep.get("state"), keep.get("verifier")'
PKCE = 'if not isinstance(verifier, str) or not re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", verifier):'
NONCE = 'if not isinstance(nonce, str) or not nonce or claims.get("nonce") != nonce:'
AZP = 'if claims.get("azp", product["client_id"]) != product["client_id"]:'
OWN = 'own = isinstance(place, str) and place.startswith("/") and not place.startswith("//")'
SIGNS = 'own = own and not any(sign in "\\\\ " or ord(sign) < 32 for sign in place)'
TWICE = "len(given) < len(pairs) or "
REUSE = 'return {"family": {**family, "revoked": True}, "give": None}'
STRANGER = 'if not isinstance(token, str) or client_id != family["client_id"]:'
ENDED = 'if token != family["current"] or family["revoked"] or now >= family["ends"]:'

MUTANTS = [
    ("a public shop", "a5.1", "", '"page": {"grant": "authorization_code", "client": "confidential"', '"page": {"grant": "authorization_code", "client": "public"'),
    ("any key", "a5.2", "signed", VERIFY, VERIFY + ', policy=__import__("jwtlab").STANDARD.without("signature-valid")'),
    ("any issuer", "a5.2", "names", 'issuer=product["issuer"], audience=product["api"]', 'audience=product["api"]'),
    ("any audience", "a5.2", "names", VERIFY, VERIFY + ', policy=__import__("jwtlab").STANDARD.without("audience-expected")'),
    ("any type", "a5.2", "kind", f", {VERIFY}", ""),
    ("a clock of its own", "a5.2", "dates", "report = verifier.verify(token, now=now)", "report = verifier.verify(token, now=my.now)"),
    ("exp is not asked", "a5.2", "dates order", VERIFY, VERIFY + ', policy=__import__("jwtlab").STANDARD.without("not-expired")'),
    ("no scope", "a5.2", "scope order", SCOPE, "if False:"),
    ("scope as a text", "a5.2", "scope", '.get("scope", "").split()', '.get("scope", "")'),
    ("reading is enough", "a5.2", "scope", '"PUT": product["write"]', '"PUT": product["read"]'),
    ("everybody's", "a5.2", "owner", WHO, "if document is None:"),
    ("small letters", "a5.2", "owner", WHO, 'if document is None or str(person).lower().strip() not in (document["owner"], *document["readers"]):'),
    ("readers write", "a5.2", "readers", READER, "if False:"),
    ("403 for what is there", "a5.2", "owner", WHO + "\n        return 404", WHO + "\n        return 404 if document is None else 403"),
    ("an error for what is not there", "a5.2", "hidden", "document, person = documents.get(name)", "document, person = documents[name]"),
    ("an empty answer for what is not there", "a5.2", "hidden", WHO, 'if document is None:\n        return 200\n    if person not in (document["owner"], *document["readers"]):'),
    ("the method first", "a5.2", "order", "verifier = Verifier(keys, algorithms=[\"ES256\"], issuer=product[\"issuer\"], audience=product[\"api\"]", "if method not in ('GET', 'PUT', 'DELETE'):\n        return 405\n    verifier = Verifier(keys, algorithms=[\"ES256\"], issuer=product[\"issuer\"], audience=product[\"api\"]"),
    ("no 405", "a5.2", "order", "return 405", "return 403"),
    ("falls over", "a5.2", "nonsense", "if isinstance(token, str) else None", "if token is None or token.strip() else None"),
    ("state is not compared", "a5.3", "response", STATE, "if False:"),
    ("missing equals missing", "a5.3", "response", STATE, 'if given.get("state") != state:'),
    ("iss is not compared", "a5.3", "server", ISS, "if False:"),
    ("iss if it is there", "a5.3", "server", ISS, 'if given.get("iss", product["issuer"]) != product["issuer"]:'),
    ("error is no error", "a5.3", "server", '"error" in given or ', ""),
    ("twice", "a5.3", "server", TWICE, ""),
    ("no code", "a5.3", "server", ' or not given.get("code"):\n        return None\n    if not isinstance(state', ':\n        return None\n    if not isinstance(state'),
    ("no verifier is needed", "a5.3", "pkce", PKCE, "if False:"),
    ("any verifier", "a5.3", "pkce", PKCE, "if not isinstance(verifier, str) or not verifier:"),
    ("a verifier that begins well", "a5.3", "pkce", PKCE, PKCE.replace("fullmatch", "match")),
    ("a verifier and a line break", "a5.3", "pkce", PKCE, 'if not isinstance(verifier, str) or not re.match(r"[A-Za-z0-9._~-]{43,128}$", verifier):'),
    ("the verifier of the address", "a5.3", "pkce", KEPT, 'verifier = dict(pairs), keep.get("state"), dict(pairs).get("code_verifier", keep.get("verifier"))'),
    ("the address of the address", "a5.3", "pkce", '"redirect_uri": product["redirect_uri"],', '"redirect_uri": given.get("redirect_uri", product["redirect_uri"]),'),
    ("no verifier is sent", "a5.3", "good pkce", '        "code_verifier": verifier,\n', ""),
    ("everything goes out", "a5.3", "good pkce", '"code_verifier": verifier,', '"code_verifier": verifier, **given,'),
    ("no keep falls over", "a5.3", "nonsense", URL, "if not isinstance(url, str):"),
    ("no url falls over", "a5.3", "nonsense", URL, "if not isinstance(keep, dict):"),
    ("a broken address falls over", "a5.3", "nonsense", "except ValueError:", "except KeyError:"),
    ("any ID token", "a5.4", "token", 'audience=product["client_id"])', 'audience=product["client_id"], policy=__import__("jwtlab").STANDARD.without("signature-valid"))'),
    ("for anybody", "a5.4", "token", 'audience=product["client_id"])', 'audience=product["client_id"], policy=__import__("jwtlab").STANDARD.without("audience-expected"))'),
    ("azp is not asked", "a5.4", "token", AZP, "if False:"),
    ("nonce is not asked", "a5.4", "nonce", NONCE, "if False:"),
    ("a nonce if there is one", "a5.4", "nonce", NONCE, 'if claims.get("nonce", nonce) != nonce:'),
    ("the name", "a5.4", "person", 'claims["sub"]], "next"', 'claims.get("email", claims["sub"])], "next"'),
    ("two slashes", "a5.4", "next", OWN, 'own = isinstance(place, str) and place.startswith("/")'),
    ("a backslash", "a5.4", "next", SIGNS, "own = own"),
    ("any place", "a5.4", "next", 'place if own else "/"', "place"),
    ("a place is a login", "a5.4", "next", "place = keep.get(\"next\")", "place = keep.get(\"next\")\n    if place != '/' and not str(place).startswith('/' + my.thing):\n        return None"),
    ("falls over", "a5.4", "nonsense", TYPES, "if not isinstance(tokens, dict) or not isinstance(tokens.get('id_token'), str):"),
    ("an ID token that is no text", "a5.4", "token", TYPES, "if not isinstance(keep, dict) or not isinstance(tokens, dict):"),
    ("never revoked", "a5.5", "reuse", REUSE, "return nothing"),
    ("used tokens work", "a5.5", "reuse", 'if token in family["used"]:\n        ' + REUSE, "pass"),
    ("revoked is not asked", "a5.5", "reuse ended", 'family["revoked"] or ', ""),
    ("a guess revokes", "a5.5", "strangers", ENDED, 'if token != family["current"]:\n        return {"family": {**family, "revoked": True}, "give": None}\n    if family["revoked"] or now >= family["ends"]:'),
    ("any client", "a5.5", "client", ' or client_id != family["client_id"]', ""),
    ("never over", "a5.5", "ended", ' or now >= family["ends"]', ""),
    ("a second too long", "a5.5", "ended", "now >= family", "now > family"),
    ("the old one is forgotten", "a5.5", "good", '[*family["used"], token]', "family[\"used\"]"),
    ("a longer life", "a5.5", "good", '"current": new, ', '"current": new, "ends": now + 99, '),
    ("any kind", "a5.5", "nonsense", STRANGER, 'if isinstance(token, list):\n        token = token[0]\n    if client_id != family["client_id"]:'),
]  # fmt: skip
"""The name, the task, exactly these parts are lost, the piece of the official answer, and what stands in its place."""
