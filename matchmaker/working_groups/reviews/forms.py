"""Forms of reviewers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from matchmaker.core.forms import ProductForm
from matchmaker.core.text import fold, whole_number
from matchmaker.working_groups.calls.models import Criterion
from matchmaker.working_groups.reviews.domain import COMMENT_LENGTH, REASON_LENGTH
from matchmaker.working_groups.reviews.models import Review
from matchmaker.working_groups.reviews.queries import scores_of
from matchmaker.working_groups.reviews.scores import (
    Score,
    ScoreSheet,
    points_field,
    problems_of,
    reason_field,
)

MOST_BUTTONS = 10
"""Up to so many points are chosen by buttons; more are typed."""

NO_NUMBER = -1


class ScoreForm(ProductForm):
    """Points and reasons for each criterion of a call; see :func:`score_form`."""

    criteria: ClassVar[Sequence[Criterion]] = ()
    revision = HiddenField()

    def sheet(self) -> ScoreSheet:
        """What was typed; points that are no number become an impossible one."""
        scores = {
            each.id: Score(
                _points(self[points_field(each.id)].data), self[reason_field(each.id)].data or ""
            )
            for each in self.criteria
        }
        return ScoreSheet(scores, self["comment"].data or "")

    def check(self, *, complete: bool) -> bool:
        """Attach messages to the fields; whether there are none."""
        problems = problems_of(self.sheet(), self.criteria, complete=complete)
        for name, message in problems.items():
            self[name].errors = [message]
        return not problems

    def fields_of(self, criterion: Criterion) -> tuple[Any, Any]:
        """The field for the points and the one for the reason."""
        return self[points_field(criterion.id)], self[reason_field(criterion.id)]

    @property
    def known_revision(self) -> int:
        """The revision that the form was made from; 0 when it does not say."""
        return whole_number(self.revision.data) or 0


def score_form(criteria: Sequence[Criterion]) -> type[ScoreForm]:
    """A form class with fields for each of the criteria."""
    members: dict[str, Any] = {"criteria": criteria}
    for criterion in criteria:
        members[points_field(criterion.id)] = _points_input(criterion)
        members[reason_field(criterion.id)] = TextAreaField(
            "理由", render_kw={"data-required": "true", "data-max-length": str(REASON_LENGTH)}
        )
    members["comment"] = TextAreaField(
        "全体への意見",
        description="ほかの審査員と事務局が読みます。提案した人には見えません。",
        render_kw={"data-max-length": str(COMMENT_LENGTH)},
    )
    return type("CriteriaForm", (ScoreForm,), members)


def stored_scores(review: Review) -> dict[str, Any]:
    """The stored scores by form field."""
    scores = scores_of(review)
    values: dict[str, Any] = {"comment": review.comment, "revision": str(review.revision)}
    for criterion_id, score in scores.items():
        values[points_field(criterion_id)] = "" if score.points is None else str(score.points)
        values[reason_field(criterion_id)] = score.reason
    return values


def _points_input(criterion: Criterion) -> Any:
    label = f"点数（0〜{criterion.points}点）"
    attributes = {"data-required": "true"}
    if criterion.points > MOST_BUTTONS:
        attributes |= {"inputmode": "decimal", "data-unit": "点"}
        return StringField(label, render_kw=attributes)
    choices = [(str(points), f"{points}点") for points in range(criterion.points + 1)]
    return RadioField(label, choices=choices, validate_choice=False, render_kw=attributes)


def _points(typed: str | None) -> int | None:
    text = fold(typed or "").strip()
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else NO_NUMBER  # noqa: PLR2004


class ConflictForm(ProductForm):
    """Why a reviewer has a conflict of interest, or takes the declaration back."""

    reason = TextAreaField(
        "理由",
        [
            InputRequired("理由を入れてください。"),
            Length(max=REASON_LENGTH, message=f"{REASON_LENGTH:,}文字以内で入れてください。"),
        ],
        render_kw={"data-required": "true", "data-max-length": str(REASON_LENGTH)},
    )


class CommentForm(ProductForm):
    """A contribution to the discussion; the second form of its page.

    Its page writes the token itself, since two forms would give their token fields the same id; the
    token is checked for every request that posts.
    """

    class Meta(ProductForm.Meta):
        csrf = False

    body = TextAreaField(
        "討議に書く",
        [
            InputRequired("討議の内容を入れてください。"),
            Length(max=COMMENT_LENGTH, message=f"{COMMENT_LENGTH:,}文字以内で入れてください。"),
        ],
        description="この提案の採点を出した審査員と、事務局だけが読みます。",
        render_kw={"data-max-length": str(COMMENT_LENGTH)},
    )
