"""The reading edition and the slides in a real browser, from a folder: no barrier, and no request to anybody."""

from __future__ import annotations

import re
from importlib import resources

import pytest
from playwright.sync_api import expect

from jwtlab.site import build

pytestmark = [pytest.mark.browser, pytest.mark.long]
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
EVERY = {"preload": False, "resultTypes": ["violations"]}
SHAPE = {**EVERY, "rules": {"color-contrast": {"enabled": False}}}
LOOK = {**EVERY, "runOnly": ["color-contrast", "link-in-text-block"]}
KINDS_OF_TEXT = """() => {
  const ground = (each) => {
    for (let at = each; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
  };
  const found = new Map();
  for (const each of document.body.querySelectorAll("*")) {
    const says = [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!says || !each.checkVisibility({visibilityProperty: true})) continue;
    const own = getComputedStyle(each);
    const kind = [own.color, own.fill, own.fontSize, own.fontWeight, own.opacity, ground(each), each.namespaceURI];
    if (!found.has(kind.join())) found.set(kind.join(), each);
  }
  window.kindsOfText = {include: [...found.values()]};
}"""
"""One element for each combination of colours and letters: axe needs a second a page to look at all of them."""


@pytest.fixture(scope="module")
def site(tmp_path_factory, chromium_path):
    folder = tmp_path_factory.mktemp("site")
    build.build_site(folder)
    return folder


@pytest.fixture(scope="module")
def decks(tmp_path_factory, chromium_path):
    folder = tmp_path_factory.mktemp("slides")
    build.build_slides(folder, only=("11", "23"))
    return folder


@pytest.fixture
def open_folder(browser):
    """``open_folder(folder, name, **context) -> page``; whatever goes wrong or is asked for is written down."""
    contexts = []

    def make(folder, name="index.html", scheme="light", width=1400, height=900, **more):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", **more
        )
        contexts.append(context)
        page = context.new_page()
        page.wrong, page.foreign, page.home = [], [], folder
        own = (folder.as_uri(), "data:", "about:")
        context.on(
            "request", lambda asked: None if asked.url.startswith(own) else page.foreign.append(asked.url)
        )
        page.on("console", lambda said: page.wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.goto((folder / name).as_uri())
        return page

    yield make
    for context in contexts:
        context.close()


def barriers(page, options=EVERY, part="document") -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(f"options => axe.run({part}, options).then(found => found.violations)", options)
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def contrasts(page) -> list[str]:
    """Texts that are too pale, in the page as it is shown now."""
    page.evaluate(KINDS_OF_TEXT)
    return barriers(page, LOOK, "window.kindsOfText")


def test_no_page_has_a_barrier_or_asks_anybody(open_folder, site, screenshots):
    page = open_folder(site)
    for path in sorted(site.glob("*.html")):
        page.set_viewport_size({"width": 1400, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(path.as_uri())
        assert barriers(page, SHAPE) == [], path.name
        for scheme, width in (("light", 1400), ("dark", 390)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            assert contrasts(page) == [], f"{path.name}, {scheme}"
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (
                f"{path.name}, {width}"
            )
            if path.name[:2] in ("in", "11"):
                page.screenshot(path=screenshots / f"site_{path.stem}_{scheme}.png", full_page=True)
    assert page.wrong == []
    assert page.foreign == []


CUT_OFF = """() => [...document.querySelectorAll("table:not(.jl-knows)")].filter(table => {
  const room = table.closest(".jl-card, .jl-wide, .s-scroll") ?? document.documentElement;
  return table.offsetWidth > room.clientWidth;
}).map(table => table.innerText.slice(0, 80))"""
"""Tables wider than their place. Who knows what is a matrix, and scrolls in a place of its own."""


def test_tables_fit_on_a_phone(open_folder, site, screenshots):
    page = open_folder(site, width=380, height=800)
    for path in sorted(site.glob("[0-4]*.html")):
        page.goto(path.as_uri())
        assert page.evaluate(CUT_OFF) == [], path.name
        if path.name.startswith("40"):
            sheet = page.locator("table.jl-sheet")
            sheet.scroll_into_view_if_needed()
            page.screenshot(path=screenshots / "site_cheat_sheet_380.png")


def test_pale_text_is_noticed(open_folder, site):
    page = open_folder(site, "11_key_confusion.html", "dark")
    page.add_style_tag(content=".s-asked { color: #444 !important; }")
    assert any("s-asked" in each for each in contrasts(page))


def test_what_unfolds_has_no_barrier_either(open_folder, site):
    for scheme in ("light", "dark"):
        page = open_folder(site, "11_key_confusion.html", scheme)
        page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
        assert contrasts(page) == []
        page.keyboard.press("/")
        page.get_by_role("searchbox", name="Search the lessons").fill("nonce")
        expect(page.locator("[data-hits] a").first).to_be_visible()
        assert barriers(page, EVERY, "'dialog'") == []


def test_search_finds_words_without_a_server(open_folder, site):
    page = open_folder(site, "23_authorization_code.html")
    page.get_by_role("button", name="Search").click()
    field = page.get_by_role("searchbox", name="Search the lessons")
    field.fill("reported mclean")
    expect(page.locator("[data-hits] a")).to_have_count(1)
    expect(page.locator("[data-hits] mark").first).to_have_text("McLean")
    field.fill("zzqx")
    expect(page.locator("[data-count]")).to_contain_text("Nothing has these words")
    field.fill("<img src=x onerror=own()>")
    expect(page.locator("[data-hits] img")).to_have_count(0)
    field.fill("pkce")
    expect(page.locator("[data-hits] a b").first).to_contain_text("PKCE")
    field.press("Escape")
    expect(field).to_be_hidden()
    page.keyboard.press("/")
    field.fill("Reported McLean")
    expect(page.locator("[data-hits] a")).to_have_count(1)
    field.press("Enter")
    expect(page).to_have_url(re.compile("11_key_confusion.html#in-the-wild$"))
    assert page.wrong == []
    assert page.foreign == []


def test_what_is_typed_while_the_index_comes_is_looked_for(open_folder, site):
    page = open_folder(site, "11_key_confusion.html")
    # The index comes late, and each request for it would be answered in its own time: the first one last.
    page.evaluate(
        """() => {
          window.late = [];
          const append = document.head.append.bind(document.head);
          document.head.append = (script) => window.late.push(() => append(script));
        }"""
    )
    page.keyboard.press("/")
    field = page.get_by_role("searchbox", name="Search the lessons")
    field.fill("reported mclean")
    page.evaluate(
        """async () => {
          for (const come of window.late.reverse()) { come(); await new Promise(done => setTimeout(done, 200)); }
        }"""
    )
    expect(page.locator("[data-hits] a")).to_have_count(1)


def test_keyboard_reaches_everything(open_folder, site):
    page = open_folder(site, "11_key_confusion.html")
    wanted = page.evaluate(
        """() => { window.wanted = [...document.querySelectorAll("a[href], button, summary, input, [tabindex='0']")]
        .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.closest("dialog:not([open])"));
        return window.wanted.length }"""
    )
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    reached = set()
    for _ in range(wanted + 2):
        reached.add(page.evaluate("window.wanted.indexOf(document.activeElement)"))
        page.keyboard.press("Tab")
    assert set(range(wanted)) <= reached


def test_questions_answer_to_the_keyboard_and_count(open_folder, site):
    page = open_folder(site, "11_key_confusion.html")
    guess = page.get_by_role("group", name="Predict 11.p1")
    guess.locator(".wrong summary").first.press("Enter")
    expect(guess).to_contain_text("Not quite")
    expect(guess.locator(".wrong p").first).to_contain_text("✕ No.")
    quiz = page.get_by_role("group", name="Quiz 11.q1")
    for question in quiz.locator(".s-question").all()[:2]:
        question.locator(".right summary").press("Enter")
    expect(quiz).to_contain_text("2 of 3 right at the first choice")
    quiz.locator(".s-question").nth(2).locator(".wrong summary").first.press("Enter")
    quiz.locator(".s-question").nth(2).locator(".right summary").press("Enter")
    expect(quiz).to_contain_text("2 of 3 right at the first choice")


def test_without_scripts_everything_can_be_read(open_folder, site):
    page = open_folder(site, "11_key_confusion.html", java_script_enabled=False)
    option = page.locator(".s-option.right").first
    option.locator("summary").click()
    expect(option.locator("p")).to_be_visible()
    expect(page.get_by_role("button", name="Search")).to_have_count(0)
    page.locator(".s-lessons").get_by_role("link", name="Glossary").click()
    expect(page.get_by_role("heading", name="Glossary")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_count(0)


def test_theme_is_the_readers_and_stays(open_folder, site):
    page = open_folder(site, "why.html", "dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(17, 20, 24)"
    page.get_by_role("button", name="Light theme").click()
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.goto((site / "glossary.html").as_uri())
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    field = page.get_by_role("searchbox", name="Find")
    field.fill("nonce")
    expect(page.locator("#terms > div", has_text="access token").first).to_be_hidden()
    expect(page.locator("#nonce")).to_be_visible()


def test_paper_is_light_and_holds_the_lesson_alone(open_folder, site, screenshots):
    page = open_folder(site, "11_key_confusion.html", "dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for part in (".s-top", ".s-lessons", ".s-contents", ".s-next"):
        expect(page.locator(part)).to_be_hidden()
    expect(page.locator(".s-solution .s-code").first).to_be_hidden()
    page.pdf(path=screenshots / "site_11.pdf", format="A4")
    assert page.foreign == []


def test_slides_ask_before_they_answer(open_folder, decks, screenshots):
    page = open_folder(decks, "11_key_confusion.html", width=1280, height=720)
    now = page.locator(".d-slide.now")
    expect(now.get_by_role("heading", name="Key confusion")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(now.get_by_text("What can Mallory do with that public key?")).to_be_visible()
    expect(now.locator(".d-reason").first).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(now.locator(".d-reason")).to_have_count(3)
    for reason in now.locator(".d-reason").all():
        expect(reason).to_be_visible()
    page.screenshot(path=screenshots / "slides_question.png")
    page.keyboard.press("ArrowLeft")
    expect(now.locator(".d-reason").first).to_be_hidden()
    page.keyboard.press("n")
    expect(now.get_by_label("Notes to slide 2")).to_contain_text("Let everybody choose")
    page.keyboard.press("End")
    expect(now.get_by_role("heading", name="In three lines")).to_be_visible()
    expect(now.locator("li").first).to_be_hidden()
    page.keyboard.press("o")
    page.locator(".d-slide").first.click()
    expect(now.get_by_role("heading", name="Key confusion")).to_be_visible()
    assert page.wrong == []
    assert page.foreign == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_kind_of_slide_has_a_barrier(open_folder, decks, scheme):
    page = open_folder(decks, "11_key_confusion.html", scheme, 1280, 720)
    kinds = page.evaluate("slides.map(slide => slide.classList[1])")
    assert set(kinds) == {
        f"d-{kind}" for kind in ("cover", "question", "words", "code", "exercise", "picture")
    }
    for kind in dict.fromkeys(kinds):
        page.evaluate("place => { show(place, 99); }", kinds.index(kind))
        assert barriers(page) == [], kind
    page.goto((decks / "index.html").as_uri())
    assert barriers(page) == []


def test_speakers_window_follows_and_leads(open_folder, decks, screenshots):
    page = open_folder(decks, "23_authorization_code.html", width=1280, height=720)
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    speaker = popup.value
    there, here = speaker.locator(".d-slide.now h1"), page.locator(".d-slide.now h1")
    expect(speaker.locator(".d-slide.now .d-notes")).to_be_visible()
    expect(speaker.locator("[data-then]")).to_have_text("Predict")
    page.keyboard.press("ArrowRight")
    expect(there).to_have_text("Predict")
    speaker.keyboard.press("ArrowRight")
    expect(page.locator(".d-slide.now .d-reason").first).to_be_visible()
    speaker.keyboard.press("ArrowRight")
    expect(here).to_have_text("A voucher, not the money")
    speaker.screenshot(path=screenshots / "slides_speaker.png")
    assert page.wrong == []
    assert page.foreign == []


def test_slides_can_be_read_without_scripts(open_folder, decks):
    page = open_folder(decks, "11_key_confusion.html", java_script_enabled=False)
    assert page.locator(".d-slide:visible").count() == page.locator(".d-slide").count() > 20
    expect(page.locator(".d-reason").first).to_be_visible()
