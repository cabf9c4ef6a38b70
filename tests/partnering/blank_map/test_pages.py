"""The pages of the map on the demo: who reads what, the file, the draft of a call."""

from __future__ import annotations

import io
from collections.abc import Callable
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.partnering.blank_map.domain import BlankFilter, Cell
from matchmaker.partnering.blank_map.models import BlankTheme
from matchmaker.partnering.blank_map.picture import picture_of
from matchmaker.working_groups.calls.domain import CallState
from matchmaker.working_groups.calls.models import Call
from tests.seeding.seeded import Browser, counted_statements

Visit = Callable[[str], FlaskClient]
MOST_STATEMENTS = 16


def gap(app: Flask) -> Cell:
    """The worst gap of the demo."""
    with app.app_context():
        picture = picture_of(BlankFilter(), clock.now(), is_member=True, shows_amounts=True)
        return next(cell for cell in picture.cells if cell.amounts and cell.amounts.wanted)


def address(cell: Cell) -> str:
    """Its page."""
    return "/blank-map/gap?" + urlencode({"material": cell.material, "place": cell.place})


def test_visitors_read_no_amounts(app: Flask) -> None:
    """Neither on the map, nor on the page of a gap, nor in the file."""
    client, cell = app.test_client(), gap(app)
    text = client.get("/blank-map").get_data(as_text=True)
    assert "空白地図" in text
    assert "足りない量" not in text
    assert "最低の量に届かない" not in client.get(address(cell)).get_data(as_text=True)
    book = load_workbook(io.BytesIO(client.get("/blank-map/export").data))
    headers = [each.value for each in next(book.worksheets[0].iter_rows(max_row=1))]
    assert "量のめやす" in headers
    assert not any("t/年" in str(header) for header in headers)


def test_members_read_amounts(signed_in: Visit) -> None:
    """They may read them on each post as well."""
    client = signed_in("officer")
    assert "足りない量" in client.get("/blank-map").get_data(as_text=True)
    book = load_workbook(io.BytesIO(client.get("/blank-map/export?show=all").data))
    headers = [each.value for each in next(book.worksheets[0].iter_rows(max_row=1))]
    assert "足りない量（t/年）" in headers


def test_filters_of_the_address_narrow_map_and_file(app: Flask) -> None:
    """One prefecture, all its cells."""
    client = app.test_client()
    wanted = urlencode({"prefecture": gap(app).place, "show": "all", "by": "region"})
    assert client.get(f"/blank-map?{wanted}").status_code == 200
    book = load_workbook(io.BytesIO(client.get(f"/blank-map/export?{wanted}").data))
    places = {row[1] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)}
    assert len(places) == 1


def test_an_unknown_gap_is_not_found(app: Flask) -> None:
    """Neither a material nor a place that is none."""
    client = app.test_client()
    for values in ({}, {"material": "bamboo", "place": "月"}, {"material": "x", "place": "東京都"}):
        assert client.get(f"/blank-map/gap?{urlencode(values)}").status_code == 404


def test_a_gap_becomes_one_draft_of_a_call(app: Flask, signed_in: Visit) -> None:
    """A second press opens the first draft; the call leads back to the gap."""
    client, cell = signed_in("coordinator"), gap(app)
    assert isinstance(client, Browser)
    client.take_token(address(cell))
    data = {"material": cell.material, "place": cell.place}
    answers = [client.post("/blank-map/themes", data=data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].location == answers[1].location
    with app.app_context():
        (theme,) = db.session.scalars(select(BlankTheme)).all()
        call = db.session.get_one(Call, theme.call_id)
        assert call.state is CallState.DRAFT
        assert cell.name in call.title
        assert "■ 出典" in call.body
        assert f"{cell.needs}件のニーズ" in call.body
        path = f"/calls/{call.id}"
    assert "空白地図の「" in client.get(path).get_data(as_text=True)
    assert "に作った公募" in client.get(address(cell)).get_data(as_text=True)


def test_after_the_call_has_ended_a_gap_gives_another(app: Flask, signed_in: Visit) -> None:
    """Numbers go on."""
    client, cell = signed_in("coordinator"), gap(app)
    assert isinstance(client, Browser)
    client.take_token(address(cell))
    data = {"material": cell.material, "place": cell.place}
    client.post("/blank-map/themes", data=data)
    with app.app_context():
        call = db.session.scalars(select(Call).join(BlankTheme)).one()
        call.state = CallState.CANCELLED
        db.session.commit()
    client.post("/blank-map/themes", data=data)
    with app.app_context():
        assert db.session.scalar(select(func.max(BlankTheme.number))) == 2


def test_members_make_no_calls(app: Flask, signed_in: Visit) -> None:
    """And see no button for it."""
    client, cell = signed_in("officer"), gap(app)
    assert isinstance(client, Browser)
    data = {"material": cell.material, "place": cell.place}
    assert client.post("/blank-map/themes", data=data).status_code == 403
    assert "公募の下書きを作る" not in client.get(address(cell)).get_data(as_text=True)


def test_the_map_takes_a_bounded_number_of_statements(app: Flask) -> None:
    """However many posts there are."""
    client = app.test_client()
    client.get("/blank-map")
    with counted_statements(app) as statements:
        client.get("/blank-map?show=all")
    assert len(statements) <= MOST_STATEMENTS
