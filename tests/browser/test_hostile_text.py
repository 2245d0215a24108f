"""Hostile text in every widget, output, page, mail, feedback file and picture, in real Chromium.

No script runs, nobody is asked, no dialog or window opens, nothing is wider than its place, and signs that turn a
line round are shown as what they are. One page for each text; the widgets are live in it.
"""

from __future__ import annotations

import json
import re

import pytest
from bare import Bare
from hostile import TEXTS, files, live, outputs, pages, provoke
from short_form import few

pytestmark = pytest.mark.browser
CALLBACK = "http://127.0.0.1/callback"
TURNS = r"[\u202a-\u202e\u2066-\u2069\u061c\u0000\u001b\u009b]"
FOREIGN = "script, iframe:not(.jl-page), object, embed, link, base, meta, style, img, audio, video"
LOOK = f"""() => {{
  const found = [];
  if (window.hit) found.push("a script ran");
  for (const each of document.querySelectorAll("main *")) {{
    if (each.matches({json.dumps(FOREIGN)}) && !each.closest("[data-ours]")) found.push(each.outerHTML.slice(0, 120));
    for (const {{name, value}} of each.attributes) {{
      if (name.startsWith("on")) found.push(`a handler: ${{name}}=${{value.slice(0, 80)}}`);
      if (/^(href|src|action|formaction|xlink:href)$/.test(name) && /^\\s*(javascript|data|vbscript):/i.test(value))
        found.push(`an address: ${{value.slice(0, 80)}}`);
    }}
  }}
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let at = walk.nextNode(); at; at = walk.nextNode())
    if (!at.parentElement.closest("textarea, [data-mirror]") && /{TURNS}/.test(at.data))
      found.push(`a sign that turns: ${{escape(at.data.slice(0, 60))}} in ${{at.parentElement.outerHTML.slice(0, 80)}}`
        + at.parentElement.closest("main > div").id);
  return found;
}}"""


@pytest.fixture
def context(browser):
    made = browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("JWTLAB_PROGRESS", str(tmp_path / "progress.json"))


@pytest.mark.parametrize("name", few(TEXTS, "handlers"))
def test_widgets_and_outputs_show_it_as_text(context, tmp_path, name):
    text, bare = TEXTS[name], Bare(context)
    for place, widget in live(text, tmp_path):
        bare.mount(place, widget)
        provoke(widget, text)
        bare.redraw([place])
    for place, html in outputs(text):
        bare.still(place, html)
    assert bare.page.evaluate(LOOK) == []
    assert bare.wide() == []
    bare.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert not bare.page.evaluate("Boolean(window.hit)")
    assert bare.wrong == []


@pytest.mark.parametrize("name", few(TEXTS, "attribute"))
def test_pages_and_files_show_it_as_text(context, tmp_path, name):
    page, wrong, answers = context.new_page(), [], {}
    page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda asked: None if asked.url in answers else wrong.append(asked.url[:200]))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("popup", lambda popup: wrong.append(popup.url))

    def fulfil(route):
        status, headers, body = answers.get(route.request.url, (404, {}, ""))
        route.fulfill(status=status, headers=headers, body=body)

    context.route("**/*", fulfil)
    shown = 0
    for place, answer in pages(TEXTS[name], tmp_path):
        kept = {
            key: value for key, value in answer.headers.items() if key not in ("content-length", "location")
        }
        if answer.status_code < 300 or answer.status_code >= 400:
            answers[f"http://lab.example/{place}"] = (answer.status_code, kept, answer.text)
    for place, html in files(TEXTS[name], tmp_path):
        kind = "image/svg+xml" if place.endswith("svg") else "text/html"
        answers[f"http://lab.example/{place}"] = (200, {"content-type": f"{kind}; charset=utf-8"}, html)
    for address in list(answers):
        page.goto(address, wait_until="load")
        assert not page.evaluate("Boolean(window.hit)"), address
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
        assert page.evaluate("getComputedStyle(document.documentElement).display") != "none", address
        assert page.locator("parsererror").count() == 0, address
        assert not re.search(TURNS, page.evaluate("document.documentElement.textContent")), address
        shown += 1
    assert [each for each in wrong if each != CALLBACK] == []  # the page of form_post sends itself there
    assert shown >= 8


def test_a_text_that_is_not_escaped_is_seen(context):
    """The test's own eyes: each of these is noticed."""
    for html in (
        TEXTS["handlers"],
        TEXTS["styles"],
        "<b onclick='x'>x</b>",
        "<a href='javascript:x'>x</a>",
        f"<p>{TEXTS['bidi']}</p>",
    ):
        bare = Bare(context)
        bare.still("naked", html)
        assert bare.page.evaluate(LOOK), html
    bare = Bare(context)
    bare.still("wide", "<div style='width: 5000px'>wide</div>")
    assert bare.wide() == ["wide"]
    bare.page.evaluate("() => new Image().src = 'https://mallory.example/x'")
    bare.page.evaluate("() => alert(1)")
    assert any("a request" in each for each in bare.wrong)
    assert any("a dialog" in each for each in bare.wrong)


def test_widgets_need_no_front_end_but_the_protocol(context):
    """As in VS Code, Colab or a page of one's own: a widget is shown, is used, and answers."""
    from hostile import lab

    from jwtlab import widgets

    bare = Bare(context)
    quiz = bare.mount("quiz", widgets.Quiz("01"))
    quiz.get_by_role("radio").first.check()
    bare.page.wait_for_function("() => window.models.quiz.state.ack === 1")
    inspector = bare.mount("inspector", widgets.TokenInspector(lab.token(), lab=lab))
    inspector.get_by_role("textbox", name="Token").fill(lab.token("carol"))
    inspector.get_by_text("carol", exact=True).first.wait_for()
    flow = bare.mount("flow", widgets.FlowStepper())
    for number in range(2, 5):
        flow.get_by_role("button", name="Next ▶").click()
        flow.get_by_text(f"message {number} of 11").wait_for()
    assert bare.wrong == []
