"""Plausible wrong answers to the exercises of lesson 32."""

from __future__ import annotations

WRONG: dict[str, list[tuple[str, str]]] = {
    "32.1": [
        ("def answer(issuer):\n    return issuer + '/.well-known/openid-configuration'", "slash at the end"),
        ("def answer(issuer):\n    return issuer + '.well-known/openid-configuration'", "behind the issuer"),
        (
            "def answer(issuer):\n"
            "    from urllib.parse import urlsplit\n"
            "    p = urlsplit(issuer)\n"
            "    return f'{p.scheme}://{p.netloc}/.well-known/openid-configuration'",
            "path of its own",
        ),
        ("answer = 'https://issuer.example/.well-known/openid-configuration'", "wants a function"),
    ],
    "32.2": [
        (
            (
                "def answer(asked, document):\n"
                '    return (isinstance(document, dict) and document.get("issuer") == asked and '
                'all(str(document.get(n, "")).startswith("https://") for n in ("jwks_uri", '
                '"token_endpoint"))\n'
                '            and any(a != "none" for a in document["id_token_signing_alg_values_supported"]))'
            ),
            "as good as another",
        ),
        ("def answer(asked, document):\n    return True", "speaks for somebody else"),
        ("def answer(asked, document):\n    return document['issuer'].startswith(asked)", "begins alike"),
        (
            "def answer(asked, document):\n    return document.get('issuer', '').lower() == asked",
            "as they stand",
        ),
        (
            "def answer(asked, document):\n    return document.get('issuer') == asked and 'jwks_uri' in document",
            "Keys over http",
        ),
        (
            "def answer(asked, document):\n"
            "    return document.get('issuer') == asked and document.get('jwks_uri', '').startswith('https://')",
            "token endpoint over http",
        ),
        ("def answer(asked, document):\n    return document.get('issuer')", "True or False"),
    ],
    "32.3": [
        (
            (
                "def answer(jwks, header):\n"
                '    kty = {"RS": "RSA", "PS": "RSA", "ES": "EC"}.get(str(header.get("alg"))[:2])\n'
                '    fitting = [key for key in jwks["keys"] if key["kty"] == kty and key.get("use", '
                '"sig") == "sig"]\n'
                '    if "kid" in header:\n'
                '        fitting = [key for key in fitting if key.get("kid") == header["kid"]]\n'
                "    return fitting[0] if len(fitting) == 1 else None"
            ),
            "RS512 is not on your list",
        ),
        ("def answer(jwks, header):\n    return jwks['keys'][0]", "fits ES256"),
        (
            "def answer(jwks, header):\n"
            "    return next((k for k in jwks['keys'] if k['kid'] == header.get('kid')), None)",
            "needs an EC key",
        ),
        (
            "def answer(jwks, header):\n"
            "    kty = {'RS': 'RSA', 'ES': 'EC', 'HS': 'oct'}.get(header['alg'][:2])\n"
            "    return next((k for k in jwks['keys'] if k['kid'] == header.get('kid') and k['kty'] == kty), None)",
            "for encryption",
        ),
        (
            "def answer(jwks, header):\n"
            "    kty = {'RS': 'RSA', 'ES': 'EC', 'HS': 'oct'}.get(header['alg'][:2])\n"
            "    found = [k for k in jwks['keys'] if k['kid'] == header.get('kid') and k['kty'] == kty]\n"
            "    return found[0] if found and found[0].get('use') != 'enc' else None",
            "A secret in a published set",
        ),
    ],
}
