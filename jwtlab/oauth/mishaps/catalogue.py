"""The twelve logins that went wrong, as a table: story, script, first wrong message, check, mends."""

from __future__ import annotations

from jwtlab.oauth.mishaps import scripts
from jwtlab.oauth.mishaps.model import Mend, Mishap

_NO_CHECK = "That opens the door that the check keeps shut, and the cause stays."

TWELVE = (
    Mishap(
        id="lost-host",
        story="On the developer's own machine every login ends with \"this browser did not ask for a login here\".",
        script=scripts.lost_host,
        messages=(1, 2),
        check="login-host-same",
        decoys=("redirect-uri-taken", "cookie-crosses", "state-returned"),
        mends=(
            Mend("Use one name everywhere: open the page at the host that stands in the redirect URI",
                 "Then the cookie that was set at the beginning comes along at the end.", True),
            Mend("Switch the check of state off on developers' machines", _NO_CHECK),
            Mend("Give the cookie SameSite=None",
                 "localhost and 127.0.0.1 are two hosts; a cookie goes back to the host that set it, whatever "
                 "it says."),
        ),
        cause="The page was opened at localhost, and the redirect URI says 127.0.0.1. The cookie with the "
              "state stayed at "
        "localhost.",
    ),
    Mishap(
        id="cookie-stays-behind",
        story="Since the application asks for response_mode=form_post, nobody gets in: \"this browser did not "
              "ask for a "
        "login here\".",
        script=scripts.cookie_stays_behind,
        messages=(1,),
        check="cookie-crosses",
        decoys=("login-host-same", "code-used-once", "nonce-returned"),
        mends=(
            Mend("Give the cookie that holds the login SameSite=None; Secure",
                 "The form is posted by the server's page, from another site; only such a cookie comes along.", True),
            Mend("Give all cookies a longer life", "It has not expired. The browser has it and keeps it back."),
            Mend("Take the state from the form, and compare it with itself", _NO_CHECK),
        ),
        cause="SameSite=Lax lets a cookie come along when somebody follows a link, and not when another site "
              "posts a form.",
    ),
    Mishap(
        id="slash",
        story="After yesterday's release the button Log in leads to an error page of the server.",
        script=scripts.slash,
        messages=(2, 3),
        check="redirect-uri-taken",
        decoys=("redirect-scheme-same", "login-host-same", "redirect-uri-repeated"),
        mends=(
            Mend("Send the redirect URI exactly as it is registered",
                 "It is compared character by character, and a slash is a character.", True),
            Mend("Register a pattern such as https://app.example/*",
                 "A server that takes patterns sends codes to every page of the host, and one of them is "
                 "somebody else's "
                 "(RFC 9700 §4.1.3)."),
            Mend("Leave redirect_uri out of the request",
                 "With one registered address many servers take that, and OpenID Connect demands the parameter."),
        ),
        cause="The request says /callback/ and the registration says /callback.",
    ),
    Mishap(
        id="proxy",
        story="On developers' machines the login works. On the server, behind a proxy that does TLS, it ends "
              "at an error "
        "page.",
        script=scripts.proxy,
        messages=(2, 3),
        check="redirect-scheme-same",
        decoys=("login-host-same", "cookie-crosses", "request-taken"),
        mends=(
            Mend("Let the application believe its proxy: X-Forwarded-Proto, from that proxy alone",
                 "Then it knows that browsers reach it over https, and builds the right address.", True),
            Mend("Register the http address as well",
                 "Then the code travels without TLS, and the cookie that is Secure does not come along."),
            Mend("Let the proxy replace http:// by https:// in all pages",
                 "The address is in a Location header, and it is compared again at the token endpoint."),
        ),
        cause="The proxy speaks http with the application, so the application writes http into its redirect URI.",
    ),
    Mishap(
        id="prefetch",
        story="Some people are logged in and thrown out at once: \"this code has been used before\". It "
              "happens with one "
        "browser only.",
        script=scripts.prefetch,
        messages=(5, 9),
        check="code-used-once",
        decoys=("state-returned", "verifier-fits", "code-fresh"),
        mends=(
            Mend("Refuse requests with Sec-Purpose: prefetch at the callback, and send Cache-Control: no-store",
                 "A page that changes something must not be fetched ahead of time.", True),
            Mend("Let codes work twice",
                 "A code that works twice works for the thief as well; and this server has taken the tokens back."),
            Mend("Redeem the code a second time before showing the "
                 "error", "It was redeemed twice already: that is the error."),
        ),
        cause="The browser fetched the callback ahead of time. That used the code; when the person came, it was gone.",
    ),
    Mishap(
        id="slow-clock",
        story="Since the virtual machine was restored from a snapshot, the application refuses every ID token.",
        script=scripts.slow_clock,
        messages=(1,),
        check="clocks-agree",
        decoys=("nonce-returned", "code-fresh", "signing-key-known"),
        mends=(
            Mend("Set the application's clock by NTP", "Its Date lies three minutes behind the server's.", True),
            Mend("Allow ten minutes of leeway in all checks of dates",
                 "Then every expired token lives ten minutes longer, for thieves too, and the clock goes on drifting."),
            Mend("Do not check iat", _NO_CHECK),
        ),
        cause="The application's clock is three minutes slow: a token that was issued now comes from its future.",
    ),
    Mishap(
        id="other-api",
        story="Login works. Then the page with the notes says that the API refuses the token: \"not meant for us\".",
        script=scripts.other_api,
        messages=(1, 2),
        check="audience-of-api",
        decoys=("scope-given", "signing-key-known", "id-token-for-client"),
        mends=(
            Mend("Ask for a token for this API: the right resource in the request",
                 "The server writes into aud what was asked for (RFC 8707 §2).", True),
            Mend("Switch the check of aud off in the API",
                 "Then the API takes tokens that were made for others, and any of these others can call it for you."),
            Mend("Ask for more scopes", "The scope is there. The token is for somebody else."),
        ),
        cause="The application asks for a token for the archive, and shows it to the notes API.",
    ),
    Mishap(
        id="keys-for-ever",
        story="On Monday everybody gets in. On Tuesday nobody does, until the application is started anew.",
        script=scripts.keys_for_ever,
        messages=(15, 14),
        check="signing-key-known",
        decoys=("clocks-agree", "id-token-of-server", "half-hashes-fit"),
        mends=(
            Mend("When a token names a key that is not in the set, fetch the set again, at a limited rate",
                 "Servers change their keys, and publish the new one before they use it.", True),
            Mend("Ask the server never to change its keys", "Then a key that was stolen signs for ever."),
            Mend("Accept tokens with an unknown kid without the signature", _NO_CHECK),
        ),
        cause="The server has a new key. The application fetched the keys once, at message 7, and never again.",
    ),
    Mishap(
        id="other-tab",
        story="Whoever opens the application in two tabs can log in in the second only; in the first one: "
              "invalid_grant.",
        script=scripts.verifier_of_another_tab,
        messages=(8,),
        check="verifier-fits",
        decoys=("code-used-once", "redirect-uri-repeated", "state-returned"),
        mends=(
            Mend("Keep the verifier under the state of its login, and not in one place for all tabs",
                 "Then each answer finds what belongs to it.", True),
            Mend("Do without PKCE", "Then a code that is stolen can be redeemed; and two nonces would collide "
                                    "as well."),
            Mend("Use the same verifier for every login", "A secret that is used again is known after the first use."),
        ),
        cause="The second tab overwrote the verifier. The first tab's code was redeemed with the second tab's.",
    ),
    Mishap(
        id="less-scope",
        story="Alice logs in, and the page with the notes says that the API wants another scope. For Bob it works.",
        script=scripts.less_scope,
        messages=(6,),
        check="scope-given",
        decoys=("audience-of-api", "token-answer", "id-token-for-client"),
        mends=(
            Mend("Read scope in the token response, and do without, or ask again, where it is less",
                 "A person may allow less than was asked for, and the server has to say so (RFC 6749 §3.3).", True),
            Mend("Let the API take the token without the scope", _NO_CHECK),
            Mend("Refresh the token until the scope is there", "A refresh never gives more than was granted "
                                                               "(RFC 6749 §6)."),
        ),
        cause="Alice did not allow the application to read her notes. The token response says so, and the "
              "application did "
        "not read it.",
    ),
    Mishap(
        id="old-nonce",
        story="Whoever goes back once during the login is refused afterwards: the ID token \"belongs to "
              "another login\".",
        script=scripts.nonce_of_before,
        messages=(3, 4),
        check="nonce-fresh",
        decoys=("state-returned", "nonce-returned", "code-used-once"),
        mends=(
            Mend("Make a nonce for every request, and keep that very one in the session",
                 "What is compared has to be what was sent.", True),
            Mend("Compare with every nonce that was ever sent", "Then an old ID token fits, and that is what "
                                                                "a nonce prevents."),
            Mend("Do without the nonce, since there is a state",
                 "The state guards the answer in the address; it says nothing about the ID token."),
        ),
        cause="The second attempt sends the first one's nonce, and the session keeps a new one.",
    ),
    Mishap(
        id="two-tabs",
        story="After a quarter of an hour people with two tabs are logged out everywhere.",
        script=scripts.two_tabs_refresh,
        messages=(16,),
        check="refresh-used-once",
        decoys=("code-used-once", "audience-of-api", "clocks-agree"),
        mends=(
            Mend("Let one place refresh for all tabs, and let the others wait for it",
                 "Then the old refresh token is shown once.", True),
            Mend("Switch rotation off at the server", "Then nobody notices a theft (RFC 9700 §4.14.2)."),
            Mend("Try again with the same refresh token until it "
                 "works", "Each further try looks like the thief again."),
        ),
        cause="Both tabs held the same refresh token. The second use looks like a theft, and the server "
              "revokes all of it.",
    ),
)  # fmt: skip
"""In the order in which the lesson shows them."""
