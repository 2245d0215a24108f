"""Keys as people paste them: whatever `jwtlab.jose.key_text` recognises, or the bare secret."""

from __future__ import annotations

import json

from jwtlab.errors import InvalidKey, MalformedToken
from jwtlab.jose import base64url, key_text, strict_json
from jwtlab.jose.jwk import Key, KeySet
from jwtlab.jose.key_text import KeyText


def read_keys(text: str, *, secret_as: str = "text") -> KeySet:
    """Keys from whatever was pasted.

    Args:
        text: a key in any form that `jwtlab.jose.key_text` knows (JWK, JWK Set, PEM, certificate,
            OpenSSH, DER in base64, …), or else a shared secret.
        secret_as: ``"text"`` if a secret is meant as it stands (UTF-8), ``"base64url"`` if it
            spells other bytes.

    Raises:
        InvalidKey: it is a key that cannot be read, or looks like JSON or PEM and is none; or it is empty.
    """
    stripped = text.strip().removeprefix("\ufeff")
    if not stripped:
        raise InvalidKey("no key yet")
    if stripped.startswith("{"):
        return _from_json(stripped)
    found = key_text.recognise(stripped)
    if found is not None:
        return _from_recognised(found)
    if "-----BEGIN" in stripped:
        return KeySet([Key.from_pem(stripped)])
    if secret_as == "base64url":
        try:
            return KeySet([Key.from_secret(base64url.decode(stripped, "secret"))])
        except MalformedToken as error:
            raise InvalidKey(str(error)) from error
    return KeySet([Key.from_secret(text)])


def _from_recognised(found: KeyText) -> KeySet:
    if found.form == "JWK Set":
        return _usable(KeySet.from_jwks(found.pieces[0].content))
    if len(found.pieces) > 1 and found.form in ("JWK", "OpenSSH"):
        return KeySet(Key.from_text(KeyText((piece,))) for piece in found.pieces)
    return KeySet([Key.from_text(found)])


def _usable(keys: KeySet) -> KeySet:
    if keys.ignored and not len(keys):
        raise InvalidKey(f"no key in this set can be used; {keys.ignored[0]}")
    return keys


def write_key(key: Key | KeySet) -> str:
    """The verifying half of a key as text that `read_keys` reads; a shared secret stays a secret."""
    keys = key if isinstance(key, KeySet) else KeySet([key])
    jwks = [each.to_jwk(private=each.is_symmetric) for each in keys]
    return json.dumps(jwks[0] if len(jwks) == 1 else {"keys": jwks}, indent=1)


def describe(keys: KeySet) -> str:
    """What was read, in words: ``"a public EC key on P-256, called 'lab-es256'"``."""
    words = [key.type_in_words + (f", called {key.kid!r}" if key.kid else "") for key in keys]
    words += [f"ignored: {name}" for name in keys.ignored]
    return "; ".join(words) or "a set without a key"


def _from_json(text: str) -> KeySet:
    document = strict_json.read(text.encode("utf-8", "replace"))
    if document.value is not None and "keys" in document.value:
        return _usable(KeySet.from_jwks(text))
    return KeySet([Key.from_jwk(text)])
