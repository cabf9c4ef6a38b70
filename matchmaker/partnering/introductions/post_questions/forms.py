"""Forms of questions to posts."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField

from matchmaker.core.form_fields import text_field
from matchmaker.core.forms import ProductForm
from matchmaker.core.text import whole_number
from matchmaker.partnering.introductions.post_questions.domain import REASON_LENGTH, TEXT_LENGTH


class AskForm(ProductForm):
    """A question. Without a name only the secretariat knows who asked."""

    key = HiddenField()
    text = text_field(
        "質問", TEXT_LENGTH,
        "団体や人がわかることばを書くと、相手にわかることがあります。",
        wanted="質問を入れてください。",
    )  # fmt: skip
    is_named = BooleanField(
        "団体名と名前を、投稿した団体に伝える",
        description="しるしを付けないと、だれの質問かは事務局だけが知ります。"
        "どちらの場合も、公開される質問と回答に、質問した人の名前は出ません。",
    )


class AnswerForm(ProductForm):
    """An answer, or a reason for none."""

    revision = HiddenField()
    published_text = text_field(
        "公開する質問の文", TEXT_LENGTH,
        "公開するときに載る文です。だれの質問かがわかることばは、書きかえてください。",
    )  # fmt: skip
    answer = text_field("回答", TEXT_LENGTH)
    reason = text_field("理由", REASON_LENGTH)

    @property
    def expected(self) -> int:
        """The revision that was read; 0, which none has, when it cannot be read."""
        return whole_number(self.revision.data) or 0
