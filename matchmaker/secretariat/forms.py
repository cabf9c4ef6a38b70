"""Forms of the secretariat."""

from __future__ import annotations

from flask import request
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from matchmaker.core.forms import DateTripleField, ProductForm
from matchmaker.secretariat.domain import NAME_LENGTH, REASON_LENGTH
from matchmaker.secretariat.event_labels import TAG_LABELS

REASON_NEEDED = InputRequired("理由を入れてください。")
REASON_BOUND = Length(
    max=REASON_LENGTH, message=f"理由は{REASON_LENGTH:,}文字以内で入れてください。"
)


class ReturnForm(ProductForm):
    """Why a post is returned."""

    reason = TextAreaField(
        "差し戻す理由",
        [REASON_NEEDED, REASON_BOUND],
        description="何を直せば公開できるかを書いてください。投稿した人にそのまま届きます。",
        render_kw={"data-required": "true", "data-max-length": str(REASON_LENGTH)},
    )


class NewMaterialForm(ProductForm):
    """A new entry of the vocabulary."""

    name = StringField(
        "名前",
        [
            InputRequired("品目の名前を入れてください。"),
            Length(max=NAME_LENGTH, message=f"名前は{NAME_LENGTH}文字以内で入れてください。"),
        ],
        description="例：廃せっけん・洗剤",
        render_kw={"data-required": "true", "data-max-length": str(NAME_LENGTH)},
    )
    code = StringField(
        "記号",
        [InputRequired("記号を入れてください。")],
        description="小文字の英数字と _ で入れます。あとから変えられません。例：soap",
        render_kw={"data-required": "true", "data-max-length": "40"},
    )


class MaterialForm(ProductForm):
    """Another name for an entry of the vocabulary."""

    name = StringField(
        "新しい名前",
        [
            InputRequired("品目の名前を入れてください。"),
            Length(max=NAME_LENGTH, message=f"名前は{NAME_LENGTH}文字以内で入れてください。"),
        ],
        description="この品目を選んだニーズとシーズの表示も変わります。",
        render_kw={"data-required": "true", "data-max-length": str(NAME_LENGTH)},
    )
    reason = TextAreaField(
        "理由",
        [REASON_NEEDED, REASON_BOUND],
        render_kw={"data-required": "true", "data-max-length": str(REASON_LENGTH)},
    )


class ReasonForm(ProductForm):
    """Why something is decided; the second form of its page.

    Its page writes the token itself, since two forms would give their token fields the same id;
    the token is checked for every request that posts.
    """

    class Meta(ProductForm.Meta):
        csrf = False

    reason = TextAreaField(
        "理由",
        [REASON_NEEDED, REASON_BOUND],
        description="記録に残ります。",
        render_kw={"data-required": "true", "data-max-length": str(REASON_LENGTH)},
    )


class AuditFilterForm(ProductForm):
    """What the audit log is narrowed to; it travels in the address."""

    class Meta(ProductForm.Meta):
        csrf = False

    person = StringField("操作した人", render_kw={"data-max-length": "100"})
    tag = SelectField("操作", validate_choice=False)
    begins = DateTripleField("この日から", name="from")
    ends = DateTripleField("この日まで", name="to")
    subject = StringField("対象の番号", render_kw={"data-max-length": "36"})

    @classmethod
    def of_request(cls) -> AuditFilterForm:
        """The form with what the address holds; a tag it does not know is offered as it is."""
        form = cls(formdata=request.args)
        typed = form.tag.data or ""
        unknown = [(typed, typed)] if typed and typed not in TAG_LABELS else []
        form.tag.choices = [("", "すべて"), *TAG_LABELS.items(), *unknown]
        return form
