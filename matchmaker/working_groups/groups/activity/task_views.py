"""Pages of a group's tasks."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from matchmaker.core.access import authorize
from matchmaker.core.clock import today
from matchmaker.core.downloads import download
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.paging import page_number
from matchmaker.core.spreadsheets.writing import XLSX, write_xlsx
from matchmaker.working_groups.groups.activity import policy, queries, tasks
from matchmaker.working_groups.groups.activity.domain import (
    TASK_STATES,
    TASK_VIEW_LABELS,
    TaskMove,
    TaskView,
    is_overdue,
)
from matchmaker.working_groups.groups.activity.exports import tasks_table
from matchmaker.working_groups.groups.activity.forms import ReasonForm, TaskForm
from matchmaker.working_groups.groups.activity.loading import (
    CONFLICT,
    INVALID,
    Place,
    load_place,
    opened_form,
)
from matchmaker.working_groups.groups.models import GroupTask
from matchmaker.working_groups.groups.queries import present_members

Answer = str | BaseResponse | tuple[str, int]
blueprint = Blueprint("group_tasks", __name__, url_prefix="/working-groups/<uuid:group_id>/tasks")


@blueprint.get("")
def index(group_id: uuid.UUID) -> str:
    """The tasks of a group: overdue ones first."""
    place = load_place(group_id)
    actor, group, day = place.actor, place.group, today(place.now)
    authorize(policy.can_view_inside(actor, group, place.standing), hidden=True)
    view = _asked_view()
    query = queries.tasks_shown(group_id, view, actor.user_id)
    return render_template(
        "working_groups/activity/tasks.html",
        place=place,
        page=queries.tasks_page(query, page_number(request.args.get("page"))),
        view=view,
        overdue=queries.number_of_tasks(query, overdue_on=day),
        view_labels=TASK_VIEW_LABELS,
        labels=TASK_STATES.labels,
        is_late=lambda task: is_overdue(task.state, task.due_on, day),
        may_write=policy.can_write_task(actor, group, place.standing),
        may_finish=lambda task: policy.can_finish_task(actor, group, task, place.standing),
    )


def _asked_view() -> TaskView:
    asked = request.args.get("show", "")
    return TaskView(asked) if asked in {each.value for each in TaskView} else TaskView.OPEN


@blueprint.get("/export.xlsx")
def export(group_id: uuid.UUID) -> Response:
    """All tasks as an Excel file."""
    place = load_place(group_id)
    authorize(policy.can_view_inside(place.actor, place.group, place.standing), hidden=True)
    table = tasks_table(place.group, queries.tasks_to_export(group_id), place.now)
    name = f"{place.group.name}_タスク_{today(place.now):%Y%m%d}.xlsx"
    return download(write_xlsx(table), name, XLSX)


@blueprint.route("/new", methods=["GET", "POST"])
def new(group_id: uuid.UUID) -> Answer:
    """Add a task."""
    place = load_place(group_id)
    authorize(policy.can_write_task(place.actor, place.group, place.standing), hidden=True)
    form, people = _form(place, None)
    if form.validate_on_submit():
        try:
            data = form.task_data(people)
            tasks.add_task_from(place.group, data, place.actor, place.now)
        except ProductError as error:
            form.add_error(error.field, error.message)
        else:
            flash("タスクを加えました。", "success")
            return redirect(url_for(".index", group_id=group_id))
    return _form_page(place, form, None)


@blueprint.route("/<uuid:task_id>/edit", methods=["GET", "POST"])
def edit(group_id: uuid.UUID, task_id: uuid.UUID) -> Answer:
    """Change a task."""
    place, task = load_place(group_id), queries.task_of(group_id, task_id)
    authorize(policy.can_write_task(place.actor, place.group, place.standing), hidden=True)
    form, people = _form(place, task)
    if not form.validate_on_submit():
        return _form_page(place, form, task)
    expected = form.expected_revision
    try:
        data = form.task_data(people)
        tasks.change_task(task, data, place.actor, place.now, expected_revision=expected)
    except Conflict as error:
        form.add_error(None, error.message)
        form.revision.data = str(task.revision)
        return _form_page(place, form, task, CONFLICT)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _form_page(place, form, task)
    flash("保存しました。", "success")
    return redirect(url_for(".index", group_id=group_id))


@blueprint.post("/<uuid:task_id>/completions")
def finish(group_id: uuid.UUID, task_id: uuid.UUID) -> BaseResponse:
    """Note that a task is done."""
    place, task = load_place(group_id), queries.task_of(group_id, task_id)
    allowed = policy.can_finish_task(place.actor, place.group, task, place.standing)
    authorize(allowed, hidden=True)
    tasks.move_task(task, TaskMove.FINISH, place.actor, place.now)
    flash(f"「{task.title}」を完了にしました。", "success")
    return redirect(url_for(".index", group_id=group_id))


@blueprint.post("/<uuid:task_id>/reopenings")
def reopen(group_id: uuid.UUID, task_id: uuid.UUID) -> BaseResponse:
    """Open a task again."""
    place, task = load_place(group_id), queries.task_of(group_id, task_id)
    authorize(policy.can_write_task(place.actor, place.group, place.standing), hidden=True)
    tasks.move_task(task, TaskMove.REOPEN, place.actor, place.now)
    flash(f"「{task.title}」を未完了に戻しました。", "success")
    return redirect(url_for(".index", group_id=group_id))


@blueprint.route("/<uuid:task_id>/cancellations/new", methods=["GET", "POST"])
def drop(group_id: uuid.UUID, task_id: uuid.UUID) -> Answer:
    """Drop a task, with a reason."""
    place, task = load_place(group_id), queries.task_of(group_id, task_id)
    authorize(policy.can_write_task(place.actor, place.group, place.standing), hidden=True)
    form = opened_form(ReasonForm)
    if form.validate_on_submit():
        reason = form.reason.data or ""
        try:
            tasks.move_task(task, TaskMove.DROP, place.actor, place.now, reason=reason)
        except ProductError as error:
            if error.field is None:
                raise
            form.add_error(error.field, error.message)
        else:
            flash(f"「{task.title}」を取りやめました。", "success")
            return redirect(url_for(".index", group_id=group_id))
    page = render_template(
        "working_groups/activity/task_drop.html", place=place, task=task, form=form
    )
    return (page, INVALID) if form.is_submitted() else page


def _form(place: Place, task: GroupTask | None) -> tuple[TaskForm, dict[str, uuid.UUID]]:
    """The form, and the ids of the people it offers by their text."""
    form = opened_form(TaskForm, data=_shown(task) if task else None)
    members = present_members(place.group.id, today(place.now))
    names = {str(each.user_id): each.user.name for each in members}
    if task is not None and task.owner is not None and str(task.owner_id) not in names:
        names[str(task.owner_id)] = f"{task.owner.name}（いまは参加していません）"
    form.offer_owners(list(names.items()))
    return form, {text: uuid.UUID(text) for text in names}


def _shown(task: GroupTask) -> dict[str, object]:
    return {
        "title": task.title,
        "note": task.note,
        "owner": str(task.owner_id or ""),
        "owner_name": task.owner_name,
        "due_on": task.due_on,
        "revision": str(task.revision),
    }


def _form_page(
    place: Place, form: TaskForm, task: GroupTask | None, status: int = INVALID
) -> Answer:
    page = render_template(
        "working_groups/activity/task_form.html",
        place=place,
        form=form,
        task=task,
        theirs=task if status == CONFLICT else None,
    )
    return (page, status) if form.is_submitted() else page
