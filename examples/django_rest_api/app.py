"""Notes in Django REST framework: an authentication says who it is, a permission what the token allows."""

import json
import os
import sys
from itertools import count

import jwt
from django.conf import settings

if not settings.configured:  # a project of your own has them in settings.py
    settings.configure(
        SECRET_KEY=os.environ.get("SECRET_KEY", "nothing is signed with it here"),
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=["rest_framework"],
        REST_FRAMEWORK={
            "UNAUTHENTICATED_USER": None,
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
            "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
        },
    )

import django

django.setup()

from django.urls import path
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed, NotFound, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.response import Response
from rest_framework.serializers import CharField, Serializer
from rest_framework.views import APIView

TRUSTED = {"issuer": "", "audience": "", "keys": None}  # filled in at the end


class NotNow(APIException):
    status_code, default_detail = 503, "the issuer's keys cannot be fetched"


def verify(token):
    typ = str(jwt.get_unverified_header(token).get("typ"))
    if typ.lower().removeprefix("application/") != "at+jwt":  # RFC 9068 §4
        raise jwt.InvalidTokenError("no access token")
    return jwt.decode(
        token,
        TRUSTED["keys"].get_signing_key_from_jwt(token),
        algorithms=["RS256"],
        issuer=TRUSTED["issuer"],
        audience=TRUSTED["audience"],
        options={"require": ["iss", "sub", "aud", "exp", "iat", "jti", "client_id"]},
    )


class BearerToken(BaseAuthentication):
    def authenticate(self, request):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None  # nobody has come with a token
        try:
            claims = verify(token)
        except jwt.PyJWKClientConnectionError as error:
            raise NotNow from error
        except (jwt.PyJWTError, ValueError) as error:
            raise AuthenticationFailed from error
        return claims["sub"], claims  # request.user and request.auth

    def authenticate_header(self, request):  # what is said with 401; without it the answer would be 403
        scheme = request.headers.get("Authorization", "").partition(" ")[0]
        return 'Bearer realm="notes"' + (', error="invalid_token"' if scheme.lower() == "bearer" else "")


class TokenAllows(BasePermission):
    def has_permission(self, request, view):
        if request.auth is None:
            return False  # 401
        scope = view.needs.get(request.method, "notes:write")
        if scope not in str(request.auth.get("scope", "")).split():
            refusal = PermissionDenied()
            said = f'error="insufficient_scope", scope="{scope}"'
            refusal.auth_header = f'Bearer realm="notes", {said}'
            raise refusal  # 403
        return True


class NewNote(Serializer):
    text = CharField(max_length=500)


class NotesView(APIView):
    authentication_classes, permission_classes = [BearerToken], [TokenAllows]
    needs = {"GET": "notes:read", "HEAD": "notes:read"}  # everything else: notes:write
    notes, numbers = {}, count(1)


class Notes(NotesView):
    def get(self, request):
        return Response({"notes": [note for note in self.notes.values() if note["owner"] == request.user]})

    def post(self, request):
        new = NewNote(data=request.data)
        new.is_valid(raise_exception=True)
        number = next(self.numbers)
        self.notes[number] = {"id": number, "owner": request.user, **new.validated_data}
        return Response(self.notes[number], status=201)


class Note(NotesView):
    def get(self, request, number):
        note = self.notes.get(number)
        if note is None or note["owner"] != request.user:
            raise NotFound  # that there is one is told to nobody else
        return Response(note)


urlpatterns = [path("notes", Notes.as_view()), path("notes/<int:number>", Note.as_view())]

if __name__ == "__main__":
    from django.core.wsgi import get_wsgi_application
    from waitress import create_server

    served = json.loads(sys.stdin.readline())  # of "jwtlab serve --json", whose tokens are for its own API
    keys = jwt.PyJWKClient(f"{served['issuer']}/jwks", timeout=5)
    TRUSTED.update(issuer=served["issuer"], audience=served["api"], keys=keys)
    server = create_server(get_wsgi_application(), host="127.0.0.1", port=int(os.environ.get("PORT", "8000")))
    print(f"running on http://127.0.0.1:{server.effective_port}", flush=True)
    server.run()
