"""Forms of consortia."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length

from matchmaker.core.cleaning import CleanedRecord, Vocabularies, clean_record
from matchmaker.core.forms import ProductForm, RecordForm, form_values, record_form
from matchmaker.core.text import clean_text, whole_number
from matchmaker.organizations.choosing import MemberForm
from matchmaker.partnering.consortia.content import (
    AMOUNTS,
    CONTENT_FIELDS,
    FIELDS,
    RESPONSIBILITY_LENGTH,
    ConsortiumContent,
    check_ranges,
    without_unit,
)
from matchmaker.partnering.consortia.domain import (
    CONSORTIUM_STATES,
    CORRECTIONS,
    GIVEN_ROLES,
    MESSAGE_LENGTH,
    NAME_LENGTH,
    NOTE_LENGTH,
    REASON_LENGTH,
    ROLE_LABELS,
    PartnerRole,
)
from matchmaker.partnering.consortia.models import ConsortiumPartner

TOO_LONG = "{most:,}文字以内で入れてください。"
CORRECTION_CHOICES = [(step.value, CONSORTIUM_STATES.moves[step].label) for step in CORRECTIONS]
ROLE_CHOICES = [(role.value, ROLE_LABELS[role]) for role in GIVEN_ROLES]


def _most(most: int) -> list[Length]:
    return [Length(max=most, message=TOO_LONG.format(most=most))]


class FoundForm(ProductForm):
    """In whose name a consortium is begun, and what it is called."""

    organization_id = SelectField("どの団体として始めますか", validate_choice=False)
    name = StringField("座組の名前", validators=_most(NAME_LENGTH))


class RolesForm(ProductForm):
    """What a partner does."""

    roles = SelectMultipleField("役割", choices=ROLE_CHOICES, validate_choice=False)

    def chosen(self) -> list[PartnerRole]:
        """The roles that were ticked; anything else in the request is passed over."""
        known = {role.value for role in GIVEN_ROLES}
        return [PartnerRole(code) for code in self.roles.data or [] if code in known]


class InviteForm(MemberForm, RolesForm):
    """Asks a member organisation to take part."""

    message = TextAreaField(
        "ひとこと",
        description="お願いしたいことを書いてください。案内のメールに入ります。",
        validators=_most(MESSAGE_LENGTH),
        render_kw={"data-max-length": str(MESSAGE_LENGTH)},
    )


class ExternalForm(RolesForm):
    """Names a partner that is no member; it stands on one page with the form for members."""

    roles = SelectMultipleField(
        "役割", choices=ROLE_CHOICES, validate_choice=False, id="external-roles"
    )
    name = StringField("名前", validators=_most(120), render_kw={"data-required": "true"})
    note = StringField(
        "どのような参加か",
        description="例：会員ではない。口頭で参加の意向を確認した。",
        validators=_most(NOTE_LENGTH),
    )


class ReasonForm(ProductForm):
    """A reason for what is done."""

    reason = TextAreaField(
        "理由", validators=_most(REASON_LENGTH), render_kw={"data-required": "true"}
    )


class LeadForm(ReasonForm):
    """To whom the lead is offered, and why."""

    partner_id = SelectField("引き継ぐ団体", validate_choice=False)


class CorrectionForm(ReasonForm):
    """What the secretariat sets right, and why."""

    move = SelectField(
        "操作",
        choices=CORRECTION_CHOICES,
        validate_choice=False,
    )


class ContentForm(RecordForm):
    """The content with one field of responsibility for each partner (see :func:`content_form`)."""

    note = StringField(
        "この版のメモ", description="何を変えたかを、ひとことで。", validators=_most(NOTE_LENGTH)
    )
    partners: Sequence[ConsortiumPartner] = ()

    def duty_fields(self) -> list[Any]:
        """The fields of responsibility, in the order of the partners."""
        return [self[_duty_name(each)] for each in self.partners]

    def base_number(self) -> int:
        """The version that the page started from."""
        return whole_number(self.revision.data) or 0

    def cleaned_content(self) -> ConsortiumContent | None:
        """The content when all of it fits; otherwise the messages stand at their fields."""
        cleaned = cleaned_values(self.raw_values(), self.vocabularies)
        for name, message in cleaned.errors.items():
            self[name].errors = [message]
        if cleaned.errors or self.errors:
            return None
        duties = {str(each.id): clean_text(self._duty(each)) for each in self.partners}
        return ConsortiumContent.from_cleaned(cleaned.values, duties)

    def _duty(self, partner: ConsortiumPartner) -> str:
        return self[_duty_name(partner)].data or ""


def _duty_name(partner: ConsortiumPartner) -> str:
    return f"duty-{partner.id}"


def cleaned_values(raw: Mapping[str, Any], vocabularies: Vocabularies) -> CleanedRecord:
    """What was typed, or stood in a file, as values; amounts in another unit are refused."""
    typed, units = dict(raw), {}
    for name in AMOUNTS:
        typed[name], message = without_unit(raw.get(name))
        if message:
            units[name] = message
            typed[name] = None
    cleaned = clean_record(CONTENT_FIELDS, typed, vocabularies, complete=False)
    errors = {**cleaned.errors, **units}
    values = {name: value for name, value in cleaned.values.items() if name not in errors}
    for name, message in check_ranges(values).items():
        errors.setdefault(name, message)
    if not values.get("name") and "name" not in errors:
        errors["name"] = "座組の名前を入れてください。"
    return CleanedRecord(cleaned.values, errors)


def content_form(
    vocabularies: Vocabularies,
    partners: Sequence[ConsortiumPartner],
    content: ConsortiumContent,
    revision: int,
    formdata: MultiDict[str, Any] | None = None,
    *,
    is_stored_only: bool = False,
) -> ContentForm:
    """The form for the content of a consortium.

    Args:
        partners: those present, in their order; each gets a field of responsibility.
        content: what stands in it when nothing was sent.
        formdata: values that take the place of the request's.
        is_stored_only: show ``content``, not what was just sent.
    """
    base = record_form(CONTENT_FIELDS, vocabularies)
    members: dict[str, Any] = {_duty_name(each): _duty_field(each) for each in partners}
    members["partners"] = list(partners)
    made = type("PartnersContentForm", (ContentForm, base), members)
    data = {**_content_data(content), "revision": str(revision)}
    for each in partners:
        data[_duty_name(each)] = content.responsibilities.get(str(each.id), "")
    takes_request = formdata is None and not is_stored_only
    form: ContentForm = made(data=data) if takes_request else made(formdata=formdata, data=data)
    return form


def _content_data(content: ConsortiumContent) -> dict[str, Any]:
    values = form_values({spec.name: getattr(content, spec.name) for spec in FIELDS})
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }


def _duty_field(partner: ConsortiumPartner) -> TextAreaField:
    return TextAreaField(
        f"{partner.name}の役割分担",
        validators=_most(RESPONSIBILITY_LENGTH),
        render_kw={"data-max-length": str(RESPONSIBILITY_LENGTH)},
    )


class ProposeForm(ProductForm):
    """Which call is answered."""

    call_id = SelectField("公募", validate_choice=False)
