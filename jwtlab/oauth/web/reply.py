"""An answer as a script gets it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jwtlab.oauth.http.messages import Response, text


@dataclass(frozen=True)
class Reply:
    """What a script gets of an answer.

    Attributes:
        status: of the answer; 0 if the script may not look at it.
        text: the body.
        headers: those that it may see, names in small letters.
    """

    status: int
    text: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: it is none.
        """
        return json.loads(self.text)


def reply_of(response: Response, readable: Mapping[str, str]) -> Reply:
    """An answer, as a script gets it."""
    return Reply(response.status, text(response.body), readable)
