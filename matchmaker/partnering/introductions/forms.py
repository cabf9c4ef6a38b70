"""Forms of introductions: expressing interest, and what is said with each move."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import HiddenField, RadioField
from wtforms.validators import ValidationError

from matchmaker.core.dates import parse_date
from matchmaker.core.form_fields import text_field
from matchmaker.core.forms import DateTripleField, ProductForm
from matchmaker.core.text import whole_number
from matchmaker.partnering.introductions.domain import (
    DEFAULT_DAYS,
    KEY_LENGTH,
    LEAST_DAYS,
    MOST_DAYS,
    NOTE_LENGTH,
    REASON_LABELS,
    REASONS_TO_DECLINE,
    WISH_LENGTH,
    WORDS_LENGTH,
    Answer,
    Interest,
    IntroductionMove,
    ReasonCode,
    Side,
    Source,
)

UNREADABLE_DAY = "日付を、2027年4月1日や令和9年4月1日のように入れてください。"
DUE_HELP = (
    f"その日の終わりまでです。{LEAST_DAYS}日後から{MOST_DAYS}日後までで選べます。"
    f"ふつうは{DEFAULT_DAYS}日後です。"
)
SIDE_CHOICES = [(Side.TOWN.value, "ニーズの団体"), (Side.BUSINESS.value, "シーズの団体")]
SOURCES_OF_FORM = (Source.RECOMMENDATION, Source.SEARCH, Source.SECRETARIAT)


class DayForm(ProductForm):
    """A form with the last day for an answer."""

    answer_due_on = DateTripleField(
        "返事がほしい日", description=DUE_HELP, render_kw={"data-required": "true"}
    )

    def validate_answer_due_on(self, field: DateTripleField) -> None:
        """Tell what could not be read."""
        if field.data is None:
            return
        try:
            parse_date(field.data)
        except ValueError:
            raise ValidationError(UNREADABLE_DAY) from None

    @property
    def day(self) -> date | None:
        """The day; None when nothing was typed."""
        return parse_date(self.answer_due_on.data) if self.answer_due_on.data else None


class InterestForm(DayForm):
    """Express interest in a pair."""

    note = text_field(
        "相手へのひとこと",
        NOTE_LENGTH,
        "なぜ声をかけたか、何を相談したいかを書いてください。相手の団体の人が読みます。",
        wanted="相手へのひとことを入れてください。",
    )
    wish = text_field(
        "提供できること・お願いしたいこと",
        WISH_LENGTH,
        "量、時期、場所、費用の分担など、話を始めるときに知らせておきたいこと。",
    )
    from_side = RadioField(
        "どちらの団体として伝えますか", choices=SIDE_CHOICES, validate_choice=False
    )
    need_id = HiddenField()
    offering_id = HiddenField()
    source = HiddenField()
    submission_key = HiddenField()

    def interest(self, need_id: uuid.UUID, offering_id: uuid.UUID) -> Interest:
        """What the valid form says of this pair."""
        side = self.from_side.data
        return Interest(
            need_id,
            offering_id,
            self.note.data or "",
            self.wish.data or "",
            self.day,
            source_of(self.source.data),
            (self.submission_key.data or "")[:KEY_LENGTH],
            Side(side) if side in list(Side) else None,
        )


def source_of(word: str | None) -> Source:
    """Where the form was opened from; whatever is none of ours counts as a post's page."""
    return Source(word) if word in list(SOURCES_OF_FORM) else Source.SEARCH


WORDS_LABELS: Mapping[IntroductionMove, str] = {
    IntroductionMove.ASK_BACK: "聞きたいこと",
    IntroductionMove.REPLY: "質問への答え",
}
"""Moves that cannot do without words; with all others a word may be left."""
FREE_WORDS = "相手へのひとこと（書かなくてもかまいません）"


class MoveForm(DayForm):
    """What is said with one move; each move on a page has a form with a prefix of its own."""

    reason_code = RadioField(
        "理由",
        choices=[(code.value, REASON_LABELS[code]) for code in REASONS_TO_DECLINE],
        validate_choice=False,
        render_kw={"data-required": "true"},
    )
    reason = text_field("理由をくわしく", WORDS_LENGTH, "相手の団体の人が読みます。")
    words = text_field("ひとこと", WORDS_LENGTH)
    revision = HiddenField()

    def __init__(self, move: IntroductionMove, **kwargs: Any) -> None:
        super().__init__(prefix=f"{move.value}-", **kwargs)
        self.move = move
        self.words.label.text = WORDS_LABELS.get(move, FREE_WORDS)
        if move in WORDS_LABELS:
            self.words.render_kw = {**self.words.render_kw, "data-required": "true"}

    def answer(self) -> Answer:
        """What the valid form says."""
        code = self.reason_code.data
        return Answer(
            ReasonCode(code) if code in list(ReasonCode) else None,
            self.reason.data or "",
            self.words.data or "",
            self.day,
            whole_number(self.revision.data),
        )
