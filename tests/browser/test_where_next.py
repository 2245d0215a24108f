"""Exercise 41.3 says where a browser goes. Chromium is asked."""

from __future__ import annotations

import pytest

from jwtlab.exercises.web_login import NEXT_ELSEWHERE, NEXT_OURS

pytestmark = pytest.mark.browser
HOMES = ("https://diary.example", "http://diary.example")
AT_HOME = ("mallory.example", "diary", "?page=2", "../diary", "")
"""These lead nowhere else, and are no paths that begin with a slash."""


def test_a_browser_reads_them_as_the_judge_does(chromium_path):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        read = "([urls, home]) => urls.map(url => new URL(url, home + '/login').origin)"
        ours = [page.evaluate(read, [list(NEXT_OURS), home]) for home in HOMES]
        others = [page.evaluate(read, [list(NEXT_ELSEWHERE), home]) for home in HOMES]
        browser.close()
    assert [set(origins) for origins in ours] == [{home} for home in HOMES]
    for url, *origins in zip(NEXT_ELSEWHERE, *others, strict=True):
        stays = tuple(origins) == HOMES
        # What begins with /diary would break a header of ours, and leads nowhere else.
        assert stays == (url in AT_HOME or url.startswith("/diary")), url
