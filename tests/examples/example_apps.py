"""What the tests of all examples share: where they stand, how one is loaded, and Alice at a diary in Chromium."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from serving import free_port, serving

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]


def load(name: str) -> ModuleType:
    """The application of an example, fresh."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / name / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def running(name: str, told: dict[str, Any], port: int = 0, **more: str) -> Iterator[str]:
    """An example as a process, which reads from a pipe whom to trust; gives its address."""
    port = port or free_port()
    environment = os.environ | {"PORT": str(port), "PYTHONUNBUFFERED": "1"} | more
    with subprocess.Popen(
        [sys.executable, EXAMPLES / name / "app.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    ) as app:
        try:
            app.stdin.write(json.dumps(told) + "\n")
            app.stdin.close()
            said: list[str] = []
            while "running on" not in (line := app.stdout.readline()).lower():
                assert line, f"the example has ended: {''.join(said)}"
                said.append(line)
            threading.Thread(target=app.stdout.read, daemon=True).start()  # a full pipe would stop it
            yield f"http://127.0.0.1:{port}"
        finally:
            app.terminate()


@contextlib.contextmanager
def running_behind_serve(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What README says: jwtlab serve, and the example behind it; its address, and what serve says of itself."""
    with serving("--port", "0") as (_, told), running(name, told) as address:
        yield address, told


def log_in(page) -> None:
    """At the issuer: Alice, her password, and yes."""
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill("wonderland")
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("button", name="Allow").click()


def log_in_and_write(page, origin: str) -> None:
    """Alice wants to see her diary, logs in for that, arrives there, and writes."""
    from playwright.sync_api import expect

    page.goto(f"{origin}/diary")
    log_in(page)
    page.wait_for_url(f"{origin}/diary")  # the page that she wanted
    expect(page.get_by_text("Logged in as")).to_be_visible()
    page.get_by_label("Today").fill("feed the cat")
    page.get_by_role("button", name="Write").click()
    expect(page.get_by_role("listitem")).to_have_text("feed the cat")
