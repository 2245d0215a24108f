"""Sign-up with a teacher's approval; the teacher's own account is there from the first start."""

from __future__ import annotations

import os
from typing import Any

import bcrypt
from nativeauthenticator import NativeAuthenticator
from nativeauthenticator.orm import UserInfo

from jwtlab import passwords

RESET = "JWTLAB_HUB_NEW_TEACHER_PASSWORD"
"""Set to 1: the teachers' passwords are made anew."""


class ClassAuthenticator(NativeAuthenticator):
    """People sign up; whoever is a teacher approves each of them before they can come in.

    nativeauthenticator approves whoever is first to sign up under a teacher's name. So the teachers' accounts are
    made here, before the hub listens; their passwords are printed once and kept as hashes.
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        for name in sorted(self.admin_users):
            self._provide(name)

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
        print(
            f"Teacher's account     {name} / {password}   (shown once; you can change it in the hub)",
            flush=True,
        )
