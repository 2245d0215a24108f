"""What is shipped: the wheel carries the lessons, and the lists of packages agree."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
import tomllib
import urllib.request
import venv
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LABCONFIG = ROOT / "jwtlab" / "data" / "jupyter" / "labconfig"
CONDA_NAMES = {"matplotlib": "matplotlib-base"}


def requirement(text: str) -> tuple[str, str]:
    name, limits = re.fullmatch(r"([A-Za-z0-9_.-]+)(.*)", text.strip()).groups()
    return name.lower().replace("_", "-"), limits.strip()


def test_environment_yml_is_in_step_with_pyproject():
    lines = re.findall(r"^  - ([a-z].*)$", (ROOT / "environment.yml").read_text("utf-8"), re.M)
    conda = dict(requirement(line) for line in lines if line not in ("pip", "pip:", "conda-forge"))
    python = re.fullmatch(r"=(\d+)\.(\d+)", conda.pop("python"))  # repo2docker reads no other form
    assert tuple(map(int, python.groups())) >= (3, 11)
    assert PROJECT["requires-python"] == ">=3.11"
    ours = dict(requirement(text) for text in PROJECT["dependencies"])
    assert conda == {CONDA_NAMES.get(name, name): limits for name, limits in ours.items()}


def test_every_dependency_says_what_it_is_for():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    everything = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    for line in everything:
        assert re.search(re.escape(f'"{line}",') + r" +# \w+", text), line


def test_constraints_name_versions_and_no_places():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9.+!]+( ;.*)?", line) for line in pins)
    pinned = {requirement(line)[0] for line in pins}
    assert {requirement(text)[0] for text in PROJECT["dependencies"]} <= pinned


def test_version_is_said_once():
    import jwtlab

    assert PROJECT["version"] == jwtlab.__version__


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The built wheel in a fresh environment, which borrows our packages so that nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("jwtlab-*.whl")
    venv.create(folder / "venv", with_pip=False, symlinks=os.name == "posix")
    python = next(
        path for path in (folder / "venv/bin/python", folder / "venv/Scripts/python.exe") if path.exists()
    )
    (site,) = {
        *(folder / "venv").glob("lib/python*/site-packages"),
        *(folder / "venv").glob("Lib/site-packages"),
    }
    subprocess.run([sys.executable, "-m", "zipfile", "-e", wheel, site], check=True)
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return python


def run(python: Path, code: str, folder: Path) -> str:
    answer = subprocess.run([python, "-c", code], cwd=folder, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def test_wheel_is_the_same_however_often_it_is_built(tmp_path):
    """Reproducible: whoever builds it from the same source gets the same bytes."""
    octets = []
    for name in ("one", "two"):
        build = [
            sys.executable,
            "-m",
            "build",
            "--wheel",
            "--no-isolation",
            "--outdir",
            tmp_path / name,
            ROOT,
        ]
        subprocess.run(build, check=True, capture_output=True)
        (wheel,) = (tmp_path / name).glob("jwtlab-*.whl")
        octets.append(wheel.read_bytes())
    assert octets[0] == octets[1]


def test_wheel_carries_the_lessons_templates_and_keys(installed, tmp_path):
    code = "import jwtlab.lessons as l; print(l.source()); import jwtlab; print(jwtlab.Lab().token()[:10])"
    source, token = run(installed, code, tmp_path).split()
    assert source.endswith("_lessons")
    assert token.startswith("eyJ")
    lesson = (Path(source) / "01_three_parts.ipynb").read_text("utf-8")
    assert "--jl-header" in lesson  # the wheel's lessons have the style sheet in them
    assert "jl-card" in run(installed, "from jwtlab.widgets import Quiz; print(Quiz('01').html)", tmp_path)


def test_wheel_starts_the_lab_in_an_empty_folder(installed, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    empty = tmp_path / "empty"
    empty.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith("JUPYTER")}
    env = {**kept, "HOME": str(tmp_path), "JUPYTER_PREFER_ENV_PATH": "1"}
    # The front ends of the widgets are data files of the environment that lends its packages.
    env["JUPYTER_PATH"] = str(Path(sys.prefix) / "share" / "jupyter")
    words = ["-m", "jwtlab", "lab", "--no-browser", f"--port={port}", "--IdentityProvider.token=t"]
    log = (tmp_path / "log").open("wb")
    app = Path(sys.prefix) / "share" / "jupyter" / "lab"
    process = subprocess.Popen(
        [installed, *words, f"--LabApp.app_dir={app}"], cwd=empty, env=env, stdout=log, stderr=log
    )
    try:
        settings = wait_for(f"http://127.0.0.1:{port}/lab/api/settings", process, tmp_path / "log")
    finally:
        process.terminate()
        process.wait(30)
        log.close()
    assert (empty / "00_start_here.ipynb").exists()
    schemas = {plugin["id"]: plugin["schema"].get("properties", {}) for plugin in settings["settings"]}
    for plugin, values in json.loads(
        (LABCONFIG / "default_setting_overrides.json").read_text("utf-8")
    ).items():
        served = {name: schemas[plugin][name]["default"] for name in values}
        assert served == values, plugin
    assert schemas["@jupyterlab/apputils-extension:notification"]["fetchNews"]["default"] == "false"


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> dict:
    request = urllib.request.Request(address, headers={"Authorization": "token t"})
    for _ in range(300):
        assert process.poll() is None, log.read_text("utf-8")
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return json.load(response)
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8"))


def test_no_two_test_modules_share_a_name():
    """One process that collects both would load the first and refuse the second."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, times in names.items() if times > 1] == []
