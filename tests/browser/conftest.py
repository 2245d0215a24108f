"""One server and one browser for all browser tests of a worker; a page of its own for each."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from jupyter import CHROMIUM_ARGS, PATIENCE, TOKEN, Page, running_lab

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def server(tmp_path_factory, chromium_path):
    folder = tmp_path_factory.mktemp("lessons")
    with running_lab(folder, tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="module")
def browser(chromium_path):
    """Ended with its module: while Playwright runs, nothing else in this thread can use asyncio."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGS)
        yield running
        running.close()


@pytest.fixture
def new_page(server, browser):
    """``new_page(width, height) -> Page``; every page is closed at the end, with its kernel."""
    contexts = []

    def make(width: int = 1400, height: int = 1000) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        contexts.append(context)
        page = Page(context.new_page(), server)
        page.listen()
        return page

    yield make
    for context in contexts:
        context.close()
    server.stop_kernels()


@pytest.fixture(scope="module")
def shared_page(server, browser):
    """One JupyterLab that stays open for all tests of a module."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, reduced_motion="reduce")
    page = Page(context.new_page(), server)
    page.listen()
    page.page.goto(f"{server.url}/lab/workspaces/shared?token={TOKEN}", wait_until="domcontentloaded")
    page.page.wait_for_function("() => window.jupyterapp?.restored", timeout=PATIENCE)
    page.page.evaluate("() => window.jupyterapp.restored.then(() => null)")
    yield page
    context.close()


@pytest.fixture
def desk(shared_page):
    """The shared page, empty, without complaints and without kernels."""
    shared_page.close_all()
    shared_page.errors.clear()
    shared_page.foreign.clear()
    yield shared_page
    shared_page.close_all()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Pictures for people: ``screenshots/`` in the checkout, or ``JWTLAB_SCREENSHOTS``."""
    folder = Path(os.environ.get("JWTLAB_SCREENSHOTS") or ROOT / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
