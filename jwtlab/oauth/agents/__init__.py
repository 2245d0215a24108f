"""Strangers and agents: tool servers, an agent that finds its way to them, and what goes wrong on it.

`agent` plays the way from a 401 to an answer; `tools` is a sound tool server. **`careless` and `bridge` hold the
vulnerable twins**: a tool server that passes tokens on, one of Mallory's that uses them, a fetcher that follows
redirects, and a bridge with one client name for everybody. They answer in the lab's network only.
"""

from __future__ import annotations

from jwtlab.oauth.agents.agent import DOCUMENT, Connected, agent_site, connect, connecting
from jwtlab.oauth.agents.bridge import BRIDGE, Bridge, Lured, asks_each_client, lure
from jwtlab.oauth.agents.careless import (
    WEATHER,
    Inside,
    PassingOn,
    WeatherServer,
    follows_redirects,
    looks_at_the_text,
    sends_on,
)
from jwtlab.oauth.agents.tools import TOOLS, ToolServer, called, seen_at_the_api

__all__ = [
    "BRIDGE",
    "DOCUMENT",
    "TOOLS",
    "WEATHER",
    "Bridge",
    "Connected",
    "Inside",
    "Lured",
    "PassingOn",
    "ToolServer",
    "WeatherServer",
    "agent_site",
    "asks_each_client",
    "called",
    "connect",
    "connecting",
    "follows_redirects",
    "looks_at_the_text",
    "lure",
    "seen_at_the_api",
    "sends_on",
]
