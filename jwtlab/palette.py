"""The one palette: what each colour is for, in light and in dark. Widgets, pages and figures read it here."""

from __future__ import annotations

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "bg": "#fff",
    "panel": "#f7f8fa",
    "line": "#d9dde3",
    "ink": "#1d2430",
    "dim": "#5b6675",
    "accent": "#1565c0",
    "on-accent": "#fff",
    "header": "#b24a00",
    "payload": "#0060a8",
    "signature": "#00775a",
    "header-bg": "#fdf0e6",
    "payload-bg": "#e8f2fb",
    "signature-bg": "#e6f5f0",
    "ok": "#00775a",
    "ok-bg": "#e6f5f0",
    "bad": "#b3261e",
    "bad-bg": "#fdecea",
    "warn": "#8a5a00",
    "warn-bg": "#fff5dc",
    "skip": "#66707e",
}
"""Name → colour on a light page. The style sheets call it ``--jl-<name>``."""

DARK: Mapping[str, str] = {
    "bg": "#111418",
    "panel": "#191e24",
    "line": "#323a45",
    "ink": "#e6e9ee",
    "dim": "#9aa6b5",
    "accent": "#7db7ff",
    "on-accent": "#0b1320",
    "header": "#ff9d5c",
    "payload": "#6db8ff",
    "signature": "#4fd1ac",
    "header-bg": "#2b1d12",
    "payload-bg": "#11253a",
    "signature-bg": "#10291f",
    "ok": "#4fd1ac",
    "ok-bg": "#10291f",
    "bad": "#ff8a80",
    "bad-bg": "#341715",
    "warn": "#ffca66",
    "warn-bg": "#2e2410",
    "skip": "#8793a3",
}
"""The same names on a dark page."""


def variables(colours: Mapping[str, str]) -> str:
    """A palette as declarations of CSS: ``"--jl-ink: #1d2430; …"``."""
    return " ".join(f"--jl-{name}: {value};" for name, value in colours.items())
