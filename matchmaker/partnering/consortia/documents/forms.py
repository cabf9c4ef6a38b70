"""Forms of documents: the approval document, the workbook that comes back, the choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, FileField, HiddenField, RadioField

from matchmaker.core.forms import ProductForm, RecordForm, form_values, record_form
from matchmaker.partnering.consortia.documents.approval_fields import APPROVAL_FIELDS, check_boxes
from matchmaker.partnering.consortia.documents.comparing import Change, Side
from matchmaker.posts.vocabularies import DatabaseVocabularies

SIDE_LABELS = ((Side.PACK, "Excelの内容にする"), (Side.PRESENT, "いまの内容のままにする"))
CHOICE_PREFIX = "choice-"


def approval_form(values: Mapping[str, Any] | None = None) -> RecordForm:
    """The form of the approval document; without values it takes what was sent."""
    kind = record_form(APPROVAL_FIELDS, DatabaseVocabularies(), (check_boxes,))
    return kind(data=form_values(values)) if values is not None else kind()


class PackFileForm(ProductForm):
    """Which workbook came back."""

    file = FileField("直したExcel", render_kw={"data-required": "true"})


class MergeForm(ProductForm):
    """What becomes of a workbook; each conflict has a choice (made by :func:`merge_form`)."""

    present_number = HiddenField()
    leave_faults = BooleanField("直すところがあるセルは取り込まず、いまの内容のままにする")

    def choices(self, conflicts: Sequence[Change]) -> dict[str, Side]:
        """Side by key of each conflict; only after :meth:`is_settled`."""
        return {each.key: Side(self[field_name(each)].data) for each in conflicts}

    def is_settled(self, conflicts: Sequence[Change], *, has_faults: bool) -> bool:
        """Whether everything was chosen; what is missing is told at its place."""
        open_ones = [each for each in conflicts if self[field_name(each)].data not in set(Side)]
        for each in open_ones:
            self.add_error(field_name(each), "どちらにするか選んでください。")
        if has_faults and not self.leave_faults.data:
            message = "直してから選び直すか、ここに印を付けてください。"
            self.add_error("leave_faults", message)
        return not open_ones and (not has_faults or bool(self.leave_faults.data))


def field_name(change: Change) -> str:
    """Name of the input in which a conflict is chosen."""
    return f"{CHOICE_PREFIX}{change.key}"


def merge_form(conflicts: Sequence[Change], labels: Mapping[str, str]) -> MergeForm:
    """The form of the choices.

    Args:
        labels: what each conflict is about, by key.
    """
    fields = {
        field_name(each): RadioField(
            labels[each.key],
            choices=[(side.value, label) for side, label in SIDE_LABELS],
            validate_choice=False,
        )
        for each in conflicts
    }
    kind: type[MergeForm] = type("ChosenMergeForm", (MergeForm,), fields)
    return kind()
