"""Ways through the lessons can be walked: nothing comes before what it needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jwtlab import UsageError, exercises
from jwtlab.exercises.reader_paths import reader_path, reader_paths

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


@pytest.mark.parametrize("path", reader_paths().values(), ids=lambda path: path.id)
def test_every_lesson_stands_behind_those_it_needs(path):
    lessons = exercises.lessons()
    whole = path.lessons + path.then
    assert len(set(whole)) == len(whole)
    for place, number in enumerate(whole):
        assert set(lessons[number].needs) <= set(whole[:place]), number
    assert path.minutes == sum(lessons[number].minutes for number in path.lessons)


def test_the_four_readers_are_there():
    titles = [each.title for each in reader_paths().values()]
    assert titles[:4] == ["I build a web app", "I protect an API", "I teach", "I review security"]


def test_what_comes_next_on_a_way():
    api = reader_path("api")
    assert api.next(frozenset()).number == "00"
    assert api.next(set(api.lessons)).number == api.then[0]
    assert api.next(set(api.lessons + api.then)) is None


def test_an_unknown_one_is_named():
    with pytest.raises(UsageError, match=r"'phone'.*web-app"):
        reader_path("phone")


def test_readme_says_the_same():
    rows = re.findall(r"^\| \*\*(.+?)\*\* \| (.+?) \| (\d+) \| (.+?) \| (.+?) \|$", README, re.M)
    assert rows == [
        (each.title, " → ".join(each.lessons), str(each.minutes), ", ".join(each.then), each.aim)
        for each in reader_paths().values()
    ]
