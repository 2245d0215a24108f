"""What is asked of the way back: the authorization response, and what the application makes of it."""

from __future__ import annotations

from jwtlab.checks import Check, NotAsked, Note
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import header
from jwtlab.oauth.reading.judging.model import wrong
from jwtlab.oauth.reading.logins import Logins, origin

NO_ANSWER = NotAsked("the recording holds no authorization response")
CODE_SECONDS = 600
"""RFC 6749 §4.1.2."""
_PATIENCE = 1800
"""Seconds between the two ends of a login; a later answer belongs to a page that was left open."""


def response_positive(case: Logins) -> Note:
    for each in case.answers:
        if each["error"]:
            said = f": {each['error_description'][:200]}" if each["error_description"] else ""
            raise wrong(
                f"the server said {each['error'][:60]}{said}", each.number, "error", found=each["error"][:60]
            )
    return f"{len(case.answers)} came back" if case.answers else NO_ANSWER


def state_returned(case: Logins) -> Note:
    if not case.answers:
        return NO_ANSWER
    if not case.askings:
        return NotAsked("the recording begins after the authorization request")
    sent = {each["state"] for each in case.askings if each["state"]}
    if not sent:
        return NotAsked("no request carries a state")
    for each in case.answers:
        if each.asking is None or not each.asking["state"]:
            continue
        if each["state"] not in sent:
            raise wrong(
                "this answer carries another state than any request of the recording"
                if each["state"]
                else "the request carried a state, and the answer brings none back",
                (each.number, *([each.arrived] if each.arrived else [])),
                "state",
                expected=each.asking["state"],
                found=each["state"] or "none",
            )
    return "the one that was sent"


def issuer_named(case: Logins) -> Note:
    asked = False
    for each in case.answers:
        server = each.asking.server if each.asking else ""
        document = next(
            (doc for name, doc in case.metadata.items() if server and origin(name) == server), None
        )
        promised = bool(document and document.get("authorization_response_iss_parameter_supported"))
        if each["iss"] and server:
            asked = True
            expected = str(document["issuer"]) if document else server
            if each["iss"] != expected and (document or origin(each["iss"]) != server):
                raise wrong(
                    "another server answers than the one that was asked",
                    each.number,
                    "iss",
                    expected=expected,
                    found=each["iss"],
                )
        elif promised and "id_token" not in each.parameters:
            raise wrong(
                "this server promises to name itself in every answer, and this answer has no iss",
                each.number,
                "iss",
                expected=str(document["issuer"]) if document else server,
            )
    return "it names itself" if asked else NotAsked("no answer says iss, and no metadata promises it")


def cookie_returned(case: Logins) -> Note:
    """The cookies that the application set on the way out come along on the way back."""
    if not any(header(each.request.headers, "cookie") for each in case.trace):
        return NotAsked(
            "the recording holds no cookies; Chromium leaves them out unless it exports sensitive data"
        )
    for each in case.answers:
        if each.arrived is None or each.asking is None:
            continue
        arrived = _exchange(case, each.arrived)
        given = _cookie_names(arrived)
        began = next((x for x in case.trace if x.number == each.asking.seen), None)
        if began is None or each.asking.seen == each.asking.number or began.response is None:
            continue
        set_now = [value for name, value in began.response.headers if name.lower() == "set-cookie"]
        for line in set_now:
            name, _, value = line.partition(";")[0].partition("=")
            if value and name.strip() not in given and not _expired(line):
                raise wrong(
                    f"the application set the cookie {name.strip()} when the login began, and the browser does not "
                    "bring it back: this answer finds no session, and so no state",
                    (each.arrived,),
                    "Cookie",
                    expected=name.strip(),
                    found=", ".join(sorted(given)) or "no cookie",
                )
    return "they come along"


def _expired(line: str) -> bool:
    return "max-age=0" in line.lower().replace(" ", "") or "1970" in line


def _cookie_names(exchange: Exchange) -> set[str]:
    pairs = header(exchange.request.headers, "cookie").split(";")
    return {pair.partition("=")[0].strip() for pair in pairs if pair.strip()}


def code_used_once(case: Logins) -> Note:
    came: dict[str, int] = {}
    for each in case.trace:
        given = dict(each.request.query) | dict(each.request.form)
        code = given.get("code", "")
        known = any(code == answer["code"] for answer in case.answers)
        if not code or not known or "grant_type" in given:
            continue
        if code in came:
            first = _exchange(case, came[code])
            ahead = header(first.request.headers, "sec-purpose") or header(first.request.headers, "purpose")
            why = (
                "the browser fetched the page ahead of time (Sec-Purpose: prefetch), and that was the first use"
                if "prefetch" in ahead
                else "a reload, the Back button or a page fetched ahead of time does that"
            )
            raise wrong(
                f"the same code comes to the application a second time; it came with message {came[code]} "
                f"already. A code "
                f"works once: {why}",
                (came[code], each.number) if "prefetch" in ahead else (each.number,),
                "code",
                found=code,
            )
        came[code] = each.number
    redeemed: dict[str, int] = {}
    for one in case.redeemings:
        if one["code"] and one["code"] in redeemed:
            raise wrong(
                f"this code was redeemed with message {redeemed[one['code']]} already",
                one.number,
                "code",
                found=one["code"],
            )
        redeemed.setdefault(one["code"], one.number)
    return "each code came once" if came or redeemed else NotAsked("no code came back")


def code_fresh(case: Logins) -> Note:
    for one in case.redeemings:
        born = next(
            (each.number for each in case.answers if each["code"] and each["code"] == one["code"]), None
        )
        if born is None:
            continue
        waited = one.exchange.at - _exchange(case, born).at
        if waited > CODE_SECONDS:
            raise wrong(
                f"the code was {waited:.0f} seconds old when it was redeemed; ten minutes are the most",
                one.number,
                "code",
            )
    return None if case.redeemings else NotAsked("no code is redeemed in this recording")


def login_in_time(case: Logins) -> Note:
    for each in case.answers:
        if each.asking is None:
            continue
        waited = _exchange(case, each.number).at - each.asking.exchange.at
        if waited > _PATIENCE:
            raise wrong(
                f"{waited / 60:.0f} minutes lie between the request and its answer: sessions on either side "
                f"may have ended",
                each.number,
            )
    return None if case.answers else NO_ANSWER


def application_accepts(case: Logins) -> Note:
    judged = False
    for each in case.answers:
        if each.arrived is None or each["error"]:
            continue
        answer = _exchange(case, each.arrived).response
        judged = judged or answer is not None
        if answer is not None and answer.status >= 400:
            raise wrong(
                f"the application answers its own callback with {answer.status}. This is what came of it; the cause is "
                "in an earlier line, or in the application's log",
                each.arrived,
                found=answer.status,
            )
    return "the application takes the answer" if judged else NO_ANSWER


def _exchange(case: Logins, number: int) -> Exchange:
    return next(each for each in case.trace if each.number == number)


ANSWER_CHECKS = (
    Check(
        id="response-positive",
        title="The server's answer is a yes",
        spec="RFC 6749 §4.1.2.1",
        run=response_positive,
        group="Way back",
        purpose="There is no code, and nobody is logged in.",
    ),
    Check(
        id="state-returned",
        title="The answer brings back the state that was sent",
        spec="RFC 6749 §10.12",
        run=state_returned,
        group="Way back",
        purpose="The answer belongs to another login, perhaps to somebody else's.",
    ),
    Check(
        id="issuer-named",
        title="The server that was asked has answered (iss)",
        spec="RFC 9207 §2.4",
        run=issuer_named,
        group="Way back",
        purpose="A code of the honest server is carried to the dishonest one.",
    ),
    Check(
        id="login-in-time",
        title="The answer comes within half an hour",
        run=login_in_time,
        group="Way back",
        purpose="The session that holds the state is gone.",
    ),
    Check(
        id="cookie-returned",
        title="The login's cookie comes back with the answer",
        spec="RFC 10025 §5.8.3",
        run=cookie_returned,
        group="Way back",
        purpose="The application does not know this browser, and finds no state to compare with.",
    ),
    Check(
        id="code-used-once",
        title="The code comes once",
        spec="RFC 6749 §4.1.2",
        run=code_used_once,
        group="Way back",
        purpose="The second use fails, and the server takes back what the first one brought.",
    ),
    Check(
        id="code-fresh",
        title="The code is redeemed within ten minutes",
        spec="RFC 6749 §4.1.2",
        run=code_fresh,
        group="Way back",
        purpose="The code has expired.",
    ),
)
OUTCOME_CHECKS = (
    Check(
        id="application-accepts",
        title="The application takes the answer",
        run=application_accepts,
        group="Outcome",
        purpose="The login ends at an error page of the application.",
    ),
)
