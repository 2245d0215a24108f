"""OAuth 2.0 and OpenID Connect: who talks to whom, recorded, and the pieces that the flows are made of.

`network` joins the parties of the lab without a socket and records what they say, `trace` shows the
record as text, HAR or a Mermaid diagram, `user_agent` is a browser in miniature,
`pkce` the proof of RFC 7636 that whoever redeems a code has asked for it.
"""

from __future__ import annotations

from jwtlab.oauth.network import Network
from jwtlab.oauth.trace import Exchange, Request, Response, SeenToken, Trace
from jwtlab.oauth.user_agent import UserAgent

__all__ = ["Exchange", "Network", "Request", "Response", "SeenToken", "Trace", "UserAgent"]
