"""Starts each learner's server: behind walls, within its memory, and not fifty at the same moment."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, ClassVar

from jupyterhub.spawner import LocalProcessSpawner
from jupyterhub.utils import wait_for_http_server
from tornado.ioloop import PeriodicCallback
from traitlets import Bool, Integer, Unicode

from jwtlab.classroom.hub import memory, walls
from jwtlab.jupyter_settings import OPTIONS

GUARD_SECONDS = 5
FIRST = "00_start_here.ipynb"
PASSWD = "root:x:0:0:root:/root:/bin/sh\nlearner:x:1000:1000:Learner:/home/learner:/bin/bash\n"
LARGEST_FILE = 512 * 1024**2


class Queue:
    """Servers that wait until others have started.

    Args:
        places: how many start at the same moment.
    """

    def __init__(self, places: int) -> None:
        self._semaphore = asyncio.Semaphore(places)
        self.waiting: list[str] = []

    async def enter(self, name: str) -> None:
        """Wait for one's turn."""
        self.waiting.append(name)
        try:
            await self._semaphore.acquire()
        finally:
            self.waiting.remove(name)

    def leave(self) -> None:
        """Let the next one start."""
        self._semaphore.release()

    def before(self, name: str) -> int | None:
        """How many are first; ``None`` for somebody who does not wait."""
        return self.waiting.index(name) if name in self.waiting else None


class ClassSpawner(LocalProcessSpawner):
    """A server on this machine, for somebody who has no account on it.

    What keeps learners apart is bubblewrap (see `jwtlab.classroom.hub.walls`), not an account of the system.
    """

    learners = Unicode(help="The folder of all learners' folders.").tag(config=True)
    releases = Unicode(help="The folder of released assignments.").tag(config=True)
    with_walls = Bool(True, help="Keep learners apart with bubblewrap.").tag(config=True)
    start_at_once = Integer(4, help="How many servers start at the same moment.").tag(config=True)
    most_processes = Integer(150, help="More processes than that end a server.").tag(config=True)

    _queues: ClassVar[dict[int, Queue]] = {}
    _guard: PeriodicCallback | None = None

    @property
    def queue(self) -> Queue:
        """The queue of this hub, shared by all."""
        return self._queues.setdefault(0, Queue(self.start_at_once))

    @property
    def folder(self) -> Path:
        """The learner's own folder."""
        return Path(self.learners) / walls.folder_name(self.user.name)

    @property
    def home(self) -> str:
        """What the learner's programs see as their home."""
        return walls.HOME if self.with_walls else str(self.folder)

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """The learner has no account, so nothing is asked of the system."""
        return env | {"USER": "learner"} | walls.home_environment(self.home)

    def move_certs(self, paths: Any) -> Any:
        """Nothing to move: the hub talks to its servers on loopback."""
        return paths

    def make_preexec_fn(self, name: str) -> Any:
        """Limits for every process of the learner."""
        limit = self.mem_limit or 0

        def limit_resources() -> None:
            import resource

            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
            if limit:  # of one process: what Python asks for beyond that is a MemoryError
                resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))

        return limit_resources

    def get_args(self) -> list[str]:
        """The server's own options."""
        options = {
            "--ServerApp.root_dir": self.home,
            "--LabApp.workspaces_dir": f"{self.home}/.jwtlab/workspaces",
            # A kernel's sockets are files in a folder of the learner's own: on TCP others could listen in.
            "--KernelManager.transport": "ipc",
            **OPTIONS,
        }
        args: list[str] = super().get_args()
        return [*args, *(f"{name}={value}" for name, value in options.items())]

    async def start(self) -> Any:
        """Wait for one's turn, start, and let the next one in when this server answers."""
        await self.queue.enter(self.user.name)
        try:
            self._prepare()
            ip, port = await super().start()
            await self._until_it_answers(ip, port)
        finally:
            self.queue.leave()
        self._watch()
        return ip, port

    def _prepare(self) -> None:
        folder = self.folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        inner = [sys.executable, "-P", "-m", "jwtlab.classroom.hub.single_user", self.home]
        if not self.with_walls:
            self.cmd = [*inner, str(self.releases)]
            self.popen_kwargs = {"cwd": str(folder)}
            return
        passwd = Path(self.learners) / ".passwd"
        passwd.write_text(PASSWD, "utf-8")
        self.cmd = walls.command(
            folder,
            passwd=passwd,
            releases=Path(self.releases),
            inner=[*inner, walls.RELEASES],
            environment={},
        )

    async def _until_it_answers(self, ip: str, port: int) -> None:
        """Wait for the first answer, or the end of the process; the hub itself reports what went wrong."""
        url = f"http://{ip}:{port}{self.server.base_url if self.server else '/'}api"
        waiting = asyncio.ensure_future(wait_for_http_server(url, timeout=self.http_timeout))
        try:
            while not waiting.done():
                await asyncio.wait([waiting], timeout=1)
                if await self.poll() is not None:
                    return
            if waiting.exception() is not None:
                self.log.warning("%s's server does not answer: %s", self.user.name, waiting.exception())
        finally:
            waiting.cancel()

    async def progress(self) -> AsyncIterator[dict[str, Any]]:
        """What somebody reads who waits."""
        said: int | None = -1
        while True:
            before = self.queue.before(self.user.name)
            if before is None:
                break
            if before != said:
                said = before
                words = "You are next." if before == 0 else f"{before} are before you."
                yield {"progress": 5, "message": f"Many are starting just now. {words} You need do nothing."}
            await asyncio.sleep(1)
        yield {"progress": 50, "message": "Your server is starting."}

    def _watch(self) -> None:
        """Look at the memory of all of the learner's processes from now on."""
        if self._guard is None:
            self._guard = PeriodicCallback(self._look, GUARD_SECONDS * 1000)
            self._guard.start()

    def _look(self) -> None:
        if not self.pid:
            if self._guard is not None:
                self._guard.stop()
                self._guard = None
            return
        for words in memory.keep_within(self.pid, self.mem_limit or 0, self.most_processes):
            self.log.warning("%s: %s", self.user.name, words)

    async def stop(self, now: bool = False) -> None:
        """End the server, and the look at its memory."""
        if self._guard is not None:
            self._guard.stop()
            self._guard = None
        await super().stop(now)
