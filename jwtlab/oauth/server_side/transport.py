"""What the library sends goes into the lab's network: an adapter for requests, as its documentation describes."""

from __future__ import annotations

import io
from typing import Any

import httpx
import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from jwtlab.errors import UsageError
from jwtlab.oauth.http.network import Network

_SAYS = {
    "/.well-known/openid-configuration": (
        "The library asks the issuer where its endpoints are; it keeps the answer.",
        "OpenID Connect Discovery §4",
    ),
    "/token": (
        "The library redeems the code. It shows the client's secret, and the verifier that it has kept.",
        "RFC 6749 §4.1.3, RFC 7636 §4.5",
    ),
    "/jwks": ("The library fetches the issuer's keys, for the signature of the ID token.", "RFC 7517 §5"),
}


class IntoTheLab(BaseAdapter):
    """A transport for `requests` that opens no connection.

    Args:
        network: where to send.
        sender: how the record calls whoever sends.
    """

    def __init__(self, network: Network, sender: str) -> None:
        super().__init__()
        self._network, self._sender = network, sender

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Bring a request to its receiver.

        Raises:
            requests.ConnectionError: nobody in the lab answers there.
        """
        body = request.body if isinstance(request.body, str | bytes) else None  # the library sends forms
        headers = {name: str(value) for name, value in request.headers.items()}
        asked = httpx.Request(str(request.method), str(request.url), headers=headers, content=body or None)
        says, spec = _SAYS.get(asked.url.path, ("The library asks.", ""))
        try:
            answer = self._network.deliver(self._sender, asked, says, spec)
        except UsageError as error:
            raise requests.ConnectionError(str(error), request=request) from error
        return _as_requests_has_it(answer, request)

    def close(self) -> None:
        """There is nothing to close."""


def _as_requests_has_it(answer: httpx.Response, request: requests.PreparedRequest) -> requests.Response:
    found = requests.Response()
    found.status_code, found.reason = answer.status_code, answer.reason_phrase
    found.headers = CaseInsensitiveDict(answer.headers.items())
    found.url, found.request = str(request.url), request
    found.raw = io.BytesIO(answer.read())
    found.encoding = requests.utils.get_encoding_from_headers(found.headers)
    return found
