"""The parts of the hub without a hub: settings, walls, queue, memory, disk, what was handed in."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from datetime import datetime

import pytest

pytest.importorskip("jupyterhub")

from test_real_hub import notebook_of

from jwtlab import UsageError
from jwtlab.classroom.hub import configuration, culler, memory, single_user, walls
from jwtlab.classroom.hub import settings as hub_settings
from jwtlab.classroom.hub.disk import DiskNotice
from jwtlab.classroom.hub.handed_in import KEPT, HandedIn, Refused
from jwtlab.classroom.hub.spawner import Queue

NOW = datetime(2026, 11, 27, 9, 30)  # a Friday


def read(tmp_path, text):
    path = tmp_path / "hub.toml"
    path.write_text(text)
    return hub_settings.read(path)


def test_template_is_the_defaults_and_each_remark_in_it_can_be_switched_on(tmp_path):
    assert read(tmp_path, hub_settings.TEMPLATE) == hub_settings.Settings()
    lines = [
        line.removeprefix("# ")
        for line in hub_settings.TEMPLATE.splitlines()
        if " = " in line and line.removeprefix("# ").split(" = ")[0].isidentifier()
    ]
    for name in ("hub.crt", "hub.key"):
        (tmp_path / name).write_text("")
    found = read(tmp_path, "\n".join(lines))
    assert len(lines) == 14
    assert found.in_class(NOW)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("port = '8000'", "line 1: port is a number"),
        ("\nprot = 8000", "line 2: prot is not known; did you mean port?"),
        ("port = 80", "1024"),
        ("port = true", "port is a number"),
        ("login = 'dummy'", '"sign-up" or "jwtlab"'),
        ("host = '0.0.0.0'", "no address that they can type"),
        ("host = 'http://x'", "is no host"),
        ("memory = '1'", "size such as"),
        ("memory = '64M'", "not enough for a server"),
        ("class_hours = ['Mo 8-10']", "is no class"),
        ("class_hours = ['Mon 18:00-08:00']", "ends before it begins"),
        ("class_hours = 'Mon 08:00-10:00'", "is a list"),
        ("teachers = []", "list of usernames"),
        ("teachers = ['../x']", "cannot be a username"),
        ("certificate = 'a.crt'", "belong together"),
        ("certificate = 'a.crt'\nprivate_key = 'a.key'", "line 1: there is no file 'a.crt'"),
        ("host = ", "line 1"),
        ("[hub]\nport = 1", "line 1: hub is not known"),
    ],
)
def test_mistake_in_the_settings_names_line_and_way_out(tmp_path, text, words):
    with pytest.raises(UsageError) as error:
        read(tmp_path, text)
    assert words in str(error.value)
    assert "hub.toml" in str(error.value)


@pytest.mark.parametrize(
    ("hours", "moment", "inside"),
    [
        ("Mon-Fri 08:00-18:00", NOW, True),
        ("Mon-Fri 08:00-18:00", NOW.replace(hour=18, minute=0), False),
        ("Mon-Fri 08:00-18:00", NOW.replace(day=28), False),
        ("Fri-Mon 08:00-18:00", NOW.replace(day=29), True),
        ("Fri-Mon 08:00-18:00", NOW.replace(day=25), False),
        ("Fri 09:30-09:31", NOW, True),
    ],
)
def test_no_server_is_ended_in_class(tmp_path, monkeypatch, hours, moment, inside):
    settings = read(tmp_path, f'class_hours = ["{hours}"]\nwarn_below = "64M"')
    asked = []

    async def cull(*arguments, **options):
        asked.append(options["inactive_limit"])

    monkeypatch.setattr(culler, "cull_idle", cull)
    monkeypatch.setenv("JUPYTERHUB_API_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "x")
    asyncio.run(culler.round_of(settings, tmp_path, moment))
    assert asked == ([] if inside else [3600])


def test_folders_of_two_names_are_never_one_and_lead_nowhere_else():
    names = ["alice", "Alice", "..", ".", "a/b", "a%2Fb", "=alice", "ü", ".hub", "../hub", "a b", "x" * 64]
    folders = [walls.folder_name(each) for each in names]
    assert len(set(folders)) == len(names)
    assert not any("/" in each or each.startswith(".") for each in folders)


def test_queue_lets_so_many_start_and_says_who_is_before():
    async def trial():
        queue, started = Queue(2), []

        async def start(name):
            await queue.enter(name)
            started.append(name)

        tasks = [asyncio.create_task(start(str(number))) for number in range(50)]
        for _ in range(5):
            await asyncio.sleep(0)
        assert started == ["0", "1"]
        assert [queue.before(each) for each in ("1", "2", "49")] == [None, 0, 47]
        tasks[3].cancel()  # somebody who goes away keeps no place
        await asyncio.sleep(0)
        assert queue.before("49") == 46
        queue.leave()
        for _ in range(5):
            await asyncio.sleep(0)
        assert started == ["0", "1", "2"]
        for _ in range(49):
            queue.leave()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert len(started) == 49

    asyncio.run(trial())


CHILD = """
x = bytearray(200 * 1024 * 1024)
for i in range(0, len(x), 4096):
    x[i] = 1
print("full", flush=True)
import time
time.sleep(600)
"""
HUNGRY = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {CHILD!r}])
time.sleep(600)
"""


def test_largest_process_is_ended_when_all_together_are_too_much():
    with subprocess.Popen([sys.executable, "-c", HUNGRY], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "full\n"
            assert memory.keep_within(process.pid, 2 * 1024**3, 150) == []
            said = memory.keep_within(process.pid, 100 * 1024**2, 150)
            assert "was ended" in said[0]
            until = time.monotonic() + 30
            while any(memory.proportional(each) for each in memory.family(process.pid)[1:]):
                assert time.monotonic() < until
                time.sleep(0.05)
            assert process.poll() is None  # the server itself goes on
        finally:
            process.kill()


def test_notice_is_there_only_while_the_disk_is_nearly_full(tmp_path):
    from jinja2 import Environment

    page = Environment(autoescape=True).from_string("{% if notice %}<p>{{ notice }}</p>{% endif %}")
    assert page.render(notice=DiskNotice(tmp_path, 0)) == ""
    assert "left. Saving may fail" in page.render(notice=DiskNotice(tmp_path, 1024**5))


def test_seats_follow_from_the_memory_of_the_machine():
    settings = hub_settings.Settings()
    assert configuration.seats(settings, 24 * 1024**3) == (23 * 1024**3) // configuration.FOR_A_LEARNER
    assert configuration.seats(settings, 0) == 1


def test_handed_in_file_lies_as_nbgrader_expects_and_earlier_ones_are_kept(tmp_path):
    store = HandedIn(tmp_path)
    for number in range(KEPT + 3):
        store.take("alice", notebook_of("alice").encode() + b" " * number, NOW.replace(second=number))
    receipt = store.take("alice", notebook_of("alice").encode(), NOW.replace(second=59))
    assert receipt.notes == ()
    assert [path.relative_to(tmp_path).as_posix() for path in (tmp_path / "submitted").rglob("*.ipynb")] == [
        "submitted/alice/a1_tokens/a1_tokens.ipynb"
    ]
    assert len(list((tmp_path / "hub" / "earlier").rglob("*.ipynb"))) == KEPT
    [known] = store.of("alice")
    assert (known.fingerprint, known.when) == (receipt.fingerprint, receipt.when)
    assert store.of("bob") == []
    assert store.read("alice", "../alice") is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty"),
        (b"{}", "no notebook"),
        (b"\xff\xfe\x00", "no notebook"),
        (notebook_of("alice").replace("a1_tokens", "a9_evil").encode(), "none of the assignments"),
        (b" " * (21 * 1024**2), "larger than 20 MB"),
    ],
)
def test_what_is_no_assignment_is_refused_with_a_word(tmp_path, data, words):
    with pytest.raises(Refused, match=words):
        HandedIn(tmp_path).take("alice", data, NOW)
    assert not (tmp_path / "submitted").exists()


def test_full_disk_keeps_nobody_from_starting(tmp_path, monkeypatch):
    def full(folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(single_user.lessons, "copy_missing", full)
    [said] = single_user.bring(tmp_path, tmp_path / "none")
    assert "No space left" in said


def test_assignment_of_a_learner_is_never_overwritten(tmp_path):
    release = tmp_path / "release" / "a1_tokens" / "a1_tokens.ipynb"
    release.parent.mkdir(parents=True)
    release.write_text("new")
    home = tmp_path / "home"
    home.mkdir()
    assert single_user.bring(home, tmp_path / "release") == []
    (home / "assignments" / "a1_tokens.ipynb").write_text("my work")
    single_user.bring(home, tmp_path / "release")
    assert (home / "assignments" / "a1_tokens.ipynb").read_text() == "my work"


def prepared(folder, *words):
    command = [sys.executable, "-m", "jwtlab", "classroom", "hub", str(folder), "--prepare-only", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.mark.long
def test_hub_that_cannot_start_says_why_and_what_to_do(tmp_path):
    done = prepared(tmp_path / "course", "--login", "jwtlab")
    assert done.returncode == 1
    assert "--add-class" in done.stderr or "bubblewrap" in done.stderr
    (tmp_path / "file").write_text("")
    done = prepared(tmp_path / "file")
    assert done.returncode == 1
    assert "is a file" in done.stderr
    (tmp_path / "course" / "hub.toml").write_text("prot = 1\n")
    done = prepared(tmp_path / "course")
    assert "did you mean port" in done.stderr
    assert "Traceback" not in done.stderr
