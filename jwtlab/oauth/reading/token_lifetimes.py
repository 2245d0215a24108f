"""The lives of tokens, read from a trace: from the answer that brought them to their end, and every use."""

from __future__ import annotations

from dataclasses import dataclass, field

from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import header
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.reading.knowledge import Secret, who_knows

_STORED_KINDS = ("access token", "refresh token")
_LONGEST = 100 * 365 * 86_400  # seconds; what claims to live longer has no end in sight


@dataclass
class TokenLifetime:
    """One token's life. Times are in seconds since the first token was issued.

    Attributes:
        name: such as ``"access token 1"``.
        start: when it was issued.
        end: when it ends; ``None`` if the trace does not say.
        how: why it ends: ``"expires"``, ``"used"``, ``"revoked"``, or empty.
        uses: time, and whether it was accepted.
    """

    name: str
    start: float
    end: float | None = None
    how: str = ""
    uses: list[tuple[float, bool]] = field(default_factory=list)

    @property
    def words(self) -> str:
        """In a sentence."""
        until = "no end in sight" if self.end is None else f"{self.how} at {self.end:g} s"
        used = ", ".join(f"{'accepted' if good else 'refused'} at {at:g} s" for at, good in self.uses)
        return f"{self.name} from {self.start:g} s, {until}" + (f", {used}" if used else "")


def token_lifetimes(trace: Trace) -> tuple[TokenLifetime, ...]:
    """The lives of the access tokens and refresh tokens that a token endpoint gave, in the order of their birth.

    An access token ends ``expires_in`` seconds after it was issued (RFC 6749 §5.1). A refresh token that
    brought new tokens has been used up (rotation, RFC 9700 §4.14.2); if it then comes again and is refused,
    every refresh token of the trace that still lived is taken to be revoked with its family. A refresh token that
    is given back (RFC 7009) ends there; an access token lives on wherever it is checked alone.

    Args:
        trace: of one permission; with several, the ends of refresh tokens cannot be told apart.
    """
    secrets = [each for each in who_knows(trace) if each.name.startswith(_STORED_KINDS)]
    lives: dict[str, TokenLifetime] = {}
    begun = 0.0
    for each in trace:
        for secret in secrets:
            if secret.value in _given(each) and secret.value not in lives:
                begun = begun if lives else each.at
                lives[secret.value] = _born(secret, each, begun)
            elif secret.value in lives:
                _used(lives, secret, each, begun)
    return tuple(lives.values())


def _given(each: Exchange) -> tuple[str, ...]:
    answer = each.response.json if each.response else None
    found = (
        (answer.get(name) for name in ("access_token", "refresh_token")) if isinstance(answer, dict) else ()
    )
    return tuple(value for value in found if isinstance(value, str))


def _born(secret: Secret, each: Exchange, begun: float) -> TokenLifetime:
    life = TokenLifetime(secret.name, each.at - begun)
    answer = each.response.json if each.response else {}
    seconds = answer.get("expires_in")
    if secret.value == answer.get("access_token") and isinstance(seconds, int | float) and seconds < _LONGEST:
        life.end, life.how = life.start + seconds, "expires"
    return life


def _used(lives: dict[str, TokenLifetime], secret: Secret, each: Exchange, begun: float) -> None:
    good = each.response is not None and each.response.status < 400
    life, at = lives[secret.value], each.at - begun
    if header(each.request.headers, "authorization").endswith(f" {secret.value}"):
        life.uses.append((at, good))
    elif each.request.get("refresh_token") == secret.value:
        life.uses.append((at, good))
        if good and life.how == "used":  # a server that does not rotate: it is as good as ever
            life.end, life.how = None, ""
        elif good and life.end is None and _next_refresh(each) not in ("", secret.value):
            life.end, life.how = at, "used"
        elif not good and life.how == "used" and _error(each) == "invalid_grant":
            for other in lives.values():
                if other.name.startswith("refresh") and other.end is None:
                    other.end, other.how = at, "revoked"
    elif good and _returned(each) == secret.value and life.name.startswith("refresh"):
        life.end, life.how = at, "revoked"


def _next_refresh(each: Exchange) -> str:
    answer = each.response.json if each.response else None
    found = answer.get("refresh_token") if isinstance(answer, dict) else None
    return found if isinstance(found, str) else ""


def _error(each: Exchange) -> object:
    answer = each.response.json if each.response else None
    return answer.get("error") if isinstance(answer, dict) else None


def _returned(each: Exchange) -> str:
    """The token that is given back (RFC 7009 §2.1)."""
    return each.request.get("token") if each.request.path.endswith("/revoke") else ""
