"""A server in front of which token requests are judged, one check after the other."""

from __future__ import annotations

from driving import CALLBACK, Place

from jwtlab.checks import Policy
from jwtlab.oauth import pkce
from jwtlab.oauth.authorization_server.grant import Grant
from jwtlab.oauth.authorization_server.token.grants import GRANT_TYPES
from jwtlab.oauth.authorization_server.token.request import TokenRequest
from jwtlab.oauth.protocol import Parameters

VERIFIER = "v" * 43
KNOWN = {each.id: each for each in GRANT_TYPES}
GRANT, INVALID = "invalid_grant", "invalid_request"


class Desk:
    """A server with one code, one refresh token and one device code, which a test changes."""

    def __init__(self, legacy: bool = False) -> None:
        self.server = Place(legacy=legacy).server
        self.now = self.server.clock()
        self.client = self.server.clients["notes-app"]
        self.grant = Grant(
            "g", "notes-app", "alice", ("openid", "notes:read"), (), 0, ("pwd",), "s", self.now + 99
        )
        self.keep("grant", "g")
        common = {
            "client_id": "notes-app",
            "grant": "g",
            "used": False,
            "expires": self.now + 60,
            "jkt": None,
        }
        code = {"redirect_uri": CALLBACK, "code_challenge": pkce.challenge(VERIFIER)}
        device = {"client_id": "notes-app", "expires": self.now + 60, "polled": None, "interval": 5}
        self.records = {
            "code": common | code,
            "refresh": common,
            "device": device | {"state": "approved", "grant": "g"},
        }

    def keep(self, kind: str, name: str, **changes: object) -> None:
        record = vars(self.grant) | changes if kind == "grant" else self.records[kind] | changes
        self.server.store.put(kind, name, record, self.now + 999)

    def judge(self, policy: Policy, request: type[TokenRequest], form: dict[str, str | None], **more: object):
        pairs = Parameters([(name, value) for name, value in form.items() if value is not None])
        given = {"client": self.client} | more
        report = policy.run(request(self.server, pairs, KNOWN, **given))
        if report.accepted:
            return {finding.id: finding.reason for finding in report if finding.reason}
        failed = report.first_failure
        return failed.id, failed.error.code, failed.reason, failed.claim, failed.expected, failed.found
