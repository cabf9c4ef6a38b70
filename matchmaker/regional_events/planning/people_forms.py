"""Forms of the people of an event: who works for it, who is invited."""

from __future__ import annotations

from wtforms import SelectMultipleField

from matchmaker.core.form_fields import REQUIRED, line_field, text_field
from matchmaker.core.forms import ProductForm
from matchmaker.regional_events.planning.domain import DUTY_LABELS, Duty


class StaffForm(ProductForm):
    """Somebody who works for the event, and what they may do."""

    email = line_field(
        "メールアドレス", 254, "サインインに使っているアドレスです。", inputmode="email", **REQUIRED
    )
    duties = SelectMultipleField(
        "してもらうこと",
        choices=[(duty.value, label) for duty, label in DUTY_LABELS.items()],
        validate_choice=False,
        render_kw=REQUIRED,
    )

    def chosen(self) -> frozenset[Duty]:
        """The duties; none is told at the field."""
        found = frozenset(Duty(text) for text in self.duties.data or [] if text in set(Duty))
        if not found:
            self.add_error("duties", "してもらうことを、1つ以上選んでください。")
        return found


class InviteesForm(ProductForm):
    """Organisations and people who are invited, one a line."""

    lines = text_field(
        "招待する団体かメールアドレス", 20_000,
        "1行に1つずつ。団体は名簿の名前のとおりに、"
        "人は「メールアドレス」か「名前, メールアドレス」と書きます。",
    )  # fmt: skip
