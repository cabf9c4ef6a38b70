"""Forms of the questions of an event."""

from __future__ import annotations

from datetime import date

from wtforms import HiddenField, RadioField, SelectMultipleField

from matchmaker.core.dates import parse_date
from matchmaker.core.form_fields import REQUIRED, line_field
from matchmaker.core.forms import DateTripleField, ProductForm
from matchmaker.core.moment_field import UNREADABLE_DAY
from matchmaker.questions.editing import EditorForm
from matchmaker.regional_events.planning.questions.presets import FREQUENT
from matchmaker.regional_events.planning.questions.themes import TITLE_LENGTH


class RegistrationQuestionsForm(EditorForm):
    """The editor of what the registration form asks."""

    revision = HiddenField()


class FrequentForm(ProductForm):
    """Frequent questions to be added."""

    keys = SelectMultipleField(
        "足す質問",
        choices=[(key, question["label"]) for key, question in FREQUENT.items()],
        validate_choice=False,
    )


class ThemesForm(ProductForm):
    """The survey about themes."""

    title = line_field("名前", TITLE_LENGTH, **REQUIRED)
    until = DateTripleField("最後の日", render_kw=REQUIRED)
    names = RadioField(
        "回答した人の名前",
        choices=[("anonymous", "聞かない"), ("named", "聞く")],
        default="anonymous",
        validate_choice=False,
        render_kw=REQUIRED,
    )

    def last_day(self) -> date | None:
        """The last day; None when it could not be read (told at its field)."""
        try:
            return parse_date(self.until.data or "")
        except ValueError:
            self.add_error("until", UNREADABLE_DAY)
            return None
