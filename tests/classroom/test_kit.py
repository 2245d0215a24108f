"""The kit for a stick. Here with made-up wheels and no registry; with the real ones by a command of its own:

JWTLAB_REAL_KIT=1 python -m pytest tests/classroom/test_kit.py -k real
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from jwtlab import lessons
from jwtlab.classroom.kit import kit, own, wheels
from jwtlab.classroom.kit.systems import KINDS, PYTHONS, chosen, this_kind
from jwtlab.cli import main
from jwtlab.errors import UsageError

PLATFORMS = {
    "windows": "win_amd64",
    "macos-arm": "macosx_11_0_arm64",
    "macos-x86": "macosx_10_12_x86_64",
    "linux-x86": "manylinux_2_17_x86_64.manylinux2014_x86_64",
    "linux-arm": "manylinux_2_28_aarch64",
}


def make_wheel(folder: Path, name: str, version: str, tag: str = "py3-none-any", requires=()) -> Path:
    """A wheel with nothing in it but its metadata."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-{tag}.whl"
    info = f"{name}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {each}\n" for each in requires)
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(f"{name}.py", "")
        packed.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}"
        )
        packed.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        packed.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def shelf(tmp_path):
    """Wheels that somebody has already: a package in C for most systems, and what only some systems need."""
    folder = tmp_path / "shelf"
    for kind, tag in PLATFORMS.items():
        for version in ("311", "312"):
            if (kind, version) != ("macos-x86", "312"):
                make_wheel(folder, "fastmath", "2.0", f"cp{version}-cp{version}-{tag}")
    make_wheel(folder, "stable", "1.0", f"cp37-abi3-{PLATFORMS['linux-x86']}")
    make_wheel(folder, "bars", "4.1", requires=["tint>=1; sys_platform == 'win32'", "fastmath>=1.5"])
    make_wheel(folder, "tint", "1.2")
    make_wheel(folder, "macbits", "0.1")
    make_wheel(folder, "typing_more", "3.0")
    make_wheel(folder, "speed", "1.0", requires=["bars"])
    return folder


@pytest.fixture
def ours(tmp_path):
    needs = ["bars>=4", "macbits; platform_system == 'Darwin'", "typing-more; python_version < '3.12'"]
    return make_wheel(tmp_path / "own", "jwtlab", "0.1.0", requires=[*needs, "speed; extra == 'fast'"])


def made(folder, shelf, ours, platforms, pythons=("3.12",), **options):
    systems = chosen(platforms, pythons)
    return kit.make(folder, systems, sources=[shelf], offline=True, own_wheel=ours, **options)


@pytest.mark.long
def test_each_system_gets_what_it_needs_and_no_more(tmp_path, shelf, ours):
    found = made(tmp_path / "kit", shelf, ours, ["windows", "macos-arm"], ("3.11", "3.12")).found
    needed = {(each.system.kind.name, each.system.python): set(each.wheels) for each in found}
    assert needed == {
        ("windows", "3.11"): {"bars", "fastmath", "tint", "typing-more"},
        ("windows", "3.12"): {"bars", "fastmath", "tint"},
        ("macos-arm", "3.11"): {"bars", "fastmath", "macbits", "typing-more"},
        ("macos-arm", "3.12"): {"bars", "fastmath", "macbits"},
    }
    files = {path.name for path in (tmp_path / "kit" / "wheels").iterdir()}
    assert f"fastmath-2.0-cp312-cp312-{PLATFORMS['windows']}.whl" in files
    assert f"fastmath-2.0-cp312-cp312-{PLATFORMS['linux-x86']}.whl" not in files


@pytest.mark.long
def test_wheel_that_cannot_be_had_is_named_and_the_rest_is_there(tmp_path, shelf, ours, monkeypatch, capsys):
    monkeypatch.setattr(own, "make", lambda folder: Path(shutil.copy(ours, folder)))
    words = ["classroom", "kit", str(tmp_path / "kit"), "--wheels", str(shelf), "--offline"]
    words += ["--platform", "macos-x86", "--platform", "windows", "--python", "3.12"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "1 of 2 systems complete" in said
    assert "macOS, Intel, Python 3.12: fastmath: there is no wheel for this system" in said
    page = (tmp_path / "kit" / "START-HERE.html").read_text("utf-8")
    assert re.search(r"macOS, Intel</th><td>3\.12</td>.*✕ no</span>: <b>fastmath</b>", page)
    assert re.search(r"Windows</th><td>3\.12</td>.*✓ yes", page)
    facts = json.loads((tmp_path / "kit" / "contents.json").read_text("utf-8"))
    assert [sorted(each["missing"]) for each in facts["systems"]] == [["fastmath"], []]
    assert main([*words[:6], "--platform", "macos-x86", "--python", "3.12"]) == 1  # complete for nobody


@pytest.mark.long
def test_known_version_is_taken_and_another_where_it_has_no_wheel(tmp_path, shelf, ours, monkeypatch):
    make_wheel(shelf, "fastmath", "1.9", f"cp312-cp312-{PLATFORMS['macos-x86']}")
    make_wheel(shelf, "bars", "9.9", requires=["fastmath>=1.5"])
    monkeypatch.setattr(wheels, "known_versions", lambda file: {"fastmath": "2.0", "bars": "4.1"})
    windows, intel = made(tmp_path / "kit", shelf, ours, ["windows", "macos-x86"]).found
    assert str(wheels.version_of(windows.wheels["bars"])) == "4.1"
    assert (windows.other, intel.other) == ({}, {"fastmath": "1.9"})
    assert intel.missing == {}


@pytest.mark.long
def test_version_that_nobody_asked_for_is_no_answer(tmp_path, shelf, ours, monkeypatch):
    make_wheel(shelf, "fastmath", "1.0", f"cp312-cp312-{PLATFORMS['macos-x86']}")  # bars wants 1.5
    monkeypatch.setattr(wheels, "known_versions", lambda file: {"fastmath": "2.0"})
    (intel,) = made(tmp_path / "kit", shelf, ours, ["macos-x86"]).found
    assert set(intel.missing) == {"fastmath"}


@pytest.mark.long
def test_stable_abi_and_extras(tmp_path, shelf):
    ours = make_wheel(tmp_path / "own", "jwtlab", "0.1.0", requires=["stable", "speed; extra == 'fast'"])
    (plain,) = made(tmp_path / "a", shelf, ours, ["linux-x86"]).found
    (fast,) = made(tmp_path / "b", shelf, ours, ["linux-x86"], extras=["fast"]).found
    assert set(plain.wheels) == {"stable"}
    assert set(fast.wheels) == {"stable", "speed", "bars", "fastmath"}
    assert "jwtlab[fast]==0.1.0" in (tmp_path / "b" / "start-linux.sh").read_text("utf-8")


def test_kit_holds_lessons_scripts_page_and_sums(tmp_path, shelf, ours):
    folder = made(tmp_path / "kit", shelf, ours, ["linux-x86", "windows"], ("3.11", "3.12")).folder
    copied = {path.name for path in (folder / "lessons").iterdir()}
    assert copied == {path.name for path in lessons.originals()}
    assert b"\r\n" in (folder / "start-windows.bat").read_bytes()
    for name in ("start-linux.sh", "start-macos.command"):
        script = folder / name
        assert b"\r" not in script.read_bytes()
        assert os.access(script, os.X_OK)
        assert "@" not in re.sub(r'"\$@"', "", script.read_text("utf-8"))
        assert 'pythons="3.12 3.11"' in script.read_text("utf-8")
    page = (folder / "START-HERE.html").read_text("utf-8")
    assert "start-windows.bat" in page
    assert "macOS, " not in page  # this kit is not for them
    assert not re.search(r'(?:src|href|url)[=(]["\']?https?:', page)
    sums = dict(line.split("  ", 1)[::-1] for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines())
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert sums.keys() == files - {"SHA256SUMS"}
    assert all(
        hashlib.sha256((folder / name).read_bytes()).hexdigest() == value for name, value in sums.items()
    )


def test_made_again_it_is_brought_up_to_date(tmp_path, shelf, ours):
    made(tmp_path / "kit", shelf, ours, ["windows", "linux-x86"])
    newer = make_wheel(tmp_path / "newer", "jwtlab", "0.2.0", requires=["bars"])
    made(tmp_path / "kit", shelf, newer, ["linux-x86"])
    files = {
        path.name.split("-")[0] + path.name.split("-")[1] for path in (tmp_path / "kit" / "wheels").iterdir()
    }
    assert files == {"jwtlab0.2.0", "bars4.1", "fastmath2.0"}


@pytest.mark.long
@pytest.mark.skipif(os.name != "posix", reason="the script is for a shell")
def test_script_installs_without_a_registry(tmp_path, shelf):
    """With a stand-in for jwtlab whose doctor and lab say that they were called."""
    ours = make_wheel(tmp_path / "own", "jwtlab", "0.1.0", requires=["macbits"])
    with zipfile.ZipFile(ours, "a") as packed:
        packed.writestr("jwtlab/__main__.py", "import sys; print('called:', *sys.argv[1:])")
    with zipfile.ZipFile(ours) as packed, zipfile.ZipFile(tmp_path / ours.name, "w") as fresh:
        for each in packed.namelist():
            if each != "jwtlab.py":
                fresh.writestr(each, packed.read(each))
    version = "{}.{}".format(*sys.version_info[:2])
    made(tmp_path / "the kit", shelf, tmp_path / ours.name, ["this"], (version,))
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / f"python{version}").symlink_to(sys.executable)
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(tmp_path / "home"), "PIP_NO_INDEX": "1"}
    command = ["sh", str(tmp_path / "the kit" / "start-linux.sh"), "--no-open"]
    for said in ("Setting up", ""):  # the second time it is there already
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        assert f"called: doctor {tmp_path}/home/jwtlab" in done.stdout
        assert ("Setting up" in done.stdout) == bool(said)
    nothing = {**environment, "PATH": str(tmp_path / "nothing"), "HOME": str(tmp_path / "other")}
    done = subprocess.run(["/bin/sh", *command[1:]], env=nothing, capture_output=True, text=True, check=False)
    assert done.returncode != 0


REFUSED = {
    "platform": (["--platform", "amiga"], "there are: windows"),
    "old Python": (["--python", "3.9"], "3.11 or newer"),
    "no Python": (["--python", "three"], "3.11 or newer"),
    "no shelf": (["--wheels", "nowhere"], "is no folder"),
}


@pytest.mark.parametrize(("words", "said"), REFUSED.values(), ids=REFUSED)
def test_wrong_words_are_named(tmp_path, capsys, words, said):
    assert main(["classroom", "kit", str(tmp_path / "kit"), *words]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "kit").exists()


def test_folder_with_something_else_is_left_alone(tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")
    for place in (tmp_path, tmp_path / "thesis.txt"):
        assert main(["classroom", "kit", str(place), "--offline"]) == 1
        assert capsys.readouterr().err.startswith(f"jwtlab: {place} ")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_damaged_wheel_is_named(tmp_path, shelf, ours):
    (shelf / "tint-1.2-py3-none-any.whl").write_bytes(b"PK damaged")
    with pytest.raises(UsageError, match=r"tint-1\.2-py3-none-any\.whl is no wheel"):
        wheels.requirements_of(shelf / "tint-1.2-py3-none-any.whl", [], chosen(["windows"], ["3.12"])[0])


def test_every_system_by_default_and_this_one_is_among_them():
    assert [(each.kind.name, each.python) for each in chosen([], [])] == [
        (kind.name, python) for kind in KINDS for python in PYTHONS
    ]
    assert this_kind() in KINDS
    running = chosen(["this"], ["{}.{}".format(*sys.version_info[:2])])[0].environment
    for name, value in running.items():
        if name in ("os_name", "sys_platform", "platform_machine", "implementation_name", "python_version"):
            assert Requirement(f"x; {name} == '{value}'").marker.evaluate(), name


def test_words_of_pip_come_without_the_registrys_address():
    said = "WARNING: Retrying: https://host.example/simple/x\nERROR: HTTP error 503 while getting https://host.example/x"
    assert wheels.reason(said) == "HTTP error 503 while getting the registry"
    assert (
        wheels.reason("ERROR: No matching distribution found for x==1") == "there is no wheel for this system"
    )
    assert wheels.reason("") == "pip said nothing"


@pytest.mark.skipif("JWTLAB_REAL_KIT" not in os.environ, reason="asks the registry: JWTLAB_REAL_KIT=1")
def test_real_kit_is_installed_without_a_network_and_the_doctor_is_content(tmp_path):
    version = "{}.{}".format(*sys.version_info[:2])
    words = ["classroom", "kit", str(tmp_path / "kit"), "--platform", "this", "--python", version]
    subprocess.run([sys.executable, "-m", "jwtlab", *words], check=True, timeout=900)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / f"python{version}").symlink_to(Path(sys.executable).resolve())
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(tmp_path / "home"), "PIP_NO_INDEX": "1"}
    command = ["sh", str(tmp_path / "kit" / "start-linux.sh"), "--no-open"]
    if shutil.which("bwrap"):  # without any network, loopback apart
        command = ["bwrap", "--dev-bind", "/", "/", "--unshare-net", "--", *command]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Everything is in order." in done.stdout
