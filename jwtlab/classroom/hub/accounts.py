"""Sign-up with a teacher's approval; the teacher's own account is there from the first start."""

from __future__ import annotations

import os
from typing import Any

import bcrypt
from nativeauthenticator import NativeAuthenticator
from nativeauthenticator.orm import UserInfo
from traitlets import default

from jwtlab import passwords
from jwtlab.classroom.hub import sign_up

RESET = "JWTLAB_HUB_NEW_TEACHER_PASSWORD"
"""Set to 1: the teachers' passwords are made anew."""


class ClassAuthenticator(NativeAuthenticator):
    """People sign up; whoever is a teacher approves each of them before they can come in.

    nativeauthenticator approves whoever is first to sign up under a teacher's name. So the teachers' accounts are
    made here, before the hub listens; their passwords are printed once and kept as hashes.
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        self.told: list[str] = []
        super().__init__(*arguments, **settings)
        for name in sorted(self.admin_users):
            self._provide(name)

    @default("db")
    def _hub_database(self) -> Any:
        # JupyterHub 6 gives its session, and a warning about it that no teacher can act upon. The extra "hub" holds
        # JupyterHub below 7.
        return self._deprecated_db_session

    def get_handlers(self, app: Any) -> list[Any]:
        """nativeauthenticator's pages, with ours in the place of some; and the teachers' passwords once more at the
        end of all that the hub prints while it starts.
        """
        started = getattr(app, "_start_future", None)
        if self.told and started is not None:
            started.add_done_callback(lambda _: print("", *self.told, "", sep="\n", flush=True))
        found = super().get_handlers(app)
        return [(path, sign_up.OURS.get(handler, handler)) for path, handler in found]

    def _provide(self, name: str) -> None:
        known = self.get_user(name)
        if known is not None and os.environ.get(RESET) != "1":
            return
        password = passwords.make_up()
        hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt())
        if known is None:
            self.db.add(UserInfo(username=name, password=hashed, is_authorized=True))
        else:
            known.password, known.is_authorized = hashed, True
        self.db.commit()
        self.told.append(f"Teacher's account     {name} / {password}   (write it down: it is not kept)")
        print(self.told[-1], flush=True)
