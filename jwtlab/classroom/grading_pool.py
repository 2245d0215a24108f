"""Many submissions at once, each in a worker process; whoever ends the run ends the workers with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from jwtlab.classroom.grading_job import Job, failed, grade_one, kept_result, write_result
from jwtlab.classroom.processes import end_with


def run_all(waiting: list[Job], workers: int) -> Iterator[Job]:
    """Grade in worker processes; one that dies takes only its own submission along.

    If whoever asks for the results goes away, or the program is interrupted, nothing more is begun, and what is being
    graded is ended.
    """
    left = list(waiting)
    while left:
        yield from _with_a_pool(left, min(workers, len(left)))
        broken = [job for job in left if kept_result(job) is None]
        if broken and len(broken) == len(left):
            suspect = left.pop(0)  # whoever was first in line; the others get a fresh pool
            write_result(suspect.place, failed(suspect, "its worker process died"))
            yield suspect
        left = [job for job in left if kept_result(job) is None]


def _with_a_pool(left: list[Job], workers: int) -> Iterator[Job]:
    """Grade until all is done or the pool is broken; takes what is done from the list."""
    others = set(multiprocessing.active_children())
    with tempfile.TemporaryDirectory(prefix="jwtlab-grading-", ignore_cleanup_errors=True) as place:
        start = (os.getpid(), place)
        pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_begin, initargs=start)
        try:
            futures: dict[Future[None], Job] = {pool.submit(grade_one, job): job for job in left}
            for future in as_completed(futures):
                job = futures[future]
                error = future.exception()
                if isinstance(error, BrokenProcessPool):
                    continue
                if error is not None:
                    write_result(job.place, failed(job, f"it could not be graded: {error}"))
                left.remove(job)
                yield job
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for each in set(multiprocessing.active_children()) - others:
                each.kill()
                each.join()
            raise
        pool.shutdown()


def _begin(parent: int, place: str) -> None:
    """The first thing that a worker does.

    Args:
        parent: the process that wants the results.
        place: for everything that is of no use afterwards. That process takes it away, for a worker may be killed.
    """
    tempfile.tempdir = place
    # Ctrl+C in a terminal comes to all of its processes: the first one decides. A handler rather than SIG_IGN, for
    # what is ignored is ignored in a submission's own process too.
    signal.signal(signal.SIGINT, lambda number, frame: None)
    end_with(parent)
