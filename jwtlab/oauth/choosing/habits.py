"""What to leave, whatever the flow; and what to do besides, depending on the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jwtlab.oauth.choosing.questions import When


@dataclass(frozen=True)
class Avoid:
    """Something to leave.

    Attributes:
        id: lower-case words joined by hyphens.
        title: in a few words.
        why: one sentence.
        spec: where it is written.
    """

    id: str
    title: str
    why: str
    spec: tuple[str, ...]


@dataclass(frozen=True)
class Besides:
    """Something to do besides the flow.

    Attributes:
        id: lower-case words joined by hyphens.
        when: the answers with which it is said.
        text: one or two sentences.
        spec: where it is written.
        warns: it speaks against an answer that was given.
        lessons: where it is played, if it has a lesson of its own.
    """

    id: str
    when: When
    text: str
    spec: tuple[str, ...]
    warns: bool = False
    lessons: tuple[str, ...] = ()


_AVOID = (
    Avoid("implicit", "The implicit flow", "It brings the access token in an address, where histories and scripts "
          "read it, and nobody can tell who shows it.", ("RFC 9700 §2.1.2",)),
    Avoid("password", "The password grant", "It teaches people to type their password into other programs, and "
          "is not made for a second factor.", ("RFC 9700 §2.4",)),
    Avoid("loose-redirect", "Redirect URIs with a wildcard", "Codes go wherever an attacker finds a page that "
          "fits. Whole addresses are compared, sign by sign.", ("RFC 9700 §4.1.3",)),
    Avoid("no-pkce", "A code without PKCE", "Whoever gets hold of the code could redeem it, or slip in one of his "
          "own.", ("RFC 9700 §2.1.1", "RFC 7636 §4.2")),
    Avoid("token-in-address", "Tokens in addresses", "Addresses stand in logs, histories and referrers.",
          ("RFC 9700 §4.3.2",)),
    Avoid("access-token-as-login", "An access token as proof of who it is", "It may have been given to another "
          "application, which then logs in here as that person.", ("RFC 6749 §10.16",)),
    Avoid("secret-in-app", "A client secret inside a program that people have", "Whoever unpacks it reads it, and "
          "one copy is enough.", ("RFC 8252 §8.5",)),
    Avoid("secret-in-page", "A client secret in a page", "The page's source goes to every visitor.",
          ("RFC 10017 §6.3.3.1",)),
    Avoid("local-storage", "Tokens in localStorage", "Every script of the page reads it, and it stays there when "
          "the window is closed.", ("RFC 10017 §6.3.4.2.1", "RFC 10017 §8.5")),
    Avoid("web-view", "A login inside a web view", "The app around it sees password and session.",
          ("RFC 8252 §8.12",)),
    Avoid("device-anyway", "The device grant where a browser could open", "Its code can be sent to somebody else; "
          "an answer at the same machine cannot.", ("RFC 8628 §1", "RFC 8628 §5.4")),
    Avoid("person-in-a-program", "A person's password in a program", "It may do all that the person may, and "
          "stops when the password changes.", ("RFC 9700 §2.4",)),
    Avoid("itself-for-people", "Client credentials to act for people", "The token speaks for the client alone; "
          "the API cannot tell for whom it acts.", ("RFC 6749 §1.3.4",)),
    Avoid("public-credentials", "Client credentials in a public client", "What everybody has proves nothing.",
          ("RFC 6749 §4.4",)),
    Avoid("pass-it-on", "Passing a token on to the next API", "It was made for yours. An API that takes tokens "
          "meant for others takes stolen ones, too.", ("RFC 9700 §2.3",)),
    Avoid("aud-alone", "A trust rule that looks at aud alone", "Everybody may ask the same platform for the same "
          "aud. What tells them apart is sub.", ("RFC 8725 §3.8",)),
    Avoid("copied-secret", "One secret for several programs", "Nobody can tell them apart, and none can be "
          "stopped alone.", ("RFC 9700 §2.5",)),
)  # fmt: skip

AVOID: Mapping[str, Avoid] = {each.id: each for each in _AVOID}
"""What to leave, by id."""

_REDIRECTED = {"who": ("person",), "runs": ("server", "browser", "phone")}

_BESIDES = (
    Besides("openid", {**_REDIRECTED, "wants": ("login",)}, "Ask for the scope openid, send a nonce and check the "
            "ID token. Know people by iss and sub together, never by their e-mail.",
            ("OpenID Connect Core §3.1.3.7", "OpenID Connect Core §5.7")),
    Besides("openid-program", {"browser": ("yes",), "wants": ("login",)}, "Ask for the scope openid and check the "
            "ID token. Know people by iss and sub together, never by their e-mail.",
            ("OpenID Connect Core §3.1.3.7", "OpenID Connect Core §5.7")),
    Besides("openid-device", {"runs": ("device",), "wants": ("login",)}, "The device grant itself gives access and "
            "refresh tokens. Many providers add an ID token if openid is asked for; look whether yours does.",
            ("RFC 8628 §3.5",)),
    Besides("openid-terminal", {"browser": ("no",), "wants": ("login",)}, "The device grant itself gives access and "
            "refresh tokens. Many providers add an ID token if openid is asked for; look whether yours does.",
            ("RFC 8628 §3.5",)),
    Besides("one-domain", {"runs": ("browser",), "wants": ("own",)}, "If page and API share one domain, you may "
            "need no tokens between them: log in with OpenID Connect, then a session cookie.",
            ("RFC 10017 §7.1",)),
    Besides("one-api", {"who": ("person",), "wants": ("own", "other", "met")}, "Ask for the smallest scope, for one "
            "API at a time. The API looks at aud.", ("RFC 9700 §2.3", "RFC 8707 §2")),
    Besides("one-api-program", {"who": ("nobody",), "proof": ("platform", "key", "certificate", "secret")},
            "Ask for the smallest scope, for one API at a time. The API looks at aud.",
            ("RFC 9700 §2.3", "RFC 8707 §2")),
    Besides("several-issuers", {**_REDIRECTED, "wants": ("login", "other")}, "If people may choose among several "
            "providers, compare the iss of each answer with the one you sent them to.",
            ("RFC 9207 §2.4", "RFC 9700 §4.4.2")),
    Besides("strangers", {"wants": ("met",)}, "Nobody knows it there: it reads the API's own metadata, has an address "
            "that describes it for a client_id, or registers itself, and names the API in resource. Compare resource "
            "and iss with what you asked, and keep each token for its one API.",
            ("RFC 9728 §3.3", "RFC 7591 §3", "RFC 8707 §2", "RFC 9207 §2.4"), lessons=("46",)),
    Besides("tool-server", {"who": ("caller",)}, "If those who call are agents that nobody has registered, describe "
            "yourself in metadata, and take tokens for yourself alone. Fetch what a stranger names from public "
            "addresses only.", ("RFC 9728 §3", "RFC 8707 §2"), lessons=("46",)),
    Besides("refresh-kept", {"runs": ("server",), "absent": ("yes",)}, "Ask for a refresh token, keep it on the "
            "server, and delete it when the person disconnects.", ("RFC 6749 §6", "RFC 9700 §4.14")),
    Besides("refresh-behind", {"backend": ("yes",), "absent": ("yes",)}, "The server behind the page asks for a "
            "refresh token and keeps it. The page never sees it.", ("RFC 10017 §6.1", "RFC 9700 §4.14")),
    Besides("refresh-own", {"runs": ("phone", "computer", "device"), "absent": ("yes",)}, "Ask for a refresh token "
            "that rotates or is bound to a key, and keep it in the system's key store.", ("RFC 9700 §4.14.2",)),
    Besides("closed-page", {"backend": ("no",), "absent": ("yes",)}, "A page that is closed does nothing. Work that "
            "goes on needs a server: think again about the question before.", ("RFC 10017 §6.1",), True),
    Besides("bound", {**_REDIRECTED, "stakes": ("high",)}, "Push the request to the server first (PAR), bind tokens "
            "to a key (DPoP), let them live minutes.",
            ("RFC 9126 §1", "RFC 9449 §1", "RFC 9700 §2.2.1")),
    Besides("bound-program", {"runs": ("computer", "device"), "stakes": ("high",)}, "Bind tokens to a key of the "
            "machine (DPoP), and let them live minutes.", ("RFC 9449 §1", "RFC 9700 §2.2.1")),
    Besides("sensitive-page", {"backend": ("no",), "stakes": ("high",)}, "For sensitive applications and personal "
            "data this is not recommended: a script that gets in fetches tokens of its own. Give the page a server.",
            ("RFC 10017 §6.3.4.3",), True),
    Besides(
        "people-who-are-not-there",
        {"proof": ("key",)},
        "If it has to act for people who are not there, an administrator approves it for each of them, and it signs "
        "an assertion about that person (JWT bearer grant).",
        ("RFC 7523 §2.1", "RFC 7521 §6.3"),
    ),
    Besides("bound-service", {"proof": ("platform", "key"), "stakes": ("high",)}, "Bind the tokens to a key (DPoP or "
            "mutual TLS), and let them live minutes.", ("RFC 9700 §2.2.1", "RFC 9449 §1", "RFC 8705 §3")),
    Besides("bound-caller", {"who": ("caller",), "stakes": ("high",)}, "Bind the tokens to a key (DPoP or mutual "
            "TLS), and let them live minutes.", ("RFC 9700 §2.2.1", "RFC 9449 §1", "RFC 8705 §3")),
    Besides("bound-certificate", {"proof": ("certificate",), "stakes": ("high",)}, "Have the tokens bound to the "
            "certificate, too, and let the API compare.", ("RFC 8705 §3", "RFC 9700 §2.2.1")),
    Besides("weak-secret", {"proof": ("secret",), "stakes": ("high",)}, "A secret that two sides know can leak on "
            "two sides. For this much, use a key pair or a certificate.", ("RFC 9700 §2.5",), True),
)  # fmt: skip

BESIDES: Mapping[str, Besides] = {each.id: each for each in _BESIDES}
"""What to do besides, by id."""
