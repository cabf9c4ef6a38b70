"""Forms of the vocabulary's screen."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField, RadioField, SelectField

from embeddings.reading.thesaurus import ConceptKind
from matchmaker.core.form_fields import REQUIRED, line_field, text_field
from matchmaker.core.forms import ProductForm
from matchmaker.core.text import clean_line, fold, whole_number
from matchmaker.matching.terms.domain import (
    KIND_LABELS,
    LABEL_LENGTH,
    REASON_LENGTH,
    SIDE_LABELS,
    SOURCE_LENGTH,
    TERM_LENGTH,
    Side,
)
from matchmaker.matching.terms.service import NewTerm
from matchmaker.posts.vocabulary import CIRCULATION_METHODS, LICENCES, PROCESS_STAGES, WASTE_CLASSES

MOST_TYPED = 4000
VALUES = {
    ConceptKind.STAGE: [choice.label for choice in PROCESS_STAGES],
    ConceptKind.METHOD: [choice.label for choice in CIRCULATION_METHODS],
    ConceptKind.LICENCE: [choice.label for choice in LICENCES],
    ConceptKind.WASTE_CLASS: [choice.label for choice in WASTE_CLASSES if choice.code != "unknown"],
    ConceptKind.ISSUE: [],
}
"""Entries of the product's own lists by kind; those of materials are in the database."""


class TermForm(ProductForm):
    """One more word for a concept."""

    text = line_field("加えることば", TERM_LENGTH, "例：孟宗竹", wanted="ことばを入れてください。")
    side = RadioField(
        "だれが使うことばか",
        choices=[(side.value, label) for side, label in SIDE_LABELS.items()],
        default=Side.BOTH.value,
        validate_choice=False,
    )
    source = line_field(
        "出典", SOURCE_LENGTH, "例：○○市 一般廃棄物処理基本計画、事務局で整理",
        wanted="どこで使われていることばかを入れてください。",
    )  # fmt: skip
    revision = HiddenField()
    confirmed = HiddenField()
    take_over = HiddenField()


class SwitchForm(ProductForm):
    """Switching a word or a concept off, or on again."""

    class Meta(ProductForm.Meta):
        # Several of these stand on one page; the page writes the token itself.
        csrf = False

    text = HiddenField()
    state = HiddenField()
    reason = line_field("理由", REASON_LENGTH, "記録に残ります。", wanted="理由を入れてください。")
    revision = HiddenField()
    confirmed = HiddenField()


class ConceptForm(ProductForm):
    """A new concept with its first words."""

    kind = SelectField(
        "種類",
        choices=[(kind.value, label) for kind, label in KIND_LABELS.items()],
        validate_choice=False,
        render_kw=REQUIRED,
    )
    label = line_field(
        "名前", LABEL_LENGTH, "意味をひとことで。例：竹", wanted="名前を入れてください。"
    )
    value = SelectField("どの選択肢にあたるか", validate_choice=False)
    town = text_field(
        "自治体がよく使うことば", MOST_TYPED, "1行に1つ、または「、」で区切って入れてください。"
    )
    company = text_field(
        "事業者がよく使うことば", MOST_TYPED, "どちらも使うことばは、両方に入れてください。"
    )
    source = line_field(
        "出典", SOURCE_LENGTH, "例：食品リサイクル法、○○市の計画、事務局で整理",
        wanted="どこで使われていることばかを入れてください。",
    )  # fmt: skip
    confirmed = HiddenField()

    @classmethod
    def with_values(cls, materials: Sequence[str]) -> ConceptForm:
        """The form with the entries of all lists to choose from."""
        form = cls()
        lists = {ConceptKind.MATERIAL: list(materials), **VALUES}
        form.value.choices = [("", "あてはまるものはない")] + [
            (label, f"{KIND_LABELS[kind]}：{label}")
            for kind in ConceptKind
            for label in lists.get(kind, [])
        ]
        return form

    @property
    def fits(self) -> bool:
        """Whether the entry chosen belongs to the kind chosen (none always does)."""
        chosen = f"{KIND_LABELS[ConceptKind(self.kind.data)]}："
        value = self.value.data or ""
        label = next((str(c[1]) for c in self.value.iter_choices() if c[0] == value), "")
        return not value or label.startswith(chosen)


def revision_of(form: TermForm | SwitchForm) -> int:
    """The revision that the person saw; one that cannot be read fits none."""
    found = whole_number(form.revision.data)
    return -1 if found is None else found


def new_terms(form: ConceptForm) -> list[NewTerm]:
    """The words typed for a new concept; one typed on both sides is used by both."""
    town, company = typed_words(form.town.data), typed_words(form.company.data)
    source = form.source.data or ""
    both = {fold(word) for word in town} & {fold(word) for word in company}
    sides = [(word, Side.BOTH if fold(word) in both else Side.TOWN) for word in town]
    sides += [(word, Side.COMPANY) for word in company if fold(word) not in both]
    return [NewTerm(word, side, source) for word, side in sides]


def typed_words(text: str | None) -> list[str]:
    """Words typed one a line or between commas, each once."""
    lines = (text or "").replace("、", "\n").replace(",", "\n").replace("，", "\n").splitlines()
    return list(dict.fromkeys(word for line in lines if (word := clean_line(line))))
