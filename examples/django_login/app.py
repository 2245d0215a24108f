"""A web application that logs people in: Django, with mozilla-django-oidc and what that leaves to its user."""

import json
import os
import secrets
import sys
from hashlib import sha256
from urllib.parse import urlencode, urlsplit

import django
from django.conf import settings

PAGE = """<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Diary</title>
<style>body {font: 1.1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 3rem auto; padding: 0 1rem}
:root {color-scheme: light dark} button, textarea {font: inherit} textarea {width: 100%} form {margin: 1rem 0}</style>
<h1>Diary</h1>{% if user.is_authenticated %}<p>Logged in as <strong>{{ user.first_name }}</strong></p>
  <ul>{% for line in lines %}<li>{{ line }}</li>{% endfor %}</ul>
  <form method="post" action="/diary">{% csrf_token %}
  <label>Today <textarea name="line" required maxlength="500"></textarea></label> <button>Write</button></form>
  <form method="post" action="/logout">{% csrf_token %}<button>Log out</button></form>
{% else %}<p>Nobody is logged in. <a href="/login">Log in</a></p>{% endif %}</html>"""

served = json.loads(sys.stdin.readline())  # of "jwtlab serve --json"
issuer, client_id, port = served["issuer"], os.environ.get("CLIENT_ID", "web"), os.environ.get("PORT", "8000")
origin = os.environ.get("ORIGIN", f"http://127.0.0.1:{port}")
secure, DATABASE = origin.startswith("https://"), "file:diary?mode=memory&cache=shared"
settings.configure(  # a project of your own has them in settings.py
    SECRET_KEY=os.environ.get("SECRET_KEY") or secrets.token_urlsafe(50),
    ALLOWED_HOSTS=[urlsplit(origin).hostname],  # the redirect URI is made of the request's host: no other one
    SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https") if secure else None,  # which the proxy sets
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATABASE}},
    SESSION_COOKIE_NAME="__Host-session" if secure else "session",  # HttpOnly and SameSite=Lax by themselves
    SESSION_COOKIE_SECURE=secure,
    CSRF_COOKIE_SECURE=secure,
    AUTHENTICATION_BACKENDS=[f"{__name__}.ByIssuerAndSubject"],
    LOGIN_URL="/login",
    LOGIN_REDIRECT_URL="/",
    OIDC_RP_CLIENT_ID=client_id,
    OIDC_RP_CLIENT_SECRET=next(c["client_secret"] for c in served["clients"] if c["client_id"] == client_id),
    OIDC_TOKEN_USE_BASIC_AUTH=True,
    OIDC_RP_SIGN_ALGO="RS256",
    OIDC_RP_SCOPES="openid profile",
    OIDC_USE_PKCE=True,
    OIDC_TIMEOUT=5,
    OIDC_OP_AUTHORIZATION_ENDPOINT=f"{issuer}/authorize",
    OIDC_OP_TOKEN_ENDPOINT=f"{issuer}/token",
    OIDC_OP_USER_ENDPOINT=f"{issuer}/userinfo",
    OIDC_OP_JWKS_ENDPOINT=f"{issuer}/jwks",
)
django.setup()

import jwt
from django.contrib import auth
from django.contrib.auth.decorators import login_required
from django.core.exceptions import SuspiciousOperation
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView
from requests import RequestException
from waitress import create_server

diaries = {}


class ByIssuerAndSubject(OIDCAuthenticationBackend):
    """The library checks signature and nonce, and finds people by e-mail. The rest is ours."""

    def _verify_jws(self, payload, key):
        must = {"require": ["iss", "sub", "aud", "exp", "iat"]}
        return jwt.decode(payload, key, ["RS256"], must, audience=client_id, issuer=issuer)

    def get_userinfo(self, access_token, id_token, payload):
        about = super().get_userinfo(access_token, id_token, payload)
        if about.get("sub") != payload["sub"]:  # OpenID Connect Core §5.3.2
            raise SuspiciousOperation("userinfo speaks of somebody else")
        return {**about, "iss": payload["iss"]}

    def verify_claims(self, claims):
        return True  # done in _verify_jws

    def get_username(self, claims):  # these two never get a new owner
        return sha256(json.dumps([claims["iss"], claims["sub"]]).encode()).hexdigest()

    def filter_users_by_claims(self, claims):
        return self.UserModel.objects.filter(username=self.get_username(claims))

    def create_user(self, claims):
        name = claims.get("name") or claims["sub"]
        return self.UserModel.objects.create_user(self.get_username(claims), first_name=name)


class Callback(OIDCAuthenticationCallbackView):
    def get(self, request):
        try:
            return super().get(request)
        except RequestException as error:
            if error.response is None or error.response.status_code >= 500:
                return HttpResponse("Logging in does not work just now. Try again in a minute.", status=503)
        except (jwt.PyJWTError, KeyError, TypeError, ValueError):
            pass  # the library has no answer of its own to these
        return HttpResponse("This login was refused.", status=403)


@never_cache
def home(request, lines=()):
    shown = engines["django"].from_string(PAGE)
    return HttpResponse(shown.render({"user": request.user, "lines": lines}, request))


@login_required  # keeps the page that somebody wanted; the library takes it only if it is one of this host
def diary(request):
    lines = diaries.setdefault(request.user.username, [])
    if request.method != "POST":
        return home(request, lines)
    lines.append(request.POST.get("line", "")[:500])
    return HttpResponseRedirect("/diary")


@require_POST
def logout(request):
    auth.logout(request)  # here, and then at the issuer (OpenID Connect RP-Initiated Logout §2)
    asked = urlencode({"client_id": client_id, "post_logout_redirect_uri": f"{origin}/"})
    return HttpResponseRedirect(f"{issuer}/logout?{asked}")


start = path("login", OIDCAuthenticationRequestView.as_view(), name="oidc_authentication_init")
back = path("callback", Callback.as_view(), name="oidc_authentication_callback")
urlpatterns = [start, back, path("", home), path("diary", diary), path("logout", logout)]

if __name__ == "__main__":
    call_command("migrate", verbosity=0)  # the database is in memory, and as long as this connection lives
    server = create_server(get_wsgi_application(), host="127.0.0.1", port=int(port))
    print(f"running on {origin}", flush=True)
    server.run()
