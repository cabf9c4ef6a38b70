"""A small application that shows every component: ``python -m tests.components.gallery_app``."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, Response, flash, jsonify, render_template, render_template_string, request
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import (
    BooleanField,
    DecimalField,
    EmailField,
    IntegerField,
    MultipleFileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Email, Length

from config import ROOT
from matchmaker.core import assets, formatting, navigation
from matchmaker.core.forms import DateTripleField
from matchmaker.core.security_headers import HEADERS
from tests.components.samples import SAMPLES

ERROR_PAGES = (400, 401, 403, 404, 405, 413, 422, 429, 500, 503)
MUNICIPALITIES = (
    ("331007", "岡山県岡山市", "おかやまし"),
    ("332143", "岡山県真庭市", "まにわし"),
    ("342076", "広島県福山市", "ふくやまし"),
)


LIST_PAGE = """{% extends 'layouts/list.html' %}
{% from 'components/filter_panel.html' import filter_panel, filter_choices %}
{% from 'components/tag.html' import chips %}
{% block heading %}ニーズ{% endblock %}
{% block filters %}{% call filter_panel('/list', active=materials | length) %}
{{ filter_choices('品目', 'material', [{'value': 'bamboo', 'label': '竹', 'count': 2}],
                  chosen=materials, open=true) }}
{% endcall %}{% endblock %}
{% block count %}<strong>{{ 2 if materials else 8 }}</strong>件{% endblock %}
{% block chips %}{{ chips([('竹', '/list')]) if materials }}{% endblock %}
{% block results %}<p>結果</p>{% endblock %}
"""


class GalleryForm(FlaskForm):  # type: ignore[misc]
    """One field of each kind."""

    title = StringField(
        "件名",
        [DataRequired("件名を書いてください。")],
        description="例：放置竹林の竹を地域で使い切りたい",
    )
    problem = TextAreaField(
        "困っていること",
        [DataRequired("困っていることを書いてください。"), Length(max=400)],
        description="何に、どのように困っているかを書いてください。",
    )
    materials = SelectMultipleField(
        "品目",
        choices=[
            ("bamboo", "竹"),
            ("wood", "木くず"),
            ("food", "食品残さ"),
            ("pet", "ペットボトル"),
        ],
    )
    waste_class = RadioField(
        "区分",
        [DataRequired("区分を選んでください。")],
        choices=[
            ("general", "一般廃棄物"),
            ("industrial", "産業廃棄物"),
            ("unknown", "わからない"),
        ],
    )
    prefecture = SelectField(
        "都道府県", choices=[(name, name) for name in ("", "岡山県", "広島県")]
    )
    municipality = StringField("市区町村", description="名前か、6桁の番号を入れてください。")
    quantity_min = DecimalField("量（下限）")
    quantity_max = DecimalField("量（上限）")
    amount = DecimalField("量")
    unit = SelectField("単位", choices=[(unit, unit) for unit in ("トン", "立方メートル", "枚")])
    cost = IntegerField("いまの費用")
    start_on = DateTripleField("始めたい時期")
    field_offered = BooleanField("実証の場所を出せる")
    attachments = MultipleFileField("資料")
    email = EmailField("メールアドレス", [Email("メールアドレスの形を確かめてください。")])
    password = PasswordField("パスワード")


def create_gallery() -> Flask:
    """The application, with the product's own templates, assets and headers."""
    app = Flask(
        "matchmaker",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "matchmaker" / "static"),
    )
    app.config.update(SECRET_KEY="only for the gallery", TESTING=True)
    CSRFProtect(app)
    for part in (formatting, assets, navigation):
        part.init_app(app)
    app.after_request(_add_headers)
    _add_menus(app)
    _add_pages(app)
    return app


def _add_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


def _add_menus(app: Flask) -> None:
    """Pages that the menus look for, all leading to the gallery."""
    items = (*navigation.HEADER, *navigation.FOOTER)
    endpoints = {item.endpoint for item in items} | {"search.index", "security.login"}
    for endpoint in sorted(endpoints):
        path = "/" + endpoint.replace(".", "/").removesuffix("/index")
        app.add_url_rule(path, endpoint, _gallery)


def _add_pages(app: Flask) -> None:
    app.add_url_rule("/components", "components.gallery", _gallery, methods=["GET", "POST"])
    app.add_url_rule("/errors/<int:status>", "components.error", _error)
    app.add_url_rule("/autosave", "components.autosave", _autosave, methods=["POST"])
    app.add_url_rule("/progress", "components.progress", _progress)
    app.add_url_rule("/list", "components.list", _list)
    app.add_url_rule("/municipalities.json", "components.municipalities", _municipalities)


def _faulty_form() -> GalleryForm:
    faulty = {"title": "", "problem": "", "waste_class": "", "email": "midori"}
    form = GalleryForm(data={"problem": "竹林が広がり、道や畑に倒れ込んでいます。"})
    form.title.errors = ["件名を書いてください。"]
    form.waste_class.errors = ["区分を選んでください。"]
    form.start_on.parts = ("2027", "13", "1")
    form.start_on.errors = ["月は1から12までの数で書いてください。"]
    form.email.data = faulty["email"]
    form.email.errors = ["メールアドレスの形を確かめてください。"]
    return form


def _gallery() -> str:
    if request.method == "POST":
        time.sleep(0.3)
        flash(
            f"{len(request.files.getlist('attachments'))}個のファイルを受け取りました。", "success"
        )
    return render_template("components/gallery.html", form=_faulty_form(), samples=SAMPLES)


def _progress() -> str:
    return render_template_string(
        """{% extends 'layouts/base.html' %}{% from 'components/progress.html' import progress %}
        {% block heading %}取り込み{% endblock %}
        {% block main %}{{ progress(1, 3, url='/progress.json') }}{% endblock %}"""
    )


def _list() -> str:
    return render_template_string(LIST_PAGE, materials=request.args.getlist("material"))


def _error(status: int) -> tuple[str, int]:
    page = f"errors/{status}.html"
    return render_template(page, message="", request_id="7f3c-20261122"), 200


def _autosave() -> Response:
    return jsonify(saved_at="10:32", fields={"title": request.form.get("title", "")})


def _municipalities() -> Response:
    asked = request.args.get("q", "")
    found = [m for m in MUNICIPALITIES if asked in m[1] or asked in m[2]]
    items: list[dict[str, Any]] = [
        {"value": code, "label": name, "note": kana} for code, name, kana in found
    ]
    time.sleep(0.01)
    return jsonify(items=items)


if __name__ == "__main__":
    create_gallery().run(port=8010, debug=True)
