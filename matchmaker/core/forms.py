"""Forms: the base of all, the date in three fields, and forms made from a field table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
)

from matchmaker.core.cleaning import (
    CleanedRecord,
    RecordRule,
    Value,
    Vocabularies,
    clean_record,
    entries,
)
from matchmaker.core.fields import FieldKind, FieldSpec, FieldTable, Section

MOST_RADIO_CHOICES = 4
NOT_CHOSEN = ("", "選んでください")


class ProductForm(FlaskForm):  # type: ignore[misc]
    """Base of all forms: an invalid one answers 422 with what was typed still in it."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        locales: ClassVar[list[str]] = ["ja"]

    def add_error(self, field: str | None, message: str) -> None:
        """Attach a message of a service to its field, or to the whole form."""
        target = self._fields.get(field) if field else None
        if target is None:
            self.form_errors.append(message)
        else:
            target.errors = [*target.errors, message]


class ConfirmForm(ProductForm):
    """A form that carries nothing but its token: for buttons that change something."""


class DateTripleField(Field):
    """A date as three inputs ``<name>-year``, ``<name>-month`` and ``<name>-day``.

    ``data`` is what was typed, joined as ``2026-4-1`` (or None when all three are empty), so that a
    faulty date comes back as it was typed. The year may be given as 令和8 or R8.
    """

    widget_kind = "date_triple"

    def __init__(self, label: str = "", validators: list[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.parts = ("", "", "")

    def process(  # type: ignore[override]
        self,
        formdata: MultiDict[str, str] | None,
        data: Any = None,
        extra_filters: Any = None,
    ) -> None:
        """Take the three inputs, or the stored day when nothing was sent."""
        names = [f"{self.name}-{part}" for part in ("year", "month", "day")]
        self.errors = []
        if formdata is not None and any(name in formdata for name in names):
            self.parts = tuple(formdata.get(name, "").strip() for name in names)  # type: ignore[assignment]
        elif isinstance(data, date):
            self.parts = (str(data.year), str(data.month), str(data.day))
        self.data = self._joined()

    def _joined(self) -> str | None:
        if not any(self.parts):
            return None
        year, month, day = self.parts
        return f"{year}年{month}月{day}日"


class RecordForm(ProductForm):
    """A form made from a field table by :func:`record_form`."""

    table: ClassVar[FieldTable]
    vocabularies: ClassVar[Vocabularies]
    rules: ClassVar[tuple[RecordRule, ...]] = ()
    usual_values: ClassVar[Mapping[str, Any]] = {}
    form_key = HiddenField()
    revision = HiddenField()

    def raw_values(self) -> dict[str, Any]:
        """What was typed, by field name."""
        return {spec.name: self[spec.name].data for spec in self.table.fields}

    def clean(self, *, complete: bool) -> CleanedRecord:
        """Check what was typed; messages are attached to the fields they belong to."""
        cleaned = clean_record(
            self.table, self.raw_values(), self.vocabularies, complete=complete, rules=self.rules
        )
        for name, message in cleaned.errors.items():
            self[name].errors = [message]
        return cleaned

    def sections(self) -> list[tuple[Section, list[Any], bool]]:
        """Each section with its form fields and whether it stands open, in order.

        A section opens when it is usual, when something in it was filled in by a person, or when
        something in it has to be mended.
        """
        return [
            (section, fields, section.opened or any(self._is_touched(f) for f in fields))
            for section in self.table.sections
            for fields in [[self[spec.name] for spec in self.table.in_section(section.key)]]
        ]

    def _is_touched(self, field: Any) -> bool:
        usual = self.usual_values.get(field.short_name)
        return bool(field.errors) or (bool(field.data) and field.data != usual)


def record_form(
    table: FieldTable,
    vocabularies: Vocabularies,
    rules: tuple[RecordRule, ...] = (),
    usual_values: Mapping[str, Any] | None = None,
) -> type[RecordForm]:
    """A form class with one input for each field of ``table``.

    Args:
        usual_values: values an empty form starts with; they open no folded section.
    """
    members: dict[str, Any] = {spec.name: _input(spec, vocabularies) for spec in table.fields}
    members.update(
        table=table,
        vocabularies=vocabularies,
        rules=rules,
        usual_values=usual_values or {},
    )
    return type("TableForm", (RecordForm,), members)


def form_values(values: Mapping[str, Value]) -> dict[str, Any]:
    """Stored values as a form shows them (numbers without an exponent)."""
    return {
        name: f"{value:f}" if hasattr(value, "as_tuple") else value
        for name, value in values.items()
    }


def _input(spec: FieldSpec, vocabularies: Vocabularies) -> Any:
    options: dict[str, Any] = {
        "label": spec.label,
        "description": spec.help,
        "render_kw": _attributes(spec),
    }
    match spec.kind:
        case FieldKind.TEXT:
            return TextAreaField(**options)
        case FieldKind.CHOICE:
            return _choice_input(spec, vocabularies, options)
        case FieldKind.CHOICES:
            choices = [(c.code, c.label) for c in entries(spec, vocabularies)]
            return SelectMultipleField(choices=choices, validate_choice=False, **options)
        case FieldKind.DATE:
            return DateTripleField(**options)
        case FieldKind.FLAG:
            return BooleanField(**options)
        case FieldKind.URL:
            return URLField(**options)
        case _:
            return StringField(**options)


def _choice_input(spec: FieldSpec, vocabularies: Vocabularies, options: dict[str, Any]) -> Any:
    choices = [(c.code, c.label) for c in entries(spec, vocabularies)]
    if len(choices) <= MOST_RADIO_CHOICES:
        return RadioField(choices=choices, validate_choice=False, **options)
    return SelectField(choices=[NOT_CHOSEN, *choices], validate_choice=False, **options)


def _attributes(spec: FieldSpec) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    if spec.required:
        attributes["data-required"] = "true"
    if spec.kind in (FieldKind.LINE, FieldKind.TEXT, FieldKind.URL):
        attributes["data-max-length"] = str(spec.max_length)
    if spec.kind in (FieldKind.DECIMAL, FieldKind.INTEGER):
        attributes["inputmode"] = "decimal"
        attributes["data-unit"] = spec.unit
    if spec.only_when is not None:
        name, codes = spec.only_when
        attributes["data-only-when"] = f"{name}:{' '.join(sorted(codes))}"
    if spec.kind is FieldKind.MUNICIPALITY:
        attributes["data-municipality"] = "true"
    return attributes
