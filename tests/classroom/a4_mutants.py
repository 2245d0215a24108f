"""Mistakes in assignment 4's client: what is wrong, the task, the parts it costs, the piece, what stands in its place."""

# ruff: noqa: E501
from __future__ import annotations

HELPERS = """
memory = {}


def read_claims(token):
    try:
        return __import__("json").loads(base64url.decode(token.split(".")[1]))
    except Exception:
        return {}
"""

HASH = 'base64url.encode(hashlib.sha256(verifier.encode("ascii")).digest())'
KEEP = 'keep = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}'
S256 = '"code_challenge_method": "S256",'
STATE = 'if not isinstance(state, str) or state == "" or given.get("state") != state:'
SAME_STATE = 'given.get("state") != state:'
ISS = 'given.get("iss") != app["issuer"]'
ADDRESS = 'address != app["redirect_uri"]'
CODE = 'return given.get("code")'
TYPES = "if not isinstance(url, str) or not isinstance(keep, dict):"
NONCE = 'if not isinstance(nonce, str) or nonce == "" or claims.get("nonce") != nonce:'
SAME_NONCE = 'claims.get("nonce") != nonce:'
AZP = 'if claims.get("azp", app["client_id"]) != app["client_id"]:'
VERIFY = """report = verify(
        id_token, keys, algorithms=["ES256"], issuer=app["issuer"], audience=app["client_id"], now=now
    )"""
GO = """return {"go": begun["url"], "keep": begun["keep"]}
    if event["type"] == "callback":
        code = read_callback(event["url"], keep)"""
READ = 'code = read_callback(event["url"], keep)'

MUTANTS = [
    ("padding", "a4.1", "own any", HASH,
     '__import__("base64").urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).decode()'),
    ("hexadecimal", "a4.1", "own any", HASH, 'hashlib.sha256(verifier.encode("ascii")).hexdigest()'),
    ("letters only", "a4.1", "any", 'hashlib.sha256(verifier.encode("ascii"))',
     'hashlib.sha256("".join(v for v in verifier if v not in ".~").encode("ascii"))'),
    ("a slash more", "a4.2", "parameters", '"redirect_uri": app["redirect_uri"],\n        "scope"',
     '"redirect_uri": app["redirect_uri"] + "/",\n        "scope"'),
    ("encoded twice", "a4.2", "parameters", '"client_id": app["client_id"],\n', '"client_id": quote_plus(app["client_id"]),\n'),
    ("no method", "a4.2", "pkce", f"        {S256}\n", ""),
    ("plain", "a4.2", "pkce quiet", f'challenge(keep["verifier"]),\n        {S256}',
     'keep["verifier"],\n        "code_challenge_method": "plain",'),
    ("a short verifier", "a4.2", "pkce", KEEP, KEEP.replace("32", "24")),
    ("another state is kept", "a4.2", "bound", '?{urlencode(parameters)}", "keep": keep}',
     '?{urlencode(parameters)}", "keep": keep | {"state": secrets.token_urlsafe(32)}}'),
    ("the same state each time", "a4.2", "fresh", KEEP, KEEP + '; keep["state"] = "s" * 43'),
    ("one value for two", "a4.2", "fresh", KEEP, KEEP + '; keep["nonce"] = keep["state"]'),
    ("six digits", "a4.2", "fresh", KEEP, KEEP + '; keep["state"] = str(secrets.randbelow(10**6))'),
    ("a counter", "a4.2", "fresh", KEEP,
     KEEP + '; memory["n"] = memory.get("n", 0) + 1; keep["nonce"] = f"nonce-of-my-application-{memory[\'n\']}"'),
    ("the secret too", "a4.2", "quiet", S256, S256 + '\n        "client_secret": app["client_secret"],'),
    ("the verifier too", "a4.2", "quiet", S256, S256 + '\n        "code_verifier": keep["verifier"],'),
    ("state is not compared", "a4.3", "state nonsense", STATE, "if False:"),
    ("if there is one", "a4.3", "state nonsense", STATE, f"if state and {SAME_STATE}"),
    ("missing equals missing", "a4.3", "state", STATE, f"if {SAME_STATE}"),
    ("state in lower case", "a4.3", "state", SAME_STATE, 'str(given.get("state")).lower() != state:'),
    ("state begins alike", "a4.3", "state", SAME_STATE, 'not str(given.get("state")).startswith(state):'),
    ("state with spaces", "a4.3", "state", SAME_STATE, 'str(given.get("state")).strip() != state:'),
    ("iss is not compared", "a4.3", "iss", ISS + " or ", ""),
    ("iss if it is there", "a4.3", "iss", ISS, 'given.get("iss", app["issuer"]) != app["issuer"]'),
    ("iss begins alike", "a4.3", "iss", ISS, 'not given.get("iss", "").startswith(app["issuer"])'),
    ("iss with a slash", "a4.3", "iss", ISS, 'given.get("iss", "").rstrip("/") != app["issuer"]'),
    ("any address", "a4.3", "address", ADDRESS + " or ", ""),
    ("an address that begins alike", "a4.3", "address", ADDRESS, 'not address.startswith(app["redirect_uri"])'),
    ("the same path", "a4.3", "address nonsense", ADDRESS,
     '__import__("urllib.parse").parse.urlsplit(address).path != urlsplit(app["redirect_uri"]).path'),
    ("a fragment", "a4.3", "address", 'url.partition("#")[0].partition("?")',
     'url.replace("#", "&").replace("&", "?", "?" not in url).partition("?")'),
    ("the last of two", "a4.3", "twice", " or len(given) < len(pairs)", ""),
    ("no look at error", "a4.3", "error", ' or "error" in given', ""),
    ("an empty code", "a4.3", "error", CODE, 'return dict(parse_qsl(query, keep_blank_values=True)).get("code")'),
    ("not decoded", "a4.3", "good", CODE, 'return given.get("code") and query.split("code=")[1].split("&")[0]'),
    ("unknown parameters are refused", "a4.3", "good", "len(given) < len(pairs)",
     "len(given) < len(pairs) or set(given) - {'code', 'state', 'iss', 'error'}"),
    ("falls over an address", "a4.3", "nonsense", TYPES, "if not isinstance(keep, dict):"),
    ("falls over a keep", "a4.3", "nonsense", TYPES, "if not isinstance(url, str):"),
    ("encoded twice", "a4.4", "form", '"code": code,\n', '"code": quote_plus(code),\n'),
    ("no redirect URI", "a4.4", "bound", '        "redirect_uri": app["redirect_uri"],\n        "code_verifier"',
     '        "code_verifier"'),
    ("the challenge", "a4.4", "bound", '"code_verifier": keep["verifier"]', '"code_verifier": challenge(keep["verifier"])'),
    ("the other method", "a4.4", "client", '== "client_secret_basic"', '!= "client_secret_basic"'),
    ("state as well", "a4.4", "quiet", '"code_verifier": keep["verifier"],',
     '"code_verifier": keep["verifier"],\n        "state": keep["state"],'),
    ("not all claims", "a4.5", "good", "return claims\n    ###", 'return {"sub": claims["sub"]}\n    ###'),
    ("no list", "a4.5", "good", "claims, nonce = report.claims,",
     "if isinstance(report.claims['aud'], list):\n        return None\n    claims, nonce = report.claims,"),
    ("not verified", "a4.5", "signed names dates nonsense", VERIFY,
     "report = type('R', (), {'accepted': True, 'claims': {'aud': '', **read_claims(id_token)}})"),
    ("the key is not asked", "a4.5", "signed", VERIFY,
     VERIFY.replace("now=now", "now=now, policy=__import__('jwtlab').STANDARD.without('signature-valid')")
     .replace('["ES256"]', '["ES256", "HS256"]')),
    ("any issuer", "a4.5", "names", 'issuer=app["issuer"], audience', "audience"),
    ("a clock of its own", "a4.5", "dates", "now=now", "now=my.now"),
    ("the last second", "a4.5", "dates", "now=now", "now=now, leeway=1"),
    ("no nonce", "a4.5", "nonce", NONCE, "if False:"),
    ("nonce if there is one", "a4.5", "nonce", NONCE, f'if "nonce" in claims and {SAME_NONCE}'),
    ("what is missing equals nothing", "a4.5", "nonce", NONCE, f"if {SAME_NONCE}"),
    ("nonce in lower case", "a4.5", "nonce", SAME_NONCE, 'str(claims.get("nonce")).lower() != nonce:'),
    ("nonce stands in it", "a4.5", "nonce", SAME_NONCE, 'nonce not in str(claims.get("nonce")):'),
    ("no azp", "a4.5", "azp", AZP, "if False:"),
    ("azp for several only", "a4.5", "azp", AZP, AZP.replace("if ", "if several and ")),
    ("several without azp", "a4.5", "azp", 'if several and "azp" not in claims:', "if False:"),
    ("falls over", "a4.5", "nonsense", "if not isinstance(id_token, str) or not isinstance(keep, dict):",
     "if not isinstance(keep, dict):"),
    ("not the subject", "a4.6", "login both csrf mix-up stolen refused", '{"user": claims["sub"], "keep"',
     '{"user": claims["iss"], "keep"'),
    ("a memory of its own", "a4.6", "both", GO,
     GO.replace("return", 'memory.update(keep=begun["keep"])\n        return').replace("code =", 'keep = memory.pop("keep", {})\n        code =')),
    ("the session is not asked", "a4.6", "csrf once", READ,
     'keep = {"nonce": "n", "verifier": "v" * 43, **keep}\n        '
     'state = dict(parse_qsl(event["url"].partition("?")[2])).get("state")\n        '
     'used = state in memory.setdefault("used", set())\n        '
     'memory["used"].add(state)\n        '
     'code = None if used else read_callback(event["url"], {**keep, "state": state})'),
    ("used again", "a4.6", "once", '"keep": {"nonce": keep["nonce"]}}', '"keep": keep}'),
    ("again after a no", "a4.6", "once", 'that began here", "keep": {}}', 'that began here", "keep": keep}'),
    ("another server", "a4.6", "mix-up", READ,
     'pairs = [p for p in parse_qsl(event["url"].partition("?")[2]) if p[0] != "iss"]\n        '
     'code = read_callback(f"{app[\'redirect_uri\']}?{urlencode([*pairs, (\'iss\', app[\'issuer\'])])}", keep)'),
    ("the nonce is not asked", "a4.6", "stolen refused", 'claims = read_id_token(body.get("id_token"), keep, event["now"])',
     'nonce = read_claims(body.get("id_token")).get("nonce")\n    '
     'claims = read_id_token(body.get("id_token"), {"nonce": nonce}, event["now"])'),
    ("any status", "a4.6", "refused", 'event["status"] != 200 or ', ""),
    ("any body", "a4.6", "refused", " or not isinstance(body, dict)", ""),
]  # fmt: skip
"""The name, the task, exactly these parts are lost, the piece of the official answer, and what stands in its place."""
