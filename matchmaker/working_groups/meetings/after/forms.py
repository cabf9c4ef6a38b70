"""Forms of what is done after a meeting."""

from __future__ import annotations

from wtforms import RadioField, StringField, URLField

from matchmaker.core.forms import DateTripleField, ProductForm
from matchmaker.working_groups.groups.activity.forms import visibility_choices
from matchmaker.working_groups.groups.domain import Visibility


class RecordingForm(ProductForm):
    """Where the recording is and who is shown the address."""

    url = URLField(
        "録画のアドレス",
        description="https:// から始まるアドレスです。空にすると、録画の案内を消します。",
        render_kw={"autocomplete": "off"},
    )
    visibility = RadioField("見られる人", choices=[], render_kw={"data-required": "true"})

    def offer(self, widest: Visibility) -> None:
        """Offer those who may see the group, and narrower circles."""
        self.visibility.choices = visibility_choices(widest)


class MeetingSurveyForm(ProductForm):
    """A survey to those who attended."""

    title = StringField("アンケートの名前", render_kw={"data-required": "true", "maxlength": "100"})
    until = DateTripleField(
        "答えられる最後の日",
        description="空のままなら2週間後です。例：2027年4月1日。令和9年のように書いてもかまいません。",
    )
    names = RadioField(
        "答えた人の名前",
        choices=[
            ("anonymous", "名前を残さない（だれの答えか、主催者にも分かりません）"),
            ("named", "名前を残す"),
        ],
        default="anonymous",
        render_kw={"data-required": "true"},
    )
