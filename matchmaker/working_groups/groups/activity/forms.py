"""Forms of a group's activity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import FileField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from matchmaker.core.dates import parse_date
from matchmaker.core.errors import ProductError
from matchmaker.core.forms import DateTripleField, ProductForm
from matchmaker.core.moment_field import MomentField
from matchmaker.working_groups.groups.activity.domain import (
    BODY_LENGTH,
    DIGEST_LABELS,
    NOTE_LENGTH,
    OWNER_NAME_LENGTH,
    REASON_LENGTH,
    TASK_TITLE_LENGTH,
    TITLE_LENGTH,
    VERSION_NOTE_LENGTH,
    PostData,
    TaskData,
)
from matchmaker.working_groups.groups.domain import (
    VISIBILITY_LABELS,
    DigestFrequency,
    Visibility,
)

WIDEST_FIRST = (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.GROUP)
Choices = Sequence[tuple[str, str]]


def _required(longest: int) -> dict[str, str]:
    return {"data-required": "true", "data-max-length": str(longest)}


def visibility_choices(widest: Visibility) -> list[tuple[str, str]]:
    """Who may be chosen to read something of a group that is itself for ``widest``."""
    choices = WIDEST_FIRST[WIDEST_FIRST.index(widest) :]
    return [(choice.value, VISIBILITY_LABELS[choice]) for choice in choices]


def day_of(field: DateTripleField, *, required: bool = True) -> date | None:
    """The day typed into a field.

    Raises:
        ProductError: there is no such day, or it is missing though required.
    """
    if not field.data:
        if required:
            raise ProductError(f"{field.label.text}を入れてください。", field.short_name)
        return None
    try:
        return parse_date(field.data)
    except ValueError:
        raise ProductError(
            "実在する日付を入れてください（例：2026年4月1日、令和8年4月1日）。", field.short_name
        ) from None


class RevisionForm(ProductForm):
    """A form that knows from which revision it was made."""

    revision = HiddenField()

    @property
    def expected_revision(self) -> int:
        """The revision; 0, which none has, when the field was tampered with."""
        text = self.revision.data or ""
        return int(text[:9]) if text.isdecimal() else 0


class VisibilityForm(RevisionForm):
    """A form with the choice of who may read something."""

    visibility = RadioField(
        "見られる人", choices=(), validate_choice=False, render_kw={"data-required": "true"}
    )
    offered: frozenset[str] = frozenset()

    def limit_visibility(self, widest: Visibility, usual: Visibility = Visibility.GROUP) -> None:
        """Offer nothing wider than the group itself.

        Args:
            widest: who may see the group.
            usual: what a new form begins with; the widest that is offered when that is wider.
        """
        choices = visibility_choices(widest)
        self.visibility.choices = choices
        self.offered = frozenset(value for value, _label in choices)
        if not self.is_submitted() and self.visibility.data not in self.offered:
            self.visibility.data = usual.value if usual.value in self.offered else choices[0][0]

    @property
    def chosen_visibility(self) -> Visibility:
        """Who may read it.

        Raises:
            ProductError: nothing that is offered was chosen.
        """
        if self.visibility.data not in self.offered:
            raise ProductError("見られる人を選んでください。", "visibility")
        return Visibility(self.visibility.data)


class PostForm(VisibilityForm):
    """An activity post."""

    title = StringField("題名", render_kw=_required(TITLE_LENGTH))
    body = TextAreaField(
        "本文",
        description="何をしたか、これから何をするかを、参加していない人にも分かるように書いてください。",
        render_kw=_required(BODY_LENGTH),
    )

    def post_data(self) -> PostData:
        """What was typed.

        Raises:
            ProductError: who may read it was not chosen.
        """
        visibility = self.chosen_visibility
        return PostData(self.title.data or "", self.body.data or "", visibility)


class ReasonForm(ProductForm):
    """Words for a step."""

    reason = TextAreaField("理由", render_kw=_required(REASON_LENGTH))


class DocumentForm(VisibilityForm):
    """A new document."""

    file = FileField("ファイル", render_kw={"data-required": "true"})
    title = StringField(
        "資料の名前",
        description="入れないときは、ファイルの名前になります。",
        render_kw={"data-max-length": str(TITLE_LENGTH)},
    )
    publish_at = MomentField(
        "公開する日時",
        description="入れないときは、すぐに公開します。"
        "この日時までは、WGを運営する人（座長・リーダー・事務局）だけに見えます。",
    )


class DocumentFactsForm(VisibilityForm):
    """What a document is called, who sees it and from when on."""

    title = StringField("資料の名前", render_kw=_required(TITLE_LENGTH))
    publish_at = MomentField(
        "公開する日時",
        description="先の日時にすると、それまではWGを運営する人だけに見えます。",
    )


class ReplacementForm(RevisionForm):
    """A new version of a document; ``revision`` is the latest version's number."""

    file = FileField("新しいファイル", render_kw={"data-required": "true"})
    note = StringField(
        "変えたところ",
        description="例：3ページの数字を直しました。",
        render_kw=_required(VERSION_NOTE_LENGTH),
    )


class TaskForm(RevisionForm):
    """A task."""

    title = StringField("やること", render_kw=_required(TASK_TITLE_LENGTH))
    owner = SelectField("担当", choices=(), validate_choice=False)
    owner_name = StringField(
        "担当者の名前",
        description="一覧にいない人が担当するときだけ入れてください。",
        render_kw={"data-max-length": str(OWNER_NAME_LENGTH)},
    )
    due_on = DateTripleField("期限")
    note = TextAreaField("補足", render_kw={"data-max-length": str(NOTE_LENGTH)})

    def offer_owners(self, people: Choices) -> None:
        """Fill the list of people who may be chosen."""
        self.owner.choices = [("", "決めない・一覧にいない"), *people]

    def task_data(self, people: dict[str, Any]) -> TaskData:
        """What was typed.

        Args:
            people: ids of those who may be chosen by their text.

        Raises:
            ProductError: the day cannot be read, or the person cannot be chosen.
        """
        chosen = self.owner.data or ""
        if chosen and chosen not in people:
            raise ProductError("担当者は、いまこのWGに参加している人から選んでください。", "owner")
        return TaskData(
            title=self.title.data or "",
            note=self.note.data or "",
            owner_id=people.get(chosen),
            owner_name=self.owner_name.data or "",
            due_on=day_of(self.due_on, required=False),
        )


class DecisionForm(ProductForm):
    """An entry of the decisions log."""

    text = TextAreaField("決めたこと", render_kw=_required(NOTE_LENGTH))
    decided_on = DateTripleField("決めた日", render_kw={"data-required": "true"})


class DecisionReplacementForm(DecisionForm):
    """A decision that takes the place of an earlier one."""

    reason = TextAreaField("置き換える理由", render_kw=_required(REASON_LENGTH))


class DigestForm(ProductForm):
    """How often to get the news of a group."""

    frequency = RadioField(
        "受け取り方",
        choices=[(each.value, label) for each, label in DIGEST_LABELS.items()],
        validate_choice=False,
        render_kw={"data-required": "true"},
    )

    @property
    def chosen(self) -> DigestFrequency:
        """The choice.

        Raises:
            ProductError: none was made.
        """
        try:
            return DigestFrequency(self.frequency.data)
        except ValueError:
            raise ProductError("受け取り方を選んでください。", "frequency") from None
