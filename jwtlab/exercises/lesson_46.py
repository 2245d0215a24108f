"""Lesson 46: strangers and agents: who somebody is that nobody has introduced, and what of it to believe."""

from __future__ import annotations

from jwtlab.exercises.model import Exercise, Lesson, Option, Question
from jwtlab.exercises.strangers import judge_consent, judge_guard, judge_place, judge_way_in

LESSON = Lesson(
    number="46",
    name="46_strangers_and_agents",
    title="Strangers and agents",
    why="An agent meets tools that nobody has introduced. Each side has to find out who the other "
    "is, and what of it to believe.",
    minutes=45,
    needs=("23", "31", "40"),
    exercises=(
        Exercise(
            id="46.1",
            title="Where does it describe itself?",
            judge_answer=judge_place,
            hints=(
                "urlsplit takes an address apart: scheme, netloc (host and port), path, query.",
                "Host, then /.well-known/oauth-protected-resource, then the API's own path; a path of / alone is none.",
                "parts._replace(path=...).geturl() puts it together again, with the query at its end.",
            ),
            solution="""\
def answer(resource):
    parts = urlsplit(resource)
    path = "" if parts.path == "/" else parts.path
    return parts._replace(path="/.well-known/oauth-protected-resource" + path).geturl()""",
        ),
        Exercise(
            id="46.2",
            title="Get inside",
            judge_answer=judge_way_in,
            hints=(
                "The server looks at the text: no localhost, no private address. What else can a host be written as?",
                "A name. Mallory owns all that end in .mallory.example, and lets them lead wherever she likes.",
                'point("printer.mallory.example", "10.0.0.5"), and then the address with this name and the path /off.',
            ),
            solution="""\
def answer(point):
    point("printer.mallory.example", "10.0.0.5")
    return "https://printer.mallory.example/off\"""",
        ),
        Exercise(
            id="46.3",
            title="The guard at the door",
            judge_answer=judge_guard,
            hints=(
                "All of the addresses have to be public, and there has to be one: all() of nothing is True.",
                "ipaddress.ip_address(text).is_global knows the blocks that are private, shared, link-local, loopback.",
                "What reaches many machines at once is not asked by is_global everywhere: look at is_multicast too.",
            ),
            solution="""\
def answer(addresses):
    found = [ipaddress.ip_address(each) for each in addresses]
    return bool(found) and all(each.is_global and not each.is_multicast for each in found)""",
        ),
        Exercise(
            id="46.4",
            title="Whom does the bridge ask?",
            judge_answer=judge_consent,
            hints=(
                "Look for one consent in allowed that has the same person, client_id and redirect_uri.",
                "In that same consent, the words of the scope: all that are asked for have to be among them.",
                'set(asked["scope"].split()) <= set(each["scope"].split())',
            ),
            solution="""\
def answer(asked, allowed):
    for each in allowed:
        same = all(each[name] == asked[name] for name in ("person", "client_id", "redirect_uri"))
        if same and set(asked["scope"].split()) <= set(each["scope"].split()):
            return True
    return False""",
        ),
    ),
    predictions=(
        Question(
            id="46.p1",
            text="An agent shows every tool server the same token, which is good for Alice's notes. One of the tools "
            "tells the weather. What can whoever runs it do?",
            options=(
                Option(
                    text="Nothing: the token was given to the agent, not to the weather",
                    why="The API sees a token, and not through whose hands it went.",
                ),
                Option(
                    text="Read Alice's notes, as if it were the agent",
                    why="A bearer token is good for whoever holds it. You will watch it happen.",
                    right=True,
                ),
                Option(
                    text="See who Alice is, and no more",
                    why="The token carries rights, not only a name.",
                ),
            ),
        ),
        Question(
            id="46.p2",
            text="A client's name is an address, and the server fetches what is there. What use is that to Mallory?",
            options=(
                Option(
                    text="Have the server send requests into its own network",
                    why="It stands where the stranger cannot go. You will switch something off.",
                    right=True,
                ),
                Option(
                    text="Nothing: only addresses with https are fetched",
                    why="Inside there is https too, and a name says nothing about where it leads.",
                ),
                Option(
                    text="Get a client secret",
                    why="In a document for everybody there is none.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="46.q1",
            text="A tool server gets a token and needs the API behind it. What does it do?",
            options=(
                Option(
                    text="It passes the token on: the API will check it",
                    why="That is token passthrough. Then tokens for the API open the tool server, and the API never "
                    "learns who asked.",
                ),
                Option(
                    text="It uses a token of its own with all rights",
                    why="Then every caller has all rights, through it.",
                ),
                Option(
                    text="It looks whether the token is meant for itself, and trades it for one meant for the API",
                    why="So the API sees who acts, and a token is good at one place only.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="46.q2",
            text="What does a metadata document as a name have that registration has not?",
            options=(
                Option(
                    text="A secret that nobody else knows",
                    why="It is public. A client that proves itself has keys in it.",
                ),
                Option(
                    text="It says whose it is: the owner of the address wrote it",
                    why="Whoever registers says any name, and the server keeps a record of each for ever.",
                    right=True,
                ),
                Option(
                    text="Proof that a program on this computer is the one it says",
                    why="Any program can say the same name and listen on a loopback port: people are asked each time.",
                ),
            ),
        ),
        Question(
            id="46.q3",
            text="The guard has looked up a name and found a public address. What is left to do?",
            options=(
                Option(
                    text="Connect to that very address, and follow no redirect",
                    why="A second look-up may give another answer, and a redirect leads anywhere.",
                    right=True,
                ),
                Option(
                    text="Look the name up again right before, to be sure",
                    why="That is the gap: whoever owns the name answers differently the second time (rebinding).",
                ),
                Option(
                    text="Nothing: the name is public",
                    why="Time, size and type are open, and so is the connection.",
                ),
            ),
        ),
    ),
)
