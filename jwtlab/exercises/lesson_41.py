"""Lesson 41: a web application that logs people in."""

from __future__ import annotations

from jwtlab.exercises.deployed import judge_deployment
from jwtlab.exercises.model import Exercise, Lesson, Option, Question
from jwtlab.exercises.web_login import judge_account, judge_cookie, judge_next

LESSON = Lesson(
    number="41",
    name="41_server_side_app",
    title="A server-side application",
    why="A library does the login for you; when it fails, or lets somebody in, you have to know what it keeps where.",
    minutes=50,
    needs=("23", "26"),
    exercises=(
        Exercise(
            id="41.1",
            title="What is in the cookie",
            judge_answer=judge_cookie,
            hints=(
                "cookie.split('.') has the session in its first piece; if the cookie begins with a dot, in its second.",
                "base64.urlsafe_b64decode(text + '==') gives bytes; after a dot zlib.decompress unpacks them.",
                'json.loads gives the session, a dict. .get("_state_lab_" + state) is None without such a login.',
            ),
            solution="""\
import base64, json, zlib

def answer(cookie, state):
    packed = cookie.startswith(".")
    data = base64.urlsafe_b64decode(cookie.lstrip(".").split(".")[0] + "==")
    session = json.loads(zlib.decompress(data) if packed else data)
    kept = session.get("_state_lab_" + state)
    return kept["data"]["code_verifier"] if kept else None""",
        ),
        Exercise(
            id="41.2",
            title="Behind the proxy",
            judge_answer=judge_deployment,
            points=2,
            hints=(
                "Take one thing after the other: play(lab.world(), BROKEN, answer) shows what is wrong next.",
                "app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=..., x_host=...): of how many proxies is "
                "each header believed?",
                "The secret is app.secret_key = os.environ[...]. The cookie has to come along when a link or redirect "
                "of another site leads here, and with nothing else: SESSION_COOKIE_SAMESITE.",
            ),
            solution="""\
import os
from werkzeug.middleware.proxy_fix import ProxyFix

def answer(app):
    app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=1, x_host=1)
    app.secret_key = os.environ["DIARY_SECRET"]
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax\"""",
        ),
        Exercise(
            id="41.3",
            title="Where to, after the login?",
            judge_answer=judge_next,
            hints=(
                "What is a path of ours? It begins with one slash, and no second slash follows at once.",
                "Backslashes are slashes to a browser, and tabs and line breaks are nothing. No path of ours has any.",
                'any(ord(letter) < 32 or ord(letter) == 127 for letter in url) finds what cannot be seen; "\\\\" in '
                "url finds a backslash.",
            ),
            solution="""\
def answer(url):
    if not url or not url.startswith("/") or url.startswith("//"):
        return "/"
    if "\\\\" in url or any(ord(letter) < 32 or ord(letter) == 127 for letter in url):
        return "/"
    return url""",
        ),
        Exercise(
            id="41.4",
            title="Whose account is it?",
            judge_answer=judge_account,
            hints=(
                "Two claims together name a person for ever: which?",
                "Compare each claim with its own column. Do not run the two together.",
            ),
            solution="""\
def answer(accounts, claims):
    for account in accounts:
        if (account["iss"], account["sub"]) == (claims["iss"], claims["sub"]):
            return account["id"]""",
        ),
    ),
    predictions=(
        Question(
            id="41.p1",
            text='A login ends with "mismatching_state: CSRF Warning! State not equal in request and response." Nobody '
            "is attacking. What is most likely?",
            options=(
                Option(
                    text="The issuer has changed the state",
                    why="It hands back what it got, letter by letter, or the login would work nowhere.",
                ),
                Option(
                    text="What was kept at the beginning of the login is not there at its end",
                    why="Not unequal: gone. You will lose it in four ways.",
                    right=True,
                ),
                Option(
                    text="Two people have logged in at once",
                    why="Each has a session of their own. Two tabs of one "
                    "person have two entries in one session.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="41.q1",
            text="The same login works on your laptop, and behind the company's proxy the issuer refuses the "
            "redirect_uri. It begins with http://. What do you do?",
            options=(
                Option(
                    text="Register the address with http:// as well",
                    why="Then codes travel unprotected, to an address that is not where people are.",
                ),
                Option(
                    text="Believe X-Forwarded-Host from wherever it comes",
                    why="Whoever writes the header then "
                    "chooses where the code goes; only the issuer's list stands between.",
                ),
                Option(
                    text="Tell the application its address, or believe the header of that one proxy",
                    why="The application saw http, since the proxy ended TLS. Only it knows what people used.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="41.q2",
            text="Every second login fails with mismatching_state. What do you look at first?",
            options=(
                Option(
                    text="The secret that signs sessions: is it the same in every process?",
                    why="Every second "
                    "request comes to the other worker, which cannot read what the first one signed.",
                    right=True,
                ),
                Option(
                    text="The clock",
                    why="A wrong clock fails each time, and says so: the token has expired, or was "
                    "issued in the future.",
                ),
                Option(
                    text="The client's secret",
                    why="A wrong one fails each time, and at the token endpoint: invalid_client.",
                ),
            ),
        ),
        Question(
            id="41.q3",
            text="Somebody logs in with an address that an account has already, email_verified is true. What now?",
            options=(
                Option(
                    text="Let them into the account: the address is verified",
                    why="Today it is theirs. Whose was it "
                    "when the account was made? Addresses get new owners.",
                ),
                Option(
                    text="Look for iss and sub; if they are new, make a new account",
                    why="And if it is the same person, she can join the two herself, logged in at both.",
                    right=True,
                ),
                Option(
                    text="Look for sub alone",
                    why="It is unique at one issuer. Another one may have given the same.",
                ),
            ),
        ),
    ),
)
