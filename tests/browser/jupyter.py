"""A real JupyterLab and a real Chromium for the browser tests: as a learner meets them, and alone in the world.

Nothing of the user's own Jupyter is read or written, and every request that would leave the
machine is recorded.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from serving import free_port

CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TOKEN = "browser-tests"
PATIENCE = 60_000  # milliseconds; generous, because a busy machine is no defect


def isolated_environment(home: Path) -> dict[str, str]:
    """The environment of somebody who has never started Jupyter before."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON", "JWTLAB_PROGRESS"))
    }
    folders = {
        "HOME": home,
        "IPYTHONDIR": home / "ipython",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
    }
    return kept | {name: str(folder) for name, folder in folders.items()}


@dataclass
class Server:
    """A running JupyterLab."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> Any:
        request = urllib.request.Request(f"{self.url}{path}", headers={"Authorization": f"token {TOKEN}"})
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)

    def post(self, path: str) -> None:
        """A command of the REST interface without a body."""
        headers = {"Authorization": f"token {TOKEN}"}
        asked = urllib.request.Request(f"{self.url}{path}", data=b"", headers=headers, method="POST")
        urllib.request.urlopen(asked, timeout=60).close()

    def stop_kernels(self) -> None:
        """End all kernels, so that the next test begins with none."""
        for session in self.get("/api/sessions"):
            address = f"{self.url}/api/sessions/{session['id']}"
            headers = {"Authorization": f"token {TOKEN}"}
            with contextlib.suppress(OSError):
                urllib.request.urlopen(
                    urllib.request.Request(address, headers=headers, method="DELETE"), timeout=30
                )

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"JupyterLab ended at once, with code {self.process.returncode}")
            with contextlib.suppress(OSError):
                self.get("/api/status")
                return
            time.sleep(0.2)
        raise RuntimeError("JupyterLab did not answer within 90 seconds")

    def wait_for_kernel(self, notebook: str) -> None:
        """Until the notebook's kernel is idle and the page is connected: before that, Run All loses cells."""
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            for session in self.get("/api/sessions"):
                kernel = session["kernel"]
                if (
                    session["path"] == notebook
                    and kernel["execution_state"] == "idle"
                    and kernel["connections"]
                ):
                    return
            time.sleep(0.2)
        raise RuntimeError(f"the kernel of {notebook} did not become idle")


@contextlib.contextmanager
def running_lab(folder: Path, home: Path) -> Iterator[Server]:
    """JupyterLab as ``make lab`` starts it: through ``jwtlab lab``. A course's folder is opened for its teacher."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "jwtlab",
        "lab",
        str(folder),
        "--no-browser",
        f"--port={port}",
        "--ServerApp.port_retries=0",
    ]
    with _running(command, port, folder, home) as server:
        yield server


@contextlib.contextmanager
def _running(command: list[str], port: int, folder: Path, home: Path) -> Iterator[Server]:
    command = [*command, f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]
    log = (home / "jupyterlab.log").open("wb")
    process = subprocess.Popen(command, env=isolated_environment(home), stdout=log, stderr=log)
    server = Server(port, folder, process)
    try:
        server.wait_until_up()
        yield server
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        if process.poll() is None:
            process.kill()
        log.close()


@dataclass
class Page:
    """A notebook open in Chromium, with everything that the page complained about."""

    page: Any
    server: Server
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        self.page.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _request(self, request: Any) -> None:
        address = request.url
        if not address.startswith((self.server.url, "data:", "blob:", self.server.url.replace("http", "ws"))):
            self.foreign.append(address)

    def open(self, notebook: str, theme: str = "light") -> None:
        """Open a notebook and wait for its kernel."""
        # A workspace of its own: the shared one would open every notebook that was ever open, with its kernel.
        place = f"lab/workspaces/{secrets.token_hex(6)}/tree/{notebook}"
        self.page.goto(f"{self.server.url}/{place}?token={TOKEN}", wait_until="domcontentloaded")
        self.page.locator(".jp-NotebookPanel:visible .jp-Cell").first.wait_for(timeout=PATIENCE)
        self.choose_theme(theme)  # the server remembers one that an earlier test has chosen
        self.server.wait_for_kernel(notebook)

    def choose_theme(self, theme: str) -> None:
        """``light`` or ``dark``, as the menu does it; waits until the page has it."""
        self.command("apputils:change-theme", {"theme": f"JupyterLab {theme.capitalize()}"})
        bright = "true" if theme == "light" else "false"
        self.page.locator(f'body[data-jp-theme-light="{bright}"]').wait_for(
            state="attached", timeout=PATIENCE
        )

    def open_beside(self, notebook: str) -> None:
        """Open a notebook in the JupyterLab that this page shows already: nothing is loaded again."""
        self.command("docmanager:open", {"path": notebook, "factory": "Notebook"})
        self.page.wait_for_function(
            """path => {
              const panel = window.jupyterapp.shell.currentWidget;
              return panel?.context?.path === path && panel.context.isReady && panel.content.widgets.length > 0;
            }""",
            arg=notebook,
            timeout=PATIENCE,
        )
        self.server.wait_for_kernel(notebook)

    def close_all(self) -> None:
        """Close what is open, without saving, and end its kernels."""
        self.page.evaluate(
            """() => [...window.jupyterapp.shell.widgets('main')].forEach(widget => {
              if (widget.context) widget.context.model.dirty = false;
              widget.dispose();
            })"""
        )
        self.server.stop_kernels()

    def type_and_run(self, sources: dict[int, str]) -> None:
        """Give cells a new text, as a learner who types, and run those cells: their place -> the text."""
        self.page.evaluate(
            """async sources => {
              const {content} = window.jupyterapp.shell.currentWidget;
              for (const [place, source] of Object.entries(sources)) {
                content.activeCellIndex = Number(place);
                content.activeCell.model.sharedModel.setSource(source);
                await window.jupyterapp.commands.execute('notebook:run-cell');
              }
            }""",
            {str(place): source for place, source in sources.items()},
        )

    def command(self, name: str, arguments: dict[str, Any] | None = None) -> None:
        """Run one of JupyterLab's commands, as a menu would."""
        self.page.evaluate(
            # What a command gives, such as a whole document, stays in the page: to send it takes seconds.
            "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)",
            [name, arguments or {}],
        )

    def run_all(self) -> None:
        """Run every cell and wait until the last one has its number."""
        self.page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
            timeout=PATIENCE,
        )
        self.page.evaluate(
            "() => window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)"
        )
        self.page.wait_for_function(
            """() => {
              const panel = window.jupyterapp.shell.currentWidget;
              const cells = panel.content.widgets.filter(cell => cell.model.type === 'code');
              const idle = panel.sessionContext.session?.kernel?.status === 'idle';
              return idle && cells.every(cell => cell.model.executionCount !== null
                && cell.model.executionState !== 'running');
            }""",
            timeout=PATIENCE,
        )

    def errors_in_outputs(self) -> list[str]:
        """Tracebacks and words on standard error that a learner would see."""
        kinds = "application/vnd.jupyter.error", "application/vnd.jupyter.stderr"
        found = self.page.locator(", ".join(f'[data-mime-type="{kind}"]' for kind in kinds))
        return [text[-500:] for text in found.all_inner_texts()]

    def complaints(self) -> list[str]:
        """Everything that should not have happened."""
        dialogs = [f"{self.dialogs} dialogs"] if self.dialogs else []
        outside = [f"a request left the machine: {address}" for address in self.foreign]
        return self.errors + outside + dialogs + self.errors_in_outputs()

    @property
    def dialogs(self) -> int:
        return int(self.page.locator(".jp-Dialog").count())
