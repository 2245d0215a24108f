"""Eight products that need a flow, as somebody would describe them; no brand is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jwtlab.oauth.choosing import QUESTIONS, Advice, advise


@dataclass(frozen=True)
class Product:
    """Something that is to be built.

    Attributes:
        id: one or two words, joined by a hyphen.
        story: what it is.
        answers: question → answer, what the story says.
        clues: question → the words of the story that answer it.
    """

    id: str
    story: str
    answers: Mapping[str, str]
    clues: Mapping[str, str]

    @property
    def advice(self) -> Advice:
        return advise(**self.answers)

    def clue(self, question: str) -> str:
        """What the story says about a question; if it was not asked, what it says about who is there."""
        return self.clues.get(question, self.clues["who"])

    def why_not(self, row_when: Mapping[str, tuple[str, ...]]) -> str:
        """The first question that is answered otherwise on the way to a row."""
        return next(
            (name for name in QUESTIONS if name in row_when and self.answers.get(name) not in row_when[name]),
            "",
        )


_PRODUCTS = (
    Product(
        "newsroom",
        "A newspaper. Its servers make every page. Readers log in, and the servers fetch the articles they have "
        "saved from the publishing house's own API.",
        {"who": "person", "runs": "server", "wants": "own", "absent": "no", "stakes": "some"},
        {"who": "readers log in", "runs": "its servers make every page"},
    ),
    Product(
        "bank",
        "Online banking as one page with much script, which draws everything in the browser. The bank runs a small "
        "server at the same address that can do more than hand out files.",
        {
            "who": "person",
            "runs": "browser",
            "backend": "yes",
            "wants": "own",
            "absent": "no",
            "stakes": "high",
        },
        {
            "who": "online banking, so a customer is there",
            "runs": "the page draws everything in the browser",
            "backend": "a small server that can do more than hand out files",
        },
    ),
    Product(
        "bicycles",
        "An app that unlocks bicycles. Everybody gets it from the stores for phones, and logs in once.",
        {"who": "person", "runs": "phone", "wants": "own", "absent": "no", "stakes": "some"},
        {"who": "everybody logs in once", "runs": "an app from the stores for phones"},
    ),
    Product(
        "film-box",
        "A box under the television. It has a remote control with nine keys, and plays the films that somebody has "
        "paid for.",
        {"who": "person", "runs": "device", "wants": "own", "absent": "no", "stakes": "some"},
        {"who": "somebody sits before it, and has paid", "runs": "a remote control with nine keys"},
    ),
    Product(
        "operator",
        "A command that engineers install on their laptops. It lists what runs in the data centre; each engineer "
        "sees only his own team's.",
        {
            "who": "person",
            "runs": "computer",
            "browser": "yes",
            "wants": "own",
            "absent": "no",
            "stakes": "high",
        },
        {
            "who": "each engineer sees only his own team's",
            "runs": "a command on their laptops",
            "browser": "laptops, on which a browser opens",
        },
    ),
    Product(
        "invoices",
        "Each night a service in your own data centre sends the day's invoices to the bookkeeping. The "
        "authorization server has the service's public key.",
        {"who": "nobody", "proof": "key", "stakes": "some"},
        {"who": "each night, a service", "proof": "the server has its public key"},
    ),
    Product(
        "release",
        "A build service starts a job whenever a version is tagged. The job copies the package to the cloud. The "
        "build service gives each job a token that it has signed itself.",
        {"who": "nobody", "proof": "platform", "stakes": "high"},
        {"who": "a job, started by a tag", "proof": "a token that the build service has signed"},
    ),
    Product(
        "orders",
        "An API for orders. A customer's request comes in with an access token, and the API has to ask the address "
        "API of the same company where that customer lives.",
        {"who": "caller", "owner": "own", "stakes": "some"},
        {"who": "a request with a customer's access token", "owner": "the address API of the same company"},
    ),
)

PRODUCTS: Mapping[str, Product] = {each.id: each for each in _PRODUCTS}
"""Every product, by id."""
