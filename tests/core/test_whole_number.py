"""Numbers out of hidden fields and addresses."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matchmaker.core.text import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("007", 7), ("٣", 3), ("999999999", 999_999_999), ("", None), (None, None),
     ("-1", None), ("1.0", None), ("²", None), ("abc", None), ("1" * 10, None),
     ("9" * 5000, None)],
)  # fmt: skip
def test_whole_number(text: str | None, number: int | None) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("digits", [10, 40, 4400])
def test_numbers_in_addresses_that_no_database_can_hold_are_not_found(
    client: FlaskClient, app: Flask, digits: int
) -> None:
    nobody = "00000000-0000-0000-0000-000000000001"
    path = f"/working-groups/{nobody}/documents/{nobody}/versions/{'9' * digits}"
    assert client.get(path).status_code == 404
