"""What the tests of all examples share: where they stand, how one is loaded, and Alice at a diary in Chromium."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

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
