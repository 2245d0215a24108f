"""Exercise 30.2: a link that logs somebody in as somebody else."""

from __future__ import annotations

import re
from typing import Any

from jwtlab.errors import JwtlabError, kind
from jwtlab.exercises.model import Wrong, mistakes
from jwtlab.lab import Lab
from jwtlab.oauth import pkce
from jwtlab.oauth.attacks.mallory import SITE, answer_of, open_site
from jwtlab.oauth.flows.flow import Flow
from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.http.steps import Steps, visit
from jwtlab.oauth.world import ISSUER, World


@mistakes(
    {
        "pair": "The answer is a pair: the link, and your verifier. This is {what}.",
        "texts": "Link and verifier are both texts.",
        "swapped": "The link comes first, and then the verifier.",
        "verifier": "A verifier has 43 to 128 letters; pkce.new_verifier(lab.random.bytes) makes one.",
        "not-opened": "Alice's browser cannot open this: {why}",
        "nowhere": "Alice is sent nowhere; the server's page says: {why}",
        "elsewhere": "The answer goes to {found}; it should go to {wanted}.",
        "no-code": "The answer arrives, but without a code: {why}.",
        "not-redeemed": "The code arrived, but you cannot redeem it: {why}. Is the challenge that of your verifier?",
    }
)
def judge_link(answer: Any) -> str:
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise Wrong("pair", what=kind(answer))
    link, verifier = answer
    if not isinstance(link, str) or not isinstance(verifier, str):
        raise Wrong("texts")
    if verifier.startswith("http"):
        raise Wrong("swapped")
    if not pkce.VERIFIER.fullmatch(verifier):
        raise Wrong("verifier")
    world = Lab().world("lesson 30").without("redirect-uri-registered")
    form = {"grant_type": "authorization_code", "client_id": "phone-app", "code": _code_for(world, link)}
    form |= {"redirect_uri": f"{SITE}/callback", "code_verifier": verifier}
    with world.network.client("Mallory") as http:
        tokens = http.post(f"{ISSUER}/token", data=form).json()
    if "access_token" not in tokens:
        raise Wrong("not-redeemed", why=tokens.get("error_description"))
    return "PKCE did not help: you made the request yourself. Only the exact comparison of the address does."


def _code_for(world: World, link: str) -> str:
    """The code that arrives at Mallory's site when Alice opens the link and logs in."""
    open_site(world)
    browser = world.browser("alice")

    def script() -> Steps[dict[str, str]]:
        yield from visit(browser, link, "Alice opens the link.")
        return answer_of((yield from log_in(world, browser, "alice")))

    try:
        flow = Flow(world, script()).run()
    except JwtlabError as error:
        raise Wrong("not-opened", why=error) from None
    page = browser.page
    if flow.stopped or page is None:
        raise Wrong("not-opened", why=flow.stopped)
    if not page.redirect:
        raise Wrong("nowhere", why=page.text_shown[-160:])
    where = re.split("[?#]", page.redirect)[0]
    if where != f"{SITE}/callback":
        raise Wrong("elsewhere", found=where, wanted=f"{SITE}/callback")
    given = flow.outcome or {}
    if "code" not in given:
        raise Wrong("no-code", why=f"{given.get('error')}, {given.get('error_description', 'no reason')}")
    return str(given["code"])
