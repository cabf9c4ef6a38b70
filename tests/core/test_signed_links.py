"""Signed links: forged, cut off and misused tokens open nothing."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask

from matchmaker.core.signed_links import InvalidLink, read, sign

SUBJECT = uuid.UUID("0193a5c0-0000-7000-8000-000000000001")


def test_a_token_gives_back_record_and_version(app: Flask) -> None:
    with app.app_context():
        assert read("ticket", sign("ticket", SUBJECT, 3)) == (SUBJECT, 3)


def test_a_token_may_stand_in_an_address(app: Flask) -> None:
    with app.app_context():
        token = sign("ticket", SUBJECT, 1)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_a_token_of_one_purpose_is_worth_nothing_for_another(app: Flask) -> None:
    with app.app_context(), pytest.raises(InvalidLink):
        read("speaker", sign("ticket", SUBJECT, 1))


@pytest.mark.parametrize("change", ["", "x", "../../etc/passwd", "あ", "." * 500, "e30.e30", "\0"])
def test_rubbish_is_refused(app: Flask, change: str) -> None:
    with app.app_context(), pytest.raises(InvalidLink):
        read("ticket", change)


def test_a_changed_letter_is_noticed(app: Flask) -> None:
    with app.app_context():
        token = sign("ticket", SUBJECT, 1)
        for place in range(0, len(token), 7):
            other = "A" if token[place] != "A" else "B"
            with pytest.raises(InvalidLink):
                read("ticket", token[:place] + other + token[place + 1 :])


def test_another_installation_signs_differently(app: Flask) -> None:
    with app.app_context():
        token = sign("ticket", SUBJECT, 1)
        app.extensions["matchmaker.settings"] = app.extensions["matchmaker.settings"].model_copy(
            update={"secret_key": "another-key-of-another-installation-0123456789"}
        )
        with pytest.raises(InvalidLink):
            read("ticket", token)
