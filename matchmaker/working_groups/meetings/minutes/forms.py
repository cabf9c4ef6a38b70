"""Forms of minutes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from wtforms import HiddenField, RadioField, SelectMultipleField, TextAreaField

from matchmaker.core.forms import DateTripleField, ProductForm
from matchmaker.working_groups.groups.activity.forms import visibility_choices
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.meetings.domain import MinutesKind
from matchmaker.working_groups.meetings.minutes.domain import (
    BODY_LENGTH,
    COMMENT_LENGTH,
    KIND_LABELS,
    REASON_LENGTH,
)

LARGEST_NUMBER_DIGITS = 9


class MinutesForm(ProductForm):
    """The text and the version it started from."""

    body = TextAreaField(
        "本文",
        render_kw={"data-max-length": str(BODY_LENGTH), "rows": "24", "spellcheck": "false"},
    )
    base = HiddenField()

    @property
    def base_number(self) -> int:
        """Number of the version the person started from; 0 when the field was tampered with."""
        return number_in(self.base.data)


class SettingsForm(ProductForm):
    """Which kind of text it is, and who reads it later."""

    text_kind = RadioField(
        "種類",
        choices=[(kind.value, label) for kind, label in KIND_LABELS.items()],
        render_kw={"data-required": "true"},
    )
    visibility = RadioField(
        "公開したあとに読める人",
        choices=[],
        render_kw={"data-required": "true"},
    )

    def offer(self, widest: Visibility) -> None:
        """Offer those who may see the group, and narrower circles."""
        self.visibility.choices = visibility_choices(widest)


class SpeakersForm(ProductForm):
    """Whom to ask for a check, and until when."""

    speakers = SelectMultipleField(
        "確認を頼む人",
        choices=[],
        description="議題の発言者には、はじめから印がついています。",
        render_kw={"data-required": "true"},
    )
    until = DateTripleField(
        "返事の期日",
        description="空のままなら1週間後です。例：2027年4月1日。令和9年のように書いてもかまいません。",
    )

    def offer(self, people: Sequence[tuple[uuid.UUID, str]]) -> None:
        """Offer these people."""
        self.speakers.choices = [(str(id_), label) for id_, label in people]

    @property
    def chosen(self) -> list[uuid.UUID]:
        """Ids of the people chosen, which all were offered."""
        return [uuid.UUID(value) for value in self.speakers.data or []]


class AnswerForm(ProductForm):
    """What a speaker says to the text."""

    answer = RadioField(
        "返事",
        choices=[
            ("approve", "この内容で間違いありません"),
            ("change", "直してほしいところがあります"),
        ],
        render_kw={"data-required": "true"},
    )
    comment = TextAreaField(
        "直してほしいところ",
        description="「直してほしい」を選んだときは、どこをどう直すかを書いてください。",
        render_kw={"data-max-length": str(COMMENT_LENGTH), "rows": "4"},
    )
    revision = HiddenField()

    @property
    def read_revision(self) -> int:
        """Number of the text that the speaker has read."""
        return number_in(self.revision.data)


class PublicationForm(ProductForm):
    """Who may read the published text."""

    visibility = RadioField("読める人", choices=[], render_kw={"data-required": "true"})

    def offer(self, widest: Visibility) -> None:
        """Offer those who may see the group, and narrower circles."""
        self.visibility.choices = visibility_choices(widest)


class CorrectionForm(ProductForm):
    """Why published minutes are corrected."""

    reason = TextAreaField(
        "訂正の理由",
        description="訂正した議事録といっしょに、読む人に見えます。",
        render_kw={"data-required": "true", "data-max-length": str(REASON_LENGTH), "rows": "4"},
    )


def number_in(text: str | None) -> int:
    """A version's number from a hidden field; 0 for anything else."""
    if text is None or not text.isdecimal():
        return 0
    return int(text[:LARGEST_NUMBER_DIGITS])


def kind_of(form: SettingsForm) -> MinutesKind:
    """The kind that was chosen in a valid form."""
    return MinutesKind(form.text_kind.data)
