"""What is asked about an application, one row a question. An answer decides which questions follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

When = Mapping[str, tuple[str, ...]]
"""Question → the answers with which something holds; a question that is not named may have any answer, or none."""


@dataclass(frozen=True)
class PossibleAnswer:
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
    choices: tuple[PossibleAnswer, ...]
    when: When = field(default_factory=dict)


def holds(when: When, answers: Mapping[str, str]) -> bool:
    """Do these answers fulfil a condition?"""
    return all(answers.get(name) in allowed for name, allowed in when.items())


_YES_NO = (PossibleAnswer("yes", "Yes"), PossibleAnswer("no", "No"))

_ASKS = (
    Ask(
        "who",
        "Who is there when the application works?",
        (
            PossibleAnswer("person", "A person", "who logs in, or allows something"),
            PossibleAnswer("nobody", "Nobody", "a job at night, a service, a build"),
            PossibleAnswer("caller", "Another program, with a person's token", "an API that has to ask a second API, "
                           "or an agent's tool server"),
        ),
    ),
    Ask(
        "runs",
        "Where does its code run?",
        (
            PossibleAnswer("server", "On a server", "which makes the pages"),
            PossibleAnswer("browser", "In the browser", "a single-page application"),
            PossibleAnswer("phone", "In an app on a phone or tablet"),
            PossibleAnswer("computer", "In a program on somebody's computer", "desktop or command line"),
            PossibleAnswer("device", "On a thing without keyboard or browser", "a television, a printer"),
        ),
        {"who": ("person",)},
    ),
    Ask(
        "backend",
        "Can the page have a small server of its own?",
        (PossibleAnswer("yes", "Yes"), PossibleAnswer("no", "No", "files on a static host, and nothing else")),
        {"runs": ("browser",)},
    ),
    Ask(
        "browser",
        "Can the program open a browser on the same machine?",
        (PossibleAnswer("yes", "Yes"), PossibleAnswer("no", "No", "it runs at the other end of an ssh connection")),
        {"runs": ("computer",)},
    ),
    Ask(
        "wants",
        "What does it want?",
        (
            PossibleAnswer("login", "To know who the person is", "and nothing more"),
            PossibleAnswer("own", "To use an API of your own", "and, if you like, to know who it is"),
            PossibleAnswer("other", "To use somebody else's API", "calendar, mail or files at another company"),
            PossibleAnswer("met", "To use APIs that it meets", "an agent with other people's tools, "
                           "where nobody has registered it"),
        ),
        {"who": ("person",)},
    ),
    Ask("absent", "Must it go on while the person is away?", _YES_NO, {"wants": ("own", "other", "met")}),
    Ask(
        "proof",
        "How can the program prove who it is?",
        (
            PossibleAnswer(
                "platform", "Its platform vouches for it", "a cluster, a cloud or a build service signs a token"
            ),
            PossibleAnswer("key", "With a key pair of its own", "the private key stays with it"),
            PossibleAnswer("certificate", "With a certificate", "and its connections are TLS from end to end"),
            PossibleAnswer("secret", "With a shared secret", "there is nothing better"),
            PossibleAnswer("nothing", "It can keep nothing to itself", "a script that strangers download"),
        ),
        {"who": ("nobody",)},
    ),
    Ask(
        "owner",
        "Whose is the second API?",
        (
            PossibleAnswer("own", "Yours", "the same authorization server speaks for both"),
            PossibleAnswer("other", "Somebody else's", "with an authorization server of its own"),
        ),
        {"who": ("caller",)},
    ),
    Ask(
        "stakes",
        "What if a token is stolen?",
        (
            PossibleAnswer("some", "Trouble for one person"),
            PossibleAnswer("high", "Money, health, or many people at once"),
        ),
    ),
)  # fmt: skip

QUESTIONS: Mapping[str, Ask] = {each.id: each for each in _ASKS}
"""Every question, by id, in the order in which they are asked."""
