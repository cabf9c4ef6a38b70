"""Forms of support programmes: the programme itself, and what a consortium gives for it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms import BooleanField

from matchmaker.core.cleaning import CleanedRecord
from matchmaker.core.fields import FieldKind, FieldSpec, FieldTable, Section
from matchmaker.core.forms import RecordForm, form_values, record_form
from matchmaker.partnering.consortia.models import ConsortiumPartner
from matchmaker.partnering.consortia.programmes.conditions import FIGURES, MOST_COST_YEN
from matchmaker.partnering.consortia.programmes.content import (
    PROGRAMME_FIELDS,
    check_programme,
    loaded,
)
from matchmaker.partnering.consortia.programmes.models import ProgrammeFigures, SupportProgramme
from matchmaker.posts.vocabularies import DatabaseVocabularies

COST_PREFIX = "cost_"
FIGURE_SECTIONS = (Section("figures", "目標の見込み", opened=True),
                   Section("costs", "団体ごとの費用の見込み", opened=True))  # fmt: skip


def programme_form(programme: SupportProgramme | None, *, sent: bool = False) -> RecordForm:
    """The form of a programme, filled with what is stored unless it was sent."""
    base = record_form(PROGRAMME_FIELDS, DatabaseVocabularies(), (check_programme,))
    listed = BooleanField("支援策の一覧に載せる", default=True)
    kind: type[RecordForm] = type("ProgrammeForm", (base,), {"is_listed": listed})
    if sent or programme is None:
        return kind()
    form = kind(data={**form_values(loaded(programme.values)), "is_listed": programme.is_listed})
    form.revision.data = str(programme.revision)
    return form


def figures_table(partners: Sequence[ConsortiumPartner]) -> FieldTable:
    """One field for each figure and for the costs of each partner."""
    figures = [
        FieldSpec(
            each.code, each.label, FieldKind.DECIMAL, "figures", minimum=0,
            maximum=float(each.highest), unit=each.unit,
        )
        for each in FIGURES
    ]  # fmt: skip
    costs = [
        FieldSpec(
            f"{COST_PREFIX}{each.id.hex}", each.name, FieldKind.INTEGER, "costs", minimum=0,
            maximum=MOST_COST_YEN, unit="円",
        )
        for each in partners
    ]  # fmt: skip
    return FieldTable(FIGURE_SECTIONS, (*figures, *costs))


def figures_form(
    partners: Sequence[ConsortiumPartner], given: ProgrammeFigures | None, *, sent: bool = False
) -> RecordForm:
    """What a consortium gives, filled with what it gave unless it was sent."""
    kind = record_form(figures_table(partners), DatabaseVocabularies())
    if sent:
        return kind()
    form = kind(data=_given_values(given))
    form.revision.data = str(given.revision if given else 0)
    return form


def _given_values(given: ProgrammeFigures | None) -> dict[str, Any]:
    if given is None:
        return {}
    costs = {f"{COST_PREFIX}{uuid.UUID(key).hex}": str(cost) for key, cost in given.costs.items()}
    return {**given.figures, **costs}


def figures_in_form(cleaned: CleanedRecord) -> dict[str, Decimal]:
    """The figures that were typed, by code."""
    found = {each.code: cleaned.values.get(each.code) for each in FIGURES}
    return {code: number for code, number in found.items() if isinstance(number, Decimal)}


def costs_in_form(cleaned: CleanedRecord) -> dict[uuid.UUID, int]:
    """The costs that were typed, by the id of the partner's row."""
    return {
        uuid.UUID(name.removeprefix(COST_PREFIX)): cost
        for name, cost in cleaned.values.items()
        if name.startswith(COST_PREFIX) and isinstance(cost, int)
    }
