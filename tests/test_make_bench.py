"""The table of ``make bench``: ratios, aims, what is told to be worse, and that RESULTS.md is made of what is kept."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "benchmarks"))
aims = pytest.importorskip("aims")
report = pytest.importorskip("report")
drawing = pytest.importorskip("drawing")
run = pytest.importorskip("run")
from measure import Row  # noqa: E402

KEPT = [Row(**row) for name in run.names() for row in report.kept(name).get("rows", ())]


def row(what="sign RS256", unit="per second", **values):
    return Row(what, unit, values)


@pytest.mark.parametrize(
    ("unit", "ours", "theirs", "ratio"),
    [("per second", 50, 100, 2), ("million/s", 4, 1, 0.25), ("ms", 50, 100, 0.5), ("µs", 3, 1, 3)],
)
def test_a_ratio_is_of_times_whatever_the_unit(unit, ours, theirs, ratio):
    assert aims.times(ours, theirs, unit) == ratio


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (row(jwtlab=100.0, PyJWT=100.4), "reached"),  # closer than the noise
        (row(jwtlab=100.0, PyJWT=103.0), "missed"),
        (row("sign HS256", jwtlab=100.0, PyJWT=120.0), "reached"),
        (row("sign HS256", jwtlab=100.0, PyJWT=130.0), "missed"),
        (row("second start, best of 3", "s", jwtlab=2.4), "reached"),
        (row("second start, best of 3", "s", jwtlab=2.6), "missed"),
        (row("kernel after lesson 23", "MB", jwtlab=103.0, **{aims.PLAIN: 79.0}), "reached"),
        (row("kernel after lesson 23", "MB", jwtlab=105.0, **{aims.PLAIN: 79.0}), "missed"),
        (row("guess, HS256, 2 cores", "million/s", jwtlab=1.0, hashcat=0.9), "reached"),
        (row("guess, HS256, 2 cores", "million/s", jwtlab=1.0, **{"jwt-cracker": 0.2}), "missed"),
        (row("tokens, refresh, RS256", jwtlab=1.0), ""),  # no peer, no verdict
        (row("nobody asked", jwtlab=1.0), ""),
    ],
)
def test_an_aim_is_reached_or_missed(found, said):
    assert report.verdict(found) == said


@pytest.mark.parametrize(
    ("unit", "now", "is_worse"),
    [
        ("per second", 40, True),
        ("per second", 45, False),
        ("per second", 90, False),
        ("ms", 61, True),
        ("ms", 59, False),
    ],
)
def test_what_has_become_worse_beside_the_peer_is_told(unit, now, is_worse):
    before = [{"what": "x", "unit": unit, "values": {"jwtlab": 50, "PyJWT": 100}}]
    told = report.worse(before, [row("x", unit, jwtlab=now, PyJWT=100)])
    assert bool(told) is is_worse
    assert all("PyJWT" in each and "x:" in each for each in told)


def test_a_slower_machine_and_a_new_row_are_nothing_worse():
    before = [{"what": "x", "unit": "ms", "values": {"jwtlab": 50, "PyJWT": 100}}]
    assert (
        report.worse(before, [row("x", "ms", jwtlab=500, PyJWT=1000), row("y", "ms", jwtlab=9, PyJWT=1)])
        == []
    )


@pytest.mark.parametrize("aim", [*aims.AIMS, aims.CRACKER], ids=lambda aim: aim.rows)
def test_every_aim_has_a_row_that_was_measured(aim):
    assert any(aim in aims.aims_of(each) and aim.value(each) is not None for each in KEPT)


def test_what_misses_its_aim_says_what_stands_in_the_way():
    missed = [(each.what, aim) for each in KEPT for aim in aims.aims_of(each) if aim.reached(each) is False]
    assert [what for what, aim in missed if not aim.obstacle] == []


def test_the_results_are_written_from_what_is_kept(tmp_path, monkeypatch):
    written, picture = report.TARGET.read_text("utf-8"), (report.RESULTS / report.FIGURE).read_bytes()
    monkeypatch.setattr(report, "TARGET", tmp_path / "RESULTS.md")
    monkeypatch.setattr(report, "FIGURE_TARGET", tmp_path / "ratios.svg")
    report.write_results()
    assert report.TARGET.read_text("utf-8") == written, "python benchmarks/run.py --results"
    assert report.FIGURE_TARGET.read_bytes()[:200] == picture[:200]


def test_the_table_of_a_run_names_row_ratio_and_aim():
    told = report.layout([row("sign ES256", jwtlab=95.0, PyJWT=100.0), row("nobody asked", "ms", median=1.0)])
    assert re.search(
        r"sign ES256 +per second +jwtlab 95, PyJWT 100 +1\.05 × PyJWT +≤ 1 × PyJWT +missed", told
    )


def test_the_same_rows_give_the_same_picture(tmp_path):
    rows = [row("sign ES256", jwtlab=95.0, PyJWT=100.0), row("refuse: <b>", "µs", jwtlab=1.0, PyJWT=2.0)]
    for name in "ab":
        drawing.draw(rows, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_authlibs_server_plays_as_many_messages_as_ours():
    authlib_server = pytest.importorskip("authlib_server")
    import jwtlab

    network = authlib_server.Network()
    assert authlib_server.play(network) == ["a note of alice"]
    assert network.count == len(jwtlab.Lab().flow("openid-connect").run().trace)


def test_every_benchmark_is_found_whichever_was_loaded_before():
    code = "import sys, importlib, run; [importlib.import_module(n).BENCHMARKS for n in run.names()]; "
    code += "import browser; browser._of_the_tests().running_lab; "
    code += "sys.modules.pop('hostile'); import hostile; hostile.BENCHMARKS"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT / "benchmarks", check=True)
