"""From click to the new picture in JupyterLab and Chromium: the flow stepper's Next. Aim: below 150 ms."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from measure import Row

TESTS = Path(__file__).parent.parent / "tests"
sys.path[:0] = [str(TESTS / "browser"), str(TESTS)]

# The time from the click to the first frame after the page has changed.
CLICK = """
([button, root]) => new Promise((done) => {
  const began = performance.now();
  const seen = new MutationObserver(() => {
    seen.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  });
  seen.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
  button.click();
})
"""
FLOWS = ("authorization-code", "openid-connect", "single-sign-on")


def stepping(seconds: float) -> list[Row]:
    """Every Next of three flows, from the first message to the last."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return []
    import jupyter
    import nbformat
    from playwright.sync_api import sync_playwright

    times: list[float] = []
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as home:
        cells = [
            nbformat.v4.new_code_cell(f"from jwtlab.widgets import FlowStepper; FlowStepper({flow!r})")
            for flow in FLOWS
        ]
        notebook = nbformat.v4.new_notebook(cells=cells)
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        nbformat.write(notebook, Path(folder) / "flows.ipynb")
        with jupyter.running_lab(Path(folder), Path(home)) as server, sync_playwright() as playwright:
            running = playwright.chromium.launch(executable_path=chromium, args=jupyter.CHROMIUM_ARGS)
            page = jupyter.Page(running.new_page(viewport={"width": 1400, "height": 1200}), server)
            page.open("flows.ipynb")
            page.run_all()
            for widget in page.page.locator(".jp-OutputArea-output .jwtlab").all():
                widget.scroll_into_view_if_needed()
                root = widget.element_handle()
                while True:
                    button = widget.get_by_role("button", name="Next ▶")
                    if button.is_disabled():
                        break
                    times.append(page.page.evaluate(CLICK, [button.element_handle(), root]))
            running.close()
    times.sort()
    median, slow = statistics.median(times), times[int(len(times) * 0.95)]
    return [
        Row(
            f"FlowStepper, click to new picture, median of {len(times)}", "ms", {"jwtlab": median, "aim": 150}
        ),
        Row("FlowStepper, click to new picture, 95 of 100 below", "ms", {"jwtlab": slow}),
    ]


BENCHMARKS = [stepping]
