"""Figures: what they show is what the token says, in words as in the picture."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import matplotlib.figure
import pytest

import jwtlab
from jwtlab import figures
from jwtlab.figures import layout, palette
from jwtlab.oauth import browser_app
from jwtlab.style import style

lab = jwtlab.Lab()
TOKEN = lab.token("alice", admin=False)
MATRIX = jwtlab.attacks.attack_matrix()
CODE, REFRESH, SSO = (lab.flow(name).run() for name in ("authorization-code", "refresh", "single-sign-on"))
THEFT = lab.flow_attack("refresh-token-theft", weak=True).run()
EVIL = '<script>alert("1")</script> $x^2$ & "quoted"'

PICTURES = {
    "anatomy": lambda: figures.anatomy(TOKEN),
    "signing_pipeline": lambda: figures.signing_pipeline(TOKEN),
    "token_timeline": lambda: figures.token_timeline(lab.claims(nbf=lab.now + 60), lab.now + 300, 60),
    "who_holds_which_key": lambda: figures.who_holds_which_key(),
    "sizes": lambda: figures.sizes({"one": 1, "two": 2000}, {"limit": 1500}),
    "guessing_times": lambda: figures.guessing_times(1_000_000),
    "attack_matrix": lambda: figures.attack_matrix(MATRIX),
    "attack_matrix_cut": lambda: figures.attack_matrix(MATRIX, attacks=["expired", "alg-none", "polyglot"]),
    "defence_table": lambda: figures.defence_table("backend", browser_app.table(["backend"], most=0)),
    "who_knows": lambda: figures.who_knows(CODE.trace, ["state"]),
    "who_knows_theft": lambda: figures.who_knows(THEFT.trace),
    "token_lifetimes": lambda: figures.token_lifetimes(REFRESH.trace),
    "session_map": lambda: figures.session_map(SSO.trace),
    "session_map_before_logout": lambda: figures.session_map(SSO.trace[:17]),
}
SLANTED = {"attack_matrix", "attack_matrix_cut"}  # boxes around slanted words overlap, the words do not


def letters(picture: figures.Picture) -> str:
    root = ET.fromstring(picture.svg().replace("xlink:href", "href"))
    return "\n".join(node.text or "" for node in root.iter() if node.tag.endswith("text"))


@pytest.mark.parametrize("name", PICTURES)
def test_picture_has_words_svg_and_png_and_is_the_same_every_time(name):
    one, other = PICTURES[name](), PICTURES[name]()
    data, metadata = one._repr_mimebundle_()
    assert data == other._repr_mimebundle_()[0]
    assert len(one.alt) > 30
    assert metadata["image/png"]["alt"] == one.alt
    assert 'role="img"' in data["text/html"]
    assert one.png().startswith(b"\x89PNG")
    assert "<style" not in data["text/html"]  # it would change the rest of the page


@pytest.mark.parametrize("name", PICTURES)
def test_every_colour_follows_the_theme(name):
    bare = re.sub(r"var\(--jl-[a-z-]+, #[0-9a-f]{6}\)", "", PICTURES[name]().svg())
    # What is left must be matplotlib's own black and white of empty defaults, never a palette colour.
    assert set(re.findall(r"#[0-9a-f]{6}\b", bare)) == set()


@pytest.mark.parametrize("name", PICTURES)
def test_no_text_leaves_the_picture_or_its_neighbour(name):
    figure = PICTURES[name]().figure
    renderer = figure.canvas.get_renderer() if hasattr(figure.canvas, "get_renderer") else None
    boxes = [text.get_window_extent(renderer) for text in figure.axes[0].texts if text.get_text().strip()]
    wide, high = figure.get_size_inches() * figure.dpi
    for box in boxes:
        assert box.x0 >= 0
        assert box.x1 <= wide
        assert box.y0 >= 0
        assert box.y1 <= high
    for index, box in enumerate(boxes if name not in SLANTED else ()):
        for other in boxes[index + 1 :]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            down = min(box.y1, other.y1) - max(box.y0, other.y0)
            assert across <= 1 or down <= 3, (box, other)


def test_colours_of_figures_can_be_told_apart_and_are_the_pages():
    assert len({palette.colour(name) for name in palette.COLOURS}) == len(palette.COLOURS)
    for name, value in palette.COLOURS.items():
        assert f"--jl-{name}: {value};" in style()


def test_anatomy_counts_bytes_and_characters():
    parts = jwtlab.decode(TOKEN)
    text = letters(figures.anatomy(TOKEN))
    assert f"{len(TOKEN)} characters" in text
    for segment, octets in zip(parts.segments[1:], (parts.payload, parts.signature), strict=True):
        assert f"{len(octets)} bytes" in text
        assert f"{len(segment)} characters" in text
    assert '"sub": "alice"' in text


def test_text_from_a_token_stays_text():
    token = jwtlab.issue({"sub": EVIL, "n": "$1$"}, lab.key("ES256"), alg="ES256")
    picture = figures.anatomy(token)
    assert "<script" not in picture.svg()
    assert "<script>" in letters(picture)
    assert "<script" not in figures.sizes({EVIL: 3})._repr_mimebundle_()[0]["text/html"]


def test_anatomy_of_odd_tokens():
    unsigned = TOKEN.rpartition(".")[0] + "."
    assert "(empty)" in letters(figures.anatomy(unsigned))
    other = jwtlab.jws.sign(b"\xff\x00 no JSON", lab.key("ES256"), alg="ES256")
    assert "no JSON" in letters(figures.anatomy(other))
    many = jwtlab.issue({f"claim{n}": n for n in range(40)}, lab.key("ES256"), alg="ES256")
    assert "… 33 more" in letters(figures.anatomy(many))


def test_pipeline_names_algorithm_and_key():
    assert "private key" in letters(figures.signing_pipeline(TOKEN))
    text = letters(figures.signing_pipeline(lab.token(alg="HS256")))
    assert "shared secret" in text
    assert "HS256" in text
    with pytest.raises(jwtlab.UnknownAlgorithm):
        figures.signing_pipeline(TOKEN.replace(TOKEN.split(".")[0], "eyJhbGciOiJub25lIn0", 1))


def test_timeline_knows_leeway_and_order():
    line = layout.timeline({"iat": 100, "nbf": 160, "exp": 400}, 200, leeway=30)
    (early, begin), (until, late) = line.grace
    assert early < begin <= line.now_at < until < late
    assert line.valid == (begin, until)
    assert "leeway" in line.words
    assert layout.timeline({"exp": 400}, 200).grace == ()
    assert layout.timeline({"exp": 100, "nbf": 400}, 200).valid is None
    assert layout.timeline({"exp": "soon"}, 200).marks == ()


def test_symmetric_verifiers_can_forge_and_others_cannot():
    text = letters(figures.who_holds_which_key())
    assert text.count("verify, forge") == 3
    assert text.count("secret") >= 4
    assert text.count("public") == 3


def test_sizes_marks_what_is_over_a_limit():
    assert "2,000" in letters(figures.sizes({"two": 2000}, {"limit": 1500}))
    with pytest.raises(jwtlab.UsageError, match="nothing to draw"):
        figures.sizes({})


def test_matrix_has_a_square_for_every_check_that_stops_something():
    from matplotlib.colors import same_color

    axes = figures.attack_matrix(MATRIX).figure.axes[0]
    bad = [p for p in axes.patches if same_color(p.get_facecolor(), palette.colour("bad"))]
    several = [p for p in axes.patches if same_color(p.get_edgecolor(), palette.colour("signature"))]
    alone = sum(map(len, MATRIX.stands_alone.values()))
    assert len(bad) == alone + 1  # and one in the legend
    rest = sum(c in row.stopped_by and not row.accepted[c] for row in MATRIX.rows for c in MATRIX.checks)
    assert len(several) == rest + 1


def test_matrix_can_be_cut_to_some_attacks_and_the_checks_that_refuse_them():
    text = letters(figures.attack_matrix(MATRIX, attacks=["expired", "alg-none"])).splitlines()
    rows = [row.id for row in MATRIX.rows if row.attack in ("expired", "alg-none")]
    checks = [
        check
        for check in MATRIX.checks
        if any(check in row.stopped_by for row in MATRIX.rows if row.id in rows)
    ]
    assert set(rows) | set(checks) <= set(text)
    assert not {row.id for row in MATRIX.rows if row.id not in rows} & set(text)
    assert not (set(MATRIX.checks) - set(checks)) & set(text)
    assert "grey names" not in " ".join(text)
    with pytest.raises(jwtlab.UsageError, match="'alg-some'"):
        figures.attack_matrix(MATRIX, attacks=["alg-some"])


def test_guessing_times_grow_with_what_has_to_be_guessed():
    slow, fast = (figures.guessing_times(rate).alt for rate in (1_000, 1_000_000))
    assert "4 random characters: 4 hours" in slow
    assert "4 random characters: 15 seconds" in fast


def test_draw_functions_paint_on_any_axes_and_give_them_back():
    ax = matplotlib.figure.Figure().add_subplot()
    assert figures.draw_anatomy(ax, jwtlab.decode(TOKEN)) is ax
    assert figures.draw_sizes(ax, {"one": 1}) is ax


def test_layouts_need_no_matplotlib():
    code = "import sys; from jwtlab.figures import layout; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_who_knows_has_a_column_for_each_party_and_a_row_for_each_secret():
    text = letters(figures.who_knows(THEFT.trace))
    for word in ("Mallory", "password", "refresh token 3", "access token 1", "since 14"):
        assert word in text
    assert "since 14" not in letters(figures.who_knows(THEFT.trace[:13]))


def test_pictures_of_an_empty_trace_say_so():
    empty = CODE.trace[:0]
    assert "nothing secret" in figures.who_knows(empty).alt
    assert "There are none" in figures.token_lifetimes(empty).alt
    assert "nobody is logged in" in figures.session_map(empty).alt


def test_defence_table_says_in_each_cell_what_was_played():
    found = browser_app.table(["backend"], most=1)
    words = letters(figures.defence_table("backend", found)).splitlines()
    for said in ("taken home", "while open", "read", "written"):
        assert words.count(said) == [str(each) for each in found.values()].count(said) > 0
    assert words.count("✓ stopped") == [each.stopped for each in found.values()].count(True)
