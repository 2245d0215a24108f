"""Plausible wrong answers to the exercises of lesson 32."""

from __future__ import annotations

from jwtlab import exercises

_SOLUTION = {each.id: each.solution for each in exercises.lesson("32").exercises}
_WELL = "/.well-known/openid-configuration"
_ISSUER, _DOCUMENT, _KEY = (
    "def answer(issuer):\n",
    "def answer(asked, document):\n",
    "def answer(jwks, header):\n",
)
_SPLIT = f"{_ISSUER}    from urllib.parse import urlsplit\n    p = urlsplit(issuer)\n"


def _but(exercise_id: str, old: str, new: str) -> str:
    """The solution, with one piece of it written wrongly."""
    assert old in _SOLUTION[exercise_id]
    return _SOLUTION[exercise_id].replace(old, new)


WRONG: dict[str, list[tuple[str, str]]] = {
    "32.1": [
        (f"{_ISSUER}    return issuer + '{_WELL}'", "slash"),
        (f"{_ISSUER}    return issuer + '.well-known/openid-configuration'", "no-slash"),
        (f"{_ISSUER}    return issuer.rstrip('/') + '/.well-known/oauth-authorization-server'", "oauth-name"),
        (f"{_SPLIT}    return f'{{p.scheme}}://{{p.netloc}}{_WELL}'", "path"),
        (f"{_SPLIT}    return f'{{p.scheme}}://{{p.netloc}}{_WELL}{{p.path.rstrip(\"/\")}}'", "inserted"),
        (f"{_SPLIT}    return f'https://{{p.hostname}}{{p.path.rstrip(\"/\")}}{_WELL}'", "port"),
        (f"{_ISSUER}    return issuer.lower().rstrip('/') + '{_WELL}'", "capitals"),
        (f"{_ISSUER}    return (issuer + '{_WELL}').replace('//', '/')", "other"),
        (f"answer = 'https://issuer.example{_WELL}'", "no-function"),
    ],
    "32.2": [
        (f"{_DOCUMENT}    return True", "other-issuer"),
        (f"{_DOCUMENT}    return document.get('issuer')", "not-bool"),
        (f"{_DOCUMENT}    return document.get('issuer') == asked", "no-keys"),
        (f"{_DOCUMENT}    return document.get('issuer') == asked and 'jwks_uri' in document", "keys-over-http"),
        (f"{_DOCUMENT}    return document['issuer'].startswith(asked)", "slash"),
        (f"{_DOCUMENT}    return document['issuer'] == asked", "raised"),
        (_but("32.2", 'document.get("issuer") != asked', "str(document.get('issuer')).strip('/') != asked.strip('/')"),
         "slash"),
        (_but("32.2", 'document.get("issuer") != asked', "str(document.get('issuer')).lower() != asked"),
         "issuer-loosely"),
        (_but("32.2", 'document.get("issuer") != asked', "asked not in document.get('issuer', '')"), "slash"),
        (_but("32.2", 'document.get("issuer") != asked', "document.get('issuer', asked) != asked"), "no-issuer"),
        (_but("32.2", 'name == "jwks_uri" or name.endswith("_endpoint")', 'name in ("jwks_uri", "token_endpoint")'),
         "over-http"),
        (_but("32.2", 'name.endswith("_endpoint")', '"_endpoint" in name'), "no-address"),
        (_but("32.2", 'str(address).startswith("https://")', '"https://" in str(address)'), "not-https"),
        (_but("32.2", '"none" not in algorithms', 'algorithms != ["none"]'), "none"),
        (_but("32.2", '"none" not in algorithms', '"none" not in str(algorithms)'), "nearly-none"),
        (_but("32.2", "len(algorithms) > 0 and ", ""), "no-algorithm"),
        (_but("32.2", "isinstance(algorithms, list) and len(algorithms) > 0", "algorithms"), "not-bool"),
        (_but("32.2", "isinstance(algorithms, list) and len(algorithms) > 0", "bool(algorithms)"), "algorithms-kind"),
        (_but("32.2", "not isinstance(document, dict)", "document is None"), "raised"),
    ],
    "32.3": [
        (f"{_KEY}    return jwks['keys'][0]", "by-kid"),
        (f"{_KEY}    return next((k for k in jwks['keys'] if k['kid'] == header.get('kid')), None)",
         "no-kid"),
        (_SOLUTION["32.3"].replace("    alg =", "    if 'jwk' in header:\n        return header['jwk']\n    alg ="),
         "header-key"),
        (_but("32.3", '.get(alg)', '.get(alg, ("RSA", None))'), "hs256"),
        (_but("32.3", '"RS256": ("RSA", None), ', '"RS256": ("RSA", None), "RS512": ("RSA", None), '), "not-accepted"),
        (_but("32.3", '("EC", "P-256")}', '("EC", "P-256"), "HS256": ("oct", None)}'), "hs256"),
        (_but("32.3", '(key["kty"], key.get("crv")) == wanted', 'wanted and key["kty"] == wanted[0]'), "curve"),
        (_but("32.3", '(key["kty"], key.get("crv")) == wanted', 'wanted'), "no-kid"),
        (_but("32.3", 'key.get("use", "sig") == "sig"', 'True'), "no-kid"),
        (_but("32.3", 'key.get("use", "sig") == "sig"', 'key.get("use") == "sig"'), "by-kid"),
        (_but("32.3", '"verify" in key.get("key_ops", ["verify"])', 'True'), "key-ops"),
        (_but("32.3", 'key.get("alg", alg) == alg', 'True'), "key-alg"),
        (_but("32.3", 'key.get("kid") == header["kid"]', 'key["kid"] == header["kid"]'), "raised"),
        (_but("32.3", '"kid" not in header or ', 'not header.get("kid") or '), "unknown-kid"),
        (_but("32.3", "if len(fitting) == 1", "if fitting"), "two-fit"),
        (_but("32.3", 'header.get("alg")', 'str(header.get("alg")).upper()'), "alg-loosely"),
        (_but("32.3", 'header.get("alg")', 'header["alg"]'), "raised"),
    ],
}  # fmt: skip
