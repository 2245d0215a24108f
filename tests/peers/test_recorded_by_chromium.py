"""Live: Chromium records logins at our server and at npm's oidc-provider, and `jwtlab read` understands them."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from jwtlab.cli import main
from jwtlab.oauth.reading.judging import numbers_of
from jwtlab.oauth.reading.recording import read_har

pytestmark = pytest.mark.browser
PATH = Path(__file__).resolve().parents[2] / "tools" / "recordings.py"
spec = importlib.util.spec_from_file_location("recordings", PATH)
recordings = importlib.util.module_from_spec(spec)
spec.loader.exec_module(recordings)


def test_a_page_logs_in_at_our_server(served, chromium_path, tmp_path, capsys):
    path = tmp_path / "page.har"
    recordings.page_at_jwtlab_serve(path, served, chromium_path)
    recording = read_har(path)
    assert recording.judgement.failures == recording.judgement.advice == ()
    reports = recording.judgement.reports["login"]
    for check in (
        "state-returned",
        "issuer-named",
        "verifier-fits",
        "nonce-returned",
        "redirect-uri-repeated",
        "clocks-agree",
    ):
        assert reports[check].passed, check
    assert [each.request.path for each in recording.trace][-2:] == ["/token", "/api/notes"]
    assert main(["read", str(path), "--json"]) == 0
    out = capsys.readouterr().out
    assert "wonderland" not in out
    assert {claim for each in json.loads(out)["messages"] for token in each["tokens"] for claim in token["claims"]} >= {
        "iss", "sub", "nonce"}  # fmt: skip


def test_the_wrong_host_is_found(served, chromium_path, tmp_path):
    path = tmp_path / "host.har"
    recordings.lost_host_at_jwtlab_serve(path, served, chromium_path)
    first = read_har(path).judgement.first_wrong
    assert (first.id, numbers_of(first)) == ("login-host-same", (1, 2))


def test_an_application_logs_in_at_a_provider_that_nobody_here_wrote(oidc_provider, chromium_path, tmp_path):
    path = tmp_path / "provider.har"
    recordings.app_at_oidc_provider(path, oidc_provider, chromium_path)
    recording = read_har(path)
    assert recording.judgement.failures == ()
    reports = recording.judgement.reports
    assert reports["login"]["state-returned"].passed
    assert reports["login"]["issuer-named"].passed
    assert reports["good practice"]["pkce-sent"].passed
    assert reports["login"]["cookie-returned"].passed
