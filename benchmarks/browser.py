"""In JupyterLab and Chromium: from click to the new picture, from key to the decoded token. Aims: 40 and 70 ms.

The long traces have 10, 100 and 1,000 messages: the aim for the last is below 150 ms.
"""

from __future__ import annotations

import importlib
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from measure import Row

TESTS = Path(__file__).parent.parent / "tests"

# The time from what is done (a click, a key) to the first frame after the page has changed. The mirror under a
# token editor is coloured by the page itself, without the kernel: it does not count.
TIMED = """
([act, target, root, value]) => new Promise((done) => {
  const began = performance.now();
  const seen = new MutationObserver((changes) => {
    if (changes.every(({ target }) => (target.closest ?? (() => null)).call(target, "[data-mirror]"))) return;
    seen.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  });
  seen.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
  if (act === "click") return target.click();
  target.value = value;
  target.dispatchEvent(new InputEvent("input", { bubbles: true }));
})
"""
FLOWS = ("authorization-code", "openid-connect", "single-sign-on")
LENGTHS = (10, 100, 1_000)
CLICKS = 30

LONG = """
from dataclasses import replace
import jwtlab
from jwtlab.oauth.http.trace import Trace
from jwtlab.widgets import FlowStepper, TraceReader
said = list(jwtlab.Lab().flow("openid-connect").run().trace)
said = [replace(said[at % len(said)], number=at + 1, answered_after=0) for at in range({count})]
"""
READER = LONG + "TraceReader(Trace(said))"
STEPPER = (
    LONG
    + """
stepper = FlowStepper("openid-connect")
for each in said:
    stepper.session.trace.add(each)
stepper.refresh()
stepper
"""
)
INSPECTOR = "from jwtlab.widgets import TokenInspector; TokenInspector()"
TOKEN = (
    "eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUiLCJzdWIiOiJhbGljZSIsImF1ZCI6"
    "Imh0dHBzOi8vYXBpLmV4YW1wbGUiLCJleHAiOjE3ODAwMDAwMDAsInNjb3BlIjoibm90ZXM6cmVhZCJ9.c2lnbmF0dXJl"
)


def stepping(seconds: float) -> Iterator[Row]:
    """Every Next of three flows, from the first message to the last."""
    with _notebook(
        [f"from jwtlab.widgets import FlowStepper; FlowStepper({flow!r})" for flow in FLOWS]
    ) as all:
        times = [each for widget in all for each in _clicks(widget, "Next ▶", 100)]
        yield from _rows("FlowStepper, click to new picture", times)


def long_traces(seconds: float) -> Iterator[Row]:
    """The same where much has been said: Back in the stepper, Next in the reader."""
    cells = [code.format(count=count) for count in LENGTHS for code in (STEPPER, READER)]
    named = [
        (count, name) for count in LENGTHS for name in (("FlowStepper", "◀ Back"), ("TraceReader", "Next ▶"))
    ]
    with _notebook(cells) as all:
        for widget, (count, (name, button)) in zip(all, named, strict=True):
            yield from _rows(f"{name}, {count:,} messages", _clicks(widget, button, CLICKS))


def typing(seconds: float) -> Iterator[Row]:
    """A token typed into the inspector, letter by letter at its end, until its parts are shown anew."""
    with _notebook([INSPECTOR]) as (widget,):
        field, root = widget.locator("textarea").first.element_handle(), widget.element_handle()
        texts = [TOKEN[: len(TOKEN) - left] for left in range(90, 50, -1)]
        times = [widget.page.evaluate(TIMED, ["type", field, root, text]) for text in texts]
        yield from _rows("TokenInspector, key to decoded token", times[1:])


def _clicks(widget: Any, name: str, most: int) -> list[float]:
    """Milliseconds of each click, until the button has nothing more to do."""
    widget.scroll_into_view_if_needed()
    root, times = widget.element_handle(), []
    while len(times) < most:
        button = widget.get_by_role("button", name=name, exact=True)
        if button.is_disabled():
            break
        times.append(widget.page.evaluate(TIMED, ["click", button.element_handle(), root, ""]))
    return times


def _rows(what: str, times: list[float]) -> Iterator[Row]:
    times = sorted(times)
    yield Row(f"{what}, median", "ms", {"jwtlab": statistics.median(times)})
    slow = times[int(len(times) * 0.95)]
    yield Row(f"{what}, 95th percentile", "ms", {"jwtlab": slow})


def _of_the_tests() -> ModuleType:
    """The tests' own JupyterLab. Their folder is looked at for nothing else: it has names that are here, too."""
    before = list(sys.path)
    sys.path[:0] = [str(TESTS / "browser"), str(TESTS)]
    try:
        return importlib.import_module("jupyter")
    finally:
        sys.path[:] = before


@contextmanager
def _notebook(cells: list[str]) -> Iterator[list[Any]]:
    """The widgets of a notebook with these cells, each run in JupyterLab."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("there is no chromium here")
    import nbformat
    from playwright.sync_api import sync_playwright

    jupyter = _of_the_tests()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as home:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in cells])
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        nbformat.write(notebook, Path(folder) / "timed.ipynb")
        with jupyter.running_lab(Path(folder), Path(home)) as server, sync_playwright() as playwright:
            running = playwright.chromium.launch(executable_path=chromium, args=jupyter.CHROMIUM_ARGS)
            page = jupyter.Page(running.new_page(viewport={"width": 1400, "height": 1200}), server)
            page.open("timed.ipynb")
            page.run_all()
            yield page.page.locator(".jp-OutputArea-output .jwtlab").all()
            running.close()


BENCHMARKS = [stepping, long_traces, typing]
