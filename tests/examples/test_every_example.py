"""What holds for all of them, whoever adds one."""

from __future__ import annotations

import pytest
from example_apps import EXAMPLES

FOLDERS = sorted(path.parent.name for path in EXAMPLES.glob("*/app.py"))


def test_those_that_were_promised_are_there():
    assert {
        "agent_tool_server",
        "browser_app_with_backend",
        "django_login",
        "fastapi_api",
        "fastapi_login",
        "flask_login",
        "service_to_service",
        "terminal_device",
    } <= set(FOLDERS)


@pytest.mark.parametrize("name", FOLDERS)
def test_it_is_small_and_says_so_in_ten_lines(name):
    files = [path for path in (EXAMPLES / name).rglob("*") if path.suffix in (".py", ".js", ".html")]
    assert sum(len(path.read_text("utf-8").splitlines()) for path in files) < 150
    assert len((EXAMPLES / name / "README.md").read_text("utf-8").splitlines()) <= 10
