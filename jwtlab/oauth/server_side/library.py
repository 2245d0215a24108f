"""Authlib for Flask, in the lab: its network, its clock, its dice. What it keeps and checks is its own.

Three things differ from ``authlib.integrations.flask_client.OAuth``: requests go into the lab's network, so that
they are seen; ``state``, ``nonce`` and verifier are drawn with the lab's dice, so that every reader sees the same;
and the time is the lab's.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App, OAuth
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken

from jwtlab.oauth.server_side.place import NAME
from jwtlab.oauth.server_side.sessions import SignedCookies
from jwtlab.oauth.server_side.transport import IntoTheLab
from jwtlab.oauth.world import World

# Authlib writes the verifier of a login into its log at DEBUG; whoever reads the log could use a code with it.
logging.getLogger("authlib.integrations.base_client.sync_app").addFilter(
    lambda record: "code_verifier" not in record.getMessage()
)


class LabOAuth(OAuth):  # type: ignore[misc]
    """Authlib's registry of clients, for an application in a world.

    Args:
        app: the Flask application; its signed sessions get the lab's clock.
        world: where it lives.
        name: how the record calls the application.
    """

    def __init__(self, app: Any, world: World, name: str = NAME) -> None:
        if type(app.session_interface).__module__ == "flask.sessions":
            app.session_interface = SignedCookies(world.clock)
        self.oauth2_client_cls = _client_in(world, name)
        self.framework_integration_cls = _integration_in(world)
        super().__init__(app)


def _client_in(world: World, name: str) -> type[FlaskOAuth2App]:
    class LabSession(OAuth2Session):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.trust_env = False
            self.mount("https://", IntoTheLab(world.network, name))
            self.mount("http://", IntoTheLab(world.network, name))
            self.headers.clear()  # which compressions there are depends on what else is installed
            self.headers["Accept"] = "application/json"

    class ClaimsAtLabTime(CodeIDToken):  # type: ignore[misc]
        def validate(self, now: float | None = None, leeway: float = 0) -> None:
            super().validate(int(world.clock()) if now is None else now, leeway)

    class LabFlaskApp(FlaskOAuth2App):  # type: ignore[misc]
        client_cls = LabSession

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{"user_agent": "Authlib", **kwargs})

        def create_authorization_url(self, redirect_uri: str | None = None, **kwargs: Any) -> Any:
            drawn = {"state": 24, "nonce": 16, "code_verifier": 36}
            for value, size in drawn.items():
                if value != "code_verifier" or "code_challenge_method" in self.client_kwargs:
                    kwargs.setdefault(value, world.secret(size))
            return super().create_authorization_url(redirect_uri, **kwargs)

        def parse_id_token(self, token: Any, nonce: Any, **kwargs: Any) -> Any:
            kwargs["claims_cls"] = kwargs.get("claims_cls") or ClaimsAtLabTime
            return super().parse_id_token(token, nonce, **kwargs)

    return LabFlaskApp


def _integration_in(world: World) -> type[FlaskIntegration]:
    class LabIntegration(FlaskIntegration):  # type: ignore[misc]
        def set_state_data(self, session: Any, state: str, data: Any) -> None:
            super().set_state_data(session, state, data)
            kept = session[f"_state_{self.name}_{state}"]
            session[f"_state_{self.name}_{state}"] = {**kept, "exp": int(world.clock()) + self.expires_in}

        def _clear_session_state(self, session: Any) -> None:
            ahead = time.time() - world.clock()  # Authlib compares with this machine's clock
            names = [name for name in dict(session) if name.startswith(f"_state_{self.name}")]
            for name in names:
                session[name] = {**session[name], "exp": session[name]["exp"] + ahead}
            super()._clear_session_state(session)
            for name in names:
                if name in session:
                    session[name] = {**session[name], "exp": int(session[name]["exp"] - ahead)}

    return LabIntegration
