"""Sets of keys: JWK Set (RFC 7517 §5), and whatever people paste where a key is asked for."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jwtlab.checks import Memory
from jwtlab.errors import InvalidKey, MalformedToken, UsageError, kind
from jwtlab.jose import base64url, key_text, strict_json
from jwtlab.jose.key import Key
from jwtlab.jose.key_members import read_document
from jwtlab.jose.key_text import KeyText

_MOST_ANSWERS = 256


@dataclass(frozen=True)
class Ignored:
    """An entry of a JWK Set that cannot be used.

    Attributes:
        place: where it stands: ``"keys[2]"``.
        kid: its ``kid`` as it stands there, or ``None``.
        reason: why it cannot be used.
    """

    place: str
    kid: Any
    reason: str

    def __str__(self) -> str:
        called = "" if self.kid is None else f", called {str(self.kid)[:60]!r}"
        return f"{self.place}{called}: {self.reason}"


@dataclass(frozen=True)
class KeySet:
    """The keys that a verifier trusts: a JWK Set (RFC 7517 §5).

    Attributes:
        keys: the keys, in order.
        ignored: what a set contained besides: entries of unknown types and faulty ones. RFC 7517 §5
            asks to ignore these, so that one bad entry does not lose the set.
    """

    keys: tuple[Key, ...]
    ignored: tuple[Ignored, ...] = ()

    def __init__(self, keys: Iterable[Key], ignored: Iterable[Ignored] = ()) -> None:
        members = tuple(keys)
        wrong = next((key for key in members if not isinstance(key, Key)), None)
        if wrong is not None:
            raise UsageError(
                f"a KeySet holds Key objects; this is {kind(wrong)}. Key.from_jwk(...) makes one"
            )
        object.__setattr__(self, "keys", members)
        object.__setattr__(self, "ignored", tuple(ignored))

    @classmethod
    def from_jwks(cls, jwks: Mapping[str, Any] | str | bytes) -> KeySet:
        """A set from its JSON form.

        Entries that are no usable key are left out (RFC 7517 §5); ``ignored`` says which and why.

        Raises:
            InvalidKey: it is no JWK Set at all.
        """
        members, faulty = _as_set(jwks)
        if "kty" in members and "keys" not in members:
            raise InvalidKey("this is a single JWK, not a JWK Set. Key.from_jwk reads it")
        entries = members.get("keys")
        if not isinstance(entries, list | tuple):
            raise InvalidKey("a JWK Set has a member 'keys' that is a list of JWKs (RFC 7517 §5.1)")
        keys, ignored = [], []
        for number, entry in enumerate(entries):
            try:
                if not isinstance(entry, Mapping):
                    raise InvalidKey(f"a JWK is an object; this is {kind(entry)}")
                if any(entry is each for each in faulty):
                    raise InvalidKey("a member stands there more than once (RFC 7517 §4)")
                fault = strict_json.fault_in(entry)
                if fault:
                    raise InvalidKey(f"JWK: {fault}")
                keys.append(Key.from_jwk(entry))
            except InvalidKey as error:
                kid = entry.get("kid") if isinstance(entry, Mapping) else None
                ignored.append(Ignored(f"keys[{number}]", kid, str(error)))
        return cls(keys, ignored)

    def to_jwks(self, *, private: bool = False) -> dict[str, Any]:
        """The set as JSON to publish; shared secrets are refused unless ``private`` insists."""
        return {"keys": [key.to_jwk(private=private) for key in self.keys]}

    def public(self) -> KeySet:
        """The set of public halves."""
        return KeySet(key.public() for key in self.keys)

    def find(self, kid: str) -> tuple[Key, ...]:
        """The keys of this name: one, none or several (RFC 7517 §4.5: names SHOULD be distinct)."""
        return tuple(key for key in self.keys if key.kid == kid)

    def why_ignored(self, kid: str) -> Ignored | None:
        """The entry of this name that could not be used, if there is one."""
        return next((entry for entry in self.ignored if str(entry.kid) == kid), None)

    @cached_property
    def _answers(self) -> dict[Hashable, Memory]:
        return {}

    def answers(self, question: Hashable) -> Memory:
        """Where checks keep what they have found out about a question that this set alone decides."""
        known = self._answers.get(question)
        if known is None:
            if len(self._answers) >= _MOST_ANSWERS:  # whoever asks so many different things gets no faster
                self._answers.clear()
            known = self._answers[question] = {}
        return known

    def __getstate__(self) -> dict[str, Any]:
        return {"keys": self.keys, "ignored": self.ignored}

    def __iter__(self) -> Iterator[Key]:
        return iter(self.keys)

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, kid: str) -> Key:
        """The one key of this name.

        Raises:
            KeyError: there is none, or there are several.
        """
        found = self.find(kid)
        if len(found) != 1:
            raise KeyError(
                f"{len(found)} keys are called {kid!r}; there are: {[key.kid for key in self.keys]}"
            )
        return found[0]

    def __repr__(self) -> str:
        return f"<KeySet: {', '.join(repr(key.kid) if key.kid else key.kty for key in self.keys) or 'empty'}>"


def _alone(key: Key) -> KeySet:
    """The set of this one key, kept with it: so that what is found out about it is found out once."""
    known: KeySet | None = key.__dict__.get("_alone")
    if known is None:
        known = key.__dict__["_alone"] = KeySet([key])
    return known


def as_key_set(keys: Key | KeySet | Iterable[Key]) -> KeySet:
    """A verifier's keys, however they were handed over.

    Raises:
        UsageError: it is neither a `Key`, nor a `KeySet`, nor an iterable of keys.
    """
    if isinstance(keys, KeySet):
        return keys
    if isinstance(keys, Key):
        return _alone(keys)
    if isinstance(keys, str | bytes | Mapping) or not isinstance(keys, Iterable):
        raise UsageError(
            f"the key must be a Key or a KeySet; this is {kind(keys)}. "
            "Key.from_secret(...), Key.from_pem(...) or Key.from_jwk(...) make one"
        )
    return KeySet(keys)


def _as_set(value: Mapping[str, Any] | str | bytes) -> tuple[Mapping[str, Any], tuple[dict[str, Any], ...]]:
    """A JWK Set, and the objects in it that have two members of one name."""
    if isinstance(value, Mapping):
        return value, ()
    document = read_document(value, "a JWK Set")
    members = document.value or {}
    if any(members is each for each in document.doubled):
        raise InvalidKey(f"a JWK Set: member {document.duplicates[0]!r} stands there more than once")
    entries = members.get("keys")
    if document.fault and not (isinstance(entries, list) and strict_json.fault_in(entries)):
        raise InvalidKey(f"a JWK Set is a JSON object; in this one {document.fault}")
    return members, document.doubled


# As people paste them


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
