"""a2: write the verifier, step by step, and then the whole of it, for one's own world."""

from __future__ import annotations

from jwtlab.classroom.assignments import a2_claims as claims
from jwtlab.classroom.assignments import a2_header as header
from jwtlab.classroom.assignments import a2_signature as signature
from jwtlab.classroom.assignments import a2_split as split
from jwtlab.classroom.assignments import a2_whole as whole
from jwtlab.classroom.assignments.a2_world import good_token, my_keys, my_rules
from jwtlab.classroom.model import GIVEN, Assignment, Part, Task
from jwtlab.classroom.rubrics import written

__all__ = ["ASSIGNMENT", "good_token", "my_keys", "my_rules"]

ASSIGNMENT = Assignment(
    name="a2_verify",
    title="Write the verifier",
    minutes=90,
    primitives=("jwt", "joserfc", "jose", "authlib", "jwcrypto", "jwtlab"),
    allowed=(
        "jwtlab.base64url",
        "jwtlab.MalformedToken",
        *GIVEN,
        "jwtlab.classroom.assignments.a2_verify.good_token",
        "jwtlab.classroom.assignments.a2_verify.my_keys",
        "jwtlab.classroom.assignments.a2_verify.my_rules",
    ),
    tasks=(
        Task(
            id="a2.1",
            title="Take a token apart, strictly",
            name="split",
            parts=(
                Part(id="reads", title="Header and claims of a good token", points=1, test=split.reads),
                Part(
                    id="exact", title="Signature and signing input as they came", points=1, test=split.exact
                ),
                Part(
                    id="pieces",
                    title="Exactly three parts of text",
                    points=1,
                    test=split.pieces,
                    hidden=True,
                ),
                Part(
                    id="letters",
                    title="base64url and nothing beside it",
                    points=1,
                    test=split.letters,
                    hidden=True,
                ),
                Part(id="objects", title="Two JSON objects", points=1, test=split.objects, hidden=True),
                Part(
                    id="strict",
                    title="No doubled name, no NaN, no endless brackets",
                    points=2,
                    test=split.strict,
                    hidden=True,
                ),
            ),
        ),
        Task(
            id="a2.2",
            title="Allow one algorithm",
            name="algorithm_fits",
            parts=(
                Part(id="good", title="Good headers pass", points=1, test=header.algorithm_good),
                Part(
                    id="others",
                    title="Other algorithms do not",
                    points=1,
                    test=header.algorithm_others,
                    hidden=True,
                ),
                Part(
                    id="near",
                    title="Nor what is nearly yours",
                    points=1,
                    test=header.algorithm_near,
                    hidden=True,
                ),
                Part(
                    id="types",
                    title="Nor what is missing or no text",
                    points=1,
                    test=header.algorithm_types,
                    hidden=True,
                ),
                Part(
                    id="crit",
                    title="Nor a header with crit",
                    points=1,
                    test=header.algorithm_crit,
                    hidden=True,
                ),
            ),
        ),
        Task(
            id="a2.3",
            title="Verify the signature",
            name="signature_fits",
            parts=(
                Part(
                    id="hs256",
                    title="HS256: good signatures pass",
                    points=1,
                    test=signature.signature_of("HS256"),
                ),
                Part(
                    id="es256",
                    title="ES256: good signatures pass",
                    points=1,
                    test=signature.signature_of("ES256"),
                ),
                Part(
                    id="changed",
                    title="Changed bytes and other keys do not",
                    points=2,
                    test=signature.signatures_refused(signature.changed),
                    hidden=True,
                ),
                Part(
                    id="length",
                    title="Nor signatures of another length",
                    points=2,
                    test=signature.signatures_refused(signature.length),
                    hidden=True,
                ),
                Part(
                    id="names",
                    title="Nor algorithms without a key",
                    points=1,
                    test=signature.signatures_refused(signature.names),
                    hidden=True,
                ),
            ),
        ),
        Task(
            id="a2.4",
            title="Read the clock",
            name="dates_fit",
            parts=(
                Part(id="good", title="Good dates pass", points=1, test=claims.dates_good),
                Part(id="exp", title="exp, to the second", points=2, test=claims.dates_exp, hidden=True),
                Part(id="nbf", title="nbf, to the second", points=1, test=claims.dates_nbf, hidden=True),
                Part(
                    id="numbers",
                    title="Only numbers are dates",
                    points=2,
                    test=claims.dates_numbers,
                    hidden=True,
                ),
            ),
        ),
        Task(
            id="a2.5",
            title="From whom, for whom",
            name="names_fit",
            parts=(
                Part(id="good", title="Your issuer and your audience pass", points=1, test=claims.names_good),
                Part(id="issuer", title="No other issuer does", points=2, test=claims.names_iss, hidden=True),
                Part(
                    id="audience",
                    title="No other audience does",
                    points=2,
                    test=claims.names_aud,
                    hidden=True,
                ),
                Part(
                    id="types",
                    title="Nor what is no text and no list",
                    points=1,
                    test=claims.names_types,
                    hidden=True,
                ),
            ),
        ),
        Task(
            id="a2.6",
            title="Which type",
            name="type_fits",
            parts=(
                Part(
                    id="spellings",
                    title="Access tokens pass, however spelled",
                    points=1,
                    test=header.type_good,
                ),
                Part(id="others", title="Other types do not", points=2, test=header.type_others, hidden=True),
            ),
        ),
        Task(
            id="a2.7",
            title="The whole verifier",
            name="verify",
            parts=(
                Part(id="own", title="A good token gives its claims", points=1, test=whole.own),
                Part(id="good", title="All good tokens are let in", points=1, test=whole.good, hidden=True),
                Part(
                    id="unsigned",
                    title="No token without signature",
                    points=1,
                    test=whole.unsigned,
                    hidden=True,
                ),
                Part(
                    id="changed",
                    title="No token of Mallory's making",
                    points=2,
                    test=whole.changed,
                    hidden=True,
                ),
                Part(id="algorithm", title="No other algorithm", points=1, test=whole.algorithm, hidden=True),
                Part(id="dates", title="No token out of its time", points=1, test=whole.dates, hidden=True),
                Part(
                    id="names",
                    title="No other issuer, no other audience",
                    points=2,
                    test=whole.names,
                    hidden=True,
                ),
                Part(id="type", title="No other type", points=1, test=whole.type, hidden=True),
                Part(
                    id="required",
                    title="The claim that your rules want",
                    points=1,
                    test=whole.required,
                    hidden=True,
                ),
                Part(
                    id="hostile",
                    title="Nonsense is refused, never an exception",
                    points=1,
                    test=whole.hostile,
                    hidden=True,
                ),
            ),
        ),
    ),
    written=written("a2_verify"),
)
