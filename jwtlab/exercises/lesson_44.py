"""Lesson 44: programs without people. A certificate, an actor, and the trust rule for build jobs."""

from __future__ import annotations

from typing import Any

from jwtlab.errors import UsageError, kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong, mistakes
from jwtlab.exercises.safely import call
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, true_or_false
from jwtlab.lab import Lab
from jwtlab.oauth.services import CLOUD, BuildService, Certificate, Cloud


def _certificates() -> tuple[Certificate, Certificate]:
    random = Lab(seed="lesson 44").random
    return Certificate.make("invoices.example", random.bytes(32)), Certificate.make(
        "mallory.example", random.bytes(32)
    )


_OURS, _THEIRS = _certificates()


def _bound(**cnf: Any) -> dict[str, Any]:
    return {"sub": "invoices", "cnf": cnf}


def _named(thumbprint: Any) -> dict[str, Any]:
    return _bound(**{"x5t#S256": thumbprint})


_THUMB = (
    ("same", _named(_OURS.thumbprint), _OURS.der, True, "The certificate of the connection is the one in cnf: True. "
     "There stands a text of 43 letters without =; print what you compare it with."),
    ("same", _named(_THEIRS.thumbprint), _THEIRS.der, True, ""),
    ("another", _named(_OURS.thumbprint), _THEIRS.der, False, "The connection shows another certificate than the token "
                                                              "names."),
    ("another", _named(_THEIRS.thumbprint), _OURS.der, False, ""),
    ("no-certificate", _named(_OURS.thumbprint), None, False, "The connection shows no certificate (None), so whoever "
                                                              "found the token could send it."),
    ("no-certificate", {"sub": "invoices"}, None, False, ""),
    ("not-bound", {"sub": "invoices"}, _OURS.der, False, "A token without cnf is bound to nothing; this API takes no "
                                                         "such tokens."),
    ("not-bound", _bound(), _OURS.der, False, ""),
    ("not-bound", _bound(jkt=_OURS.thumbprint), _OURS.der, False, ""),
    ("not-bound", {"sub": "invoices", "x5t#S256": _OURS.thumbprint}, _OURS.der, False, ""),
    ("whole", _named(""), _OURS.der, False, "The whole thumbprint has to be the same."),
    ("whole", _named(_OURS.thumbprint[:20]), _OURS.der, False, ""),
    ("whole", _named(None), _OURS.der, False, ""),
    ("whole", _named(None), None, False, ""),
)  # fmt: skip


def _plain_letters(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """Those in ASCII: hmac.compare_digest, a good way to compare, takes no other text."""
    return tuple(each for each in cases if str(each.given[0]).isascii())


_judge_bound = Table(
    cases=(
        *(Case(name, (claims, seen), expected, why) for name, claims, seen, expected, why in _THUMB),
        *_plain_letters(near("x5t#S256", _OURS.thumbprint, lambda text: (_named(text), _OURS.der), False)),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="One comparison, and a stolen token is of no use on any other connection.",
)

_SAID = (
    ("nobody-acts", {"sub": "alice", "client_id": "notes-app"}, ("alice", "notes-app"),
     "Without act the client itself acts: client_id."),
    ("nobody-acts", {"sub": "report-service", "client_id": "report-service"}, ("report-service", "report-service"), ""),
    ("one-acts", {"sub": "alice", "client_id": "notes-api", "act": {"sub": "notes-api"}}, ("alice", "notes-api"),
     "act.sub says who acts; it need not be the client_id."),
    ("one-acts", {"sub": "bob", "client_id": "orders", "act": {"sub": "orders-7"}}, ("bob", "orders-7"), ""),
    ("outermost", {"sub": "alice", "client_id": "c", "act": {"sub": "archive", "act": {"sub": "notes-api"}}},
     ("alice", "archive"), "The outermost act is the one who acts now. What is inside is history (RFC 8693 §4.1)."),
    ("outermost", {"sub": "alice", "client_id": "c", "act": {"act": {"sub": "x"}, "sub": "y"}}, ("alice", "y"), ""),
    ("may-act-is-no-act", {"sub": "alice", "client_id": "notes-app", "may_act": {"sub": "notes-api"}},
     ("alice", "notes-app"), "may_act says who might act one day, not who acts now (RFC 8693 §4.4)."),
)  # fmt: skip


def _as_pair(found: Any) -> Any:
    if not isinstance(found, tuple | list) or len(found) != 2:
        raise Wrong("no-pair", what=kind(found))
    return tuple(found)


_judge_actor = Table(
    cases=tuple(Case(name, (claims,), expected, why) for name, claims, expected, why in _SAID),
    read=_as_pair,
    own={"no-pair": "Return a pair, (for whom, by whom); your function gives {what}."},
    praise="Both names belong into the log: for whom it was done, and by whom.",
)


@mistakes(
    {
        "not-a-token": "Your function gives {what}. Return the token that run(...) gives you.",
        "refused": "The cloud refuses your token: {said}",
        "refused-run": "The build service runs nothing for you there: {said}",
    }
)
def _judge_way_in(answer: Any) -> str:
    lab = Lab(seed="lesson 44")
    world = lab.world("way in")
    builds = BuildService(lab.key("ES256", "client"), world.clock, world.secret)
    refused: list[str] = []

    def run(repository: str, audience: str = "") -> str:
        if not isinstance(repository, str) or not repository.startswith("mallory/"):
            refused.append("you may write into repositories of mallory/ only")
            raise UsageError(refused[-1])
        return builds.run(repository, audience=audience)

    try:
        token = call(answer, run)
    except Wrong as problem:
        if problem.mistake == "raised" and refused:
            raise Wrong("refused-run", said=refused[-1]) from problem
        raise
    if token is None or token is ...:
        raise NotYet("Write your answer in this cell and run it again.")
    if not isinstance(token, str):
        raise Wrong("not-a-token", what=kind(token))
    traded = Cloud(world, builds).trade(token, "Mallory's job")
    if traded.status != 200:
        raise Wrong("refused", said=traded.said)
    return (
        f"In. The cloud gave {traded.scope} to a job of Mallory's: it looked at who had signed and for whom, and "
        "never at whose job it was."
    )


_MAIN, _RELEASE = "repo:acme/notes:ref:refs/heads/main", "repo:acme/notes:environment:release"


def _job(sub: Any, aud: Any = CLOUD, **more: Any) -> dict[str, Any]:
    return {"iss": "https://builds.example", "aud": aud, "sub": sub, "repository": "acme/notes", **more}


_JOBS: tuple[tuple[str, dict[str, Any], bool, str], ...] = (
    ("ours", _job(_MAIN), True, "The branch main of acme/notes may in."),
    ("ours", _job(_RELEASE), True, ""),
    ("strangers", _job("repo:mallory/weather:ref:refs/heads/main", repository="mallory/weather"), False,
     "That is a job of somebody else's repository."),
    ("prefix", _job("repo:acme/notes-evil:ref:refs/heads/main"), False, "acme/notes-evil begins like acme/notes, and "
                                                                        "anybody in acme may call a repository so."),
    ("prefix", _job("repo:acme/notes2:environment:release"), False, ""),
    ("owner", _job("repo:mallory/notes:ref:refs/heads/main"), False, "The name is right and the owner not: a copy of "
                                                                     "the repository (a fork)."),
    ("owner", _job("repo:acme-labs/notes:ref:refs/heads/main"), False, ""),
    ("owner", _job("repo:acme/other:ref:refs/heads/main"), False, ""),
    ("pull-request", _job("repo:acme/notes:pull_request"), False, "A job for a pull request runs what somebody only "
                                                                  "proposes, from a fork perhaps."),
    ("branch", _job("repo:acme/notes:ref:refs/heads/try-it"), False, "Everybody who may push a branch writes the job "
                                                                     "that runs there. Only main was asked for."),
    ("branch", _job("repo:acme/notes:ref:refs/heads/main-2"), False, ""),
    ("branch", _job("repo:acme/notes:ref:refs/heads/feature/main"), False, ""),
    ("branch", _job("repo:acme/notes:ref:refs/heads/environment:release"), False, ""),
    ("tag", _job("repo:acme/notes:ref:refs/tags/main"), False, "A tag may have the name of a branch: refs/tags/main is "
                                                               "not refs/heads/main."),
    ("tag", _job("repo:acme/notes:ref:refs/tags/environment:release"), False, ""),
    ("environment", _job("repo:acme/notes:environment:test"), False, "That is another environment."),
    ("environment", _job("repo:acme/notes:environment:release-test"), False, ""),
    ("environment", _job("repo:acme/notes:environment:main"), False, ""),
    ("environment", _job("repo:acme/notes:ref:release"), False, ""),
    ("inside", _job(f"repo:mallory/weather:ref:refs/heads/{_MAIN}"), False, "What you look for stands somewhere in the "
                                                                            "middle: names of branches are free text."),
    ("inside", _job(f"repo:mallory/weather:environment:{_RELEASE}"), False, ""),
    ("other-claim", _job("repo:mallory/weather:ref:refs/heads/main", repository="acme/notes"), False,
     "Decide by sub: it holds repository and branch or environment in one text."),
    ("other-claim", _job(_MAIN, repository="acme/renamed"), True, "sub names the job. What other claims say was not "
                                                                  "asked."),
    ("no-sub", {"aud": CLOUD, "repository": "acme/notes"}, False, "Without sub nobody knows whose job it is."),
    ("no-sub", _job(None), False, ""),
    ("no-text", _job([_MAIN]), False, "A sub may be anything that JSON holds, a list too; only a text names a job."),
    ("no-text", _job({_MAIN: 1}), False, ""),
    ("no-sub", _job(""), False, ""),
)  # fmt: skip
_judge_rule = Table(
    cases=(
        *(Case(name, (claims,), expected, why) for name, claims, expected, why in _JOBS),
        *near("sub", _MAIN, lambda text: (_job(text),), False),
        *near("sub", _RELEASE, lambda text: (_job(text),), False),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="Whole texts, and a short list of them. It stood {count} tries.",
)

LESSON = Lesson(
    number="44",
    name="44_services",
    title="Programs without people",
    why="A program that nobody watches has rights all night. What it can prove, and who believes it, decides whose.",
    minutes=35,
    needs=("21", "31", "40"),
    exercises=(
        Exercise(
            id="44.1",
            title="A token and its certificate",
            judge_answer=_judge_bound,
            hints=(
                "The thumbprint: base64url of the SHA-256 of the certificate, without padding.",
                'claims.get("cnf", {}).get("x5t#S256") is what the token names, or None.',
                "If there is no certificate, or nothing is named, it is False.",
            ),
            solution="""\
def answer(claims, certificate):
    named = claims.get("cnf", {}).get("x5t#S256")
    if certificate is None or named is None:
        return False
    digest = hashlib.sha256(certificate).digest()
    return named == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()""",
        ),
        Exercise(
            id="44.2",
            title="For whom, and by whom?",
            judge_answer=_judge_actor,
            hints=(
                "For whom it is done stands in sub, always.",
                'If there is act, claims["act"]["sub"] acts; only the outermost counts.',
                'Without act it is claims["client_id"].',
            ),
            solution="""\
def answer(claims):
    actor = claims["act"]["sub"] if "act" in claims else claims["client_id"]
    return claims["sub"], actor""",
        ),
        Exercise(
            id="44.3",
            title="Get in",
            judge_answer=_judge_way_in,
            hints=(
                "What does the cloud look at? Signature, iss, aud and dates. Which of these are yours to choose?",
                "Any repository of Mallory's will do; for whom the token is, whoever writes the job chooses.",
                'run("mallory/...", audience=...) with the address of the cloud.',
            ),
            solution="""\
def answer(run):
    return run("mallory/weather", audience="https://cloud.example")""",
        ),
        Exercise(
            id="44.4",
            title="Write the trust rule",
            judge_answer=_judge_rule,
            hints=(
                "Compare the whole of sub with whole texts; no startswith, no pattern with a star.",
                "There are two texts that may in, and a tuple of texts knows whether one is in it.",
                'claims.get("sub") in ("repo:acme/notes:ref:refs/heads/main", ...)',
            ),
            solution="""\
def answer(claims):
    jobs = ("repo:acme/notes:ref:refs/heads/main", "repo:acme/notes:environment:release")
    return claims.get("sub") in jobs""",
        ),
    ),
    predictions=(
        Question(
            id="44.p1",
            text="A cloud lets build jobs in whose token was signed by the build service and has the cloud's address "
            "in aud. Who gets in?",
            options=(
                Option(
                    text="Jobs of the company's own repositories",
                    why="Nothing in the rule speaks of repositories; you will play it.",
                ),
                Option(
                    text="Every job of every customer of that build service",
                    why="It signs for all of them, and whoever writes a job chooses aud.",
                    right=True,
                ),
                Option(
                    text="Nobody, as long as the address of the cloud is secret",
                    why="Addresses stand in public files of build jobs.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="44.q1",
            text="What does private_key_jwt spare you that a client secret does not?",
            options=(
                Option(text="TLS", why="Without it, the tokens in the answer are open to all."),
                Option(text="Scopes", why="They say what it may do; the key says who it is."),
                Option(
                    text="The server holds nothing with which somebody could be this client",
                    why="It holds the public key. A list of secrets that leaks is a list of clients to be.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="44.q2",
            text="An API behind a proxy that ends TLS gets the client's certificate in a header. What has to be true?",
            options=(
                Option(
                    text="The proxy removes that header from all that comes from outside",
                    why="RFC 9440 §2.4 and §4: otherwise anybody writes a certificate into it, and a certificate is "
                    "public.",
                    right=True,
                ),
                Option(text="The header is in base64", why="It is, and anybody can write base64."),
                Option(
                    text="The token is encrypted",
                    why="Who shows which certificate has nothing to do with it.",
                ),
            ),
        ),
        Question(
            id="44.q3",
            text='A trust rule says: sub begins with "repo:acme/notes". What gets in that should not?',
            options=(
                Option(
                    text="Nothing: only acme can write such repositories",
                    why="And what does a pull request run?",
                ),
                Option(
                    text="acme/notes-evil, pull requests, every branch and tag",
                    why="All of these begin so. Compare whole texts.",
                    right=True,
                ),
                Option(
                    text="mallory/notes", why="That begins with repo:mallory. It is the one that stays out."
                ),
            ),
        ),
    ),
)
