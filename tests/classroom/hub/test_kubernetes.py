"""The values for Kubernetes: against the chart's schema where a chart is at hand, and what can be known without."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from jwtlab.classroom.hub import single_user
from jwtlab.classroom.link import pull_link
from jwtlab.cli import main
from jwtlab.errors import UsageError
from jwtlab.jupyter_settings import OPTIONS

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "classroom" / "jupyterhub" / "kubernetes"
VALUES = yaml.safe_load((FOLDER / "values.yaml").read_text("utf-8"))
CHART = "JWTLAB_Z2JH_CHART"

ANYTHING = "anything"
PULL = frozenset({"", "IfNotPresent", "Always", "Never"})
CERTIFICATES = frozenset({"", "letsencrypt", "manual", "offload", "secret"})
KNOWN = {
    "hub": {
        "config": ANYTHING,
        "extraConfig": ANYTHING,
        "concurrentSpawnLimit": int,
        "activeServerLimit": (int, type(None)),
        "allowNamedServers": bool,
    },
    "singleuser": {
        "image": {
            "name": str,
            "tag": str,
            "pullPolicy": PULL,
            "pullSecrets": list,
        },
        "cmd": (list, str),
        "defaultUrl": str,
        "extraEnv": ANYTHING,
        "memory": {"guarantee": (str, int), "limit": (str, int)},
        "cpu": {"guarantee": (float, int), "limit": (float, int)},
        "storage": {
            "type": frozenset({"dynamic", "static", "none"}),
            "capacity": str,
            "homeMountPath": str,
            "dynamic": ANYTHING,
            "static": ANYTHING,
        },
        "startTimeout": int,
        "networkPolicy": {"enabled": bool, "ingress": list, "egress": list, "egressAllowRules": ANYTHING},
    },
    "cull": {"enabled": bool, "users": bool, "timeout": int, "every": int, "concurrency": int, "maxAge": int},
    "prePuller": {"hook": {"enabled": bool, "pullOnlyOnChanges": bool}, "continuous": {"enabled": bool}},
    "scheduling": {
        "podPriority": {"enabled": bool, "globalDefault": bool, "defaultPriority": int},
        "userPlaceholder": {"enabled": bool, "replicas": int},
        "userScheduler": ANYTHING,
    },
    "proxy": {
        "https": {
            "enabled": bool,
            "hosts": list,
            "type": CERTIFICATES,
            "letsencrypt": {"contactEmail": str},
        }
    },
}
"""Names and types of values.schema.yaml (zero-to-jupyterhub-k8s) that matter here; the chart refuses others.

Compared by hand on 27 November 2026 with its commit 02dd73df01bd.
"""


def strange(values, known, path=""):
    """What the chart would refuse: names that it does not know, and values of another type."""
    if known is ANYTHING:
        return []
    if isinstance(known, dict):
        found = [f"{path}.{name}" for name in values if name not in known]
        for name in known.keys() & values.keys():
            found += strange(values[name], known[name], f"{path}.{name}")
        return sorted(found)
    if isinstance(known, frozenset):
        return [] if values in known else [path]
    kinds = known if isinstance(known, tuple) else (known,)
    return [] if type(values) in kinds else [path]  # True is no number here


def test_names_and_types_are_the_charts():
    assert strange(VALUES, KNOWN) == []


def test_a_wrong_name_or_type_would_be_seen():
    wrong = {**VALUES, "singeluser": {}, "cull": {"timeout": "4h"}, "hub": {"concurrentSpawnLimit": True}}
    assert strange({"singleuser": {"storage": {"type": "disk"}}}, KNOWN) == [".singleuser.storage.type"]
    assert strange(wrong, KNOWN) == [".cull.timeout", ".hub.concurrentSpawnLimit", ".singeluser"]


def schema_of(place: Path) -> dict:
    """The schema in a chart: a packed one, its folder, or the schema's own file."""
    if place.is_dir():
        place = next(
            each for each in (place / "values.schema.json", place / "values.schema.yaml") if each.exists()
        )
    if place.name.endswith((".tgz", ".tar.gz")):
        with tarfile.open(place) as packed:
            return json.load(packed.extractfile("jupyterhub/values.schema.json"))
    return yaml.safe_load(place.read_text("utf-8"))  # JSON is YAML


def faults(schema: dict) -> list[str]:
    from jsonschema import Draft7Validator

    def without_required(part):  # the chart's own values come first, and hold what is required
        if isinstance(part, dict):
            return {name: without_required(each) for name, each in part.items() if name != "required"}
        return [without_required(each) for each in part] if isinstance(part, list) else part

    found = Draft7Validator(without_required(schema)).iter_errors(VALUES)
    return [f"{'.'.join(map(str, each.absolute_path))}: {each.message}" for each in found]


@pytest.mark.skipif(
    CHART not in os.environ, reason=f"no chart at hand: {CHART} names none (helm pull jupyterhub/jupyterhub)"
)
def test_values_fit_the_charts_schema():
    assert faults(schema_of(Path(os.environ[CHART]))) == []


def test_schema_of_a_packed_chart_is_read_and_decides(tmp_path):
    part = {"type": "object", "additionalProperties": False}
    schema = {**part, "properties": {name: {"type": "object"} for name in VALUES}}
    schema["properties"]["cull"] = {
        **part,
        "required": ["users"],
        "properties": {"enabled": {}, "timeout": {"type": "string"}},
    }
    text = json.dumps(schema).encode()
    with tarfile.open(tmp_path / "jupyterhub-9.tgz", "w:gz") as packed:
        member = tarfile.TarInfo("jupyterhub/values.schema.json")
        member.size = len(text)
        packed.addfile(member, io.BytesIO(text))
    found = sorted(faults(schema_of(tmp_path / "jupyterhub-9.tgz")))
    assert len(found) == 2
    assert found[0].startswith("cull.timeout: 14400 is not of type")
    assert "'every' was unexpected" in " ".join(found)


def size(text: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([MG])", text).groups()
    return int(number) * 1024 ** {"M": 2, "G": 3}[unit]


def test_memory_is_above_what_was_measured():
    server, kernel = 77 * 1024**2, 101 * 1024**2
    memory = VALUES["singleuser"]["memory"]
    assert size(memory["guarantee"]) > server + 2 * kernel
    assert size(memory["limit"]) >= 2.5 * (server + 2 * kernel)
    assert f"{(server + 2 * kernel) // 1024**2} MB" in (FOLDER / "values.yaml").read_text("utf-8")


def test_nobody_comes_in_without_approval():
    config = VALUES["hub"]["config"]
    assert "dummy" not in config["JupyterHub"]["authenticator_class"].lower()
    assert config["NativeAuthenticator"]["open_signup"] is False
    module, _, name = config["JupyterHub"]["authenticator_class"].rpartition(".")
    settings = getattr(__import__(module), name).class_trait_names()
    assert set(config["NativeAuthenticator"]) | set(config["Authenticator"]) <= set(settings)
    compile(VALUES["hub"]["extraConfig"]["signUpPages"], "extraConfig", "exec")


def test_server_is_started_as_on_one_machine(tmp_path):
    python, _, _, module, home, releases, *options = VALUES["singleuser"]["cmd"]
    assert (python, module) == ("python", single_user.__name__)
    assert options == [
        f"--ServerApp.root_dir={home}",
        *(f"{name}={value}" for name, value in OPTIONS.items()),
    ]
    assert home == VALUES["singleuser"]["storage"]["homeMountPath"]
    assert single_user.bring(tmp_path, tmp_path / releases.lstrip("/")) == []
    assert (tmp_path / VALUES["singleuser"]["defaultUrl"].removeprefix("/lab/tree/")).exists()


def test_volume_hides_nothing_of_the_image():
    """repo2docker puts the repository into the home folder, and installs jwtlab from there."""
    mount = Path(VALUES["singleuser"]["storage"]["homeMountPath"])
    assert mount != Path("/home/jovyan")
    assert mount.is_relative_to("/home/jovyan")
    assert not (ROOT / mount.name / "jwtlab").exists()
    assert all(Path(value).is_relative_to(mount) for value in VALUES["singleuser"]["extraEnv"].values())


def test_files_of_repo2docker_do_what_they_say(tmp_path):
    for name in ("postBuild", "start"):
        assert (ROOT / name).read_text("utf-8").startswith("#!/usr/bin/env bash\n")
        assert subprocess.run(["bash", "-n", ROOT / name], check=False).returncode == 0
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = ["bash", str(ROOT / "start"), "sh", "-c", 'echo "$JUPYTER_CONFIG_PATH"; echo "$0"', "a word"]
    said = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert (Path(said[0].split(":")[0]) / "labconfig" / "default_setting_overrides.json").exists()
    assert said[1] == "a word"
    check = re.search(r'^python -c "(.*)"$', (ROOT / "postBuild").read_text("utf-8"), re.M)
    subprocess.run([sys.executable, "-c", check[1]], check=True)


def test_link_brings_a_repository_and_opens_a_file(capsys):
    words = ["classroom", "link", "https://git.example.org/teacher/week 1".replace(" ", "%20") + ".git"]
    assert (
        main(
            [
                *words,
                "--hub",
                "https://hub.example.org/",
                "--open",
                "unit 1/a&b.ipynb",
                "--branch",
                "2026/autumn",
            ]
        )
        == 0
    )
    link = urlsplit(capsys.readouterr().out.strip())
    assert f"{link.scheme}://{link.netloc}{link.path}" == "https://hub.example.org/hub/user-redirect/git-pull"
    assert parse_qs(link.query) == {
        "repo": ["https://git.example.org/teacher/week%201.git"],
        "branch": ["2026/autumn"],
        "targetPath": ["week 1"],
        "urlpath": ["lab/tree/week 1/unit 1/a&b.ipynb"],
    }


def test_link_without_a_hub_has_a_gap_to_fill(capsys):
    assert main(["classroom", "link", "https://git.example.org/teacher/week1"]) == 0
    assert capsys.readouterr().out.startswith(
        "https://YOUR-HUB/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgit"
    )


REFUSED = {
    "no address": {"repo": "teacher/week1"},
    "ssh": {"repo": "git@git.example.org:teacher/week1"},
    "password": {"repo": "https://alice:secret@git.example.org/teacher/week1"},
    "host only": {"repo": "https://git.example.org/"},
    "query": {"repo": "https://git.example.org/a?b=c"},
    "script": {"repo": "javascript:alert(1)"},
    "bad port": {"repo": "https://git.example.org:99999/a"},
    "hub": {"repo": "https://git.example.org/a", "hub": "hub.example.org"},
    "upwards": {"repo": "https://git.example.org/a", "opens": "../other/secret.ipynb"},
    "absolute": {"repo": "https://git.example.org/a", "opens": "/etc/passwd"},
    "branch": {"repo": "https://git.example.org/a", "branch": "--upload-pack=x"},
}


@pytest.mark.parametrize("given", REFUSED.values(), ids=REFUSED)
def test_link_to_nothing_is_refused_in_words(given):
    with pytest.raises(UsageError) as found:
        pull_link(**given)
    assert "secret@" not in str(found.value)
