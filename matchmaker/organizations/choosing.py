"""Choosing a member in a form: proposals while one types, and what a typed name means.

Without scripts the name is typed and sent; where several members fit, the page asks which one. The
template draws ``organization`` with ``combobox_field`` and ``organization_id`` with ``radio`` while
it has choices.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from wtforms import RadioField, StringField
from wtforms.validators import Length

from matchmaker.core.forms import ProductForm
from matchmaker.core.text import clean_line
from matchmaker.organizations.domain import CATEGORIES
from matchmaker.organizations.finding import (
    LONGEST_WORDS,
    fits_words,
    members_like,
    members_named,
)
from matchmaker.organizations.models import Organization
from matchmaker.organizations.queries import organizations_by_id

NOT_TYPED = "団体の名前を入れてください。"
NOBODY = "「{words}」に合う会員が見つかりません。名前の一部だけで、もう一度さがしてください。"
SEVERAL = "「{words}」に合う団体です。1つ選んで、もう一度送ってください。"
TOO_LONG = Length(max=LONGEST_WORDS, message=f"{LONGEST_WORDS}文字以内で入れてください。")
CATEGORY_LABELS = {choice.code: choice.label for choice in CATEGORIES}


class MemberForm(ProductForm):
    """A form that asks for a member by its name."""

    organization = StringField(
        "団体の名前",
        description="会員の名前や読みの一部を入れてください。例：青空",
        validators=[TOO_LONG],
        render_kw={"data-required": "true"},
    )
    organization_id = RadioField("どの団体ですか", choices=(), validate_choice=False)

    def offer(self, found: Sequence[Organization], chosen: str = "") -> None:
        """Ask which of several members is meant."""
        self.organization_id.choices = [
            (str(each.id), f"{each.name}（{note_of(each)}）") for each in found
        ]
        self.organization_id.data = chosen

    def add_error(self, field: str | None, message: str) -> None:
        """Attach a message; one on the member stands at its name while no choice is drawn."""
        if field == "organization_id" and not self.organization_id.choices:
            field = "organization"
        super().add_error(field, message)

    @property
    def words(self) -> str:
        """What was typed as the name, or the id of a proposal."""
        return clean_line(self.organization.data or "")[:LONGEST_WORDS]


class Candidates(Protocol):
    """The members that may be meant."""

    def with_id(self, text: str | None) -> Organization | None:
        """The one with this id; None when the text is no id or means another."""

    def named(self, words: str) -> Sequence[Organization]:
        """Those with exactly this name."""

    def like(self, words: str) -> Sequence[Organization]:
        """Those that are proposed for these words."""


@dataclass(frozen=True, slots=True)
class AllMembers:
    """Every member.

    Args:
        left_out: ids that are not proposed; whoever names one is told by the command.
    """

    left_out: Collection[uuid.UUID] = ()

    def with_id(self, text: str | None) -> Organization | None:
        """The one with this id; None when the text is no id or means nobody."""
        wanted = _id(text)
        return organizations_by_id([wanted]).get(wanted) if wanted else None

    def named(self, words: str) -> Sequence[Organization]:
        """Those with exactly this name."""
        return members_named(words)

    def like(self, words: str) -> Sequence[Organization]:
        """Those that are proposed for these words."""
        return members_like(words, self.left_out)


@dataclass(frozen=True, slots=True)
class TheseMembers:
    """Only these, for instance the organisations of one person."""

    members: Sequence[Organization]

    def with_id(self, text: str | None) -> Organization | None:
        """The one with this id; None when the text is no id or means another."""
        wanted = _id(text)
        return next((each for each in self.members if each.id == wanted), None)

    def named(self, words: str) -> Sequence[Organization]:
        """Those with exactly this name."""
        return [each for each in self.members if each.name == words]

    def like(self, words: str) -> Sequence[Organization]:
        """Those that are proposed for these words."""
        return [each for each in self.members if fits_words(each, words)]


def chosen_member(
    form: MemberForm, candidates: Candidates, nobody: str = NOBODY
) -> uuid.UUID | None:
    """The member that was meant; otherwise the message stands at its field.

    A name that only one member bears, and the id of a proposal, are enough. Of several members
    that fit one has to be picked; what was picked counts only while it fits the words.

    Args:
        nobody: what is told when none fits; ``{words}`` stands for what was typed.
    """
    words = form.words
    proposed, picked = candidates.with_id(words), candidates.with_id(form.organization_id.data)
    if proposed is None and picked is not None and fits_words(picked, words):
        proposed = picked
    if proposed is not None:
        return proposed.id
    if not words:
        form.add_error("organization", NOT_TYPED)
        return None
    return _named(form, candidates, nobody)


def _named(form: MemberForm, candidates: Candidates, nobody: str) -> uuid.UUID | None:
    found = candidates.named(form.words)
    if len(found) == 1:
        return found[0].id
    found = found or candidates.like(form.words)
    if found:
        form.offer(found)
        form.add_error("organization_id", SEVERAL.format(words=form.words))
    else:
        form.add_error("organization", nobody.format(words=form.words))
    return None


def prefill(form: MemberForm) -> None:
    """Show the name of the member whose id stands in the form (from a link, or from a proposal).

    Members of the same name are shown to choose from, that one chosen.
    """
    everybody = AllMembers()
    organization = everybody.with_id(form.organization.data)
    organization = organization or everybody.with_id(form.organization_id.data)
    if organization is None:
        return
    form.organization.data = organization.name
    namesakes = members_named(organization.name)
    if len(namesakes) > 1:
        form.offer(namesakes, str(organization.id))


def proposals(found: Sequence[Organization]) -> list[dict[str, str]]:
    """Members as the field of a name shows them."""
    return [{"value": str(each.id), "label": each.name, "note": note_of(each)} for each in found]


def note_of(organization: Organization) -> str:
    """What tells a member from its namesakes: prefecture and kind."""
    category = CATEGORY_LABELS.get(organization.category, "")
    return "・".join(part for part in (organization.prefecture, category) if part)


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
