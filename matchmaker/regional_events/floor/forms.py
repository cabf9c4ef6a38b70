"""Forms of the floor."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)

from matchmaker.core.forms import ProductForm
from matchmaker.core.text import clean_line, clean_text
from matchmaker.regional_events.floor.domain import (
    ANSWER_LENGTH,
    POLL_LENGTH,
    QUESTION_KIND_LABELS,
    REASON_LENGTH,
    SHOWN_NAME_LENGTH,
    TEXT_LENGTH,
    QuestionKind,
    QuestionSource,
    options_of,
    problem_with,
    problem_with_options,
)
from matchmaker.regional_events.planning.programme.models import ProgrammeSession

WHOLE_EVENT = ("", "イベント全体")
REQUIRED = {"data-required": "true"}
LONGEST_TYPED = 10_000


def _longest(length: int, *, required: bool = False) -> dict[str, str]:
    return {"data-max-length": str(length), **(REQUIRED if required else {})}


class AskForm(ProductForm):
    """A question or an opinion.

    ``website`` is a trap: people do not see it, programs that fill every field do.
    """

    kind = RadioField(
        "種類",
        choices=[(kind.value, label) for kind, label in QUESTION_KIND_LABELS.items()],
        default=QuestionKind.QUESTION.value,
        validate_choice=False,
    )
    text = TextAreaField("内容", render_kw=_longest(TEXT_LENGTH, required=True))
    session = SelectField("宛先", validate_choice=False)
    source = RadioField(
        "どこから参加していますか",
        choices=[(QuestionSource.ROOM.value, "会場"), (QuestionSource.ONLINE.value, "配信")],
        default=QuestionSource.ROOM.value,
        validate_choice=False,
    )
    name = StringField("名前（入れなくてもかまいません）", render_kw=_longest(SHOWN_NAME_LENGTH))
    shows_name = BooleanField("名前を出してもよい")
    website = StringField("ここには何も入れないでください")
    submission_key = HiddenField()

    def offer(self, sessions: Sequence[ProgrammeSession]) -> None:
        """Fill in the sessions that take questions, and the key against double sending."""
        self.session.choices = [WHOLE_EVENT, *((str(each.id), each.title) for each in sessions)]
        if not self.submission_key.data:
            self.submission_key.data = secrets.token_urlsafe(24)

    def validate_text(self, field: Any) -> None:
        """There has to be something, and not too much."""
        if problem := problem_with(clean_text(field.data or "")):
            raise ValidationError(problem)

    def validate_name(self, field: Any) -> None:
        """A name is a short line."""
        if len(clean_line(field.data or "")) > SHOWN_NAME_LENGTH:
            raise ValidationError(f"名前は{SHOWN_NAME_LENGTH}文字以内で入れてください。")

    def validate_submission_key(self, field: Any) -> None:
        """Ours are short."""
        if len(field.data or "") > 64:  # noqa: PLR2004 - length of the column
            field.data = secrets.token_urlsafe(24)

    @property
    def is_trapped(self) -> bool:
        """Whether a program filled what people do not see."""
        return bool((self.website.data or "").strip())


class DeskQuestionForm(ProductForm):
    """One question as the moderators handle it."""

    text = TextAreaField("出す文", render_kw=_longest(TEXT_LENGTH))
    reason = StringField(
        "見送る理由",
        description="送った人の画面に出ます。",
        render_kw=_longest(REASON_LENGTH),
    )
    answer = TextAreaField(
        "書面の回答",
        description="口頭で答えただけのときは、空のままでかまいません。あとから書き足せます。",
        render_kw=_longest(ANSWER_LENGTH),
    )
    revision = HiddenField()


class DeskAskForm(ProductForm):
    """A question asked aloud, written down by a moderator."""

    kind = RadioField(
        "種類",
        choices=[(kind.value, label) for kind, label in QUESTION_KIND_LABELS.items()],
        default=QuestionKind.QUESTION.value,
        validate_choice=False,
    )
    text = TextAreaField("内容", render_kw=_longest(TEXT_LENGTH, required=True))
    session = SelectField("宛先", validate_choice=False)
    submission_key = HiddenField()


class SwitchForm(ProductForm):
    """What is taken from now on."""

    takes_beforehand = BooleanField(
        "当日より前の質問を受け付ける", description="参加登録をした方だけが送れます。"
    )
    is_asking_open = BooleanField(
        "当日の質問を受け付ける", description="始まってから、終わったあと3時間まで送れます。"
    )
    is_voting_open = BooleanField("「わたしも聞きたい」を受け付ける")
    admits_guests = BooleanField(
        "会場のQRコードで、登録していない方も参加できる",
        description="コードは10分ごとに変わります。",
    )
    revision = HiddenField()


class PollForm(ProductForm):
    """A show of hands: what is asked, and the options one a line."""

    text = StringField("聞きたいこと", render_kw=_longest(POLL_LENGTH, required=True))
    options = TextAreaField(
        "選択肢",
        description="1行にひとつ、2個から6個まで。例：はい／いいえ／まだ決めていない",
        render_kw=REQUIRED,
    )
    submission_key = HiddenField()
    revision = HiddenField()

    def begin(self) -> None:
        """Give a fresh form the key against double sending."""
        if not self.submission_key.data or len(self.submission_key.data) > 64:  # noqa: PLR2004
            self.submission_key.data = secrets.token_urlsafe(24)

    def validate_text(self, field: Any) -> None:
        """There has to be a short question."""
        line = clean_line(field.data or "")
        if not line:
            raise ValidationError("聞きたいことを入れてください。")
        if len(line) > POLL_LENGTH:
            raise ValidationError(f"{POLL_LENGTH}文字以内で入れてください。")

    def validate_options(self, field: Any) -> None:
        """Two to six different options."""
        if problem := problem_with_options(options_of((field.data or "")[:LONGEST_TYPED])):
            raise ValidationError(problem)
