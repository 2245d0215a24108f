"""A build service signs a token for each job; a cloud trades it for rights, by a rule (RFC 8693, RFC 8725 §3.8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, jsonify, request

from jwtlab.checks import Check, Policy, Refusal, Report
from jwtlab.errors import ClaimRefused, UsageError
from jwtlab.jose import jwt
from jwtlab.jose.key import Key
from jwtlab.oauth import protocol
from jwtlab.oauth.http.recorder import record_report
from jwtlab.oauth.world import World

BUILDS, CLOUD = "https://builds.example", "https://cloud.example"
JWT_TYPE = "urn:ietf:params:oauth:token-type:jwt"
"""A token that is a JWT, as it stands in ``subject_token_type`` (RFC 8693 §3)."""
Rule = Callable[[dict[str, Any]], bool]


class BuildService:
    """Runs jobs for everybody's repositories, and signs for each what it is.

    Args:
        key: with which it signs.
        clock: ``() -> seconds since 1970``.
        random: makes names of tokens.
    """

    def __init__(self, key: Key, clock: Callable[[], float], random: Callable[[], str]) -> None:
        self._key, self._clock, self._random = key, clock, random

    @property
    def key(self) -> Key:
        """The public half."""
        return self._key.public()

    def run(
        self,
        repository: str,
        ref: str = "refs/heads/main",
        *,
        pull_request: bool = False,
        environment: str = "",
        audience: str = CLOUD,
    ) -> str:
        """Run a job, and give its token.

        Args:
            repository: ``"owner/name"``, where the job is written.
            ref: which branch or tag it runs for.
            pull_request: it runs because somebody proposes a change, from a copy (fork) perhaps.
            environment: it runs in an environment of this name, which the repository's owners guard.
            audience: for whom the token is to be; whoever writes the job chooses.

        Raises:
            UsageError: this is no repository.
        """
        owner, slash, name = repository.partition("/")
        if not (owner and slash and name) or ":" in repository or "/" in name:
            raise UsageError(f"{repository!r} is no repository; write owner/name, such as mallory/weather")
        what = (
            f"environment:{environment}" if environment else "pull_request" if pull_request else f"ref:{ref}"
        )
        now = int(self._clock())
        claims = {
            "iss": BUILDS,
            "aud": audience,
            "sub": f"repo:{repository}:{what}",
            "repository": repository,
            "iat": now,
            "exp": now + 300,
            "jti": self._random(),
        }
        return jwt.issue(claims, self._key, alg=self._key.alg or self._key.algorithms[0])


def rule_holds(case: jwt.Case) -> str:
    """``case.context`` is the rule."""
    if not case.context(case.claims):
        raise Refusal(
            "the trust rule does not name this job",
            claim="sub",
            error=ClaimRefused,
            found=case.claims.get("sub"),
        )
    return str(case.claims.get("sub"))


TRUST = jwt.STANDARD.adding(
    Check(
        id="workload-trusted",
        title="The trust rule names this very job",
        spec="RFC 8725 §3.8",
        run=rule_holds,
        group="Purpose",
        purpose="Every job of every repository in the world gets in.",
    )
)
"""What a cloud asks of a job's token. Without its last row, issuer and audience alone decide."""


@dataclass(frozen=True)
class Traded:
    """What came of a trade.

    Attributes:
        status: of the answer.
        scope: what the job may do now; empty for nothing.
        said: why not, or to whom.
    """

    status: int
    scope: str
    said: str


class Cloud:
    """Trades the tokens of jobs for rights of its own.

    Args:
        world: where it answers, at `CLOUD`.
        builds: whose tokens it takes.
        rule: ``(claims) -> bool``: may this job in? Signature, issuer, audience and dates were checked before.
            ``None`` is the mistake of this lesson: nobody asks.
    """

    def __init__(self, world: World, builds: BuildService, rule: Rule | None = None) -> None:
        self._world, self._builds, self._rule = world, builds, rule
        self._key = Key.from_secret(world.random(32))
        app = Flask(__name__)
        app.add_url_rule("/token", view_func=self._answer, methods=["POST"])
        world.network.replace(CLOUD, "Cloud", app)

    @property
    def policy(self) -> Policy:
        return TRUST if self._rule is not None else TRUST.without("workload-trusted")

    def judge(self, token: str) -> Report:
        return jwt.verify(
            token,
            self._builds.key,
            algorithms=[self._builds.key.alg or self._builds.key.algorithms[0]],
            issuer=BUILDS,
            audience=CLOUD,
            now=self._world.clock(),
            policy=self.policy,
            context=self._rule,
        )

    def trade(self, token: str, sender: str = "Build job") -> Traded:
        """Send a job's token to the cloud, as a request of token exchange."""
        form = {
            "grant_type": protocol.TOKEN_EXCHANGE,
            "subject_token": token,
            "subject_token_type": JWT_TYPE,
        }
        answer = self._world.network.client(sender).post(f"{CLOUD}/token", data=form)
        body = answer.json()
        return Traded(answer.status_code, body.get("scope", ""), body.get("error_description") or "welcome")

    def _answer(self) -> tuple[Response, int]:
        form = request.form
        if form.get("grant_type") != protocol.TOKEN_EXCHANGE or form.get("subject_token_type") != JWT_TYPE:
            return jsonify(error="invalid_request", error_description="a job's JWT is traded here"), 400
        report = record_report("job's token", self.judge(form.get("subject_token", "")))
        failure = report.first_failure
        if failure is not None:
            return jsonify(error="invalid_request", error_description=failure.reason), 400
        now = int(self._world.clock())
        claims = {"iss": CLOUD, "aud": CLOUD, "sub": report.claims["sub"], "exp": now + 900, "iat": now}
        token = jwt.issue(claims | {"scope": "packages:write"}, self._key, alg="HS256")
        return jsonify(
            access_token=token,
            token_type="Bearer",
            expires_in=900,
            scope="packages:write",
            issued_token_type=protocol.ACCESS_TOKEN_TYPE,
        ), 200
