"""OAuth 2.0 and OpenID Connect: who talks to whom, recorded, and the pieces that the flows are made of.

`network` joins the parties of the lab without a socket and records what they say, `trace` shows the
record as text, HAR or a Mermaid diagram, `pkce` is the proof of possession of RFC 7636.
"""

from __future__ import annotations

from jwtlab.oauth.network import Network
from jwtlab.oauth.trace import Exchange, Request, Response, SeenToken, Trace

__all__ = ["Exchange", "Network", "Request", "Response", "SeenToken", "Trace"]
