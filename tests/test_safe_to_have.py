"""What SECURITY.md promises: vulnerable rooms stay shut, nothing listens, nothing is asked, free licences."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
_spec = importlib.util.spec_from_file_location("licences", ROOT / "tools" / "licences.py")
licences = importlib.util.module_from_spec(_spec)
sys.modules["licences"] = licences  # where its dataclass looks for itself
_spec.loader.exec_module(licences)

ROOMS = [
    room.replace("/", ".")
    for room in re.findall(r"^\| `(jwtlab/[a-z/_]+)` \|", (ROOT / "SECURITY.md").read_text("utf-8"), re.M)
]
SOUND = (
    "jwtlab.errors",
    "jwtlab.checks",
    "jwtlab.jose",
    "jwtlab.oauth.protocol",
    "jwtlab.oauth.http",
    "jwtlab.oauth.client",
    "jwtlab.oauth.resource_server",
    "jwtlab.oauth.authorization_server",
    "jwtlab.oauth.lab_clients",
    "jwtlab.registry",
    "jwtlab.served",
    "jwtlab.serve",
    "jwtlab.board",
)


def fresh(code: str) -> object:
    """What a fresh interpreter puts into ``found``."""
    program = f"{code}\nimport json\nprint(json.dumps(found))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def graph():
    """Who imports whom, without what the faces load only when somebody asks for it by name."""
    whole = grimp.build_graph("jwtlab")
    for name in ("jwtlab", "jwtlab.lab", "jwtlab.oauth"):
        for imported in list(whole.find_modules_directly_imported_by(name)):
            whole.remove_import(importer=name, imported=imported)
    return whole


def test_security_md_names_rooms_that_are_there_and_say_so():
    assert len(ROOMS) >= 4
    for room in ROOMS:
        folder = ROOT / room.replace(".", "/")
        words = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
        assert re.search(r"([Ww]eak|[Vv]ulnerable) on purpose", words), room


def test_the_public_face_loads_no_vulnerable_room():
    code = """
import sys, jwtlab
rooms = {"attacks", "exercises", "figures", "widgets", "board", "glossary"}
for name in jwtlab.__all__:
    if name not in rooms:
        getattr(jwtlab, name)
key = jwtlab.Key.generate("ES256")
token = jwtlab.issue({"sub": "alice", "exp": 2_000_000_000}, key, alg="ES256")
keys = jwtlab.KeySet([key.public()])
assert jwtlab.verify(token, keys, algorithms=["ES256"], now=1).accepted
assert jwtlab.Verifier(keys, algorithms=["ES256"]).verify(token, now=1).accepted
jwtlab.decode(token), jwtlab.Lab().token()
found = sorted(name for name in sys.modules if name.startswith("jwtlab."))
"""
    loaded = fresh(code)
    assert "jwtlab.jose.verifier" in loaded
    assert [name for name in loaded if name.startswith(tuple(ROOMS))] == []


def test_the_server_on_a_socket_loads_no_vulnerable_room():
    code = """
import sys
import jwtlab.served, jwtlab.serve
from jwtlab.served import Options, Served
assert Served("http://127.0.0.1:1", Options()).app
found = sorted(name for name in sys.modules if name.startswith("jwtlab."))
"""
    loaded = fresh(code)
    assert "jwtlab.oauth.authorization_server.app" in loaded
    assert [name for name in loaded if name.startswith(tuple(ROOMS))] == []


@pytest.mark.parametrize("room", SOUND)
def test_no_chain_of_imports_leads_into_a_vulnerable_room(graph, room):
    assert room in graph.modules
    for weak in ROOMS:
        chains = graph.find_shortest_chains(room, weak, as_packages=True)
        assert chains == set(), f"{room} reaches {weak}: {sorted(chains)[0]}"


def test_attacks_and_flows_open_no_socket_and_leave_the_standard_alone():
    code = """
import sys
import requests  # its urllib3 asks once whether there is IPv6: it binds to ::1, and lets go without listening
touched = []
def watch(event, arguments):
    if event in ("socket.bind", "socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request"):
        touched.append(event)
sys.addaudithook(watch)
import jwtlab, jwtlab.attacks
from jwtlab.oauth import attacks, flows
before = [check.id for check in jwtlab.STANDARD.checks]
lab = jwtlab.Lab()
for attack in jwtlab.attacks.ATTACKS.values():
    scenario = attack.scenario(attack.variants[0].name)
    assert scenario.victim_report.accepted and not scenario.sound_report.accepted, attack.id
for name in flows.FLOWS:
    lab.flow(name).run()
for name in attacks.FLOW_ATTACKS:
    assert lab.flow_attack(name).run().outcome.succeeded, name
    assert not lab.flow_attack(name, weak=False).run().outcome.succeeded, name
assert [check.id for check in jwtlab.STANDARD.checks] == before
found = touched
"""
    assert fresh(code) == []


def test_every_package_of_an_installation_has_a_free_licence():
    found = licences.packages()
    names = {each.name.lower() for each in found}
    assert {"jwtlab", "cryptography", "pyjwt", "jupyterlab", "waitress", "cffi"} <= names
    assert [each for each in found if not each.free] == []


def test_a_licence_that_nobody_knows_is_told():
    assert not licences.Package("x", "1", "Proprietary", "jwtlab").free
    assert not licences.Package("x", "1", "", "jwtlab").free
    assert licences.Package("x", "1", "GPL-2.0-only OR MIT", "jwtlab").free
    assert not licences.Package("x", "1", "AGPL-3.0-only", "jwtlab").free


def test_the_workflow_names_what_is_there():
    path = ROOT / ".github" / "workflows" / "test.yml"
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", path],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    workflow = yaml.safe_load(path.read_text("utf-8"))
    systems = {
        workflow["jobs"]["windows"]["runs-on"],
        *workflow["jobs"]["unix"]["strategy"]["matrix"]["system"],
    }
    assert {system.split("-")[0] for system in systems} == {"ubuntu", "macos", "windows"}
    commands = [step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"]]
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    for target in re.findall(r"\bmake ([a-z-]+)", "\n".join(commands)):
        assert target in targets, target
    for script in re.findall(r"\b(tools[/\\]\w+\.py)", "\n".join(commands)):
        assert (ROOT / script.replace("\\", "/")).exists(), script
