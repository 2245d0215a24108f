"""Exercise 43.3: may this application do this to that note, for this person?"""

from __future__ import annotations

from typing import Any

from jwtlab.exercises.table import Case, Table, near

_READ, _WRITE = "notes:read", "notes:write"
_BOTH = f"{_READ} {_WRITE}"
_NOTE = {"owner": "alice", "readers": ["bob"]}


def _who(sub: str, scope: str = _BOTH) -> dict[str, str]:
    return {"sub": sub, "scope": scope}


_RESOURCES: tuple[tuple[str, dict[str, str], str, dict[str, Any] | None, int, str], ...] = (
    ("own-note", _who("alice"), "GET", _NOTE, 200, "It is alice's own note, and her token allows this."),
    ("own-note", _who("alice"), "PUT", _NOTE, 200, ""),
    ("own-note", _who("alice"), "DELETE", _NOTE, 200, ""),
    ("scope-first", _who("alice", _READ), "PUT", _NOTE, 403, "Her own note, and a token that only reads: the "
     "application may not do what the person may."),
    ("scope-first", _who("alice", _WRITE), "GET", _NOTE, 403, ""),
    ("no-scope", _who("alice", "openid"), "GET", _NOTE, 403, "The token does not hold the scope for this method, "
     "whoever owns the note: 403."),
    ("no-scope", {"sub": "alice"}, "GET", _NOTE, 403, ""),
    ("scope-first", _who("mallory", _READ), "DELETE", _NOTE, 403, ""),
    ("scope-first", _who("alice", _READ), "GET", _NOTE, 200, "Reading needs notes:read and nothing else."),
    ("scope-first", _who("alice", _WRITE), "PATCH", _NOTE, 200, "Writing needs notes:write and nothing else."),
    ("somebody-elses", _who("mallory"), "GET", _NOTE, 404, "All scopes, and somebody else's note: that it exists "
     "is told to nobody."),
    ("somebody-elses", _who("mallory"), "PUT", _NOTE, 404, ""),
    ("somebody-elses", _who("mallory"), "DELETE", {"owner": "alice", "readers": []}, 404, ""),
    ("somebody-elses", _who("alice"), "GET", {"owner": "alice/", "readers": []}, 404, ""),
    ("somebody-elses", _who("alice"), "GET", {"owner": "al.ce", "readers": []}, 404, ""),
    ("somebody-elses", _who("mallory"), "GET", {"owner": "", "readers": []}, 404, ""),
    ("no-note", _who("alice"), "GET", None, 404, "There is no such note: None."),
    ("no-note", _who("alice"), "DELETE", None, 404, ""),
    ("before-the-note", _who("alice", "openid"), "GET", None, 403, "The scope is asked for first. Without it the "
     "answer is 403, and whether there is such a note is not even looked up."),
    ("a-reader", _who("bob"), "GET", _NOTE, 200, "bob is one of its readers."),
    ("a-reader", _who("bob", _READ), "GET", {"owner": "mallory", "readers": ["alice", "bob"]}, 200, ""),
    ("a-reader", _who("alice"), "PUT", {"owner": "alice", "readers": ["alice"]}, 200, ""),
    ("reader-writes", _who("bob"), "PUT", _NOTE, 403, "bob may read it, so he knows that it exists; writing is "
     "forbidden to him: 403."),
    ("reader-writes", _who("bob"), "DELETE", _NOTE, 403, ""),
    ("reader-writes", _who("bob"), "PATCH", _NOTE, 403, ""),
    ("every-method", _who("alice", _READ), "HEAD", _NOTE, 200, "GET and HEAD read; every other method writes."),
    ("every-method", _who("bob"), "HEAD", _NOTE, 200, ""),
    ("every-method", _who("alice", _READ), "POST", _NOTE, 403, ""),
    ("every-method", _who("alice", _READ), "PATCH", _NOTE, 403, ""),
    ("every-method", _who("alice", _READ), "get", _NOTE, 403, ""),
    ("scope-words", _who("alice", "notes:read-not xnotes:read"), "GET", _NOTE, 403, "Scopes are words between spaces."),
    ("scope-words", _who("alice", "notes read"), "GET", _NOTE, 403, ""),
    ("scope-words", _who("alice", "notes write"), "PUT", _NOTE, 403, ""),
    ("scope-words", _who("alice", "notes:write-not"), "PUT", _NOTE, 403, ""),
    ("scope-words", _who("alice", "notes:read,notes:write"), "GET", _NOTE, 403, ""),
)  # fmt: skip
judge_resource = Table(
    cases=(
        *(
            Case(name, (claims, method, note), status, why)
            for name, claims, method, note, status, why in _RESOURCES
        ),
        *near("sub", "alice", lambda text: (_who(text), "GET", {"owner": "alice", "readers": []}), 404),
        *near("sub", "bob", lambda text: (_who(text), "GET", _NOTE), 404),
        *near("method", "GET", lambda text: (_who("alice", _READ), text, _NOTE), 403),
    ),
    praise="The scope binds the application, the list of readers binds the person. Forgetting the second is the most "
    "frequent hole of APIs: OWASP calls it broken object level authorization.",
)
