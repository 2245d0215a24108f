"""A picture for a notebook: SVG that follows the page's theme, a PNG for other places, words for all."""

from __future__ import annotations

import base64
import io
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from jwtlab.figures.palette import COLOURS, colour
from jwtlab.names import unmasked

SANS, MONO = "DejaVu Sans", "DejaVu Sans Mono"  # matplotlib brings both along: the same everywhere
MONO_WIDTH = 0.602  # of a letter, in heights
WIDTH = 960
STYLE: Any = {
    "font.family": [SANS],
    "svg.fonttype": "none",  # letters stay letters: sharp, selectable, in the page's own colours
    "svg.hashsalt": "jwtlab",  # the same ids in every run
}
_PX = 0.75  # points
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Picture:
    """A figure with its text alternative.

    Attributes:
        figure: the matplotlib figure, for whoever wants to save or change it.
        alt: what the picture shows, in words.
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        self.figure = figure
        self.alt = unmasked(alt)

    def __repr__(self) -> str:
        return f"<Picture: {self.alt}>"

    def svg(self) -> str:
        """The picture as SVG; its colours are the page's, or the light ones where there are none."""
        buffer = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        with _style():
            self.figure.savefig(buffer, format="svg", metadata=nothing, transparent=True)
        text = _NOT_IN_XML.sub("\ufffd", buffer.getvalue())
        text = text[text.index("<svg") :]
        # Its style element would apply to the whole page, and its size is the page's business.
        text = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", text, flags=re.S)
        text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
        wide = round(self.figure.get_figwidth() * self.figure.dpi)
        frame = (
            f'role="img" aria-label="{escape(self.alt)}" style="display:block;width:100%;height:auto;'
            f'max-width:{wide}px;stroke-linejoin:round;stroke-linecap:butt"'
        )
        text = re.sub(r'<svg [^>]*?(viewBox="[^"]*")[^>]*>', rf"<svg {frame} \1>", text, count=1)
        for name in COLOURS:
            text = text.replace(colour(name), f"var(--jl-{name}, {colour(name)})")
        return "\n".join(line.strip() for line in text.splitlines() if line.strip())

    def svg_file(self) -> str:
        """The picture as a file of its own, on white, with its text alternative: any program can open it."""
        buffer = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        with _style():
            self.figure.savefig(buffer, format="svg", metadata=nothing, facecolor="white")
        text = _NOT_IN_XML.sub("\ufffd", buffer.getvalue())
        words = escape(_NOT_IN_XML.sub("\ufffd", self.alt))
        return re.sub(r"(<svg [^>]*>)", lambda found: f"{found[1]}<title>{words}</title>", text, count=1)

    def png(self) -> bytes:
        """The picture as PNG, on white."""
        buffer = io.BytesIO()
        with _style():
            self.figure.savefig(buffer, format="png", metadata={"Software": None})
        return buffer.getvalue()

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, str], dict[str, Mapping[str, str]]]:
        data = {
            "text/plain": repr(self),
            "text/html": f'<div class="jwtlab"><figure style="margin:0">{self.svg()}</figure></div>',
            "image/png": base64.b64encode(self.png()).decode("ascii"),
        }
        return data, {"image/png": {"alt": self.alt}}


@contextmanager
def _style() -> Iterator[None]:
    """Our style; a letter that the font lacks is drawn by the program that shows the picture, and is no news."""
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def drawing(height: int, width: int = WIDTH) -> Iterator[tuple[Figure, Axes]]:
    """A figure of this many pixels whose one axes fill it, in our style."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width / 96, height / 96), dpi=96)
        yield figure, figure.add_axes((0, 0, 1, 1))


def pixels(ax: Axes, width: int, height: int) -> Axes:
    """Coordinates as on a page: pixels, from the top left, and no ticks."""
    ax.set(xlim=(0, width), ylim=(height, 0))
    ax.axis("off")
    return ax


# Brushes: each puts one thing on the axes, in pixels.


def write(ax: Axes, x: float, y: float, text: str, tone: str = "ink", size: float = 13, **style: Any) -> None:
    """A line of text, centred on ``y``. Dollar signs are dollar signs, and signs without a look are named."""
    options = {"ha": "left", "va": "center", "parse_math": False, **style}
    ax.text(x, y, unmasked(text), color=colour(tone), fontsize=size * _PX, **options)


def box(
    ax: Axes, x: float, y: float, width: float, height: float, tone: str, fill: str = "panel", **style: Any
) -> None:
    """A box with round corners."""
    options = {"linewidth": 1.1, "linestyle": "solid", **style}
    shape = FancyBboxPatch(
        (x, y),
        width,
        height,
        boxstyle="round,pad=0,rounding_size=8",
        ec=colour(tone),
        fc=colour(fill),
        **options,
    )
    ax.add_artist(shape)  # add_patch would look for limits of the data, and the page sets them


def arrow(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], tone: str = "dim", **style: Any
) -> None:
    """An arrow from one point to another."""
    options = {
        "arrowstyle": "-|>",
        "mutation_scale": 9,
        "linewidth": 1.1,
        "shrinkA": 0,
        "shrinkB": 0,
        **style,
    }
    ax.add_artist(FancyArrowPatch(start, end, color=colour(tone), **options))


def fitted(text: str, width: float, size: float = 13) -> str:
    """As many monospaced letters as this width (in pixels) has room for."""
    room = int(width / (MONO_WIDTH * size))
    return text if len(text) <= room else f"{text[: room - 1]}…"
