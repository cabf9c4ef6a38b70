"""The secretariat's desk of a call: its criteria, what a proposal is asked, its reviewers."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for

from matchmaker.accounts.queries import user_of
from matchmaker.core import clock
from matchmaker.core.access import current_actor
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.questions.domain import Questionnaire
from matchmaker.working_groups.calls import queries, reviewers, service
from matchmaker.working_groups.calls.content import InvalidCall
from matchmaker.working_groups.calls.desk_views import ADD_ROWS, managed, revision_of, told
from matchmaker.working_groups.calls.forms import (
    AddReviewerForm,
    CriteriaForm,
    LeaveForm,
    QuestionnaireForm,
)
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.views import CONFLICT, INVALID, Answer, blueprint


@blueprint.get("/<uuid:call_id>/criteria")
def criteria(call_id: uuid.UUID) -> str:
    """The criteria with their weights."""
    call = managed(call_id)
    form = CriteriaForm.of(service.criteria_of(call), call.revision)
    form.add_rows()
    return criteria_page(form, call)


@blueprint.post("/<uuid:call_id>/criteria")
def save_criteria(call_id: uuid.UUID) -> Answer:
    """Save all criteria."""
    call, form = managed(call_id), CriteriaForm()
    if ADD_ROWS in request.form:
        form.add_rows()
        return criteria_page(form, call)
    if not form.validate_on_submit():
        return criteria_page(form, call), INVALID
    try:
        data, revision = form.criteria_data(), revision_of(form)
        service.save_criteria(call, data, current_actor(), clock.now(), revision)
    except InvalidCall as invalid:
        form.tell(invalid)
        return criteria_page(form, call), INVALID
    except Conflict as conflict:
        return criteria_page(told(form, conflict, call), call), CONFLICT
    flash("評価基準を保存しました。", "success")
    return redirect(url_for("calls.criteria", call_id=call.id))


def criteria_page(form: CriteriaForm, call: Call) -> str:
    """The criteria as a page."""
    total = sum(each.weight for each in call.criteria)
    return render_template("calls/criteria.html", form=form, call=call, total=total)


@blueprint.get("/<uuid:call_id>/question-form")
def question_form(call_id: uuid.UUID) -> str:
    """What a proposal is asked, to be changed."""
    call, form = managed(call_id), QuestionnaireForm()
    form.show(Questionnaire.from_data(call.questions))
    form.revision.data = str(call.revision)
    return question_form_page(form, call)


@blueprint.post("/<uuid:call_id>/question-form")
def save_question_form(call_id: uuid.UUID) -> Answer:
    """Save what a proposal is asked, or carry out a button of the editor."""
    call, form = managed(call_id), QuestionnaireForm()
    if form.rearrange():
        return question_form_page(form, call)
    questionnaire = form.edited()
    if not form.validate_on_submit() or questionnaire is None:
        return question_form_page(form, call), INVALID
    try:
        revision = revision_of(form)
        service.save_questions(call, questionnaire, current_actor(), clock.now(), revision)
    except Conflict as conflict:
        return question_form_page(told(form, conflict, call), call), CONFLICT
    flash("質問を保存しました。", "success")
    return redirect(url_for("calls.question_form", call_id=call.id))


def question_form_page(form: QuestionnaireForm, call: Call) -> str:
    """The editor as a page."""
    return render_template("calls/question_form.html", form=form, call=call)


@blueprint.get("/<uuid:call_id>/reviewers")
def reviewer_list(call_id: uuid.UUID) -> str:
    """Who reviews, and who reviewed."""
    return reviewers_page(managed(call_id), AddReviewerForm())


@blueprint.post("/<uuid:call_id>/reviewers")
def add_reviewer(call_id: uuid.UUID) -> Answer:
    """Let a further person review."""
    call, form = managed(call_id), AddReviewerForm()
    if not form.validate_on_submit():
        return reviewers_page(call, form), INVALID
    try:
        user = user_of(uuid.UUID(form.user_id.data or ""))
        reviewers.add_reviewer(call, user, current_actor(), clock.now())
    except (ValueError, NotFound):
        form.add_error("user_id", "加える人を一覧から選んでください。")
        return reviewers_page(call, form), INVALID
    except ProductError as error:
        form.add_error(error.field, error.message)
        return reviewers_page(call, form), INVALID
    flash(f"{user.name}さんを審査員に加えました。メールでお知らせします。", "success")
    return redirect(url_for("calls.reviewer_list", call_id=call.id))


def reviewers_page(call: Call, form: AddReviewerForm) -> str:
    """The reviewers as a page."""
    form.offer(queries.possible_reviewers(call.id))
    return render_template(
        "calls/reviewers.html", call=call, form=form, reviewers=queries.reviewers_of(call.id)
    )


@blueprint.route("/<uuid:call_id>/reviewers/<uuid:reviewer_id>/departures", methods=["GET", "POST"])
def release_reviewer(call_id: uuid.UUID, reviewer_id: uuid.UUID) -> Answer:
    """Let a reviewer go, with the reason."""
    call, form = managed(call_id), LeaveForm()
    reviewer = queries.get_reviewer(call.id, reviewer_id)
    if form.is_submitted() and form.validate():
        try:
            reason = form.reason.data or ""
            reviewers.release_reviewer(reviewer, reason, current_actor(), clock.now())
        except ProductError as error:
            form.add_error(error.field, error.message)
        else:
            flash(f"{reviewer.user.name}さんを審査員から外しました。", "success")
            return redirect(url_for("calls.reviewer_list", call_id=call.id))
    page = render_template("calls/release.html", call=call, form=form, reviewer=reviewer)
    return (page, INVALID) if form.errors or form.form_errors else page
