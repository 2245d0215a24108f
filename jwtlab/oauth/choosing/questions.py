"""What is asked about an application, one row a question. An answer decides which questions follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

When = Mapping[str, tuple[str, ...]]
"""Question → the answers with which something holds; a question that is not named may have any answer, or none."""


@dataclass(frozen=True)
class Choice:
    """One answer.

    Attributes:
        id: one word.
        text: as it is offered.
        note: an example, or what it means.
    """

    id: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Ask:
    """A question.

    Attributes:
        id: one word.
        text: as it is asked.
        choices: the answers to choose from.
        when: earlier answers with which it is asked; always, if there are none.
    """

    id: str
    text: str
    choices: tuple[Choice, ...]
    when: When = field(default_factory=dict)


def holds(when: When, answers: Mapping[str, str]) -> bool:
    """Do these answers fulfil a condition?"""
    return all(answers.get(name) in allowed for name, allowed in when.items())


_YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))

_ASKS = (
    Ask(
        "who",
        "Who is there when the application works?",
        (
            Choice("person", "A person", "who logs in, or allows something"),
            Choice("nobody", "Nobody", "a job at night, a service, a build"),
            Choice("caller", "Another program, with a person's token", "an API that has to ask a second API"),
        ),
    ),
    Ask(
        "runs",
        "Where does its code run?",
        (
            Choice("server", "On a server", "which makes the pages"),
            Choice("browser", "In the browser", "a single-page application"),
            Choice("phone", "In an app on a phone or tablet"),
            Choice("computer", "In a program on somebody's computer", "desktop or command line"),
            Choice("device", "On a thing without keyboard or browser", "a television, a printer"),
        ),
        {"who": ("person",)},
    ),
    Ask(
        "backend",
        "Can the page have a small server of its own?",
        (Choice("yes", "Yes"), Choice("no", "No", "files on a static host, and nothing else")),
        {"runs": ("browser",)},
    ),
    Ask(
        "browser",
        "Can the program open a browser on the same machine?",
        (Choice("yes", "Yes"), Choice("no", "No", "it runs at the other end of an ssh connection")),
        {"runs": ("computer",)},
    ),
    Ask(
        "wants",
        "What does it want?",
        (
            Choice("login", "To know who the person is", "and nothing more"),
            Choice("own", "To use an API of your own", "and, if you like, to know who it is"),
            Choice("other", "To use somebody else's API", "calendar, mail or files at another company"),
        ),
        {"who": ("person",)},
    ),
    Ask("absent", "Must it go on while the person is away?", _YES_NO, {"wants": ("own", "other")}),
    Ask(
        "proof",
        "How can the program prove who it is?",
        (
            Choice("platform", "Its platform vouches for it", "a cluster, a cloud or a build service signs a token"),
            Choice("key", "With a key pair of its own", "the private key stays with it"),
            Choice("certificate", "With a certificate", "and its connections are TLS from end to end"),
            Choice("secret", "With a shared secret", "there is nothing better"),
            Choice("nothing", "It can keep nothing to itself", "a script that strangers download"),
        ),
        {"who": ("nobody",)},
    ),
    Ask(
        "owner",
        "Whose is the second API?",
        (
            Choice("own", "Yours", "the same authorization server speaks for both"),
            Choice("other", "Somebody else's", "with an authorization server of its own"),
        ),
        {"who": ("caller",)},
    ),
    Ask(
        "stakes",
        "What if a token is stolen?",
        (
            Choice("some", "Trouble for one person"),
            Choice("high", "Money, health, or many people at once"),
        ),
    ),
)  # fmt: skip

QUESTIONS: Mapping[str, Ask] = {each.id: each for each in _ASKS}
"""Every question, by id, in the order in which they are asked."""
