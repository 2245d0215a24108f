"""OAuth 2.0 and OpenID Connect: the roles, every flow, and the network that records what is said.

Bottom up: `trace` (what was said), `network` (who can be reached), `user_agent` (a browser in miniature),
`store` and `registration` (what a server knows), `authorization_server`, `resource_server` and `application`
(the roles), `steps`, `flows` and `flow` (the choreographies, and whoever drives them), `world` (all of it put
together). ``jwtlab.Lab().flow("authorization-code")`` begins one.
"""

from __future__ import annotations

from jwtlab.oauth.attacks import FLOW_ATTACKS, FlowAttack, Loot
from jwtlab.oauth.authorization_server import AuthorizationServer
from jwtlab.oauth.flows import FLOWS
from jwtlab.oauth.flows.flow import Flow
from jwtlab.oauth.http.exchange import Exchange, SeenToken
from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.http.network import Network
from jwtlab.oauth.http.steps import Step
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.resource_server import ResourceServer
from jwtlab.oauth.world import World

__all__ = [
    "FLOWS",
    "FLOW_ATTACKS",
    "AuthorizationServer",
    "Exchange",
    "Flow",
    "FlowAttack",
    "Loot",
    "Network",
    "Request",
    "ResourceServer",
    "Response",
    "SeenToken",
    "Step",
    "Trace",
    "UserAgent",
    "World",
]
