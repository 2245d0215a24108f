"""The two policies, and what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jwtlab.checks import Finding, Policy, Report
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.reading.judging.answers import ANSWER_CHECKS, OUTCOME_CHECKS
from jwtlab.oauth.reading.judging.apis import API_CHECKS, API_OUTCOME
from jwtlab.oauth.reading.judging.clocks import CLOCK_CHECKS
from jwtlab.oauth.reading.judging.model import numbers_of
from jwtlab.oauth.reading.judging.pages import PAGE_PRACTICE
from jwtlab.oauth.reading.judging.practice import MESSAGE_PRACTICE
from jwtlab.oauth.reading.judging.requests import REQUEST_CHECKS
from jwtlab.oauth.reading.judging.token_practice import TOKEN_PRACTICE
from jwtlab.oauth.reading.judging.tokens import TOKEN_CHECKS
from jwtlab.oauth.reading.logins import Logins

LOGIN_CHECKS = Policy(
    (
        *REQUEST_CHECKS,
        *ANSWER_CHECKS,
        *CLOCK_CHECKS,
        *TOKEN_CHECKS,
        *API_CHECKS,
        *OUTCOME_CHECKS,
        *API_OUTCOME,
    ),
    "login",
)
PRACTICE_CHECKS = Policy((*MESSAGE_PRACTICE, *TOKEN_PRACTICE, *PAGE_PRACTICE), "good practice")
POLICIES: Mapping[str, Policy] = {each.name: each for each in (LOGIN_CHECKS, PRACTICE_CHECKS)}
"""Both, by name."""


@dataclass(frozen=True)
class Judgement:
    """What came out.

    Attributes:
        reports: name of the policy → `Report`. Every check is asked, also after one has failed.
    """

    reports: Mapping[str, Report]

    @property
    def failures(self) -> tuple[Finding, ...]:
        """What is wrong with the login, in the order of the messages in which it is first seen; outcomes last."""
        return _in_order(self.reports[LOGIN_CHECKS.name].failures)

    @property
    def advice(self) -> tuple[Finding, ...]:
        """What works and is risky, in the order of the messages."""
        return _in_order(self.reports[PRACTICE_CHECKS.name].failures)

    @property
    def first_wrong(self) -> Finding | None:
        """Where it goes wrong first; whatever comes later may come of it."""
        return next(iter(self.failures), None)

    def about(self, number: int) -> tuple[Finding, ...]:
        """The failed findings that this message is among the evidence of."""
        return tuple(each for each in (*self.failures, *self.advice) if number in numbers_of(each))


def judge(trace: Trace) -> Judgement:
    """Judge a trace from outside: by what was said, not by what the receivers checked.

    Args:
        trace: of a flow, or of a recording.
    """
    case = Logins(trace)
    return Judgement({name: policy.run(case, keep_going=True) for name, policy in POLICIES.items()})


def _in_order(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """By the first message; what came of it stands last, since an answer may wait for others that went wrong."""
    return tuple(
        sorted(
            findings, key=lambda each: (each.check.group == "Outcome", (numbers_of(each) or (1 << 30,))[0])
        )
    )
