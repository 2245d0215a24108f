"""Widgets without a kernel: pictures in the pages of the reading edition."""

from __future__ import annotations

from html import escape

from jwtlab.site.still import still
from jwtlab.style import PAGE_STYLE_MARK, page_style


def test_a_picture_of_a_page_has_the_sheet_of_pages():
    page = f'<iframe srcdoc="{escape(PAGE_STYLE_MARK)}&lt;p&gt;Allow?"></iframe>'
    (frame,) = still(page, "x").find_all("iframe")
    assert frame["srcdoc"] == f"<style>{page_style()}</style><p>Allow?"
