"""TokenBuilder: a form for algorithm, key, header and claims; the token grows as you edit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import traitlets

from jwtlab.errors import InvalidKey, JwtlabError
from jwtlab.jose import jwt, key_set
from jwtlab.jose.algorithms import ALGORITHMS, Algorithm
from jwtlab.jose.key import Key
from jwtlab.lab import Lab
from jwtlab.widgets import reading
from jwtlab.widgets.view import View, action

OWN = "own"
Pairs = tuple[tuple[str, str], ...]


class TokenBuilder(View):
    """Build and sign a token from a form. It never verifies.

    Args:
        claims: the claims to begin with; by default those that the lab's issuer would write.
        alg: the algorithm to begin with.
        header: further header parameters.
        key: the key to sign with; by default the lab's demo key for the algorithm.
        lab: whose clock and keys to use.

    Attributes:
        token: the token, or ``""`` while the form holds a mistake.
        problem: what is wrong, in a sentence.
    """

    template = "builder.html"
    watched = ("alg", "key_choice", "key_text", "header_pairs", "claim_pairs")

    alg = traitlets.Unicode("ES256")
    key_choice = traitlets.Unicode("lab")
    key_text = traitlets.Unicode("")
    header_pairs: Any = traitlets.Tuple()
    claim_pairs: Any = traitlets.Tuple()

    def __init__(
        self,
        claims: Mapping[str, Any] | None = None,
        *,
        alg: str = "ES256",
        header: Mapping[str, Any] | None = None,
        key: Key | None = None,
        lab: Lab | None = None,
    ) -> None:
        self.lab = lab if lab is not None else Lab()
        self.token, self.problem = "", ""
        own = key is not None
        super().__init__(
            alg=Algorithm.named(alg).name,
            key_choice=OWN if own else "lab",
            key_text=json.dumps(key.to_jwk(private=True), indent=1) if key is not None else "",
            header_pairs=_pairs({"typ": "JWT", **(header or {})}),
            claim_pairs=_pairs(self.lab.claims(jti=None) if claims is None else claims),
        )

    # What the page may do

    @action("alg")
    def choose_algorithm(self, value: str, target: str = "") -> None:
        if value in ALGORITHMS:
            self.alg = value
            if self.key_choice not in dict(self._choices()):
                self.key_choice = "lab"

    @action("key_choice")
    def choose_key(self, value: str, target: str = "") -> None:
        if value in dict(self._choices()):
            self.key_choice = value

    @action("key")
    def edit_key(self, value: str, target: str = "", cut: int = 0) -> None:
        self.key_text = str(value)

    @action("name")
    def edit_name(self, value: str, target: str, cut: int = 0) -> None:
        self._edit(target, 0, str(value))

    @action("value")
    def edit_value(self, value: str, target: str, cut: int = 0) -> None:
        self._edit(target, 1, str(value))

    @action("remove")
    def remove(self, value: str, target: str) -> None:
        which, index = _place(target)
        pairs = list(getattr(self, which, ()))
        if 0 <= index < len(pairs):
            setattr(self, which, tuple(pairs[:index] + pairs[index + 1 :]))

    @action("add")
    def add(self, value: str, target: str) -> None:
        """Add a line: an empty one, or a claim with a sensible value."""
        which, _ = _place(target)
        pairs = getattr(self, which, ())
        if which and isinstance(value, str) and len(pairs) < reading.MOST_ROWS:
            setattr(self, which, (*pairs, (value, self._suggestion(value))))

    def _suggestion(self, name: str) -> str:
        now = int(self.lab.now)
        usual = {"exp": now + 900, "nbf": now, "iat": now, "aud": self.lab.audience, "iss": self.lab.issuer}
        return str(
            usual.get(
                name, {"jti": "token-1", "admin": "true", "typ": "at+jwt", "kid": "lab-key"}.get(name, "")
            )
        )

    def _edit(self, target: str, column: int, value: str) -> None:
        which, index = _place(target)
        pairs = [list(pair) for pair in getattr(self, which, ())]
        if 0 <= index < len(pairs):
            pairs[index][column] = value
            setattr(self, which, tuple((name, text) for name, text in pairs))

    # What comes out

    @property
    def claims(self) -> dict[str, Any]:
        return _members(self.claim_pairs)

    @property
    def header(self) -> dict[str, Any]:
        return _members(self.header_pairs)

    def signing_key(self) -> Key:
        """The key that is chosen.

        Raises:
            InvalidKey: the pasted text is no key.
        """
        if self.key_choice == OWN:
            keys = key_set.read_keys(self.key_text)
            if not keys:
                raise InvalidKey(f"there is no key in it: {key_set.describe(keys)}")
            return next(iter(keys))
        if self.key_choice == "public":
            return self.lab.key("ES256").public()
        owner, _, alg = self.key_choice.partition(":")
        return self.lab.key(alg or self.alg, owner)

    def _build(self) -> None:
        self.token = ""
        doubled = _doubled(self.header_pairs) or _doubled(self.claim_pairs)
        try:
            if doubled:
                self.problem = f"{doubled!r} appears there twice: a reader could take either (RFC 7519 §4)"
                return
            self.token = jwt.issue(self.claims, self.signing_key(), alg=self.alg, header=self.header)
            self.problem = ""
        except JwtlabError as error:
            self.problem = str(error)

    def context(self) -> dict[str, Any]:
        self._build()
        return {
            "algorithms": ALGORITHMS.values(),
            "algorithm": ALGORITHMS[self.alg],
            "choices": self._choices(),
            "seen": reading.inspect(self.token, self.lab.now),
            "rows": [
                reading.claim_row(name, _value(text), self.lab.now)
                for name, text in self.claim_pairs[: reading.MOST_ROWS]
            ],
            "most": reading.MOST_ROWS,
            "missing": [
                name
                for name in ("iss", "aud", "iat", "nbf", "exp", "jti", "admin")
                if name not in self.claims
            ],
        }

    def _choices(self) -> tuple[tuple[str, str], ...]:
        other = "RS256" if self.alg != "RS256" else "HS256"
        return (
            ("lab", f"the lab's key for {self.alg}"),
            ("mallory", f"Mallory's key for {self.alg} (nobody trusts it)"),
            (f"lab:{other}", f"the lab's key for {other} (does it fit?)"),
            ("public", "a public key (can it sign?)"),
            (OWN, "my own: a secret, JWK or PEM"),
        )


def _pairs(members: Mapping[str, Any]) -> Pairs:
    return tuple((name, _text(value)) for name, value in members.items())


def _text(value: Any) -> str:
    """A JSON value as one types it: text without quotes unless it would read as something else."""
    if isinstance(value, str) and not isinstance(_value(value), str):
        return json.dumps(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _value(text: str) -> Any:
    """What was typed: JSON if it is some, else text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _members(pairs: Pairs) -> dict[str, Any]:
    return {name: _value(text) for name, text in pairs if name}


def _doubled(pairs: Pairs) -> str:
    names = [name for name, _ in pairs if name]
    return next((name for name in names if names.count(name) > 1), "")


def _place(target: str) -> tuple[str, int]:
    """``"claim:3"`` → the trait that holds the claims, line 3."""
    which, _, index = target.partition(":")
    trait = {"claim": "claim_pairs", "header": "header_pairs"}.get(which, "")
    return trait, int(index) if index.isdecimal() and len(index) < 6 else -1
