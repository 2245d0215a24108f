"""Authorization proper: the token was good, but may this person do that (RFC 9068 §2.2.3)?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jwtlab.checks import Check, Policy
from jwtlab.oauth.protocol import refuse

ROLES: Mapping[str, frozenset[str]] = {
    "reader": frozenset({"team-notes.read"}),
    "writer": frozenset({"team-notes.read", "team-notes.write"}),
}
"""What a role permits at this API. The token says which roles somebody has; what they mean is decided here."""


@dataclass(frozen=True)
class AccessRequest:
    """Somebody who was let in, and what they want to do.

    Attributes:
        claims: of the access token.
        permission: that is needed, or empty.
        owner: whose things they are, or empty.
    """

    claims: Mapping[str, Any]
    permission: str = ""
    owner: str = ""


def role_permits(case: AccessRequest) -> str:
    roles = case.claims.get("roles", ())
    held = frozenset[str]().union(*(ROLES.get(str(each), frozenset()) for each in roles))
    if case.permission and case.permission not in held:
        # No error code: those of RFC 6750 §3.1 speak about the token, and another token would not help here.
        raise refuse(
            "",
            f"this needs the permission {case.permission}, which none of your roles gives",
            "roles",
            status=403,
            expected=case.permission,
            found=roles,
        )
    return case.permission or "no role is needed"


def owner_matches(case: AccessRequest) -> str:
    if case.owner and case.owner != case.claims.get("sub"):
        raise refuse(
            "",
            "there are no such notes",  # as if nobody had any: that they exist is told to nobody else
            "sub",
            status=404,
            expected=case.owner,
            found=case.claims.get("sub"),
        )
    return case.owner or "they belong to nobody alone"


PERMISSION_CHECKS = Policy(
    (
        Check(
            id="role-permits",
            title="A role of this person permits it",
            spec="RFC 9068 §2.2.3.1",
            run=role_permits,
            group="Permission",
            purpose="What an application may ask for is taken for what a person may do.",
        ),
        Check(
            id="owner-matches",
            title="They are this person's own",
            spec="",
            run=owner_matches,
            group="Permission",
            purpose="Whoever changes the name in the address reads everybody's notes.",
        ),
    ),
    "permission",
)
