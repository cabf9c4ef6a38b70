"""Forms of the board: acting for a side, correcting."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, RadioField

from matchmaker.core.form_fields import text_field
from matchmaker.core.text import whole_number
from matchmaker.partnering.introductions.domain import (
    MOST_DAYS,
    REASON_LABELS,
    REASONS_TO_DECLINE,
    WORDS_LENGTH,
    Answer,
    IntroductionMove,
    ReasonCode,
    Side,
)
from matchmaker.partnering.introductions.forms import DayForm, MoveForm

CODES = [(code.value, REASON_LABELS[code]) for code in REASONS_TO_DECLINE]


class ActingForm(MoveForm):
    """One move, made by the secretariat for a side; the reason tells both sides why."""

    side = RadioField("どちらの団体に代わって操作しますか", validate_choice=False)

    def __init__(self, move: IntroductionMove, sides: dict[Side, str], **kwargs: Any) -> None:
        super().__init__(move, **kwargs)
        self.side.choices = [(side.value, name) for side, name in sides.items()]
        self.reason.label.text = "事務局が操作する理由"
        self.reason.description = "どちらの団体にも、メールと「これまで」で伝わります。"
        self.reason.render_kw = {**(self.reason.render_kw or {}), "data-required": "true"}

    @property
    def chosen_side(self) -> Side | None:
        """The side that was chosen; None where none was, or none is asked for."""
        return Side(self.side.data) if self.side.data in list(Side) else None


class CorrectionForm(DayForm):
    """The deadline of a live introduction, or the reason code of a declined one."""

    reason_code = RadioField("見送りの理由", choices=CODES, validate_choice=False)
    reason = text_field(
        "訂正の理由",
        WORDS_LENGTH,
        "どちらの団体にも、メールで伝わります。",
        wanted="訂正の理由を入れてください。",
    )
    revision = HiddenField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="correct-", **kwargs)
        self.answer_due_on.description = f"あすから{MOST_DAYS}日後までの日を選べます。"

    def answer(self) -> Answer:
        """What the valid form says."""
        code = self.reason_code.data
        return Answer(
            reason_code=ReasonCode(code) if code in list(ReasonCode) else None,
            reason=self.reason.data or "",
            answer_due_on=self.day,
            revision=whole_number(self.revision.data),
        )
