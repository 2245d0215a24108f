"""What can be judged of a login from outside: two policies of named checks, run on a whole trace.

`LOGIN_CHECKS` asks what goes wrong, from the way out to what came of it. `PRACTICE_CHECKS` asks what works and is
risky all the same. What the trace does not show is not asked, and the finding says what is missing.
"""

from __future__ import annotations

from jwtlab.oauth.reading.judging.judgement import (
    LOGIN_CHECKS,
    POLICIES,
    PRACTICE_CHECKS,
    Judgement,
    judge,
)
from jwtlab.oauth.reading.judging.model import WrongMessage, numbers_of

__all__ = ["LOGIN_CHECKS", "POLICIES", "PRACTICE_CHECKS", "Judgement", "WrongMessage", "judge", "numbers_of"]
