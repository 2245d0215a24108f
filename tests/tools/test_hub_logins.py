"""The tool that lets fifty log in at once: what it says of those for whom something went wrong. The hub itself:

python tools/hub_logins.py --learners 50 --within 60
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import httpx
import jinja2
import pytest

pytest.importorskip("jupyterhub")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import hub_logins  # noqa: E402


class Stuck:
    """A learner whose login ends on some page, or whose server does not start."""

    name = "learner01"

    def __init__(self, path: str, status: int = 200, starts: bool = True) -> None:
        self.page = httpx.Response(status, request=httpx.Request("GET", f"http://127.0.0.1:1{path}"))
        self.starts = starts

    def log_in(self) -> httpx.Response:
        return self.page

    def start(self) -> None:
        if not self.starts:
            raise RuntimeError("learner01's server did not start")


CASES = {
    "fine": (Stuck("/hub/home"), ""),
    "own server": (Stuck("/user/learner01/lab"), ""),
    "still at the login": (Stuck("/hub/login"), "login: 200 at /hub/login"),
    "refused": (Stuck("/hub/home", 429), "login: 429 at /hub/home"),
    "somebody else's": (Stuck("/user/learner012/lab"), "login: 200 at /user/learner012/lab"),
    "no server": (Stuck("/hub/home", starts=False), "RuntimeError: learner01's server did not start"),
}


@pytest.mark.parametrize(("learner", "problem"), CASES.values(), ids=CASES)
def test_every_learner_gets_a_line(learner, problem):
    seen = hub_logins.arrive(learner, 0)
    assert seen.problem == problem
    assert (seen.ready is None) == bool(problem)


def test_figures_and_names_of_those_without_a_server(capsys):
    seen = [
        hub_logins.Arrival("alice", 0.5, 20.0),
        hub_logins.Arrival("bob", 1.5, None, "login: 429 at /hub/home"),
    ]
    hub_logins.report(seen, 30, 60)
    said = capsys.readouterr().out
    assert "bob: login: 429 at /hub/home" in said
    assert "1 of 2 learners, who came within 60 s, had a server after 30 s" in said
    assert "login: median 1.0 s, longest 1.5 s" in said


def test_page_says_when_it_tries_again_and_each_at_a_moment_of_its_own():
    page = (ROOT / "jwtlab" / "classroom" / "hub" / "templates" / "429.html").read_text("utf-8")
    frame = "{% block meta %}{% endblock %}{% block main %}{% endblock %}"
    loader = jinja2.DictLoader({"error.html": frame, "429.html": page})
    template = jinja2.Environment(loader=loader).get_template("429.html")
    moments = set()
    for _ in range(60):
        text = template.render()
        assert hub_logins.PAGE_WORDS in text
        assert "429, Too Many Requests" in text
        said = re.search(r"tries again by itself in (\d+) seconds", text)[1]
        assert f'<meta http-equiv="refresh" content="{said}">' in text
        moments.add(int(said))
    assert len(moments) > 5
    assert 20 <= min(moments) <= max(moments) <= 40
