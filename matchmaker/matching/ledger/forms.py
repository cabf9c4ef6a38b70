"""Forms of the ledger: what a judge says, why it is taken back, what the list is narrowed to."""

from __future__ import annotations

from typing import Any

from flask import request
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired

from matchmaker.core.form_fields import line_field, text_field
from matchmaker.core.forms import ProductForm
from matchmaker.core.text import whole_number
from matchmaker.matching.ledger.domain import (
    FIT_LABELS,
    NOTE_LENGTH,
    REASON_LABELS,
    REASON_LENGTH,
    REGIONS,
    SIDE_LABELS,
    WHO,
    Fit,
    Opinion,
    Side,
)
from matchmaker.matching.ledger.extensions import evidence_sources
from matchmaker.matching.ledger.queries import Judging
from matchmaker.posts.vocabularies import DatabaseVocabularies


class JudgementForm(ProductForm):
    """What a judge says of a pair; the hidden fields say what was read."""

    fit = RadioField(
        "判定",
        [InputRequired("「適」「一部」「不適」のどれかを選んでください。")],
        choices=[(fit.value, label) for fit, label in FIT_LABELS.items()],
        validate_choice=False,
    )
    reason = SelectField(
        "理由",
        choices=[("", "選んでください"), *REASON_LABELS.items()],
        validate_choice=False,
        default="",
    )
    side = SelectField(
        "だれにとって",
        choices=[(side.value, label) for side, label in SIDE_LABELS.items()],
        validate_choice=False,
        default=Side.BOTH.value,
    )
    note = text_field("メモ", NOTE_LENGTH)
    need_mark = HiddenField()
    offering_mark = HiddenField()
    revision = HiddenField()
    position = HiddenField()
    probability = HiddenField()

    @classmethod
    def of(cls, judging: Judging) -> JudgementForm:
        """The form as it is first shown: with what the person said before."""
        own = judging.own if judging.is_given else None
        values: dict[str, Any] = {"side": own.side if own else Side.BOTH}
        if own is not None:
            values |= {"fit": own.fit.value, "reason": own.reason, "note": own.note}
        return cls(formdata=None, data=values)

    def opinion(self) -> Opinion | None:
        """What was said; None, with a message at its field, where that is not to be understood."""
        if not self.validate_on_submit():
            return None
        if self.fit.data not in FIT_LABELS:
            self.add_error("fit", "「適」「一部」「不適」のどれかを選んでください。")
            return None
        if self.side.data not in SIDE_LABELS:
            self.add_error("side", "だれにとっての判定かを選んでください。")
            return None
        return Opinion(
            fit=Fit(self.fit.data),
            reason=self.reason.data or "",
            side=Side(self.side.data),
            note=self.note.data or "",
            need_hash=(self.need_mark.data or "")[:64],
            offering_hash=(self.offering_mark.data or "")[:64],
            expected_revision=whole_number(self.revision.data) or 0,
            position=whole_number(self.position.data),
            probability=_share(self.probability.data),
        )


def _share(text: str | None) -> float | None:
    """A number from 0 to 1; None for whatever is none."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


class TakeBackForm(ProductForm):
    """Why a judgement is taken back."""

    why = line_field("取り消す理由", REASON_LENGTH, wanted="取り消す理由を入れてください。")
    revision = HiddenField()


class LedgerFilterForm(ProductForm):
    """What the list is narrowed to; sent in the address."""

    class Meta(ProductForm.Meta):
        csrf = False

    material = SelectField("品目", validate_choice=False)
    region = SelectField(
        "地域（ニーズの場所）",
        choices=[("", "すべて"), *((name, name) for name in REGIONS)],
        validate_choice=False,
    )
    source = SelectField("出どころ", validate_choice=False)
    who = SelectField("だれが", choices=list(WHO.items()), validate_choice=False)
    split = BooleanField("判定が分かれている組だけ", false_values=("", "0"))

    @classmethod
    def of_request(cls) -> LedgerFilterForm:
        """The form as the address fills it."""
        form = cls(formdata=request.args)
        materials = DatabaseVocabularies().choices("materials")
        form.material.choices = [("", "すべて"), *((each.code, each.label) for each in materials)]
        sources = evidence_sources().values()
        form.source.choices = [("", "すべて"), *((each.code, each.label) for each in sources)]
        return form
