"""What a browser keeps apart: origins and sites, cookies, storage, CORS, Content Security Policy, service workers.

`Browser` is larger than the `UserAgent` of the flows: pages have scripts, and scripts have rights. It runs no
JavaScript. For each script that the lab knows there is a twin in Python, which is found by the script's first line
and does the same with a `Window`; a script without a twin is passed over. What a twin may do is decided by the rules
of Fetch, HTML, CSP and RFC 10025, each in a small module of its own.
"""

from __future__ import annotations

from jwtlab.oauth.web.browser import Browser
from jwtlab.oauth.web.cookies import Cookie, CookieStore
from jwtlab.oauth.web.csp import ContentSecurityPolicy
from jwtlab.oauth.web.origins import Origin, same_origin, same_site, site
from jwtlab.oauth.web.reply import Reply
from jwtlab.oauth.web.rules import Blocked
from jwtlab.oauth.web.window import Window

__all__ = [
    "Blocked",
    "Browser",
    "ContentSecurityPolicy",
    "Cookie",
    "CookieStore",
    "Origin",
    "Reply",
    "Window",
    "same_origin",
    "same_site",
    "site",
]
