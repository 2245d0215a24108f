"""The doctor before a class: every trouble is named with a way out."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from jwtlab import class_doctor, doctor
from jwtlab.cli import main
from jwtlab.errors import UsageError


def test_this_machine_is_looked_at_from_every_side(tmp_path):
    found = class_doctor.examine(tmp_path, 1)
    subjects = [each.subject for each in found]
    for wanted in (
        "Python",
        "kernel",
        "port 8766",
        "network",
        "memory",
        "disk",
        "browser",
        "offline",
        "versions",
    ):
        assert wanted in subjects
    assert all(each.finding for each in found)
    assert all(each.remedy for each in found if not each.fine)
    assert next(each for each in found if each.subject == "offline").fine


def test_port_in_use_is_named_with_one_that_is_free():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        (found,) = class_doctor.ports({port: "jwtlab board"}, doctor.port_is_free)
    assert not found.fine
    assert str(port) in found.subject
    assert "--port " in found.remedy
    (found,) = class_doctor.ports({port: "jwtlab board"}, lambda number: True)
    assert found.fine


@pytest.mark.parametrize(
    ("free", "learners", "hub", "fine", "words"),
    [
        (24 * 1024, 100, True, True, "100 learners"),
        (8 * 1024, 100, True, False, "About 39 learners fit"),
        (500, 1, True, False, "About 0 learners fit"),
        (8 * 1024, 300, False, True, "one learner"),
        (500, 300, False, False, "Close other programs"),
        (None, 30, True, True, "cannot be told"),
    ],
)
def test_memory_for_so_many(free, learners, hub, fine, words):
    found = class_doctor.memory(free, learners, hub)
    assert found.fine is fine
    assert words in found.finding + found.remedy


def test_memory_of_this_machine_is_a_number():
    free = class_doctor.memory_free()
    assert free is None or free > 50


def test_full_disk_missing_browser_and_missing_network_are_named():
    assert class_doctor.disk(100_000, 30, Path("x")).fine
    assert "Make room" in class_doctor.disk(100, 30, Path("x")).remedy
    assert "Install Firefox" in class_doctor.browser(("firefox",), lambda name: False).remedy
    assert "firefox" in class_doctor.browser(("firefox", "chrome"), lambda name: name == "firefox").finding
    assert "no network" in class_doctor.network("127.0.0.1").finding
    assert "192.168.1.20" in class_doctor.network("192.168.1.20").finding


def test_lesson_that_wants_the_network_is_named(monkeypatch):
    monkeypatch.setattr(
        class_doctor, "_OFFLINE", class_doctor._OFFLINE.replace("import jwtlab\n", "shut()\n", 1)
    )
    found = class_doctor.offline(class_doctor._run_offline())
    assert not found.fine
    assert "asked for the network" in found.finding
    assert found.remedy


def test_versions_say_what_is_missing():
    none = class_doctor.versions(lambda name: None, hub=True)
    assert [each.subject for each in none if not each.fine] == ["jupyterhub"]
    assert all(each.fine for each in class_doctor.versions(lambda name: "1.0", hub=True))


def test_what_a_hub_needs_beside_pip_is_named_with_its_package():
    def without() -> str:
        raise UsageError("bubblewrap is missing: install it (Debian, Ubuntu: apt install bubblewrap)")

    missing = class_doctor.hub_programs(lambda name: False, without)
    assert [each.subject for each in missing if not each.fine] == ["node", "npm", "bubblewrap"]
    assert [each.remedy for each in missing if "apt install" in each.remedy] == [
        each.remedy for each in missing
    ]
    assert all(each.fine for each in class_doctor.hub_programs(lambda name: True, lambda: "bwrap"))


def test_with_a_hub_its_programs_and_its_second_port_are_looked_at(tmp_path):
    with_hub = {each.subject for each in class_doctor.examine(tmp_path, 1, hub=True)}
    assert with_hub - {each.subject for each in class_doctor.examine(tmp_path, 1)} == {
        "port 8001",
        "jupyterhub",
        "node",
        "npm",
        "bubblewrap",
    }


@pytest.mark.parametrize("learners", [0, -3, 10**9])
def test_impossible_class_is_refused(learners, tmp_path):
    with pytest.raises(UsageError, match="--learners"):
        class_doctor.examine(tmp_path, learners)


def test_command_prints_sentences_and_a_verdict(capsys, tmp_path):
    code = main(["doctor", "--class", "--learners", "100000", "--hub", str(tmp_path)])
    said = capsys.readouterr().out
    assert code == 1
    assert "FIX memory" in said
    assert "learners fit" in said
    assert "to mend, see FIX above" in said or "thing" in said
