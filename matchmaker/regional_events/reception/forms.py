"""Forms of the reception."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from matchmaker.core.forms import ProductForm
from matchmaker.regional_events.planning.domain import TrackKind
from matchmaker.regional_events.planning.models import Track
from matchmaker.regional_events.reception.domain import REASON_LENGTH


class CodeForm(ProductForm):
    """The code on a ticket, typed."""

    code = StringField(
        "受付コード", description="QRコードの下にある文字です。大文字でも小文字でもかまいません。"
    )


class ReasonForm(ProductForm):
    """Why something is taken back or allowed."""

    reason = StringField("理由", description=f"記録に残ります。{REASON_LENGTH}文字まで。")


class AdmitForm(ProductForm):
    """Which room somebody without a seat gets."""

    track = SelectField("案内する会場", validate_choice=False)
    reason = StringField("満席でも通す理由", description="席が空いているときは要りません。")

    def offer_rooms(self, tracks: Sequence[Track]) -> None:
        """Let rooms be chosen; a single one is chosen already."""
        rooms = [track for track in tracks if track.kind is TrackKind.ON_SITE]
        self.track.choices = [(str(room.id), room.name) for room in rooms]
        if len(rooms) > 1:
            self.track.choices.insert(0, ("", "選んでください"))


class WalkInForm(AdmitForm):
    """Somebody at the door without a registration."""

    submission_key = HiddenField()
    name = StringField("氏名", render_kw={"data-required": "true", "autocomplete": "off"})
    kana = StringField("フリガナ", render_kw={"autocomplete": "off"})
    organization = StringField("団体名", render_kw={"autocomplete": "off"})
    email = StringField(
        "メールアドレス",
        description="わかるときだけ入れてください。資料のお知らせに使います。",
        render_kw={"autocomplete": "off"},
    )


class BadgeForm(ProductForm):
    """Which badges are printed."""

    scope = RadioField(
        "印刷する名札",
        choices=[("new", "まだ印刷していない人だけ"), ("all", "全員")],
        default="new",
        validate_choice=False,
    )
    track = SelectField("参加方法", validate_choice=False)


class AttendanceListForm(ProductForm):
    """Those who were online, as the streaming service lists them."""

    people = TextAreaField(
        "オンラインで出席した人",
        description="1行に1人ずつ、メールアドレスか氏名を貼り付けてください。",
        render_kw={"rows": "12"},
    )
