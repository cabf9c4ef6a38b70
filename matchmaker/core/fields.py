"""Fields of a record as data: one description serves form, page, comparison, import and export.

A :class:`FieldSpec` says what a field is called, what it holds and how far it may go. The form
builder, the spreadsheet reader, the comparison of versions and the detail page all read the same
table, so a new field is added in one place and a forgotten place shows in a test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class FieldKind(StrEnum):
    """What a field holds, and with it how it is typed in, checked and written out."""

    LINE = "line"  # one line of text
    TEXT = "text"  # several lines
    CHOICE = "choice"  # one code of a vocabulary
    CHOICES = "choices"  # several codes of a vocabulary
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE = "date"
    FLAG = "flag"  # yes or no
    MUNICIPALITY = "municipality"  # six-digit local-government code
    URL = "url"


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a vocabulary: the stored ``code`` and the Japanese ``label`` people read."""

    code: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """Describes one field.

    Args:
        name: attribute on the model and key in snapshots, forms and files.
        label: what people read, in Japanese.
        kind: what the field holds.
        section: key of the form section it stands in.
        required: whether a submitted record must have it (a draft need not).
        max_length: longest text in characters (LINE, TEXT, URL).
        minimum: smallest number allowed.
        maximum: largest number allowed.
        max_items: most codes that CHOICES may hold.
        unit: unit shown after a number, for example ``t/年``.
        choices: the vocabulary; empty when ``vocabulary`` names one kept in the database.
        vocabulary: ``materials`` or ``prefectures`` for vocabularies loaded at run time.
        help: one plain Japanese sentence under the label.
        only_when: field name and codes for which this field is asked (for example the kind).
        stage: who may see the value: ``public``, ``members``, ``interested`` or ``parties``.
    """

    name: str
    label: str
    kind: FieldKind
    section: str
    required: bool = False
    max_length: int = 200
    minimum: float | None = None
    maximum: float | None = None
    max_items: int = 40
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    vocabulary: str = ""
    help: str = ""
    only_when: tuple[str, frozenset[str]] | None = None
    stage: str = "public"

    def label_of(self, code: str) -> str:
        """Japanese label of ``code``, or the code itself when the vocabulary lives elsewhere."""
        return next((c.label for c in self.choices if c.code == code), code)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a long form: ``opened`` sections are unfolded when the form is empty."""

    key: str
    title: str
    lead: str = ""
    opened: bool = False


@dataclass(frozen=True, slots=True)
class FieldTable:
    """All fields of one kind of record, in the order people meet them."""

    sections: tuple[Section, ...]
    fields: tuple[FieldSpec, ...]
    by_name: Mapping[str, FieldSpec] = field(init=False)

    def __post_init__(self) -> None:
        names = [spec.name for spec in self.fields]
        duplicates = {name for name in names if names.count(name) > 1}
        if duplicates:
            raise ValueError(f"fields described twice: {sorted(duplicates)}")
        unknown = {spec.section for spec in self.fields} - {s.key for s in self.sections}
        if unknown:
            raise ValueError(f"fields in unknown sections: {sorted(unknown)}")
        object.__setattr__(self, "by_name", {spec.name: spec for spec in self.fields})

    def in_section(self, key: str) -> Sequence[FieldSpec]:
        """Fields of one section, in order."""
        return [spec for spec in self.fields if spec.section == key]

    def of_kind(self, *kinds: FieldKind) -> Sequence[FieldSpec]:
        """Fields that hold one of ``kinds``, in order."""
        return [spec for spec in self.fields if spec.kind in kinds]
