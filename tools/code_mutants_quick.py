"""One pytest that has imported everything, and forks for each mutant (see code_mutants.py).

Most mutants change the inside of a function. For those nothing has to be imported anew: in a process of its own the
function gets the code of the mutant, and the tests go on from there. What ran at the import has then run without
the fault; that is why a mutant that survives here is asked once more in the slow way (code_mutants_tested.py).
"""

from __future__ import annotations

import functools
import gc
import inspect
import mmap
import multiprocessing
import os
import signal
from collections import defaultdict
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import pytest
from code_mutants_made import Mutant

# What a test may take, and how many times what it took when it was measured: seconds of the processor, and by
# the clock, where it waits for something or the machine is busy.
PROCESSOR, CLOCK = (10.0, 20.0), (120.0, 100.0)
OUT_OF_TIME = (-signal.SIGPROF, -signal.SIGALRM)


class Answer(NamedTuple):
    """What became of a run: ``"passed"``, ``"failed"`` or ``"without end"``, and at which test."""

    fate: str
    test: str = ""


class Changed(Exception):
    """The mutant is not the inside of a function alone."""


class Quick:
    """The other end of the process that has imported everything. `ask` sends it a mutant."""

    def __init__(self, serve: Callable[[Connection], None]) -> None:
        context = multiprocessing.get_context("fork")
        self.line, other = context.Pipe()
        self.process = context.Process(target=serve, args=(other,), daemon=True)
        self.process.start()
        other.close()
        if self._next() != "ready":
            raise SystemExit("the tests cannot be collected; python -m pytest says why")

    def ask(self, mutant: Mutant, tests: dict[str, float]) -> Answer | None:
        """What these tests, with the seconds each takes, say; ``None`` if the mutant must be imported anew."""
        self.line.send((mutant, tests))
        found = self._next()
        return None if found is None else Answer(*found)

    def _next(self) -> Any:
        try:
            return self.line.recv()
        except EOFError:
            return "ended"

    def close(self) -> None:
        """End the process."""
        self.line.close()
        self.process.join(10)
        self.process.kill()


class Loop:
    """For pytest: in place of running all tests, run for each request those that are asked for."""

    def __init__(self, line: Connection) -> None:
        self.line = line
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        living = _living_functions()
        gc.collect()
        gc.freeze()
        self.line.send("broken" if session.testsfailed else "ready")
        while True:
            try:
                mutant, tests = self.line.recv()
            except EOFError:
                return True
            try:
                changes = replaced(mutant, living)
            except Changed:
                self.line.send(None)
            else:
                self.line.send(tuple(self._forked(changes, items, tests)))

    def _forked(
        self,
        changes: list[tuple[FunctionType, CodeType]],
        items: dict[str, pytest.Item],
        tests: dict[str, float],
    ) -> Answer:
        chosen = [items[test] for test in tests if test in items]
        begun = mmap.mmap(-1, 4)  # shared: which test runs
        child = os.fork()
        if child == 0:
            code = 3
            try:
                for function, changed in changes:
                    function.__code__ = changed
                code = self._run(chosen, tests, begun)
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code == 0:
            return Answer("passed")
        test = chosen[int.from_bytes(begun[:4], "little")].nodeid
        return Answer("without end" if code in OUT_OF_TIME else "failed", test)

    def _run(self, items: list[pytest.Item], seconds: dict[str, float], begun: mmap.mmap) -> int:
        for number, (item, after) in enumerate(zip(items, [*items[1:], None], strict=True)):
            begun[:4] = number.to_bytes(4, "little")
            give_time(seconds[item.nodeid])
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if self.failed:
                return 1
        return 0


def give_time(usual: float) -> None:
    """From now on so long until this process is ended: far more than usual, a busy machine is no fault."""
    for number, timer, (least, times) in (
        (signal.SIGPROF, signal.ITIMER_PROF, PROCESSOR),
        (signal.SIGALRM, signal.ITIMER_REAL, CLOCK),
    ):
        signal.signal(number, signal.SIG_DFL)
        signal.setitimer(timer, least + times * usual)


def _living_functions() -> dict[str, list[FunctionType]]:
    found: dict[str, list[FunctionType]] = defaultdict(list)
    for thing in gc.get_objects():
        if type(thing) is FunctionType:
            found[thing.__code__.co_filename].append(thing)
    return found


def replaced(mutant: Mutant, living: dict[str, list[FunctionType]]) -> list[tuple[FunctionType, CodeType]]:
    """Which function gets which code for this mutant.

    Raises:
        Changed: something outside of functions is other too, or one cannot be told from another.
    """
    path = str(mutant.path)
    sound, spoiled = _compiled(path), compile(mutant.source, path, "exec", dont_inherit=True)
    wanted: dict[tuple[Any, ...], CodeType] = {}
    for before, after in _different(sound, spoiled):
        if _key(before) in wanted or len(before.co_freevars) != len(after.co_freevars):
            raise Changed
        wanted[_key(before)] = after
    found = [
        (function, wanted[key])
        for function in living.get(path, ())
        if (key := _key(function.__code__)) in wanted
    ]
    if wanted and not found:  # it is imported later, or kept by nobody
        raise Changed
    return found


def _key(code: CodeType) -> tuple[Any, ...]:
    """What tells one function of a file from another; the code itself is another as soon as it has run often."""
    return code.co_qualname, code.co_firstlineno, code.co_code, code.co_names, code.co_varnames


@functools.lru_cache(maxsize=8)
def _compiled(path: str) -> CodeType:
    with open(path, encoding="utf-8") as file:
        return compile(file.read(), path, "exec", dont_inherit=True)


def _different(before: CodeType, after: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """The functions that differ, and those around them; their line numbers do not count."""
    inner = list(zip(_within(before), _within(after), strict=False))
    same = _own(before) == _own(after)
    is_function = bool(before.co_flags & inspect.CO_NEWLOCALS and before.co_flags & inspect.CO_OPTIMIZED)
    if not is_function and any(one.co_name in _AT_ONCE and _unlike(one, other) for one, other in inner):
        raise Changed
    found = [] if not same else [pair for one, other in inner for pair in _different(one, other)]
    if not is_function and not same:
        raise Changed
    if is_function and (found or not same):
        yield before, after
    yield from found


_AT_ONCE = (
    "<listcomp>",
    "<setcomp>",
    "<dictcomp>",
    "<genexpr>",
)  # functions to Python alone


def _unlike(before: CodeType, after: CodeType) -> bool:
    pairs = zip(_within(before), _within(after), strict=False)
    return _own(before) != _own(after) or any(_unlike(*pair) for pair in pairs)


def _own(code: CodeType) -> tuple[Any, ...]:
    constants = [
        "code" if isinstance(each, CodeType) else (type(each), repr(each)) for each in code.co_consts
    ]
    return (
        code.co_name,
        code.co_code,
        constants,
        code.co_names,
        code.co_varnames,
        code.co_freevars,
        code.co_cellvars,
        code.co_argcount,
        code.co_kwonlyargcount,
        code.co_flags,
        getattr(code, "co_exceptiontable", b""),
    )


def _within(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]
