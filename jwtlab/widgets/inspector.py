"""TokenInspector: paste a token, see what it says, and whether a key vouches for it."""

from __future__ import annotations

from typing import Any

import traitlets

from jwtlab.checks import Report
from jwtlab.errors import InvalidKey
from jwtlab.jose import jwt, key_set
from jwtlab.jose.key import Key
from jwtlab.jose.key_set import KeySet
from jwtlab.jose.verifier import Verifier
from jwtlab.lab import EPOCH, Lab
from jwtlab.widgets import reading
from jwtlab.widgets.view import View, action

# An inspector does not know who it is, so it cannot ask what depends on that.
POLICY = jwt.STANDARD.without("type-expected", "issuer-expected", "audience-expected", "not-replayed")


class TokenInspector(View):
    """Take a token apart, explain every claim, and verify it if there is a key.

    It only ever reads: no widget of the lab both verifies and signs.

    Args:
        token: the token to begin with.
        key: a `Key` or `KeySet`, or the same as text (secret, JWK, JWK Set, PEM).
        lab: whose clock to use; by default the lab's first instant.
    """

    template = "inspector.html"
    watched = ("token", "key_text", "now", "secret_as")

    token = traitlets.Unicode("")
    key_text = traitlets.Unicode("")
    secret_as = traitlets.Unicode("text")
    now = traitlets.Float(EPOCH)

    def __init__(
        self, token: str = "", key: Key | KeySet | str = "", *, lab: Lab | None = None, **traits: Any
    ) -> None:
        text = key if isinstance(key, str) else key_set.write_key(key)
        now = lab.now if lab is not None else traits.pop("now", EPOCH)
        super().__init__(token=str(token), key_text=text, now=now, **traits)

    @action("token")
    def edit_token(self, value: str, target: str = "", cut: int = 0) -> None:
        self.token = str(value)

    @action("key")
    def edit_key(self, value: str, target: str = "", cut: int = 0) -> None:
        self.key_text = str(value)

    @action("secret_as")
    def take_secret_as(self, value: str, target: str = "") -> None:
        if value in ("text", "base64url"):
            self.secret_as = value

    @property
    def report(self) -> Report | None:
        """The verdict, or ``None`` while there is no key that can be read."""
        keys, _ = self._keys()
        return self._judged(keys)

    def _keys(self) -> tuple[KeySet | None, str]:
        if not self.key_text.strip():
            return None, ""
        try:
            keys = key_set.read_keys(self.key_text, secret_as=self.secret_as)
        except InvalidKey as error:
            return None, str(error)
        return keys, key_set.describe(keys)

    def _judged(self, keys: KeySet | None) -> Report | None:
        algorithms = sorted({alg for key in keys or () for alg in key.algorithms})
        if keys is None or not algorithms:
            return None
        return Verifier(keys, algorithms=algorithms, policy=POLICY).verify(self.token, now=self.now)

    def context(self) -> dict[str, Any]:
        keys, note = self._keys()
        report = self._judged(keys)
        seen = reading.inspect(self.token, self.now)
        text = self.key_text.strip()
        return {
            "seen": seen,
            "encrypted": any(fault.encrypted for fault in seen.notes),
            "report": report,
            "words": reading.verdict(report) if report else "",
            "list": reading.checklist(POLICY, report, (), self.lesson_checks) if report else None,
            "key_note": note,
            "key_bad": bool(note) and keys is None,
            "plain_secret": bool(text) and not text.startswith("{") and "-----BEGIN" not in text,
        }
