"""The log of requests tells what was asked for, and no secrets."""

from __future__ import annotations

import pytest
from flask import Flask

from matchmaker.core.logs import path_without_secrets


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/invitations/secret-123", "/invitations/…"),
        ("/password/reset/secret-123", "/password/reset/…"),
        ("/help", "/help"),
        ("/no-such-page", "/no-such-page"),
    ],
)
def test_tokens_in_addresses_are_left_out(app: Flask, path: str, logged: str) -> None:
    with app.test_request_context(path):
        assert path_without_secrets() == logged
