"""Settings of JupyterHub for a course's folder. ``jupyterhub_config.py`` calls `configure`."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

import psutil

from jwtlab import jupyter_settings
from jwtlab.classroom.hub import lean, walls
from jwtlab.classroom.hub import settings as hub_settings
from jwtlab.classroom.hub.disk import DiskNotice
from jwtlab.classroom.hub.login import CLIENT_ID, CLIENTS_FILE, PEOPLE_FILE, client_secret
from jwtlab.classroom.hub.settings import Settings
from jwtlab.errors import UsageError

WITHOUT_WALLS = "JWTLAB_HUB_WITHOUT_WALLS"
FOR_A_LEARNER = 300 * 1024**2
"""A server with the kernels of two lessons, 63 + 2 · 96 MB, with some room (``python tools/hub_class.py``)."""
FOR_THE_HUB = 1024**3
HAND_IN = "hand-in"
BOARD = "board"


def configure(c: Any, folder: Path) -> Settings:
    """Fill in JupyterHub's configuration.

    Args:
        c: what ``get_config()`` gives.
        folder: of the course.

    Raises:
        UsageError: ``hub.toml`` is wrong, or something is missing on this machine.
    """
    settings = hub_settings.read(folder / hub_settings.FILE)
    state = folder / "hub"
    ports = _free_ports(3)
    hub = c.JupyterHub
    hub.bind_url = settings.address
    hub.hub_bind_url = f"http://127.0.0.1:{ports[0]}"
    hub.db_url = f"sqlite:///{state / 'jupyterhub.sqlite'}"
    hub.cookie_secret_file = str(state / "cookie_secret")
    hub.pid_file = str(state / "jupyterhub.pid")
    hub.template_paths = [str(Path(__file__).parent / "templates"), *_sign_up_templates(settings)]
    hub.template_vars = {"announcement": DiskNotice(folder, settings.warn_below)}
    hub.allow_named_servers = False
    hub.concurrent_spawn_limit = 0  # the spawner's own queue holds them, and says so
    hub.active_server_limit = settings.seats or seats(settings)
    if settings.certificate:
        hub.ssl_cert, hub.ssl_key = str(folder / settings.certificate), str(folder / settings.private_key)
    proxy = c.ConfigurableHTTPProxy
    proxy.command, proxy.api_url = proxy_command(state), f"http://127.0.0.1:{ports[1]}"
    proxy.pid_file = str(state / "proxy.pid")
    _spawner(c, folder, settings)
    _login(c, state, settings)
    _services(c, folder, settings, ports[2])
    return settings


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for each in probes:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in probes]
    finally:
        for each in probes:
            each.close()


def seats(settings: Settings, total: int | None = None) -> int:
    """How many servers fit into this machine's memory at their usual size."""
    total = psutil.virtual_memory().total if total is None else total
    return max(1, (total - FOR_THE_HUB) // min(FOR_A_LEARNER, settings.memory))


def proxy_command(state: Path) -> list[str]:
    """How configurable-http-proxy is started: the one in the hub's folder, or one of the system.

    Raises:
        UsageError: there is none.
    """
    script = state / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
    node = shutil.which("node")
    if script.exists() and node:
        return [node, str(script)]
    found = shutil.which("configurable-http-proxy")
    if found is None:
        raise UsageError("configurable-http-proxy is missing; jwtlab classroom hub installs it with npm")
    return [found]


def _sign_up_templates(settings: Settings) -> list[str]:
    if settings.login != "sign-up":
        return []
    import nativeauthenticator

    return [str(Path(nativeauthenticator.__file__).parent / "templates")]


def _spawner(c: Any, folder: Path, settings: Settings) -> None:
    c.JupyterHub.spawner_class = "jwtlab.classroom.hub.spawner.ClassSpawner"
    spawner = c.ClassSpawner
    spawner.learners, spawner.releases = str(folder / "learners"), str(folder / "release")
    spawner.with_walls = os.environ.get(WITHOUT_WALLS) != "1"
    if spawner.with_walls:
        walls.bubblewrap()
    spawner.start_at_once = settings.start_at_once
    spawner.mem_limit = settings.memory
    spawner.default_url = "/lab/tree/00_start_here.ipynb"
    spawner.environment = {"JWTLAB_HAND_IN_URL": f"{settings.address}/services/{HAND_IN}/"}
    if settings.debugger:
        spawner.environment[lean.DEBUGGER] = "1"
    if settings.board:
        spawner.environment[jupyter_settings.BOARD] = f"{settings.board_place}/services/{BOARD}"
    # It holds for somebody who waits in the queue, too.
    spawner.start_timeout, spawner.http_timeout = 900, 120
    # The server ends at the first signal: what was saved is saved.
    spawner.interrupt_timeout = spawner.term_timeout = 5


def _login(c: Any, state: Path, settings: Settings) -> None:
    if settings.login == "sign-up":
        c.JupyterHub.authenticator_class = "jwtlab.classroom.hub.accounts.ClassAuthenticator"
        accounts = c.ClassAuthenticator
        accounts.open_signup = False
        accounts.check_common_password, accounts.minimum_password_length = True, 10
        accounts.allowed_failed_logins, accounts.seconds_before_next_try = 10, 300
        accounts.username_pattern = r"[a-z0-9][a-z0-9._@-]{0,63}"
    else:
        from oauthenticator.generic import GenericOAuthenticator

        c.JupyterHub.authenticator_class = GenericOAuthenticator
        accounts, issuer = c.GenericOAuthenticator, settings.issuer
        accounts.client_id, accounts.client_secret = CLIENT_ID, client_secret(state)
        accounts.oauth_callback_url = f"{settings.address}/hub/oauth_callback"
        accounts.authorize_url, accounts.token_url = f"{issuer}/authorize", f"{issuer}/token"
        accounts.userdata_url, accounts.username_claim = f"{issuer}/userinfo", "preferred_username"
        accounts.scope, accounts.basic_auth = ["openid", "profile"], True
        accounts.login_service, accounts.logout_redirect_url = "jwtlab", f"{issuer}/logout"
    accounts.admin_users = set(settings.teachers)
    # Whoever has an account may come in: here a teacher approved it, there a teacher wrote it into people.toml.
    accounts.allow_all = True


def _services(c: Any, folder: Path, settings: Settings, port: int) -> None:
    python = [sys.executable, "-P", "-m"]
    services: list[dict[str, Any]] = [
        {"name": "culler", "command": [*python, "jwtlab.classroom.hub.culler", str(folder)]},
        {
            "name": HAND_IN,
            "url": f"http://127.0.0.1:{port}",
            "command": [*python, "jwtlab.classroom.hub.hand_in", str(folder)],
            "oauth_no_confirm": True,
        },
    ]
    if settings.board:
        words = ["jwtlab", "board", "--store", str(folder / "hub" / "board.sqlite")]
        services.append({"name": BOARD, "url": settings.board_place, "command": [*python, *words]})
    if settings.login == "jwtlab":
        words = ["jwtlab", "serve", "--host", settings.host, "--port", str(settings.port + 1)]
        words += ["--people", str(folder / PEOPLE_FILE), "--clients", str(folder / "hub" / CLIENTS_FILE)]
        words += ["--store", str(folder / "hub" / "login.db"), "--reachable-by-others"]
        services.append({"name": "login", "command": [*python, *words]})
    c.JupyterHub.services = services
    use = f"access:services!service={HAND_IN}"
    c.JupyterHub.load_roles = [
        {
            "name": "culler",
            "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
            "services": ["culler"],
        },
        {"name": "user", "scopes": ["self", use]},
        {"name": "server", "scopes": ["users:activity!user", "access:servers!server", use]},
    ]
