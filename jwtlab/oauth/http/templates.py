"""The pages that servers and applications show: one set of templates, escaped, compiled once."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from jwtlab.style import page_style

AUTO_SUBMIT = "document.forms[0].submit()"
"""The one script that a page of the server may run (response_mode=form_post)."""


@cache
def _environment() -> Environment:
    loader = PackageLoader("jwtlab.oauth", "pages")
    # The files belong to the package: nobody asks the disk at each page whether they have changed.
    environment = Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    environment.globals["auto_submit"] = AUTO_SUBMIT
    environment.globals["page_style"] = Markup(page_style())
    return environment


def render(template: str, **values: Any) -> str:
    """A page with these values, every one escaped."""
    return _environment().get_template(template).render(**values)
