"""Forms of the page that a person reaches by the link of the mail."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import DataRequired, Length

from matchmaker.core.forms import ProductForm
from matchmaker.core.text import clean_text
from matchmaker.regional_events.registrations.domain import REASON_LENGTH
from matchmaker.regional_events.registrations.forms import (
    NAME_MOST,
    REQUIRED,
    TITLE_MOST,
    check_kana,
    check_mail,
    line,
    mail,
)


class ChangeForm(ProductForm):
    """Another way of taking part."""

    track = RadioField(
        "新しい参加方法",
        validators=[DataRequired("参加方法を選んでください。")],
        validate_choice=False,
        render_kw=REQUIRED,
    )
    wait_if_full = BooleanField(
        "満席のときは、いまの席のまま、空くのを待ちます",
        description="選ばないときは、満席なら何も変わりません。",
    )

    def offer(self, tracks: Sequence[tuple[str, str]]) -> None:
        """Say which tracks there are besides the present one."""
        self.track.choices = list(tracks)


class HandOverForm(ProductForm):
    """Who comes instead."""

    name = line("お名前", NAME_MOST, "お名前を入れてください。")
    kana = line("フリガナ", NAME_MOST)
    job_title = line("所属・役職", TITLE_MOST)
    email = mail("メールアドレス", "新しいQRコードとリンクを、このアドレスに送ります。")

    def check(self) -> bool:
        """Whether everything fits; messages stand at their fields."""
        return all([self.validate_on_submit(), check_mail(self.email), check_kana(self.kana)])


class CancelForm(ProductForm):
    """Not coming any more; the reason is up to the person."""

    reason = TextAreaField(
        "理由（書かなくてもかまいません）",
        [Length(max=REASON_LENGTH, message=f"{REASON_LENGTH}文字までで入れてください。")],
        filters=[lambda text: clean_text(text or "")],
        render_kw={"data-max-length": str(REASON_LENGTH)},
    )
