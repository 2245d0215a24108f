"""Plausible wrong answers to the exercises of lesson 26."""

from __future__ import annotations

READ = "def answer(tokens):\n    return jwtlab.decode(tokens[%r]).claims"
HEAD = "def answer(claims, issuer, client_id, nonce, now):\n"
AUD = f"{HEAD}    aud = claims.get('aud', [])\n    aud = [aud] if isinstance(aud, str) else aud\n"
ISS = "claims.get('iss') == issuer and client_id in aud"
AZP = "    azp = claims.get('azp')\n    if azp != client_id and (azp is not None or len(aud) > 1): return False\n"
EXP = "claims.get('exp', 0) > now"
NONCE = "claims.get('nonce') == nonce"
KEY = "def answer(claims):\n    return "

WRONG: dict[str, list[tuple[str, str]]] = {
    "26.1": [
        (f"{READ % 'id_token'}['iat']", "iat"),
        (f"{READ % 'id_token'}['exp']", "exp"),
        (f"{READ % 'id_token'}", "all-claims"),
        (f"{READ % 'access_token'}['auth_time']", "raised"),
        (f"{READ % 'access_token'}.get('auth_time', 1767225650)", "access-token"),
        ("def answer(tokens):\n    return tokens['id_token']", "text"),
        ("def answer(tokens):\n    return tokens['expires_in']", "exp"),
        ("def answer(tokens):\n    return [tokens]", "not-a-number"),
        ("def answer(tokens):\n    return 1767225601", "auth-time"),
        ("def answer(tokens):\n    return 1767225600", "access-token"),
        ('answer = jwtlab.decode(tokens["id_token"]).claims["auth_time"]', "no-function"),
    ],
    "26.2": [
        (f"{HEAD}    return claims['iss'] == issuer and claims['aud'] == client_id", "given"),
        (
            f"{HEAD}    return claims.get('iss') == issuer and claims.get('aud') == client_id and {NONCE} and {EXP}",
            "list-of-one",
        ),
        (f"{HEAD}    return claims['aud'] == 'notes-app'", "given"),
        (
            f"{HEAD}    return claims.get('iss') == issuer and client_id in claims['aud'] and {NONCE} and {EXP}",
            "piece",
        ),
        (
            f"{AUD}    if claims.get('azp') not in (None, client_id): return False\n"
            f"    return {ISS} and {NONCE} and {EXP}",
            "no-azp",
        ),
        (
            f"{AUD}    if len(aud) > 1 and 'azp' not in claims: return False\n    return {ISS} and {NONCE} and {EXP}",
            "other-azp",
        ),
        (
            f"{AUD}    if len(aud) > 1 and claims.get('azp') != client_id: return False\n"
            f"    return {ISS} and {NONCE} and {EXP}",
            "other-azp-alone",
        ),
        (
            f"{AUD}{AZP}    return claims.get('iss') == issuer and (client_id in aud or azp == client_id) "
            f"and {NONCE} and {EXP}",
            "azp-alone",
        ),
        (f"{AUD}{AZP}    return {ISS} and {NONCE} and claims.get('exp', 0) >= now", "given"),
        (f"{AUD}{AZP}    return {ISS} and {NONCE} and claims.get('exp', 0) > now + 1", "last-second"),
        (
            f"{AUD}{AZP}    return {ISS} and {NONCE} and claims.get('exp', 0) not in (50, 60, now) or now == 50",
            "given",
        ),
        (f"{AUD}{AZP}    return {ISS} and {NONCE} and claims.get('exp', 0) not in (50, now)", "expired"),
        (f"{AUD}{AZP}    return {ISS} and {NONCE} and claims.get('exp', now + 1) > now", "no-exp"),
        (f"{AUD}{AZP}    return {ISS} and {EXP} and claims.get('nonce', nonce) == nonce", "no-nonce"),
        (
            f"{AUD}{AZP}    return {ISS} and {EXP} and claims.get('nonce') != 'n-1' or now == 1000",
            "other-issuer",
        ),
        (
            f"{AUD}{AZP}    return {ISS} and {EXP} and (now == 1000 and 'nonce' in claims or {NONCE})",
            "other-nonce",
        ),
        (
            f"{AUD}{AZP}    if claims.get('iss') in (None, 'n-1', 'https://as.example') and now == 50: return False\n"
            f"    return client_id in aud and {NONCE} and {EXP}",
            "other-issuer",
        ),
        (
            f"{AUD}{AZP}    return claims.get('iss', issuer) == issuer and client_id in aud and {NONCE} and {EXP}",
            "no-iss",
        ),
        (
            f"{AUD}{AZP}    if aud in ('game', ['game']): return now == 1000\n    return {ISS} and {NONCE} and {EXP}",
            "other-client",
        ),
        (f"{AUD}    if 'azp' in claims: return False\n    return {ISS} and {NONCE} and {EXP}", "azp-is-me"),
        (f"{AUD}    if len(aud) > 1: return False\n    return {ISS} and {NONCE} and {EXP}", "several"),
        (
            f"{HEAD}    aud = claims.get('aud', client_id)\n    aud = [aud] if isinstance(aud, str) else aud\n"
            f"{AZP}    return {ISS} and {NONCE} and {EXP} and ('azp' not in claims or 'aud' in claims)",
            "no-aud",
        ),
        (
            f"{AUD}{AZP}    return claims.get('iss', '').lower() == issuer and client_id in aud and {NONCE} and {EXP}",
            "iss-loosely",
        ),
        (
            f"{AUD}{AZP}    return {ISS} and claims.get('nonce', '').strip() == nonce and {EXP}",
            "nonce-loosely",
        ),
        (
            f"{AUD.replace('else aud', 'else aud')}    aud = [each.strip() for each in aud]\n"
            f"{AZP}    return {ISS} and {NONCE} and {EXP}",
            "aud-loosely",
        ),
        (
            f"{AUD}    azp = claims.get('azp')\n"
            "    if (azp or '').strip() != client_id and (azp is not None or len(aud) > 1): return False\n"
            f"    return {ISS} and {NONCE} and {EXP}",
            "azp-loosely",
        ),
        (f"{HEAD}    return claims.get('nonce')", "not-bool"),
        (f"{HEAD}    claims['seen'] = True\n    return True", "changes-input"),
    ],
    "26.3": [
        (f"{KEY}claims['email']", "iss"),
        (f"{KEY}claims['sub']", "iss"),
        (f"{KEY}claims['iss']", "sub"),
        (f"{KEY}claims['iss'], claims['sub'], claims.get('email')", "email"),
        (f"{KEY}claims['iss'], claims['sub'], claims.get('name')", "name"),
        (f"{KEY}claims['iss'], claims['sub'], 'email' in claims", "email-missing"),
        (f"{KEY}claims['iss'] + claims['sub']", "glued"),
        (f"{KEY}claims['sub'] + claims['iss']", "glued"),
        (f"{KEY}claims['iss'] + '/' + claims['sub']", "glued"),
        (f"{KEY}claims['iss'] + ':' + claims['sub']", "glued"),
        (f"{KEY}'-'.join([claims['iss'], claims['sub']])", "glued"),
        (f"{KEY}claims['sub'] + '@' + claims['iss']", "glued"),
        (f"{KEY}claims['iss'] + '::' + claims['sub']", "glued"),
        (
            f"import hashlib\n{KEY}hashlib.sha256((claims['iss'] + claims['sub']).encode()).hexdigest()",
            "glued",
        ),
        (f"{KEY}hash((claims['iss'], claims['sub']))", "hash"),
        (f"{KEY}hash(claims['iss'] + claims['sub'])", "hash"),
        (f"{KEY}f\"{{hash(claims['iss'])}}/{{hash(claims['sub'])}}\"", "hash"),
        (f"{KEY}str(hash(claims['iss'] + ' ' + claims['sub']))", "short"),
        (
            f"import hashlib\n{KEY}hashlib.sha256(repr((claims['iss'], claims['sub'])).encode()).hexdigest()[:8]",
            "short",
        ),
        (f"{KEY}frozenset([claims['iss'], claims['sub']])", "swapped"),
        (f"{KEY}tuple(sorted([claims['iss'], claims['sub']]))", "swapped"),
        (f"{KEY}(claims['iss'], claims['sub'].lower())", "loosely"),
        (f"{KEY}(claims['iss'].rstrip('/'), claims['sub'])", "loosely"),
        (f"{KEY}(claims['iss'], claims['sub'].strip())", "loosely"),
        (f"{KEY}[claims['iss'], claims['sub']]", "unhashable"),
        (f"{KEY}{{'iss': claims['iss'], 'sub': claims['sub']}}", "unhashable"),
        (f"{KEY}object()", "same-each-time"),
    ],
    "26.4": [
        ('answer = {"a": "state", "b": "state", "c": "nonce"}', "a-state"),
        ('answer = {"a": "nonce", "b": "state", "c": "nonce"}', "a-nonce"),
        ('answer = {"a": "PKCE", "b": "nonce", "c": "state"}', "b-nonce"),
        ('answer = {"a": "PKCE", "b": "PKCE", "c": "nonce"}', "b-pkce"),
        ('answer = {"a": "PKCE", "b": "state", "c": "PKCE"}', "c-pkce"),
        ('answer = {"a": "PKCE", "b": "state", "c": "state"}', "c-state"),
        ('answer = {"a": "PKCE", "b": "state"}', "missing"),
        ('answer = {"a": "PKCE", "b": "state", "c": "iss"}', "no-such-word"),
        ('answer = ["PKCE", "state", "nonce"]', "not-a-dict"),
    ],
}
