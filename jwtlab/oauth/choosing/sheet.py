"""The table on one page, to print."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from jwtlab.errors import UsageError
from jwtlab.oauth.choosing.advice import ROWS
from jwtlab.oauth.choosing.habits import AVOID
from jwtlab.palette import LIGHT, variables

NEVER = (
    "implicit",
    "password",
    "no-pkce",
    "loose-redirect",
    "token-in-address",
    "secret-in-app",
    "local-storage",
    "web-view",
    "pass-it-on",
    "aud-alone",
)
"""What the page warns of, ids of `AVOID`."""

ALWAYS = (
    ("Compare whole redirect URIs; at loopback only the port may differ", "RFC 9700 §2.1"),
    ("state, nonce or PKCE against forged answers; iss if there are several issuers", "RFC 9700 §2.1"),
    ("Check aud in every API, and iss and signature before", "RFC 9068 §4"),
    ("Ask for the smallest scope, and for one API at a time", "RFC 9700 §2.3"),
    ("Refresh tokens of public clients rotate, or are bound to a key", "RFC 9700 §4.14.2"),
    ("Know people by iss and sub", "OpenID Connect Core §5.7"),
    ("A key pair rather than a shared secret", "RFC 9700 §2.5"),
)
"""What holds for every flow, with its source."""


class CheatSheet:
    """The cheat sheet: shown in a notebook, saved as a page, or read as text.

    Attributes:
        html: the whole page; it needs nothing from elsewhere, and fits on one sheet of A4, landscape.
    """

    def __init__(self) -> None:
        self.html = _render("page")

    def save(self, file: str | Path) -> Path:
        """Write the page into a file, to be opened and printed in a browser.

        Args:
            file: where; what is there already is replaced.

        Raises:
            UsageError: it cannot be written there.
        """
        path = Path(file)
        try:
            path.write_text(self.html, "utf-8")
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error
        return path

    def __str__(self) -> str:
        return "\n".join(f"{row.title}: {row.flow} ({row.client_type}; {row.shows})" for row in ROWS.values())

    def __repr__(self) -> str:
        return f"<Cheat sheet: which flow, {len(ROWS)} kinds of application>"

    def _repr_html_(self) -> str:
        return _render("fragment")


def flows_cheat_sheet(file: str | Path | None = None) -> CheatSheet:
    """Which flow for which application, on one page.

    Args:
        file: where to write it as an HTML page; nowhere if nothing is said.

    Raises:
        UsageError: it cannot be written there.
    """
    sheet = CheatSheet()
    if file is not None:
        sheet.save(file)
    return sheet


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["whole"] = _whole
    return environment.get_template("sheet.html")


def _whole(sections: str | tuple[str, ...]) -> str:
    """Sections, none of which breaks at the end of a line."""
    names = (sections,) if isinstance(sections, str) else sections
    return ", ".join(each.replace(" ", "\u00a0") for each in names)


def _render(what: str) -> str:
    context: dict[str, Any] = {
        "what": what,
        "rows": tuple(ROWS.values()),
        "never": tuple(AVOID[each] for each in NEVER),
        "always": ALWAYS,
        "colours": variables(LIGHT),
    }
    return _template().render(context)
