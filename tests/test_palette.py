"""One palette for widgets, pages and figures: the same names in light and dark, and enough contrast in both."""

from __future__ import annotations

import re

import pytest

from jwtlab import palette
from jwtlab.oauth.http import templates
from jwtlab.style import style


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * each for each in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_light_and_dark_have_the_same_names():
    assert list(palette.LIGHT) == list(palette.DARK)


TEXT = ("ink", "dim", "accent", "header", "payload", "signature", "ok", "bad", "warn", "skip")


@pytest.mark.parametrize("colours", [palette.LIGHT, palette.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", TEXT)
def test_text_can_be_read_on_cards_and_panels(colours, name):
    for ground in ("bg", "panel"):
        assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)


@pytest.mark.parametrize("colours", [palette.LIGHT, palette.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["header", "payload", "signature", "ok", "bad", "warn"])
def test_text_can_be_read_on_its_own_ground(colours, name):
    assert contrast(colours[name], colours[f"{name}-bg"]) >= 4.5
    assert contrast(colours["ink"], colours[f"{name}-bg"]) >= 4.5


def test_no_other_file_defines_a_colour_of_the_palette():
    page = templates.render("error.html", reason="x", code="y")
    for sheet in (style(), page):
        defined = re.findall(r"--jl-([\w-]+):\s*#", sheet)
        assert set(defined) == set(palette.LIGHT)
        assert palette.variables(palette.DARK) in sheet
