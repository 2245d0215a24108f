"""The learner's side: what is sent to the board, and the thread that sends it.

A lesson never waits for the board. What happens is put into a queue; a thread of its own sends it, with short
timeouts, and tries again later if the board is away. What the queue cannot hold is let go.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from jwtlab import __version__
from jwtlab.board.membership import Membership
from jwtlab.board.reports import MOST
from jwtlab.errors import UsageError
from jwtlab.exercises.happenings import AnswerJudged, Happening

TIMEOUT = httpx.Timeout(3, connect=2)
LONGEST_QUEUE = 500
LONGEST_PAUSE = 60.0
SHOWN = 6
"""Events that the card shows as they were sent."""
_GONE = "The board does not answer. The lessons go on without it; it is asked again from time to time."
_UNKNOWN = "The board does not know you any more: the teacher has removed you, or deleted everything."

MakeClient = Callable[[], httpx.Client]


def new_client() -> httpx.Client:
    """Straight to the board: no proxy of the environment, no redirects."""
    return httpx.Client(
        timeout=TIMEOUT,
        trust_env=False,
        follow_redirects=False,
        headers={"User-Agent": f"jwtlab/{__version__}"},
    )


def ask_to_join(
    address: str, word: str, name: str, secret: str, make_client: MakeClient = new_client
) -> Membership:
    """Join a board; the one moment in which a learner waits for it.

    Args:
        address, word, name: see `jwtlab.board.join`.
        secret: of an earlier joining, or ``""``.

    Raises:
        UsageError: it does not let us in, or is not there.
    """
    asked = {"word": word, "name": name, **({"secret": secret} if secret else {})}
    try:
        with make_client() as client:
            answer = client.post(f"{address}/join", json=asked)
        told = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise UsageError(f"no board answers at {address} ({error or type(error).__name__})") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"what answers at {address} is no board") from error
    if not isinstance(told, dict):
        raise UsageError(f"what answers at {address} is no board")
    if answer.status_code != 200:
        raise UsageError(str(told.get("error", f"it answers {answer.status_code}"))[:300])
    if not isinstance(told.get("secret"), str) or not isinstance(told.get("name"), str):
        raise UsageError(f"what answers at {address} is no board")
    return Membership(address, word, told["name"][:100], told["secret"])


class Reporter:
    """Sends what happens to one board, until it is stopped.

    Args:
        membership: to which board, as whom.
        make_client: makes the HTTP client; a test hands in one that reaches an application in process.

    Attributes:
        on: it sends.
        notice: a sentence for the learner, if something is not as it should be; else empty.
        helping: the learner asks for help.
        sent: the last events as they were sent.
        changed: called after every change, from any thread.
    """

    def __init__(self, membership: Membership, make_client: MakeClient = new_client) -> None:
        self.membership, self._make_client = membership, make_client
        self.on, self.notice, self.helping = True, "", False
        self.sent: deque[dict[str, Any]] = deque(maxlen=SHOWN)
        self.changed: Callable[[], None] = lambda: None
        self._session = secrets.token_hex(12)
        self._number = 0
        self._exercise = ""
        self._queue: deque[dict[str, Any]] = deque(maxlen=LONGEST_QUEUE)
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        """How many events have not been sent yet."""
        return len(self._queue)

    def hear(self, happening: Happening) -> None:
        """Something happened in a lesson (`jwtlab.exercises.happenings`)."""
        if isinstance(happening, AnswerJudged):
            self._exercise = happening.exercise
            self._put(
                kind="try",
                exercise=happening.exercise,
                verdict=str(happening.verdict),
                mistake=happening.mistake,
            )
        else:
            self._put(kind="choice", question=happening.question, option=happening.option)

    def ask_for_help(self, on: bool) -> None:
        """Say that the learner is stuck at the exercise that they tried last, or no longer is."""
        self.helping = on
        self._put(kind="help", exercise=self._exercise, on=on)

    def stop(self) -> None:
        """Send nothing more, not even what waits."""
        with self._lock:
            self.on = False
            self._queue.clear()
        self._wake.set()
        self._tell()

    def delete(self) -> bool:
        """Stop, and have the board forget what was sent; gives whether it has."""
        self.stop()
        with contextlib.suppress(httpx.HTTPError, OSError), self._make_client() as client:
            answer = client.delete(f"{self.membership.address}/me", headers=self._headers())
            return answer.status_code == 204
        return False

    def _put(self, **event: Any) -> None:
        with self._lock:
            if not self.on:
                return
            self._number += 1
            self._queue.append({**event, "number": self._number})
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="jwtlab board", daemon=True)
                with contextlib.suppress(RuntimeError):  # where there are no threads, nothing is sent
                    self._thread.start()
        self._wake.set()

    def _work(self) -> None:
        pauses = _pauses()
        with self._make_client() as client:
            while self.on:
                self._wake.wait()
                self._wake.clear()
                while self.on and self._queue:
                    if self._send(client):
                        pauses = _pauses()
                    elif self.on:
                        self._rest(next(pauses))

    def _rest(self, seconds: float) -> None:
        """Wait, but not when the learner switches it off in the meantime."""
        until = time.monotonic() + seconds
        while self.on and (left := until - time.monotonic()) > 0:
            self._wake.wait(min(left, 1))
            if self.on:
                self._wake.clear()

    def _send(self, client: httpx.Client) -> bool:
        """Send what waits; gives whether it went well."""
        with self._lock:
            events = [self._queue[place] for place in range(min(len(self._queue), MOST))]
        body = {"session": self._session, "events": events}
        try:
            answer = client.post(f"{self.membership.address}/report", json=body, headers=self._headers())
            told = answer.json() if answer.status_code in (200, 422) else {}
        except Exception:  # whatever it is: it is no business of the lesson's
            return self._note(_GONE, well=False)
        if answer.status_code == 401:
            self.notice = _UNKNOWN  # before it stops, so that nobody sees it stopped without a reason
            self.stop()
            return False
        if answer.status_code == 429:
            return self._note("The board asks for a pause; what is new is sent later.", well=False)
        if answer.status_code >= 500 or not isinstance(told, dict):
            return self._note(_GONE, well=False)
        with self._lock:
            while events and self._queue and self._queue[0]["number"] <= events[-1]["number"]:
                self._queue.popleft()
            self.sent.extend(events)
            self.helping = bool(told.get("help", self.helping)) if not self._queue else self.helping
        odd = answer.status_code != 200
        return self._note("Some of it was refused: the board has another version of jwtlab." if odd else "")

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.membership.secret}"}

    def _note(self, notice: str, well: bool = True) -> bool:
        self.notice = notice
        self._tell()
        return well

    def _tell(self) -> None:
        with contextlib.suppress(Exception):
            self.changed()


def _pauses() -> Iterator[float]:
    """Seconds between tries: 1, 2, 4 … and never more than a minute."""
    pause = 1.0
    while True:
        yield pause
        pause = min(2 * pause, LONGEST_PAUSE)
