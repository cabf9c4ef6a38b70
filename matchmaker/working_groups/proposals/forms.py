"""Forms of proposals."""

from __future__ import annotations

import json
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from matchmaker.core.errors import ProductError
from matchmaker.core.forms import ProductForm
from matchmaker.core.moment_field import MomentField
from matchmaker.core.text import clean_text
from matchmaker.organizations.choosing import MemberForm
from matchmaker.questions.forms import AnswersForm
from matchmaker.working_groups.proposals.domain import REASON_LENGTH, TITLE_LENGTH

LONGEST_BASES = 10_000
LARGEST_REVISION = 999_999_999
LONGEST_MESSAGE = 3000
REASON_TOO_LONG = f"理由は{REASON_LENGTH}文字までにしてください。"
TITLE_TOO_LONG = Length(max=TITLE_LENGTH, message=f"件名は{TITLE_LENGTH}文字までにしてください。")


STORED_ONLY: MultiDict[str, Any] = MultiDict()
"""Given as ``formdata`` of a :class:`ProposalForm`: show what is stored, not what was just sent."""


class BeginForm(ProductForm):
    """For whom a proposal is begun."""

    organization_id = SelectField("どの団体から提案しますか", validate_choice=False)
    title = StringField(
        "提案の件名",
        [TITLE_TOO_LONG],
        description="あとで変えられます。",
        render_kw={"data-max-length": str(TITLE_LENGTH)},
    )
    partner = RadioField("組み合わせる相手（選ばなくてもかまいません）", validate_choice=False)
    need = HiddenField()
    offering = HiddenField()


class ProposalForm(AnswersForm):
    """The text of a proposal: its title, the answers, and what the writer started from."""

    class Meta(AnswersForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Leave out what the request carries when only the stored text is wanted."""
            if formdata is STORED_ONLY:
                return None
            return super().wrap_formdata(form, formdata)

    title = StringField(
        "提案の件名",
        [TITLE_TOO_LONG],
        render_kw={"data-required": "true", "data-max-length": str(TITLE_LENGTH)},
    )
    revision = HiddenField()
    bases = HiddenField()

    def base_number(self) -> int:
        """The revision that was on the page; 0 for a page that says nothing sensible."""
        text = str(self.revision.data or "")
        return int(text[:9]) if text.isdecimal() else 0

    def older_bases(self) -> dict[str, int]:
        """Older revisions for single questions; nothing when what was sent makes no sense."""
        return read_bases(str(self.bases.data or ""))


def read_bases(text: str) -> dict[str, int]:
    """Revision by question id from what a page sent; never raises."""
    if not text or len(text) > LONGEST_BASES:
        return {}
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):  # the second for brackets in brackets in brackets
        return {}
    if not isinstance(data, dict):
        return {}
    return {key: value for key, value in data.items() if _is_revision(value)}


def _is_revision(value: Any) -> bool:
    return type(value) is int and 0 < value <= LARGEST_REVISION


class InviteForm(MemberForm):
    """Who is asked to write together."""

    email = StringField(
        "メールアドレス",
        [Length(max=254, message="メールアドレスが長すぎます。")],
        description="空のままにすると、この団体で提案を書ける人全員に案内を送ります。",
    )


class ReasonForm(ProductForm):
    """A step with words for it."""

    reason = TextAreaField(
        "理由",
        [Length(max=REASON_LENGTH, message=REASON_TOO_LONG)],
        render_kw={"data-required": "true", "data-max-length": str(REASON_LENGTH)},
    )

    def given(self) -> str:
        """The reason as typed, tidied; for steps that do not validate the form.

        Raises:
            ProductError: it is too long.
        """
        text = clean_text(self.reason.data or "")
        if len(text) > REASON_LENGTH:
            raise ProductError(REASON_TOO_LONG, "reason")
        return text


class HandOverForm(ReasonForm):
    """To whom the lead is offered."""

    user_id = RadioField("引き継ぐ人", validate_choice=False, render_kw={"data-required": "true"})


class ExtensionForm(ReasonForm):
    """More time for one proposal."""

    until = MomentField("新しい締切", render_kw={"data-required": "true"})


class CoordinationForm(ProductForm):
    """Which proposals are brought together, and what their leads are told."""

    proposal_ids = SelectMultipleField("近い提案", validate_choice=False)
    message = TextAreaField(
        "代表の方への案内",
        [Length(max=LONGEST_MESSAGE, message=f"案内は{LONGEST_MESSAGE}文字までにしてください。")],
        render_kw={"data-required": "true", "data-max-length": str(LONGEST_MESSAGE)},
    )


class CoordinationAnswerForm(ProductForm):
    """What a lead says."""

    answer = RadioField(
        "お返事",
        choices=[("willing", "いっしょに進めたい"), ("unwilling", "それぞれで進めたい")],
        validators=[InputRequired(message="どちらかを選んでください。")],
        render_kw={"data-required": "true"},
    )
    comment = TextAreaField(
        "ひとこと",
        [Length(max=REASON_LENGTH, message=f"{REASON_LENGTH}文字までにしてください。")],
        render_kw={"data-max-length": str(REASON_LENGTH)},
    )


class MergeForm(ProductForm):
    """How willing proposals become one."""

    lead_proposal_id = RadioField(
        "代表を続ける提案", validate_choice=False, render_kw={"data-required": "true"}
    )
    title = StringField("まとめた提案の件名", [TITLE_TOO_LONG])
