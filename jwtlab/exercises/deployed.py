"""The application of exercise 41.2: the learner's lines are put before it, and people log in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import NotYet, Wrong, mistakes
from jwtlab.exercises.safely import call

VARIABLE = "DIARY_SECRET"
"""Where the workers find their secret."""


@mistakes(
    {
        "secret-of-its-own": "The callback came to another worker than the login, and that one could not read the "
        'session: each worker has a secret of its own. All of them find the same one in os.environ["DIARY_SECRET"].',
        "secret-in-source": 'app.secret_key is not what os.environ["DIARY_SECRET"] holds. A secret that stands in the '
        "source is read by everybody who reads that.",
        "http": "The application asked to be called back at {address}: it believes that people use http. The proxy "
        "says what they use, in X-Forwarded-Proto.",
        "internal-name": "The application asked to be called back at {address}: that is its name behind the proxy. The "
        "proxy says what people asked for, in X-Forwarded-Host.",
        "cookie-stays-home": "The cookie did not come along with the callback: that comes from the issuer, another "
        "site. Which value of SameSite lets a link of another site bring it?",
        "too-many-proxies": "ProxyFix is told to believe {number} proxies, and one stands here. It finds fewer values "
        "in the header than that, and believes none.",
        "same-site-unsaid": "SESSION_COOKIE_SAMESITE is None, so the cookie says nothing of it, and each browser does "
        "as it likes. Say what is wanted.",
        "open-to-all": "SameSite={value}: now the cookie goes along with every form of every other site too. Lax is "
        "enough for a login.",
        "cookie-over-http": "The session cookie would travel over http too: leave SESSION_COOKIE_SECURE as it was.",
        "believes-strangers": "Mallory wrote X-Forwarded-Host: mallory.example into her own request, and the "
        "application asked to be called back at {address}. Believe one proxy, the nearest: what it adds comes last.",
        "no-login": "Nobody gets in: {said}",
    }
)
def judge_deployment(answer: Any) -> str:
    """``answer(app)`` mends each worker of a diary that is run behind a proxy."""
    if not callable(answer):
        raise Wrong("no-function")
    first = _run(answer, "first-" + "k3Y" * 12)
    if not first["changed"]:
        raise NotYet("Your function changes nothing yet. Write it, and run this cell again.")
    for found in (first, _run(answer, "second-" + "W9z" * 12)):
        _look(found)
    return (
        "Scheme and host from the one proxy that stands there, one secret for all, and a cookie that comes back "
        "from the issuer and goes along with nobody else's form."
    )


def _look(found: dict[str, Any]) -> None:
    played, apps = found["played"], found["apps"]
    address = played.redirect_uri
    believed = max(map(_proxies, apps))
    if believed > 1 and ("internal" in address or address.startswith("http://")):
        raise Wrong("too-many-proxies", number=believed)
    if address.startswith("http://"):
        raise Wrong("internal-name" if "internal" in address else "http", address=address)
    if "internal" in address:
        raise Wrong("internal-name", address=address)
    if not played.logged_in and not played.cookie_came_back and "mismatching_state" in played.said:
        raise Wrong("cookie-stays-home")
    keys = [each.secret_key for each in apps]
    if len(set(map(repr, keys))) > 1:
        raise Wrong("secret-of-its-own")
    if not played.logged_in:
        raise Wrong("no-login", said=played.said[:160] or str(played.page.status))
    wanted = found["secret"]
    if keys[0] not in (wanted, wanted.encode()):
        raise Wrong("secret-in-source")
    if any(each.config["SESSION_COOKIE_SAMESITE"] is None for each in apps):
        raise Wrong("same-site-unsaid")
    if any(str(each.config["SESSION_COOKIE_SAMESITE"]) != "Lax" for each in apps):
        raise Wrong("open-to-all", value=str(apps[0].config["SESSION_COOKIE_SAMESITE"])[:20])
    if not all(each.config["SESSION_COOKIE_SECURE"] is True for each in apps):
        raise Wrong("cookie-over-http")
    if "mallory" in found["forged"]:
        raise Wrong("believes-strangers", address=found["forged"])


def _proxies(app: Any) -> int:
    """Of how many proxies a header is believed, by Werkzeug's own ``ProxyFix``; of any other wrapping, 0."""
    counts = (getattr(app.wsgi_app, name, 0) for name in ("x_proto", "x_host"))
    return max((count for count in counts if isinstance(count, int)), default=0)


def _run(answer: Any, secret: str) -> dict[str, Any]:
    """Play it once: a login of Alice's, and a request of Mallory's with a header that only the proxy should write."""
    from jwtlab.lab import Lab  # Authlib is loaded when the exercise is, and not with the lessons
    from jwtlab.oauth.server_side.behind_a_proxy import BROKEN, play

    apps: list[Any] = []
    before: list[Any] = []

    def mend(app: Any) -> None:
        apps.append(app)
        before.append(_state(app))
        given = call(answer, app)
        if given is not None and given is not app:
            raise Wrong("unforeseen", what=kind(given), said=": change the application that you are given")

    with _environment(secret):
        world = Lab().world()
        played = play(world, BROKEN, mend)
        headers = {"X-Forwarded-Host": "mallory.example", "X-Forwarded-Proto": "https"}
        answered = world.network.client("Mallory").get("https://diary.example/login", headers=headers)
    changed = [_state(each) for each in apps] != before
    asked = str(answered.headers.get("location", "")).partition("redirect_uri=")[2].partition("&")[0]
    return {"played": played, "apps": apps, "changed": changed, "secret": secret, "forged": asked}


def _state(app: Any) -> Any:
    return app.wsgi_app, dict(app.config), len(app.before_request_funcs)


@contextmanager
def _environment(secret: str) -> Iterator[None]:
    kept = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = secret
    try:
        yield
    finally:
        os.environ.pop(VARIABLE)
        if kept is not None:
            os.environ[VARIABLE] = kept
