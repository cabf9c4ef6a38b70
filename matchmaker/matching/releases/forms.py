"""The form of each step of a version."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from matchmaker.core.forms import ProductForm
from matchmaker.matching.releases.domain import REASON_LENGTH


class StepForm(ProductForm):
    """Why a step is taken; ``seen_live`` is the version in use when the page was read."""

    seen_live = HiddenField()
    reason = TextAreaField(
        "理由",
        [
            InputRequired("理由を入れてください。"),
            Length(max=REASON_LENGTH, message=f"理由は{REASON_LENGTH}文字以内で入れてください。"),
        ],
        description="操作の記録に残ります。",
        render_kw={"data-required": "true", "data-max-length": str(REASON_LENGTH)},
    )


class DespiteForm(StepForm):
    """A step that something speaks against."""

    despite = BooleanField(
        "上の点を承知のうえで使う",
        description="承知した内容も、操作の記録に残ります。",
    )
