"""Passwords of the lab's people: hashed with a salt, compared in constant time."""

from __future__ import annotations

import pytest

from jwtlab import passwords


def test_same_password_with_another_salt_gives_another_hash():
    one, other = passwords.digest("secret", b"a" * 16), passwords.digest("secret", b"b" * 16)
    assert one != other
    assert len(one) == len(other) == 32
    assert one == passwords.digest("secret", b"a" * 16)


def test_hash_is_scrypt_of_rfc_7914():
    import hashlib

    expected = hashlib.scrypt(b"secret", salt=b"a" * 16, n=passwords.COST, r=8, p=1, dklen=32)
    assert passwords.digest("secret", b"a" * 16) == expected
    assert passwords.COST >= 2**10  # the lab's passwords are printed in its lessons


@pytest.mark.parametrize("guess", ["", "Secret", "secret ", "secre", "secrett", "\ud800", "sécret"])
def test_only_the_very_password_matches(guess):
    salt = b"s" * passwords.SALT_BYTES
    stored = passwords.digest("secret", salt)
    assert passwords.matches("secret", salt, stored)
    assert not passwords.matches(guess, salt, stored)


def test_compared_in_constant_time(monkeypatch):
    asked = []
    monkeypatch.setattr(passwords.hmac, "compare_digest", lambda *pair: asked.append(pair) or True)
    assert passwords.matches("guess", b"s" * 16, b"x" * 32)
    assert len(asked) == 1
