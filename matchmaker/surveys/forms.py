"""Forms of surveys: answering one and writing one."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from matchmaker.core.moment_field import MomentField
from matchmaker.core.text import clean_line, clean_text, whole_number
from matchmaker.questions.domain import Questionnaire
from matchmaker.questions.editing import EditorForm
from matchmaker.questions.forms import AnswersForm
from matchmaker.surveys.domain import INTRODUCTION_LENGTH, TITLE_LENGTH, SurveyData
from matchmaker.surveys.models import Survey


class SurveyAnswerForm(AnswersForm):
    """Answers, with the revision of the survey that the person sees."""

    revision = HiddenField()

    def seen_revision(self) -> int | None:
        """The revision the form was opened with."""
        return whole_number(self.revision.data)


class SurveyForm(EditorForm):
    """A survey with its questions."""

    revision = HiddenField()
    title = StringField(
        "題名",
        [
            InputRequired("題名を入れてください。"),
            Length(max=TITLE_LENGTH, message=f"{TITLE_LENGTH}文字以内で入れてください。"),
        ],
        filters=[lambda text: clean_line(text or "")],
        render_kw={"data-max-length": str(TITLE_LENGTH)},
    )
    introduction = TextAreaField(
        "はじめの文",
        [
            Length(
                max=INTRODUCTION_LENGTH,
                message=f"{INTRODUCTION_LENGTH:,}文字以内で入れてください。",
            )
        ],
        filters=[lambda text: clean_text(text or "")],
        description="何のためのアンケートか、答えをどう使うかを書きます。",
        render_kw={"data-max-length": str(INTRODUCTION_LENGTH)},
    )
    opens_at = MomentField("始まり", render_kw={"data-required": "true"})
    closes_at = MomentField(
        "締め切り",
        description="この時刻から、回答を受け付けません。例：2027年4月1日 17:00。",
        render_kw={"data-required": "true"},
    )
    is_anonymous = BooleanField(
        "名前を聞かない",
        description="だれの回答か、いつの回答かを残しません。"
        "結果は、締め切りのあと、5件以上集まったときに見られます。",
    )

    def fill(self, survey: Survey) -> None:
        """Show a stored survey."""
        self.title.data, self.introduction.data = survey.title, survey.introduction
        self.is_anonymous.data = survey.is_anonymous
        self.opens_at.process(None, survey.opens_at)
        self.closes_at.process(None, survey.closes_at)
        self.revision.data = str(survey.revision)
        self.show(Questionnaire.from_data(survey.questions))

    def survey_data(self, frozen: Survey | None = None) -> SurveyData | None:
        """What was typed; None when something has to be mended (told at its place).

        Args:
            frozen: a survey with answers; its questions, beginning and names stay.
        """
        is_valid = self.validate_on_submit()
        for field in (self.opens_at, self.closes_at):
            if field.data is None and not field.errors and not (frozen and field is self.opens_at):
                self.add_error(field.name, "日付と時刻を入れてください。")
        questionnaire = Questionnaire.from_data(frozen.questions) if frozen else self.edited()
        if not is_valid or questionnaire is None or self.errors:
            return None
        return SurveyData(
            title=self.title.data or "",
            introduction=self.introduction.data or "",
            questionnaire=questionnaire,
            opens_at=frozen.opens_at if frozen else self.opens_at.data,
            closes_at=self.closes_at.data,
            is_anonymous=frozen.is_anonymous if frozen else bool(self.is_anonymous.data),
        )
