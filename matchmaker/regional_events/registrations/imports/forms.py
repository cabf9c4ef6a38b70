"""Forms of imports of guests."""

from __future__ import annotations

from wtforms import BooleanField, FileField, RadioField
from wtforms.validators import InputRequired

from matchmaker.core.forms import ProductForm

WAIT, LEAVE = "wait", "leave"


class ListFileForm(ProductForm):
    """Which file."""

    file = FileField("ファイル", render_kw={"data-required": "true"})


class StartForm(ProductForm):
    """What becomes of guests without a free seat, and whether the guests are told."""

    full = RadioField(
        "空いている席がないとき",
        choices=[(WAIT, "キャンセル待ちにする"), (LEAVE, "登録しない（あとで一覧に出ます）")],
        default=WAIT,
        validators=[InputRequired("どちらかを選んでください。")],
    )
    tells = BooleanField(
        "登録した方に、案内とQRコードのメールを送る",
        description="選ばないときは、登録しても何も送りません。"
        "席が空いたときや、イベントが変わったときのお知らせは届きます。",
    )
