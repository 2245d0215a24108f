"""Plausible wrong answers to the exercises of lesson 40."""

from __future__ import annotations

from jwtlab import exercises

_RIGHT = {each.id: each.solution for each in exercises.lesson("40").exercises}
_WAY = "def answer(facts):\n    client = 'confidential' if facts['runs'] == 'server' else 'public'\n"


def _but(number: str, **changes: object) -> str:
    return f"{_RIGHT[number]}\nanswer |= {changes!r}"


WRONG: dict[str, list[tuple[str, str]]] = {
    "40.1": [
        ("answer = 'authorization_code'", "no-dict"),
        ("answer = {'library': 'authorization_code'}", "missing"),
        (_but("40.1", sketch="implicit"), "word"),
        (_but("40.1", library="client_credentials"), "person"),
        (_but("40.1", music="client_credentials"), "person"),
        (_but("40.1", ledger="authorization_code"), "nobody"),
        (_but("40.1", ledger="device_code"), "nobody"),
        (_but("40.1", film="authorization_code"), "no-browser"),
        (_but("40.1", deploy="device_code"), "browser"),
        (_but("40.1", parcels="client_credentials"), "behalf"),
        (_but("40.1", parcels="authorization_code"), "behalf"),
        (_but("40.1", ledger="token_exchange"), "no-token"),
        (_but("40.1", grocer="token_exchange"), "no-token"),
    ],
    "40.2": [
        ("answer = [('public', 'device')] * 8", "no-dict"),
        ("answer = {'library': ('confidential', 'server')}", "missing"),
        (_but("40.2", library="confidential"), "pair"),
        (_but("40.2", library=("trusted", "server")), "client-word"),
        (_but("40.2", sketch=("public", "localStorage")), "place-word"),
        (_but("40.2", music=("confidential", "device")), "no-secret"),
        (_but("40.2", sketch=("confidential", "memory")), "no-secret"),
        (_but("40.2", library=("public", "server")), "secret"),
        (_but("40.2", ledger=("public", "nowhere")), "secret"),
        (_but("40.2", sketch=("public", "device")), "storage"),
        (_but("40.2", grocer=("confidential", "memory")), "session"),
        (_but("40.2", deploy=("public", "memory")), "store"),
        (_but("40.2", film=("public", "nowhere")), "store"),
        (_but("40.2", ledger=("confidential", "server")), "nothing"),
        (_but("40.2", parcels=("confidential", "memory")), "nothing"),
    ],
    "40.3": [
        (f"{_WAY}    return 'authorization_code', client", "device"),
        (f"{_WAY}    return 'device_code', client", "code"),
        (f"{_WAY}    if not facts['person']: return 'client_credentials', client\n"
         "    return ('authorization_code' if facts['browser'] else 'device_code'), client", "behalf"),
        (f"{_WAY}    if not facts['person']: return ('token_exchange' if facts['behalf'] else 'client_credentials'), client\n"
         "    return ('authorization_code' if facts['browser'] else 'device_code'), client", "nobody-elsewhere"),
        (f"{_WAY}    if not facts['person']: return ('token_exchange', client) if client != 'public' else None\n"
         "    return ('authorization_code' if facts['browser'] else 'device_code'), client", "self"),
        (f"{_WAY}    if not facts['person']: return ('token_exchange' if facts['behalf'] else 'client_credentials'), client\n"
         "    return ('authorization_code', client) if facts['browser'] else ('device_code', 'public')", "device-server"),
        (f"{_WAY}    return client", "kind"),
    ],
}  # fmt: skip
