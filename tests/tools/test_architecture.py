"""The picture of the rooms is drawn from the imports as they are today; the map beside it names every room."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("architecture", ROOT / "tools" / "architecture.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_picture_is_current(tool):
    assert tool.PICTURE.read_text("utf-8") == tool.draw(), "run make picture"


def test_every_room_and_every_needed_import_is_drawn(tool):
    edges = tool.rooms_and_imports()
    picture = tool.draw()
    shown = set(re.findall(r">([\w.]+)</text>", picture))
    assert shown == {room.removeprefix("jwtlab.") for room in edges}
    assert picture.count("<path") == len(tool.needed(edges))


def test_an_arrow_that_follows_from_others_is_left_out(tool):
    edges = {"top": {"middle", "low"}, "middle": {"low"}, "low": set()}
    assert tool.needed(edges) == {("top", "middle"), ("middle", "low")}
    assert tool.levels(edges) == {"low": 0, "middle": 1, "top": 2}


def test_the_map_names_every_room(tool):
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    missing = [room for room in tool.rooms_and_imports() if f"`{room.removeprefix('jwtlab.')}" not in text]
    assert missing == []


def test_files_that_the_map_names_exist():
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    paths = re.findall(r"`((?:jwtlab|tests|tools|docs)/[\w/.]+)`", text)
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
