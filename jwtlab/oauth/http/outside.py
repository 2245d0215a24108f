"""An HTTP client for addresses outside: it goes the way that this machine's environment prescribes.

In many companies a proxy is the only way out. The environment names it, in ``HTTPS_PROXY``, ``ALL_PROXY`` and
``NO_PROXY``, and the certificates that it needs, in ``SSL_CERT_FILE``. This machine itself is always reached
directly: no proxy could find its servers.
"""

from __future__ import annotations

from urllib.request import getproxies, proxy_bypass

import httpx

from jwtlab.errors import UsageError
from jwtlab.oauth.http.addresses import split

THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
SCHEMES = ("http", "https")
"""Ways to speak to a proxy that httpx knows without further packages."""


def outside_client() -> httpx.Client:
    """A client that obeys the environment outside this machine."""
    named = (proxy for name, proxy in getproxies().items() if name in (*SCHEMES, "all"))
    usable = all(_scheme(proxy) in SCHEMES for proxy in named)
    direct = {f"all://{host}": None for host in THIS_MACHINE}
    return httpx.Client(timeout=10, trust_env=usable, mounts=direct)


def proxy_in_words(address: str) -> str:
    """Which way a request to this address takes, in a sentence; empty if it goes there directly."""
    parts = split(address)
    host = parts.hostname or ""
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or not host or f"[{host}]" in THIS_MACHINE or host in THIS_MACHINE or proxy_bypass(host):
        return ""
    shown = without_password(proxy)
    if _scheme(proxy) not in SCHEMES:
        return f"The environment names the proxy {shown}. Only http:// proxies work here, so it is not used."
    return f"By way of the proxy {shown}, which the environment names."


def without_password(proxy: str) -> str:
    """A proxy's address as it may be shown."""
    try:
        parts = split(proxy if "://" in proxy else f"http://{proxy}")
    except UsageError:
        return "(no address)"
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _scheme(proxy: str) -> str:
    try:
        return split(proxy if "://" in proxy else f"http://{proxy}").scheme
    except UsageError:
        return ""
