"""A class in a real hub: python tools/hub_class.py --learners 10

Starts ``jwtlab classroom hub`` in a new folder, with login through ``jwtlab serve``. Each learner logs in, runs a
lesson with widgets through the kernel of their own server, hands in a file, and tries to reach what belongs to
another learner. At the end it measures memory. The tests use the same functions with fewer learners.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import html
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import httpx
import psutil
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from jwtlab import passwords
from jwtlab.classroom.hub import memory
from jwtlab.registry import people

PATIENCE = 300
"""Seconds for anything; it ends earlier when the state is there."""
SMALL_MACHINE = 24 * 1024**3


def free_ports() -> int:
    """A port that is free, and the next one too."""
    for _ in range(50):
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            with contextlib.suppress(OSError):
                two.bind(("127.0.0.1", port + 1))
                return port
    raise RuntimeError("no two ports side by side are free")


def make_class(folder: Path, count: int, more: str = "") -> dict[str, str]:
    """A course's folder with accounts; username → password."""
    accounts = {"teacher": passwords.make_up()}
    accounts |= {f"learner{number:02}": passwords.make_up() for number in range(1, count + 1)}
    folder.mkdir(parents=True, exist_ok=True)
    people.append(
        folder / "people.toml",
        [
            people.RegisteredPerson(
                name, name.capitalize(), people.email_for(name), passwords.Hashed.of(word, cost=2**10)
            )
            for name, word in accounts.items()
        ],
    )
    (folder / "hub.toml").write_text(f'port = {free_ports()}\nlogin = "jwtlab"\nwarn_below = "64M"\n{more}')
    return accounts


@contextlib.contextmanager
def hub(folder: Path, *, background: bool = False) -> Iterator[str]:
    """The running hub of a folder; gives its address.

    Args:
        folder: of the course.
        background: start it as a shell starts what a script puts into the background: SIGINT is ignored.
    """
    log = (folder / "hub.log").open("w")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    process = subprocess.Popen(
        [sys.executable, "-m", "jwtlab", "classroom", "hub", str(folder)],
        stdout=log,
        stderr=log,
        env=environment,
        start_new_session=True,
        preexec_fn=_deaf if background else None,
    )
    try:
        address = _until_up(process, folder)
        yield address
    finally:
        family = memory.family(process.pid)
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(60)
        for each in family:  # only what this hub has started
            with contextlib.suppress(psutil.Error):
                each.kill()
        process.wait()
        log.close()


def _deaf() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _until_up(process: subprocess.Popen[bytes], folder: Path) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        text = (folder / "hub.log").read_text()
        found = re.search(r"^Hub +(\S+)", text, re.M)
        if found and "JupyterHub is now running" in text:
            login = re.search(r"^Login +(\S+),", text, re.M)
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{found[1]}/hub/health").status_code == 200 and (
                    login is None or httpx.get(f"{login[1]}/jwks").status_code == 200
                ):
                    return found[1]
        time.sleep(0.2)
    raise RuntimeError("the hub did not start: " + (folder / "hub.log").read_text()[-3000:])


@dataclass
class Learner:
    """Somebody with a browser."""

    address: str
    name: str
    password: str
    browser: httpx.Client = field(
        default_factory=lambda: httpx.Client(timeout=120, trust_env=False, follow_redirects=True)
    )

    @property
    def server(self) -> str:
        """The address of the learner's own server."""
        return f"{self.address}/user/{self.name}"

    def close(self) -> None:
        """Close the browser."""
        self.browser.close()

    def log_in(self) -> httpx.Response:
        """Through the pages, as a person does."""
        page = self.browser.get(f"{self.address}/hub/oauth_login?next=/hub/home")
        for _ in range(4):
            form = re.search(r'<form method="post" action="([^"]*)">(.*?)</form>', page.text, re.S)
            if form is None or "/hub/" in str(page.url):
                return page
            fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form[2]))
            fields |= {"username": self.name, "password": self.password, "decision": "allow"}
            page = self.browser.post(urljoin(str(page.url), html.unescape(form[1])), data=fields)
        return page

    def _xsrf(self, path: str) -> dict[str, str]:
        found = [
            each.value for each in self.browser.cookies.jar if each.name == "_xsrf" and each.path == path
        ]
        return {"X-XSRFToken": str(found[0])} if found else {}

    def start(self) -> None:
        """Ask the hub for the server, and wait until it is there."""
        self.browser.get(f"{self.address}/hub/home")
        answer = self.browser.post(
            f"{self.address}/hub/api/users/{self.name}/server",
            headers={**self._xsrf("/hub/"), "Referer": f"{self.address}/hub/home"},
        )
        assert answer.status_code in (201, 202, 400), answer.text
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            model = self.browser.get(f"{self.address}/hub/api/users/{self.name}").json()
            server = model["servers"].get("")
            if server and server["ready"]:
                self.browser.get(f"{self.server}/lab")  # the server's own OAuth, and its cookies
                return
            assert server is None or server.get("pending") or server["ready"], model
            time.sleep(0.3)
        raise RuntimeError(f"{self.name}'s server did not start")

    def api(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Ask one's own server."""
        headers = self._xsrf(f"/user/{self.name}/")
        return self.browser.request(method, f"{self.server}/api/{path}", json=body, headers=headers)

    def kernel(self) -> str:
        """A new kernel's id."""
        answer = self.api("POST", "kernels", {"name": "python3"})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def run(self, kernel: str, cells: list[str]) -> Outcome:
        """Run cells in order."""
        return asyncio.run(self._run(kernel, cells))

    async def _run(self, kernel: str, cells: list[str]) -> Outcome:
        address = self.server.replace("http", "ws", 1) + f"/api/kernels/{kernel}/channels"
        cookies = "; ".join(
            f"{each.name}={each.value}"
            for each in self.browser.cookies.jar
            if f"/user/{self.name}/".startswith(each.path)
        )
        socket_ = await websocket_connect(HTTPRequest(address, headers={"Cookie": cookies}))
        outcome = Outcome()
        for code in cells:
            number = uuid.uuid4().hex
            content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
            header = {
                "msg_id": number,
                "msg_type": "execute_request",
                "username": "",
                "session": number,
                "version": "5.3",
            }
            message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
            await socket_.write_message(json.dumps({**message, "channel": "shell", "buffers": []}))
            await asyncio.wait_for(outcome.hear(socket_, number), PATIENCE)
        socket_.close()
        while await socket_.read_message() is not None:
            pass  # until the other side has closed too
        return outcome


@dataclass
class Outcome:
    """What cells said.

    Attributes:
        text: printed, and text values.
        errors: names and words of what was raised.
        widgets: how many widgets were opened.
    """

    text: str = ""
    errors: list[str] = field(default_factory=list)
    widgets: int = 0

    async def hear(self, socket_: object, number: str) -> None:
        """Listen until a request is done."""
        replied = idle = False
        while not (replied and idle):
            raw = await socket_.read_message()  # type: ignore[attr-defined]
            if raw is None:
                raise RuntimeError("the kernel's connection ended")
            message = json.loads(raw)
            if message.get("parent_header", {}).get("msg_id") != number:
                continue
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "stream":
                self.text += content["text"]
            elif kind in ("execute_result", "display_data"):
                self.text += str(content["data"].get("text/plain", ""))
            elif kind == "error":
                self.errors.append(f"{content['ename']}: {content['evalue']}")
            elif kind == "comm_open" and content.get("target_name") == "jupyter.widget":
                self.widgets += 1
            replied |= kind == "execute_reply"
            idle |= kind == "status" and content["execution_state"] == "idle"


def cells_of(learner: Learner, lesson: str) -> list[str]:
    """The code cells of a lesson, read from the learner's own server."""
    notebook = learner.api("GET", f"contents/{lesson}?content=1").json()["content"]
    return [each["source"] for each in notebook["cells"] if each["cell_type"] == "code"]


SPY = """
import glob, json, os, urllib.request
other = {other!r}
def tried(path):
    try:
        return os.listdir(path) if os.path.isdir(path) else open(path).read()[:40]
    except OSError as error:
        return type(error).__name__
def asked(url):
    request = urllib.request.Request(url, headers={{"Authorization": "token " + os.environ["JUPYTERHUB_API_TOKEN"]}})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError as error:
        return type(error).__name__
os.path.lexists("link") or os.symlink({folder!r} + "/learners/" + other, "link")
print("SPY" + json.dumps({{
    "files": tried({folder!r} + "/learners/" + other), "link": tried("link/mine.txt"),
    "progress": tried({folder!r} + "/learners/" + other + "/progress.json"),
    "database": tried({folder!r} + "/hub/jupyterhub.sqlite"), "people": tried({folder!r} + "/people.toml"),
    "submitted": tried({folder!r} + "/submitted"),
    "processes": sorted({{open(p).read().split(chr(0))[0] for p in glob.glob("/proc/[0-9]*/cmdline")}}),
    "names": [p for p in glob.glob("/proc/[0-9]*/environ") if other.encode() in open(p, "rb").read()],
    "server": [asked(url) for url in {urls!r}],
    "mine": open("mine.txt").read(),
    "writable": [p for p in ("/usr", "/etc", {folder!r}) if os.access(p, os.W_OK)],
}}))
"""


def spy(learner: Learner, kernel: str, other: str, folder: Path) -> dict[str, object]:
    """What code in a learner's kernel can reach of another learner."""
    urls = [
        f"{learner.address}/user/{other}/api/contents/mine.txt",
        f"{learner.address}/hub/api/users/{other}",
        *(f"http://127.0.0.1:{port}/user/{other}/api/contents/mine.txt" for port in listening()),
    ]
    said = learner.run(kernel, [SPY.format(other=other, folder=str(folder), urls=urls)])
    assert "SPY" in said.text, said
    found: dict[str, object] = json.loads(said.text.partition("SPY")[2])
    return found


def listening() -> list[int]:
    """Where the servers themselves listen, behind the proxy."""
    found = set()
    for each in servers():
        with contextlib.suppress(psutil.Error):
            found |= {c.laddr.port for c in each.net_connections("inet") if c.status == psutil.CONN_LISTEN}
    return sorted(found)


def servers() -> list[psutil.Process]:
    """Single-user servers that belong to a hub of this process."""
    return [
        each
        for each in memory.family(os.getpid())
        if _words(each)[3:5] == ["jwtlab.classroom.hub.lean", "server"]
    ]


def _words(process: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.Error):
        return list(process.cmdline())
    return []


def main() -> None:
    """The class from its login to the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=10)
    parser.add_argument("--lesson", default="23_authorization_code.ipynb")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hub-class-") as place:
        folder = Path(place) / "course"
        accounts = make_class(folder, options.learners)
        with hub(folder) as address:
            report(address, folder, accounts, options.lesson)


def report(address: str, folder: Path, accounts: dict[str, str], lesson: str) -> None:
    """Run the class, and print what was measured."""
    names = [each for each in accounts if each != "teacher"]
    learners = [Learner(address, each, accounts[each]) for each in names]
    begun = time.monotonic()
    kernels = {}
    for each in learners:
        each.log_in()
        each.start()
        kernels[each.name] = each.kernel()
        each.run(kernels[each.name], ["open('mine.txt', 'w').write('mine')"])
        done = each.run(kernels[each.name], cells_of(each, lesson))
        print(
            f"{each.name}: {lesson} run, {done.widgets} widgets, errors: {done.errors or 'none'}", flush=True
        )
    for number, each in enumerate(learners):
        other = names[(number + 1) % len(names)]
        found = spy(each, kernels[each.name], other, folder)
        reached = [
            key
            for key in ("files", "link", "progress", "database", "people", "submitted")
            if found[key] != "FileNotFoundError"
        ]
        print(f"{each.name} reaches of {other}: {reached or 'nothing'}; its server answers {found['server']}")
    for each in learners:
        each.close()
    print(f"{len(learners)} learners in {time.monotonic() - begun:.0f} s")
    figures(len(learners))


def figures(count: int) -> None:
    """Memory of servers and kernels (proportional set size), and how many fit into 24 GiB."""
    whole = memory.family(os.getpid())
    kernels = [each for each in whole if memory.is_kernel(each) and "bwrap" not in _words(each)[0]]
    singles = servers()
    kernel = sum(map(memory.proportional, kernels)) / max(1, len(kernels)) / 1024**2
    server = sum(map(memory.proportional, singles)) / max(1, len(singles)) / 1024**2
    everything = sum(map(memory.proportional, whole)) / 1024**2
    rest = everything - len(kernels) * kernel - len(singles) * server
    fit = int((SMALL_MACHINE / 1024**2 - 1024 - rest) / (kernel + server))
    print(
        f"server {server:.0f} MB, kernel {kernel:.0f} MB, hub, proxy and services {rest:.0f} MB ({count} learners)"
    )
    print(f"into 24 GiB, with 1 GiB left for the system: {fit} learners")


if __name__ == "__main__":
    main()
