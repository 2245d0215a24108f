"""Pages for signing up, logging in and approving, where nativeauthenticator's own do not fit.

nativeauthenticator 1.3 still counts logins with statsd, which JupyterHub 6.0 no longer has (its change 5407): with
it nobody could log in.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from nativeauthenticator import handlers
from tornado import web
from tornado.escape import url_escape
from tornado.httputil import url_concat

WAITS = "Your teacher has not approved this account yet. When that is done, log in with the same name and password."


class LogIn(handlers.LoginHandler):
    """The page /hub/login."""

    def _render(self, login_error: str | None = None, username: str | None = None, **more: Any) -> Any:
        """The form. JupyterHub renders its own refusals (an expired form, a full hub) through this, too."""
        return self.render_template(
            "native-login.html",
            next=url_escape(self.get_argument("next", default="")),
            username=username,
            login_error=login_error,
            login_url=self.settings["login_url"],
            enable_signup=self.authenticator.enable_signup,
            two_factor_auth=self.authenticator.allow_2fa,
            **more,
        )

    async def post(self) -> None:
        """Log somebody in, or say why not."""
        given = {
            name: self.get_argument(name, strip=name == "username")
            for name in self.request.body_arguments
            if name != "_xsrf"
        }
        if not {"username", "password"} <= given.keys():
            raise web.HTTPError(400, "A name and a password are needed.")
        user = await self.login_user(given)
        if user:
            self._jupyterhub_user = user
            self.redirect(self.get_next_url(user))
            return
        known = self.authenticator.get_user(given["username"])
        # Only who knows the password hears that the account exists.
        waits = known is not None and not known.is_authorized and known.is_valid_password(given["password"])
        self.set_status(403)
        words = WAITS if waits else "Wrong name or password."
        self.finish(await self._render(login_error=words, username=given["username"][:64]))


class SignUp(handlers.SignUpHandler):
    """The page /hub/signup, in words that a learner understands."""

    def get_result_message(
        self,
        user: Any,
        assume_user_is_human: bool,
        username_already_taken: bool,
        confirmation_matches: bool,
        user_is_admin: bool,
    ) -> tuple[str, str]:
        """Colour and words of what is shown after the button was pressed."""
        if username_already_taken:
            return (
                "alert-danger",
                "This name is taken. If it is yours, log in with it; if not, choose another.",
            )
        if not confirmation_matches:
            return "alert-danger", "The two passwords are not the same. Please write them again."
        if not user:
            least = self.authenticator.minimum_password_length
            return "alert-danger", (
                "This did not work. A name has small letters, digits and . _ @ - only, and begins with a letter "
                f"or a digit. A password has at least {least} characters, and is none that everybody uses."
            )
        return "alert-info", (
            "Your teacher sees your name now, and lets you in. Then log in with this name and password."
        )


class Approve(handlers.AuthorizationAreaHandler):
    """The page /hub/authorize: whoever is not logged in is asked to, in place of a refusal."""

    async def get(self) -> None:
        """The table of accounts."""
        if self.current_user is None:
            self.redirect(url_concat(self.settings["login_url"], {"next": self.request.uri}))
            return
        await super().get()


def from_this_site(handler: Any) -> bool:
    """Whether a link was pressed on one of the hub's own pages.

    nativeauthenticator approves and discards by plain links. Without this, a link that somebody sends to the teacher
    would approve its sender.
    """
    site = handler.request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return bool(site == "same-origin")
    return bool(urlsplit(handler.request.headers.get("Referer", "")).netloc == handler.request.host)


class Toggle(handlers.ToggleAuthorizationHandler):
    """/hub/authorize/NAME: approve somebody, or take that back."""

    async def get(self, slug: str) -> None:
        """Only from the table."""
        if not from_this_site(self):
            raise web.HTTPError(403, "Accounts are approved on the page /hub/authorize only.")
        await super().get(slug)


class Discard(handlers.DiscardHandler):
    """/hub/discard/NAME: delete an account that was not approved."""

    async def get(self, user_name: str) -> None:
        """Only from the table."""
        if not from_this_site(self):
            raise web.HTTPError(403, "Accounts are discarded on the page /hub/authorize only.")
        await super().get(user_name)


OURS = {
    handlers.LoginHandler: LogIn,
    handlers.SignUpHandler: SignUp,
    handlers.AuthorizationAreaHandler: Approve,
    handlers.ToggleAuthorizationHandler: Toggle,
    handlers.DiscardHandler: Discard,
}
"""Which handler stands for which of nativeauthenticator's."""
