"""Addresses of programs on people's own machines: which app they open, and which of them are one (lesson 45)."""

from __future__ import annotations

from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Wrong
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, true_or_false

_BANK = {"name": "Bank", "schemes": ["com.bank.app"], "hosts": ["bank.example"], "verified": ["bank.example"]}
_TORCH = {"name": "Torch", "schemes": ["com.bank.app"], "hosts": ["bank.example"], "verified": []}
_NOTES = {
    "name": "Notes",
    "schemes": ["com.notes.app"],
    "hosts": ["notes.example"],
    "verified": ["notes.example"],
}
_ODD = {
    "name": "Odd",
    "schemes": ["http", "https", "httpx", "xhttps", "httpsx", "htt", "ttp", "s", "xhttp", "ttps"],
    "hosts": [],
    "verified": [],
}
_ALL = [_BANK, _NOTES, _TORCH, _ODD]
_OWNERS: tuple[tuple[str, str, list[str], str], ...] = (
    ("one-scheme", "com.notes.app:/callback", ["Notes"], "One app has registered com.notes.app."),
    ("several", "com.bank.app:/callback?code=1", ["Bank", "Torch"],
     "Both have registered com.bank.app, and the phone asks nobody whose it is."),
    ("verified", "https://bank.example/callback", ["Bank"],
     "Both claim bank.example, and the host vouches for one of them: look at verified."),
    ("verified", "https://notes.example/x", ["Notes"], ""),
    ("nobody", "https://other.example/", [], "No app claims this host: the browser keeps it, so the list is empty."),
    ("nobody", "com.game.app:/callback", [], ""),
    ("whole-host", "https://bank.example.mallory.example/callback", [], "The host only begins like bank.example."),
    ("whole-host", "https://mybank.example/callback", [], ""),
    ("whole-host", "https://www.bank.example/callback", [], ""),
    ("whole-host", "https://bank.example@mallory.example/callback", [], ""),
    ("whole-host", "https://mallory.example/bank.example", [], ""),
    ("whole-host", "https://bank.exampl/", [], ""),
    ("whole-scheme", "com.bank.app.mallory:/callback", [], "The scheme is all that stands before the first colon."),
    ("whole-scheme", "com.bank:/callback", [], ""),
    ("whole-scheme", "com.mallory:/com.bank.app:/callback", [], ""),
    ("http", "http://bank.example/callback", [], "Claimed addresses are https; nobody can vouch over http."),
    ("http", "http://127.0.0.1:5000/callback", [], ""),
    ("whole-host", "https://example/callback", [], ""),
    ("whole-host", "https://bankxexample/callback", [], ""),
    ("whole-scheme", "app:/callback", [], ""),
    ("whole-scheme", "x.com.bank.app:/callback", [], ""),
    ("whole-scheme", "httpx://bank.example/callback", ["Odd"], ""),
    ("whole-scheme", "xhttp://bank.example/callback", ["Odd"], ""),
    ("whole-scheme", "xhttps://bank.example/callback", ["Odd"], ""),
    ("whole-scheme", "httpsx://bank.example/callback", ["Odd"], ""),
    ("whole-scheme", "htt://bank.example/callback", ["Odd"], ""),
    ("whole-scheme", "ttp://bank.example/callback", ["Odd"], ""),
    ("whole-scheme", "ttps://bank.example/callback", ["Odd"], ""),
    ("whole-scheme", "s://bank.example/callback", ["Odd"], ""),
    ("whole-scheme", "//bank.example/callback", [], ""),
    ("case", "HTTPS://BANK.EXAMPLE/callback", ["Bank"], "Scheme and host are the same in capital letters."),
    ("case", "COM.NOTES.APP:/callback", ["Notes"], ""),
    ("port", "https://bank.example:443/callback", ["Bank"], "443 is the port of https; the host is bank.example."),
)  # fmt: skip


def _as_list(found: Any) -> list[Any]:
    if isinstance(found, str) or not isinstance(found, list | tuple):
        raise Wrong("not-a-list", what=kind(found))
    return list(found)


judge_owners = Table(
    cases=tuple(Case(name, (address, _ALL), owners, why) for name, address, owners, why in _OWNERS),
    read=_as_list,
    own={"not-a-list": "Return a list of names; your function gives {what}."},
    praise="A scheme belongs to whoever registers it. A host vouches for its app, so a claimed https address says who "
    "gets the code.",
)

_HERE = "http://127.0.0.1/callback"
_LOOPBACK = (
    ("any-port", _HERE, "http://127.0.0.1:49152/callback", True, "The program took the port that was free just then."),
    ("any-port", _HERE, "http://127.0.0.1:8080/callback", True, ""),
    ("any-port", "http://127.0.0.1:5000/callback", "http://127.0.0.1:6000/callback", True, ""),
    ("any-port", "http://[::1]/callback", "http://[::1]:49152/callback", True, ""),
    ("any-port", _HERE, _HERE, True, ""),
    ("path", _HERE, "http://127.0.0.1:49152/other", False, "The port is free, and nothing else."),
    ("path", _HERE, "http://127.0.0.1:49152/callback/", False, ""),
    ("path", _HERE, "http://127.0.0.1:49152/callback/x", False, ""),
    ("path", _HERE, "http://127.0.0.1:49152/", False, ""),
    ("path", _HERE, "http://127.0.0.1:49152/Callback", False, ""),
    ("query", _HERE, "http://127.0.0.1:49152/callback?x=1", False, "A query is another address."),
    ("query", "http://127.0.0.1/callback?x=1", "http://127.0.0.1:1/callback?x=1", True, ""),
    ("query", "http://127.0.0.1/callback?x=1", "http://127.0.0.1:1/callback?x=2", False, ""),
    *(("query", _HERE, f"http://127.0.0.1:9/callback{more}", False, "") for more in (" ", "%20", ";x", ".", "x")),
    ("empty-query", _HERE, "http://127.0.0.1:9/callback?", False, "One ? more is another text. urlsplit does not show "
     "it, as the query behind it is empty: compare what stands behind the port as it is written."),
    *(("path", f"http://127.0.0.1:9/{path}", _HERE, False, "") for path in ("callback/", "callbackx", "c.llback", "")),
    *(("path", f"http://127.0.0.1/{path}", "http://127.0.0.1:9/callback", False, "") for path in ("c.llback", "back")),
    ("scheme", _HERE, "https://127.0.0.1:49152/callback", False, "https is another scheme."),
    ("other-host", _HERE, "http://127.0.0.2:49152/callback", False, "That is another address of the machine."),
    ("other-host", _HERE, "http://[::1]:49152/callback", False, ""),
    ("other-host", _HERE, "http://localhost:49152/callback", False, "localhost is a name; it may lead elsewhere."),
    ("other-host", _HERE, "http://127.0.0.1.mallory.example:49152/callback", False, ""),
    ("other-host", _HERE, "http://mallory.example/callback", False, ""),
    *(
        ("other-host", one, f"http://{host}:9/callback", False, "")
        for one in (_HERE, "http://[::1]/callback")
        for host in ("127.0.0.11", "1127.0.0.1", "27.0.0.1", "127.0.0", "127x0.0.1", "[::]", "[2001:db8::1]", "")
    ),
    ("user", _HERE, "http://127.0.0.1:49152@mallory.example/callback", False,
     "What stands before an @ is a user's name; the host is mallory.example."),
    ("user", _HERE, "http://mallory@127.0.0.1:49152/callback", False, ""),
    ("only-loopback", "http://10.0.0.5/callback", "http://10.0.0.5:49152/callback", False,
     "10.0.0.5 is somebody else's machine: there the port counts."),
    ("only-loopback", "https://app.example/callback", "https://app.example:49152/callback", False, ""),
    ("only-loopback", "http://app.example/callback", "http://app.example:49152/callback", False, ""),
    ("only-loopback", "https://127.0.0.1/callback", "https://127.0.0.1:49152/callback", False, ""),
    ("only-loopback", "http://localhost/callback", "http://localhost:49152/callback", False, ""),
    *(
        ("only-loopback", f"{start}/callback", f"{start}:9/callback", False, "")
        for start in (
            *(f"http://{host}" for host in ("127.0.0.11", "1127.0.0.1", "27.0.0.1")),
            *(f"http://{host}" for host in ("127x0.0.1", "[::]", "[2001:db8::1]")),
            *(f"{scheme}://127.0.0.1" for scheme in ("httpx", "xhttp", "htt", "HTTP")),
        )
    ),
    ("user", _HERE, "http://@127.0.0.1:49152/callback", False, ""),
    ("port", _HERE, "http://127.0.0.1:x/callback", False, "A port is a number."),
    ("port", _HERE, "http://127.0.0.1:/callback", False, ""),
    ("port", "http://127.0.0.1:x/callback", "http://127.0.0.1:y/callback", False, ""),
    ("equal", "https://app.example/callback", "http://127.0.0.1:9/callback", False, "Two that have nothing in common."),
    ("equal", "https://app.example/callback", "https://app.example/callback", True, "Equal is equal, whatever it is."),
    ("equal", "com.example.phone:/callback", "com.example.phone:/callback", True, ""),
    ("equal", "com.example.phone:/callback", "com.example.phone:/callbacks", False, ""),
    ("equal", "http://localhost:5000/callback", "http://localhost:5000/callback", True, ""),
    ("fragment", _HERE, "http://127.0.0.1:49152/callback#x", False, "A redirect URI has no fragment."),
)  # fmt: skip
judge_loopback = Table(
    cases=(
        *(Case(name, (one, other), expected, why) for name, one, other, expected, why in _LOOPBACK),
        *near(
            "address",
            "com.example.phone:/callback",
            lambda text: ("com.example.phone:/callback", text),
            False,
        ),
        *near(
            "address",
            "com.example.phone:/callback",
            lambda text: (text, "com.example.phone:/callback"),
            False,
        ),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="Any port of the loopback address, and for the rest letter by letter (RFC 8252 §7.3, RFC 9700 §4.1.3).",
)
