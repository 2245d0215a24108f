"""Notes at a terminal: device grant, patience, a refresh token that is kept, and a logout that ends it."""

import argparse
import contextlib
import json
import os
import sys
import time
from pathlib import Path

import httpx

SERVICE, GRANT = "jwtlab-notes-terminal", "urn:ietf:params:oauth:grant-type:device_code"


class Stop(Exception):
    """It goes no further; the person is told why."""


class File:
    """Where no key store is: a file in the person's own folder, which nobody else may read."""

    def __init__(self, folder=None):
        self.path = Path(folder or os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state", SERVICE)

    def read(self):
        with contextlib.suppress(FileNotFoundError):
            return self.path.read_text("utf-8")

    def write(self, token):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="utf-8") as file:
            file.write(token)
        fresh.replace(self.path)  # the old one or the new one, never half of it

    def delete(self):
        self.path.unlink(missing_ok=True)


class KeyStore:
    """The system's own: Keychain, Credential Manager, Secret Service."""

    def __init__(self, keyring, issuer):
        self._keyring, self._issuer = keyring, issuer

    def read(self):
        return self._keyring.get_password(SERVICE, self._issuer)

    def write(self, token):
        self._keyring.set_password(SERVICE, self._issuer, token)

    def delete(self):
        with contextlib.suppress(self._keyring.errors.PasswordDeleteError):
            self._keyring.delete_password(SERVICE, self._issuer)


def best_place(issuer):
    """The key store if this machine has one that works, else a file."""
    try:
        import keyring

        keyring.get_password(SERVICE, issuer)
        return KeyStore(keyring, issuer)
    except Exception:  # not installed, locked, or none on this machine
        return File()


class Terminal:
    def __init__(self, issuer, place, client_id="tv", api="", http=None, sleep=time.sleep, say=print):
        self.http = http or httpx.Client(timeout=10)
        about = self.http.get(f"{issuer}/.well-known/openid-configuration").raise_for_status().json()
        if about["issuer"] != issuer:  # RFC 8414 §3.3
            raise Stop(f"{issuer} says that it is {about['issuer']}")
        self.about, self.place, self.api = about, place, api or f"{issuer}/api"
        self.client_id, self.sleep, self.say = client_id, sleep, say

    def post(self, endpoint, **form):
        answer = self.http.post(self.about[endpoint], data={"client_id": self.client_id, **form})
        return answer.json() if answer.content else {}

    def access_token(self):
        """With the kept refresh token if it is still good, else by asking the person."""
        kept = self.place.read()
        tokens = self.post("token_endpoint", grant_type="refresh_token", refresh_token=kept) if kept else {}
        if "access_token" not in tokens:
            tokens = self.log_in()
        if "refresh_token" in tokens:  # a new one each time; the old one is used up
            self.place.write(tokens["refresh_token"])
        return tokens["access_token"]

    def log_in(self):
        """RFC 8628: show a code, and ask as often as the server allows."""
        shown = self.post("device_authorization_endpoint", scope="openid offline_access notes:read")
        if "device_code" not in shown:
            raise Stop(f"the server gives no code: {shown.get('error')}")
        self.say(
            f"Open {shown['verification_uri']} in any browser, and type {shown['user_code']}", flush=True
        )
        wait, end = shown.get("interval", 5), time.monotonic() + shown["expires_in"]
        while time.monotonic() < end:
            self.sleep(wait)
            reply = self.post("token_endpoint", grant_type=GRANT, device_code=shown["device_code"])
            if "access_token" in reply:
                return reply
            if reply.get("error") == "slow_down":
                wait += 5
            elif reply.get("error") != "authorization_pending":
                raise Stop(f"not logged in: {reply.get('error')}")
        raise Stop("not logged in: the code is too old")

    def notes(self):
        bearer = {"Authorization": f"Bearer {self.access_token()}"}
        return self.http.get(f"{self.api}/notes", headers=bearer).raise_for_status().json()["notes"]

    def log_out(self):
        """Forget the token, and tell the server, so that a copy is worth nothing either (RFC 7009)."""
        kept = self.place.read()
        if kept:
            self.post("revocation_endpoint", token=kept)
        self.place.delete()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["notes", "logout"], nargs="?", default="notes")
    parser.add_argument("--issuer", default="http://127.0.0.1:8765")
    asked = parser.parse_args()
    try:
        terminal = Terminal(asked.issuer, best_place(asked.issuer))
        if asked.command == "logout":
            terminal.log_out()
        else:
            print("\n".join(terminal.notes()))
    except (Stop, httpx.HTTPError, json.JSONDecodeError) as error:
        sys.exit(f"{asked.issuer}: {error}")


if __name__ == "__main__":
    main()
