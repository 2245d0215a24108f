"""OAuth 2.0 and OpenID Connect: the roles, every flow, and the network that records what is said.

Bottom up: `trace` (what was said), `network` (who can be reached), `user_agent` (a browser in miniature),
`store` and `registration` (what a server knows), `authorization_server`, `resource_server` and `application`
(the roles), `steps`, `flows` and `flow` (the choreographies, and whoever drives them), `world` (all of it put
together). ``jwtlab.Lab().flow("authorization-code")`` begins one.

Names are loaded when they are first used (PEP 562): a server does not load the attacks that stand beside it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_WHERE = {
    "FLOW_ATTACKS": "attacks",
    "FlowAttack": "attacks",
    "Loot": "attacks",
    "AuthorizationServer": "authorization_server",
    "FLOWS": "flows",
    "Flow": "flows.flow",
    "Exchange": "http.exchange",
    "SeenToken": "http.exchange",
    "Request": "http.messages",
    "Response": "http.messages",
    "Network": "http.network",
    "Step": "http.steps",
    "Trace": "http.trace",
    "UserAgent": "http.user_agent",
    "ResourceServer": "resource_server",
    "World": "world",
}

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


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(importlib.import_module(f"jwtlab.oauth.{_WHERE[name]}"), name)
    raise AttributeError(f"jwtlab.oauth has no {name!r}; there are: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return __all__
