"""What docs/testing.md prints is true: its Python runs, from top to bottom."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "testing.md").read_text("utf-8")
MY_APPLICATION = """

def verifier_of_my_application(issuer):
    keys = jwt.PyJWKClient(issuer.jwks_uri)
    return lambda token: jwt.decode(
        token, keys.get_signing_key_from_jwt(token), algorithms=["RS256"], audience=AUDIENCE, issuer=issuer.issuer
    )
"""


@pytest.mark.long
def test_python_in_the_guide_runs_and_its_tests_pass(tmp_path):
    blocks = re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S)
    assert len(blocks) >= 6
    (tmp_path / "test_guide.py").write_text("\n".join(blocks) + MY_APPLICATION, "utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--junitxml=all.xml",
        "test_guide.py",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    report = (tmp_path / "all.xml").read_text("utf-8")
    assert 'name="test_refused[alg-none:nOnE]"' in report


def test_every_name_of_the_face_is_in_the_guide():
    import jwtlab.testing

    for name in ("Issuer", "attack_verifier", "attack_api", "attack_client", "forgeries"):
        assert f"{name}(" in TEXT
        assert callable(getattr(jwtlab.testing, name))
