"""What is advised, one row for each kind of application. No answers fit two rows, and all fit one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jwtlab.oauth.choosing.questions import When


@dataclass(frozen=True, kw_only=True)
class AdviceRow:
    """The advice for one kind of application.

    Attributes:
        id: lower-case words joined by hyphens.
        title: the kind of application, in a few words.
        when: the answers that lead here.
        flow: what to use, in words.
        grant_type: what the token request says; empty if there is no flow to advise.
        response_type: what the authorization request says; empty if there is none.
        client_type: ``"confidential"`` or ``"public"`` (RFC 6749 §2.1).
        shows: by what the client shows who it is (names of OpenID Connect Core §9 and RFC 8705 §2).
        place: where tokens live, in a word: ``"server"``, ``"memory"``, ``"key-store"``, ``"file"``, ``"device"``
            or ``"nowhere"``.
        tokens: the same in a sentence or two.
        why: one or two sentences.
        avoid: ids of `AVOID`.
        spec: where it is written.
        lessons: where it is played.
    """

    id: str
    title: str
    when: When
    flow: str
    grant_type: str
    response_type: str = ""
    client_type: str
    shows: str
    place: str
    tokens: str
    why: str
    avoid: tuple[str, ...]
    spec: tuple[str, ...]
    lessons: tuple[str, ...]


_CODE = "Authorization code with PKCE"
_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
_REDIRECTS = ("implicit", "password", "no-pkce", "loose-redirect")

_ROWS = (
    AdviceRow(
        id="web-app",
        title="Web application on a server",
        when={"who": ("person",), "runs": ("server",)},
        flow=_CODE,
        grant_type="authorization_code",
        response_type="code",
        client_type="confidential",
        shows="private_key_jwt, or client_secret_basic",
        place="server",
        tokens="On the server, in the person's session. The browser has a cookie: HttpOnly, Secure, SameSite.",
        why="The server redeems the code past the browser, with a credential of its own. The browser never holds a "
        "token.",
        avoid=(*_REDIRECTS, "access-token-as-login"),
        spec=("RFC 6749 §4.1", "RFC 9700 §2.1.1", "RFC 9700 §2.5"),
        lessons=("41", "23", "26"),
    ),
    AdviceRow(
        id="page-with-backend",
        title="Single-page application with a server behind it",
        when={"who": ("person",), "runs": ("browser",), "backend": ("yes",)},
        flow=f"{_CODE}, by a backend for frontend",
        grant_type="authorization_code",
        response_type="code",
        client_type="confidential",
        shows="private_key_jwt, or client_secret_basic",
        place="server",
        tokens="On the backend. The page has a cookie (HttpOnly, Secure, SameSite) and asks the backend for all it "
        "wants of an API.",
        why="What the page does not have, no script in it can take away. A fresh login does not help the script: the "
        "code is worthless without the backend's credential.",
        avoid=(*_REDIRECTS, "local-storage", "secret-in-page"),
        spec=("RFC 10017 §6.1", "RFC 9700 §2.1.1"),
        lessons=("42", "23"),
    ),
    AdviceRow(
        id="page-alone",
        title="Single-page application without a server",
        when={"who": ("person",), "runs": ("browser",), "backend": ("no",)},
        flow=_CODE,
        grant_type="authorization_code",
        response_type="code",
        client_type="public",
        shows="none",
        place="memory",
        tokens="In memory; the refresh token in a web worker. Both are gone when the window closes.",
        why="A page keeps no secret; PKCE ties the code to the page that asked. A script that gets in can still take "
        "tokens, so they live short, rotate, and are bound with DPoP where the server can.",
        avoid=(*_REDIRECTS, "local-storage", "secret-in-page"),
        spec=("RFC 10017 §6.3", "RFC 10017 §8.3", "RFC 9700 §2.1.1"),
        lessons=("42", "33"),
    ),
    AdviceRow(
        id="phone-app",
        title="App on a phone",
        when={"who": ("person",), "runs": ("phone",)},
        flow=f"{_CODE}, in the system's browser",
        grant_type="authorization_code",
        response_type="code",
        client_type="public",
        shows="none",
        place="key-store",
        tokens="In the system's key store (Keychain, Keystore).",
        why="Whoever has the app can read all of it, so it has no secret. A claimed https address brings the code to "
        "this app and to no other; PKCE makes it worthless elsewhere.",
        avoid=(*_REDIRECTS, "web-view", "secret-in-app"),
        spec=("RFC 8252 §6", "RFC 8252 §7.2", "RFC 9700 §2.1.1"),
        lessons=("45", "23"),
    ),
    AdviceRow(
        id="desktop-program",
        title="Program on a computer with a browser",
        when={"who": ("person",), "runs": ("computer",), "browser": ("yes",)},
        flow=f"{_CODE}, answer at a loopback port",
        grant_type="authorization_code",
        response_type="code",
        client_type="public",
        shows="none",
        place="key-store",
        tokens="In the system's key store; else in a file that only this person can read.",
        why="The person's own browser does the login and knows who is logged in already. The program listens at "
        "127.0.0.1 for one answer.",
        avoid=(*_REDIRECTS, "web-view", "secret-in-app", "device-anyway"),
        spec=("RFC 8252 §6", "RFC 8252 §7.3", "RFC 9700 §2.1.1"),
        lessons=("45", "23"),
    ),
    AdviceRow(
        id="remote-terminal",
        title="Terminal program without a browser",
        when={"who": ("person",), "runs": ("computer",), "browser": ("no",)},
        flow="Device grant",
        grant_type=_DEVICE,
        client_type="public",
        shows="none",
        place="file",
        tokens="In a file that only this person can read, or in the system's key store.",
        why="It shows a code, the person approves in a browser elsewhere. Nothing has to come back to the program: it "
        "asks until it is answered.",
        avoid=("password", "secret-in-app", "person-in-a-program"),
        spec=("RFC 8628 §3", "RFC 8628 §5.4"),
        lessons=("45", "31"),
    ),
    AdviceRow(
        id="device",
        title="Television, printer, box",
        when={"who": ("person",), "runs": ("device",)},
        flow="Device grant",
        grant_type=_DEVICE,
        client_type="public",
        shows="none",
        place="device",
        tokens="On the device, where other programs on it do not read.",
        why="Nobody types a password with four arrows. The person approves on a phone, and the page there says which "
        "device it is.",
        avoid=("password", "implicit", "secret-in-app"),
        spec=("RFC 8628 §3", "RFC 8628 §5.4"),
        lessons=("31", "45"),
    ),
    AdviceRow(
        id="workload",
        title="Job that its platform vouches for",
        when={"who": ("nobody",), "proof": ("platform",)},
        flow="The platform's token, traded for one of yours",
        grant_type=_EXCHANGE,
        client_type="confidential",
        shows="the platform's signed token",
        place="memory",
        tokens="In memory, for one run.",
        why="There is no secret to keep, to lose or to renew. A trust rule at your server says which iss, aud and sub "
        "get which rights.",
        avoid=("aud-alone", "person-in-a-program", "copied-secret"),
        spec=("RFC 8693 §2", "RFC 7521 §6", "RFC 8725 §3.8"),
        lessons=("44", "31"),
    ),
    AdviceRow(
        id="service-with-key",
        title="Service with a key pair",
        when={"who": ("nobody",), "proof": ("key",)},
        flow="Client credentials",
        grant_type="client_credentials",
        client_type="confidential",
        shows="private_key_jwt",
        place="memory",
        tokens="In memory; ask for a new one when it ends. No refresh token.",
        why="The private key never leaves the service: it signs a short statement for each request. Whoever reads the "
        "server's list of clients finds public keys.",
        avoid=("itself-for-people", "person-in-a-program", "copied-secret"),
        spec=("RFC 6749 §4.4", "RFC 7523 §2.2", "RFC 9700 §2.5"),
        lessons=("44", "21"),
    ),
    AdviceRow(
        id="service-with-certificate",
        title="Service with a certificate",
        when={"who": ("nobody",), "proof": ("certificate",)},
        flow="Client credentials over mutual TLS",
        grant_type="client_credentials",
        client_type="confidential",
        shows="tls_client_auth, or self_signed_tls_client_auth",
        place="memory",
        tokens="In memory, bound to the certificate.",
        why="The connection itself shows who the client is, and the token names the certificate: stolen, it is of no "
        "use on another connection.",
        avoid=("itself-for-people", "person-in-a-program", "copied-secret"),
        spec=("RFC 6749 §4.4", "RFC 8705 §2", "RFC 8705 §3"),
        lessons=("44",),
    ),
    AdviceRow(
        id="service-with-secret",
        title="Service with a shared secret",
        when={"who": ("nobody",), "proof": ("secret",)},
        flow="Client credentials",
        grant_type="client_credentials",
        client_type="confidential",
        shows="client_secret_basic",
        place="memory",
        tokens="In memory; ask for a new one when it ends. No refresh token.",
        why="It works everywhere. The secret comes from a store for secrets, one for each program; a key pair is "
        "better as soon as the server takes one.",
        avoid=("itself-for-people", "person-in-a-program", "copied-secret", "token-in-address"),
        spec=("RFC 6749 §4.4", "RFC 6749 §2.3.1", "RFC 9700 §2.5"),
        lessons=("44", "20"),
    ),
    AdviceRow(
        id="nothing-to-show",
        title="Program that can keep nothing to itself",
        when={"who": ("nobody",), "proof": ("nothing",)},
        flow="None. Let a person log in, or put a service of yours in between",
        grant_type="",
        client_type="public",
        shows="none",
        place="nowhere",
        tokens="Nowhere.",
        why="A program that everybody has and that nobody stands behind cannot be told from any other. What it may do, "
        "the whole world may do.",
        avoid=("public-credentials", "secret-in-app", "person-in-a-program"),
        spec=("RFC 6749 §4.4", "RFC 6749 §2.1"),
        lessons=("44", "45"),
    ),
    AdviceRow(
        id="on-behalf",
        title="API that calls your second API for a person",
        when={"who": ("caller",), "owner": ("own",)},
        flow="Token exchange",
        grant_type=_EXCHANGE,
        client_type="confidential",
        shows="private_key_jwt, or mutual TLS",
        place="memory",
        tokens="In memory, for one request.",
        why="The first API trades the token it got for one that is meant for the second, with less scope. It says for "
        "whom (sub) and by whom (act).",
        avoid=("pass-it-on", "itself-for-people"),
        spec=("RFC 8693 §2.1", "RFC 8693 §4.1", "RFC 9700 §2.3"),
        lessons=("43", "44"),
    ),
    AdviceRow(
        id="connected-account",
        title="API that calls somebody else's API for a person",
        when={"who": ("caller",), "owner": ("other",)},
        flow=f"{_CODE}, once: the person connects the account",
        grant_type="authorization_code",
        response_type="code",
        client_type="confidential",
        shows="private_key_jwt, or client_secret_basic",
        place="server",
        tokens="On the server, with the person's account there; encrypted.",
        why="The other house does not know your tokens, and must not get them. It gives you some of its own, once the "
        "person has allowed it there.",
        avoid=("pass-it-on", "password", "implicit", "no-pkce", "loose-redirect"),
        spec=("RFC 6749 §4.1", "RFC 9700 §2.1.1", "RFC 9700 §2.3"),
        lessons=("41", "22"),
    ),
)

ROWS: Mapping[str, AdviceRow] = {each.id: each for each in _ROWS}
"""All advice, by id."""
