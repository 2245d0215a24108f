"""Live widgets in a plain page: their front end module with a stand-in for the widget protocol, and no JupyterLab.

The page knows nothing but `model.get`, `model.on`, `model.off` and `model.send`, as anywidget gives them, so whatever
works here asks no front end for more. It takes a tenth of the time of a notebook.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from jwtlab.style import style
from jwtlab.widgets.view import HERE, View, sendable

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
HARNESS = """async source => {
  const module = await import("data:text/javascript;charset=utf-8," + encodeURIComponent(source));
  window.models = {};
  window.mount = (id, state) => {
    const heard = {};
    const model = {
      state,
      get: name => model.state[name],
      on: (name, hear) => { (heard[name] ??= []).push(hear); },
      off: (name, hear) => { heard[name] = (heard[name] ?? []).filter(each => each !== hear); },
      send: async message => { model.update(await window.toKernel(id, message)); },
      update: fresh => {
        for (const name of Object.keys(fresh)) {
          if (model.state[name] === fresh[name]) continue;
          model.state[name] = fresh[name];
          for (const hear of heard[`change:${name}`] ?? []) hear();
        }
      },
    };
    window.models[id] = model;
    const el = document.createElement("div");
    el.id = id;
    document.querySelector("main").append(el);
    module.default.render({model, el});
  };
  window.still = (id, html) => {
    const el = document.createElement("div");
    el.id = id;
    el.innerHTML = html;
    document.querySelector("main").append(el);
  };
}"""
FRAME = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>bare</title>
<meta name="viewport" content="width=device-width"><style>{style}
body {{ margin: 8px; }} main {{ max-width: 1100px; }} main > div {{ margin: 8px 0 }}</style></head>
<body data-jp-theme-light="{light}" style="background: {ground}"><main></main></body></html>"""


class Bare:
    """A page with widgets in it.

    Args:
        context: of a browser; it is the caller's to close.
        theme: light or dark.

    Attributes:
        page: Playwright's.
        wrong: what the page complained about: errors, dialogs, requests to anybody.
    """

    def __init__(self, context: Any, theme: str = "light") -> None:
        self.widgets: dict[str, View] = {}
        self.wrong: list[str] = []
        self.page = context.new_page()
        self.page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        self.page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        self.page.on("dialog", self._dialog)
        self.page.on("popup", lambda popup: self.wrong.append(f"a window was opened: {popup.url}"))
        self.page.on("request", self._request)
        self.page.expose_function("toKernel", self._to_kernel)
        ground = "#ffffff" if theme == "light" else "#111111"
        light = "true" if theme == "light" else "false"
        self.page.set_content(FRAME.format(style=style(), light=light, ground=ground))
        self.page.evaluate(HARNESS, (HERE / "static" / "view.js").read_text("utf-8"))

    def _dialog(self, dialog: Any) -> None:
        self.wrong.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("data:", "about:", "blob:")):
            self.wrong.append(f"a request: {request.url[:200]}")

    def _to_kernel(self, name: str, message: Mapping[str, Any]) -> dict[str, Any]:
        widget = self.widgets[name]
        widget._handle_custom_msg(dict(message), [])
        return self._state(widget)

    @staticmethod
    def _state(widget: View) -> dict[str, Any]:
        return dict(widget.get_state(["page", "seldom", "ack", "trouble"]))

    def mount(self, name: str, widget: View) -> Any:
        """Show a live widget; gives its place."""
        self.widgets[name] = widget
        json.dumps(self._state(widget)).encode()  # as the protocol does
        self.page.evaluate("([id, state]) => window.mount(id, state)", [name, self._state(widget)])
        return self.page.locator(f"[id='{name}']")

    def still(self, name: str, html: str) -> Any:
        """Show the HTML of an output that has no widget; gives its place."""
        self.page.evaluate("([id, html]) => window.still(id, html)", [name, sendable(html)])
        return self.page.locator(f"[id='{name}']")

    def redraw(self, names: Iterable[str] = ()) -> None:
        """Show what has changed in Python."""
        for name in names or self.widgets:
            self.page.evaluate(
                "([id, state]) => window.models[id].update(state)", [name, self._state(self.widgets[name])]
            )

    def wide(self) -> list[str]:
        """The widgets that are wider than their place."""
        return list(
            self.page.evaluate(
                """() => [...document.querySelectorAll("main > div")]
                  .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.id)"""
            )
        )

    def barriers(self, part: str = "main") -> list[str]:
        """What axe finds: no finding of any severity is fine."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        options = {"rules": {"region": {"enabled": False}}, "resultTypes": ["violations"], "preload": False}
        found = self.page.evaluate("([part, options]) => axe.run(part, options)", [part, options])[
            "violations"
        ]
        return [
            f"{each['id']} ({each['impact']}): {node['html'][:200]}"
            for each in found
            for node in each["nodes"]
        ]
