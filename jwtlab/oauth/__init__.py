"""OAuth 2.0 and OpenID Connect: the roles, every flow, and the network that records what is said.

Bottom up: `trace` (what was said), `network` (who can be reached), `user_agent` (a browser in miniature),
`store` and `registration` (what a server knows), `authorization_server`, `resource_server` and `application`
(the roles), `steps`, `flows` and `flow` (the choreographies, and whoever drives them), `world` (all of it put
together). ``jwtlab.Lab().flow("authorization-code")`` begins one.
"""

from __future__ import annotations

from jwtlab.oauth.attacks import FLOW_ATTACKS, FlowAttack, Loot
from jwtlab.oauth.authorization_server import AuthorizationServer
from jwtlab.oauth.flow import Flow
from jwtlab.oauth.flows import FLOWS
from jwtlab.oauth.network import Network
from jwtlab.oauth.resource_server import ResourceServer
from jwtlab.oauth.steps import Step
from jwtlab.oauth.trace import Exchange, Request, Response, SeenToken, Trace
from jwtlab.oauth.user_agent import UserAgent
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
