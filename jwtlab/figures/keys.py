"""Who holds which key: one shared secret against a key pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Circle

from jwtlab.figures.palette import colour
from jwtlab.figures.picture import WIDTH, Picture, arrow, box, drawing, pixels, write

HEIGHT = 330


@dataclass(frozen=True)
class Holder:
    """Somebody who holds a key.

    Attributes:
        name: who.
        key: ``"secret"``, ``"private"`` or ``"public"``.
        can: what this key lets them do.
    """

    name: str
    key: str
    can: tuple[str, ...]


@dataclass(frozen=True)
class Arrangement:
    """One way to hand keys out: the issuer first, then everyone who verifies."""

    title: str
    algorithms: str
    holders: tuple[Holder, ...]
    lesson: str


ARRANGEMENTS = (
    Arrangement(
        "one shared secret",
        "HS256, HS384, HS512",
        (
            Holder("issuer", "secret", ("sign", "verify")),
            *(Holder(name, "secret", ("verify", "forge")) for name in ("notes", "photos", "shop")),
        ),
        "every verifier could forge",
    ),
    Arrangement(
        "a key pair",
        "RS…, PS…, ES…, EdDSA",
        (
            Holder("issuer", "private", ("sign", "verify")),
            *(Holder(name, "public", ("verify",)) for name in ("notes", "photos", "shop")),
        ),
        "verifiers can only verify",
    ),
)


def who_holds_which_key(arrangements: Sequence[Arrangement] = ARRANGEMENTS) -> Picture:
    """Both arrangements side by side (RFC 7518 §3.2 to §3.5)."""
    with drawing(HEIGHT) as (figure, ax):
        draw_who_holds_which_key(ax, arrangements)
    alt = "; ".join(
        f"{a.title} ({a.algorithms}): the issuer holds the {a.holders[0].key} key, "
        f"every verifier the {a.holders[1].key} one, so {a.lesson}"
        for a in arrangements
    )
    return Picture(figure, f"Who holds which key. {alt}")


def draw_who_holds_which_key(ax: Axes, arrangements: Sequence[Arrangement] = ARRANGEMENTS) -> Axes:
    """A panel for each arrangement: the issuer above, its verifiers below, each with a key."""
    pixels(ax, WIDTH, HEIGHT)
    width = (WIDTH - 24 - 16 * (len(arrangements) - 1)) / len(arrangements)
    for index, arrangement in enumerate(arrangements):
        _draw_panel(ax, 12 + index * (width + 16), width, arrangement)
    return ax


def _draw_panel(ax: Axes, x: float, width: float, arrangement: Arrangement) -> None:
    box(ax, x, 8, width, HEIGHT - 16, "line", "bg")
    write(ax, x + 18, 32, arrangement.title, "ink", 15, weight="bold")
    write(ax, x + width - 18, 32, arrangement.algorithms, "dim", 12.5, ha="right")
    issuer, *verifiers = arrangement.holders
    middle = x + width / 2
    _draw_holder(ax, middle - 80, 58, 160, issuer)
    step = (width - 36) / len(verifiers)
    for index, verifier in enumerate(verifiers):
        left = x + 18 + index * step
        arrow(ax, (middle + (index - (len(verifiers) - 1) / 2) * 46, 134), (left + step / 2 - 3, 178))
        _draw_holder(ax, left + 3, 182, step - 12, verifier)
    forging = any("forge" in holder.can for holder in verifiers)
    tone = "bad" if forging else "signature"
    write(ax, middle, HEIGHT - 36, arrangement.lesson, tone, 13.5, ha="center", weight="bold")


def _draw_holder(ax: Axes, x: float, y: float, width: float, holder: Holder) -> None:
    tone = "payload" if holder.key == "public" else "warn"
    box(ax, x, y, width, 74, tone, f"{tone}-bg", linestyle="solid" if tone == "warn" else (0, (5, 2)))
    write(ax, x + 12, y + 18, holder.name, "ink", 13, weight="bold")
    draw_key(ax, x + 18, y + 39, tone, filled=holder.key != "public")
    write(ax, x + 46, y + 39, holder.key, tone, 12)
    write(ax, x + 12, y + 60, ", ".join(holder.can), "ink", 12)


def draw_key(ax: Axes, x: float, y: float, tone: str, *, filled: bool) -> None:
    """A key of 24 pixels: filled if it must stay secret, an outline if everyone may have it."""
    ink = colour(tone)
    ax.add_patch(Circle((x, y), 5.5, fc=ink if filled else colour("bg"), ec=ink, linewidth=1.5))
    for points in (
        ((x + 5.5, x + 20), (y, y)),
        ((x + 15, x + 15), (y, y + 5)),
        ((x + 19.5, x + 19.5), (y, y + 5)),
    ):
        ax.plot(*points, color=ink, linewidth=1.6, solid_capstyle="round")
