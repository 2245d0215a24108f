"""Judges of lesson 46: where an API describes itself, a way inside, the guard, and whom a bridge asks."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

from jwtlab.errors import kind
from jwtlab.exercises.model import NotYet, Wrong, mistakes
from jwtlab.exercises.safely import call
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, true_or_false
from jwtlab.lab import Lab
from jwtlab.oauth.agents import Inside, looks_at_the_text
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.user_agent import UserAgent

_WELL = "/.well-known/oauth-protected-resource"
_PLACES = (
    ("no-path", "https://tools.example", f"https://tools.example{_WELL}", "Without a path nothing comes behind it."),
    ("no-path", "https://api.example:8443", f"https://api.example:8443{_WELL}", ""),
    ("path", "https://tools.example/mcp", f"https://tools.example{_WELL}/mcp", "The well-known path stands between the "
                                                                             "host and the API's own path."),
    ("path", "https://shop.example/alice/mcp", f"https://shop.example{_WELL}/alice/mcp", ""),
    ("path-slash", "https://shop.example/mcp/", f"https://shop.example{_WELL}/mcp/",
     "A slash at the end of a longer path belongs to it: only / alone goes."),
    ("slash", "https://tools.example/", f"https://tools.example{_WELL}", "A slash that follows the host is taken away "
                                                                       "first (RFC 9728 §3.1)."),
    ("port", "https://tools.example:8443/mcp", f"https://tools.example:8443{_WELL}/mcp", "Another port is another "
                                                                                       "server: it stays."),
    ("scheme", "http://127.0.0.1:8000/mcp", f"http://127.0.0.1:8000{_WELL}/mcp", "The scheme stays what it is."),
    ("twice", "https://tools.example/tools.example/mcp", f"https://tools.example{_WELL}/tools.example/mcp",
     "The host's name may come again in the path."),
    ("twice", "https://a.example/a/a", f"https://a.example{_WELL}/a/a", ""),
    ("query", "https://tools.example/mcp?team=7", f"https://tools.example{_WELL}/mcp?team=7",
     "A query stays at the end."),
    ("query", "https://tools.example?team=a/b", f"https://tools.example{_WELL}?team=a/b", ""),
)  # fmt: skip


def _text(found: Any) -> str:
    if not isinstance(found, str):
        raise Wrong("no-text", what=kind(found))
    return found


judge_place = Table(
    cases=tuple(Case(name, (resource,), where, why) for name, resource, where, why in _PLACES),
    read=_text,
    own={"no-text": "Return the address as a text; your function gives {what}."},
    praise="Two APIs on one host have two descriptions, and whoever reads one can compare what it says with the "
    "address that was asked.",
)

_ZONE = ".mallory.example"


def _in_a_sentence(page: Page) -> str:
    found = re.search(r'role="alert">([^<]+)<', page.text)
    return unescape(found.group(1)) if found else "it shows a page."


@mistakes(
    {
        "no-name": "Your function gives {what}. Return the client_id that Mallory sends, a text.",
        "not-hers": "{name} is not Mallory's to point anywhere: she owns names that end in .mallory.example.",
        "no-address": "The server fetches addresses, and {name!r} is none: begin with https://, and end with what the "
        "heating is to do.",
        "refused": "The server fetched nothing: {said}",
        "elsewhere": "The server fetched something, and the machine in the cellar heard nothing. It is at {inside}.",
        "other-order": "The machine got a request for /{done}. It switches off at /off.",
    }
)
def judge_way_in(answer: Any) -> str:
    world = looks_at_the_text(Lab(seed="lesson 46").world("way in"))
    inside = Inside(world)
    stolen: list[str] = []

    def point(name: str, *addresses: str) -> None:
        if not isinstance(name, str) or not name.lower().endswith(_ZONE):
            stolen.append(str(name))
            return
        world.directory.point(name, *map(str, addresses))

    given = call(answer, point)
    if stolen:
        raise Wrong("not-hers", name=stolen[0][:80])
    if given is None or given is ...:
        raise NotYet("Write your answer in this cell and run it again.")
    if not isinstance(given, str):
        raise Wrong("no-name", what=kind(given))
    if "://" not in given:
        raise Wrong("no-address", name=given[:80])
    browser = UserAgent(world.network, "Mallory's browser")
    page = browser.open(
        f"https://as.example/authorize?{urlencode({'client_id': given, 'response_type': 'code'})}"
    )
    if not inside.done:
        fetched = any(each.sender == "Authorization server" for each in world.network.trace)
        if fetched:
            raise Wrong("elsewhere", inside=Inside.ADDRESS)
        raise Wrong("refused", said=_in_a_sentence(page))
    if inside.done != ["off"]:
        raise Wrong("other-order", done=inside.done[0][:60])
    return (
        "The heating is off. The server looked at the name as it is written, which looks like any other; nobody looked "
        "at where it leads."
    )


_INNER: tuple[tuple[str, list[str], bool, str], ...] = (
    ("public", ["192.31.196.1"], True, "Every address is public: it may fetch."),
    ("public", ["1.1.1.1", "2606:4700:4700::1111"], True, ""),
    ("loopback", ["127.0.0.1"], False, "That is the server itself."),
    ("loopback", ["127.8.9.10"], False, ""),
    ("loopback", ["::1"], False, ""),
    ("private", ["10.0.0.5"], False, "That is a machine in a network of one's own (private)."),
    ("private", ["192.168.1.1"], False, ""),
    ("private", ["172.31.0.9"], False, ""),
    ("private", ["fd12:3456::1"], False, ""),
    ("near-private", ["172.32.0.9"], True, "172.16.0.0/12 is private, and 172.32.0.9 lies outside of it: compare with "
                                          "networks, not with the beginning of a text."),
    ("near-private", ["11.0.0.5"], True, ""),
    ("near-private", ["100.128.0.1"], True, ""),
    ("metadata", ["169.254.169.254"], False, "There clouds hand a machine its secrets (link-local)."),
    ("metadata", ["fe80::1"], False, ""),
    ("one-of-many", ["192.31.196.1", "10.0.0.5"], False, "One of them leads inside, and nobody says which is taken."),
    ("one-of-many", ["10.0.0.5", "192.31.196.1"], False, ""),
    ("nothing", [], False, "The name leads nowhere: nothing is fetched."),
    ("shared", ["100.64.0.1"], False, "100.64.0.0/10 is shared by providers and clouds, neither private nor public: "
                                      "is_global knows."),
    ("unspecified", ["0.0.0.0"], False, "0.0.0.0 is this machine on many systems."),
    ("unspecified", ["::"], False, ""),
    ("wrapped", ["::ffff:127.0.0.1"], False, "That is 127.0.0.1, wrapped in an IPv6 address."),
    ("wrapped", ["::ffff:10.0.0.5"], False, ""),
    ("many", ["224.0.0.251"], False, "That is no machine: it reaches all that listen (is_multicast)."),
    ("many", ["ff02::1"], False, ""),
)  # fmt: skip
judge_guard = Table(
    cases=tuple(Case(name, (addresses,), expected, why) for name, addresses, expected, why in _INNER),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="All of them, or none, and by what they are. What is left: connect to the very address that you looked at.",
)

Consent = dict[str, str]
_ALICE: Consent = {
    "person": "alice",
    "client_id": "agent-1",
    "redirect_uri": "http://127.0.0.1:3000/callback",
    "scope": "notes:read",
}
_MORE = _ALICE | {"scope": "notes:read notes:write"}
_BOB = _ALICE | {"person": "bob"}
_OTHER = _ALICE | {"client_id": "agent-2"}


def _consent(
    asked: dict[str, Any], allowed: list[dict[str, Any]]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    return asked, allowed


_CONSENTS: tuple[tuple[str, Consent, list[Consent], bool, str], ...] = (
    ("allowed", _ALICE, [_ALICE], True, "Alice has allowed just this."),
    ("allowed", _BOB, [_OTHER, _ALICE, _BOB], True, ""),
    ("nobody", _ALICE, [], False, "Nobody has allowed anything yet."),
    ("client", _OTHER, [_ALICE], False, "Another client asks than the one that was allowed: this is Mallory's way in."),
    ("client", _ALICE, [_OTHER], False, ""),
    ("person", _BOB, [_ALICE], False, "Bob has allowed nothing; Alice has."),
    ("address", _ALICE | {"redirect_uri": "https://mallory.example/callback"}, [_ALICE], False,
     "The code would go to an address that nobody has seen on the page."),
    ("scope", _MORE, [_ALICE], False, "It asks for more than was allowed."),
    ("scope", _ALICE | {"scope": "notes:write"}, [_ALICE], False, ""),
    ("less", _ALICE, [_MORE], True, "It asks for less than was allowed; that needs no question."),
    ("less", _ALICE, [_ALICE | {"scope": "notes:write notes:read"}], True, ""),
    ("words", _ALICE | {"scope": "notes:re"}, [_ALICE], False, "A scope is a list of words: notes:re is no part of "
                                                            "notes:read."),
    ("words", _MORE, [_ALICE | {"scope": "notes:write openid notes:read"}], True, "The order of the words is free."),
    ("words", _ALICE | {"scope": "read"}, [_ALICE], False, ""),
    ("mixed", _ALICE, [_BOB, _OTHER], False, "Person and client have to stand in one and the same consent."),
    ("mixed", _OTHER | {"person": "bob"}, [_BOB, _OTHER], False, ""),
    ("mixed", _MORE, [_ALICE | {"scope": "notes:write", "client_id": "agent-3"}, _ALICE], False, ""),
)  # fmt: skip
judge_consent = Table(
    cases=(
        *(Case(name, (asked, allowed), expected, why) for name, asked, allowed, expected, why in _CONSENTS),
        *near("client_id", "agent-1", lambda text: (_ALICE | {"client_id": text}, [_ALICE]), False),
        *near(
            "redirect_uri",
            _ALICE["redirect_uri"],
            lambda text: (_ALICE, [_ALICE | {"redirect_uri": text}]),
            False,
        ),
        *near("person", "alice", lambda text: (_ALICE, [_ALICE | {"person": text}]), False),
        *near(
            "redirect_uri",
            "http://127.0.0.1:3000/callback",
            lambda text: (_ALICE | {"redirect_uri": text}, [_ALICE]),
            False,
        ),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="Who, for whom, where to and how much: all in one consent, or the person is asked. It stood {count} tries.",
)
