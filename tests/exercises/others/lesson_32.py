"""Right answers to the exercises of lesson 32 that are not our own."""

from __future__ import annotations

OTHERS: dict[str, list[str]] = {
    "32.1": [
        "def answer(issuer):\n    return issuer.removesuffix('/') + '/.well-known/openid-configuration'",
        "answer = lambda issuer: '/'.join([issuer.rstrip('/'), '.well-known', 'openid-configuration'])",
        "def answer(issuer):\n    if issuer[-1] == '/':\n        issuer = issuer[:-1]\n"
        "    return f'{issuer}/.well-known/openid-configuration'",
        "from urllib.parse import urljoin\n"
        "def answer(issuer):\n    return urljoin(issuer.rstrip('/') + '/', '.well-known/openid-configuration')",
    ],
    "32.2": [
        """
def answer(asked, document):
    if type(document) is not dict or document.get("issuer") != asked or "jwks_uri" not in document:
        return False
    for name in document:
        if name == "jwks_uri" or name.endswith("_endpoint"):
            if not isinstance(document[name], str) or not document[name].startswith("https://"):
                return False
    algorithms = document.get("id_token_signing_alg_values_supported")
    return isinstance(algorithms, list) and algorithms != [] and "none" not in algorithms""",
        """
from urllib.parse import urlsplit
def answer(asked, document):
    try:
        assert document["issuer"] == asked and isinstance(document["id_token_signing_alg_values_supported"], list)
        wanted = [document["jwks_uri"], *(v for n, v in document.items() if n.endswith("_endpoint"))]
        assert all(urlsplit(each).scheme == "https" and each[:8] == "https://" for each in wanted)
        return set(document["id_token_signing_alg_values_supported"]).isdisjoint({"none"}) and bool(
            document["id_token_signing_alg_values_supported"])
    except (AssertionError, KeyError, TypeError, AttributeError, ValueError):
        return False""",
        """
import re
def answer(asked, document):
    match document:
        case {"issuer": str(issuer), "jwks_uri": str(), "id_token_signing_alg_values_supported": [_, *_] as algs}:
            ends = [v for n, v in document.items() if n.endswith("_endpoint")] + [document["jwks_uri"]]
            return (issuer == asked and all(isinstance(e, str) and re.match("https://", e) for e in ends)
                    and not any(alg == "none" for alg in algs))
    return False""",
    ],
    "32.3": [
        """
FIT = {"RS256": {"kty": "RSA"}, "PS256": {"kty": "RSA"}, "ES256": {"kty": "EC", "crv": "P-256"}}
def answer(jwks, header):
    found = []
    for key in jwks["keys"]:
        if header.get("alg") not in FIT:
            continue
        if any(key.get(name) != value for name, value in FIT[header["alg"]].items()):
            continue
        if "use" in key and key["use"] != "sig" or "key_ops" in key and "verify" not in key["key_ops"]:
            continue
        if "alg" in key and key["alg"] != header["alg"] or "kid" in header and header["kid"] != key.get("kid"):
            continue
        found.append(key)
    return found[0] if len(found) == 1 else None""",
        """
def answer(jwks, header):
    alg, keys = header.get("alg"), jwks["keys"]
    if alg not in ("RS256", "PS256", "ES256"):
        return None
    if "kid" in header:
        keys = [k for k in keys if k.get("kid") == header["kid"]]
    keys = [k for k in keys if k.get("use") in (None, "sig") and k.get("alg") in (None, alg)]
    keys = [k for k in keys if k.get("key_ops") is None or "verify" in k["key_ops"]]
    if alg == "ES256":
        keys = [k for k in keys if k["kty"] == "EC" and k["crv"] == "P-256"]
    else:
        keys = [k for k in keys if k["kty"] == "RSA"]
    if len(keys) != 1:
        return None
    return dict(keys[0])""",
        """
def answer(jwks, header):
    kinds = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
    kty = kinds.get(header.get("alg"), "?")
    good = lambda k: (k.get("kty") == kty and (kty != "EC" or k.get("crv") == "P-256") and k.get("use", "sig") == "sig"
        and ("key_ops" not in k or "verify" in k["key_ops"]) and k.get("alg", header["alg"]) == header["alg"]
        and header.get("kid", k.get("kid")) == k.get("kid"))
    try:
        (key,) = filter(good, jwks["keys"])
    except ValueError:
        return None
    return key""",
    ],
}
