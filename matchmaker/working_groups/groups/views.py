"""Pages of working groups: the tree, one group, its form, the steps of its life."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor, public
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.text import whole_number
from matchmaker.working_groups.groups import overviews, policy, presentation, service
from matchmaker.working_groups.groups.domain import (
    GROUP_STATES,
    GroupData,
    GroupKind,
    GroupMove,
    InvalidGroup,
)
from matchmaker.working_groups.groups.forms import (
    GroupForm,
    NoteForm,
    ReasonForm,
    RunningGroupForm,
)
from matchmaker.working_groups.groups.loading import OpenGroup, open_group, open_to_run
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.sections import sections_for

INVALID = 422
Answer = str | Response | tuple[str, int]
blueprint = Blueprint("working_groups", __name__, url_prefix="/working-groups")


@blueprint.get("")
@public
def index() -> str:
    """All groups that the person may see, as a tree."""
    actor, today = current_actor(), clock.today(clock.now())
    wanted = presentation.filter_from(request.args)
    tree = presentation.tree_page(actor, today, wanted)
    return render_template(
        "working_groups/index.html",
        tree=tree,
        wanted=wanted,
        chips=presentation.chips(wanted, url_for(".index")),
        may_create=policy.can_create_group(actor),
        today=today,
    )


@blueprint.get("/<uuid:group_id>")
def show(group_id: uuid.UUID) -> str:
    """One group with what the other parts add."""
    opened = open_group(group_id)
    return render_template(
        "working_groups/show.html",
        group=opened.group,
        opened=opened,
        view=presentation.group_page(opened),
        sections=sections_for(opened.group, opened.actor, opened.standing),
    )


@blueprint.get("/new")
def new() -> Answer:
    """The form for a new group (secretariat)."""
    authorize(policy.can_create_group(current_actor()))
    form = GroupForm(stashed_values(request.path), data={"parent_id": request.args.get("parent")})
    return _form_page(form, None)


@blueprint.post("")
def create() -> Answer:
    """Enter a group (secretariat)."""
    actor = authorize(policy.can_create_group(current_actor()))
    form = GroupForm()
    is_valid = form.validate_on_submit()
    data = form.group_data(GroupData(name="", kind=GroupKind.SUB_WG))
    if not is_valid or form.errors:
        return _form_page(form, None)
    try:
        group = service.found_group(data, actor, clock.now())
    except InvalidGroup as error:
        return _form_page(form, None, error)
    flash(f"「{group.name}」を登録しました。人を加えてから、活動を始めてください。", "success")
    return redirect(url_for(".show", group_id=group.id))


@blueprint.get("/<uuid:group_id>/edit")
def edit(group_id: uuid.UUID) -> Answer:
    """The form of a group, for those who run it."""
    opened = open_to_run(group_id)
    stored = presentation.form_values(opened.group)
    return _form_page(_form_class(opened)(stashed_values(request.path), data=stored), opened.group)


@blueprint.post("/<uuid:group_id>/edit")
def update(group_id: uuid.UUID) -> Answer:
    """Change a group."""
    opened = open_to_run(group_id)
    form = _form_class(opened)()
    is_valid = form.validate_on_submit()
    data = form.group_data(service.data_of(opened.group))
    if not is_valid or form.errors:
        return _form_page(form, opened.group)
    try:
        service.change_group(
            opened.group, data, opened.actor, opened.now, expected_revision=_revision(form)
        )
    except (InvalidGroup, Conflict) as error:
        return _form_page(form, opened.group, error)
    flash("WGの情報を保存しました。", "success")
    return redirect(url_for(".show", group_id=group_id))


@blueprint.get("/<uuid:group_id>/moves/<string:move>")
def step(group_id: uuid.UUID, move: str) -> Answer:
    """The page that asks for the reason of a step."""
    opened = open_to_run(group_id)
    wanted = _move(opened, move)
    if wanted is GroupMove.CLOSE:
        return redirect(url_for("final_reports.edit", group_id=group_id))
    return _step_page(opened, wanted, _reason_form(wanted))


@blueprint.post("/<uuid:group_id>/moves/<string:move>")
def take_step(group_id: uuid.UUID, move: str) -> Answer:
    """Take a step in the life of a group."""
    opened = open_to_run(group_id)
    wanted = _move(opened, move)
    form = _reason_form(wanted)
    if not form.validate_on_submit():
        return _step_page(opened, wanted, form)
    try:
        service.move_group(opened.group, wanted, form.reason.data or "", opened.actor, opened.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _step_page(opened, wanted, form)
    flash(f"「{GROUP_STATES.moves[wanted].label}」を記録しました。", "success")
    return redirect(url_for(".show", group_id=group_id))


@blueprint.get("/vacancies")
def vacancies() -> str:
    """Groups whose chair has gone, and groups that nobody runs (secretariat)."""
    authorize(policy.can_export_groups(current_actor()))
    today = clock.today(clock.now())
    return render_template(
        "working_groups/vacancies.html",
        vacant=overviews.vacant_chairs(today),
        unattended=overviews.unattended_groups(today),
        most=overviews.MOST_VACANCIES,
    )


def _form_class(opened: OpenGroup) -> type[RunningGroupForm]:
    return GroupForm if opened.actor.is_secretariat else RunningGroupForm


def _revision(form: Any) -> int:
    return whole_number(form.revision.data) or 0


def _form_page(form: Any, group: WorkingGroup | None, error: ProductError | None = None) -> Answer:
    if isinstance(error, InvalidGroup):
        for name, message in error.problems.items():
            form.add_error(name, message)
    elif error is not None:
        form.add_error(None, error.message)
    if isinstance(form, GroupForm):
        form.offer_parents(presentation.parent_options(group))
    page = render_template("working_groups/edit.html", form=form, group=group)
    return (page, INVALID) if form.is_submitted() else page


def _move(opened: OpenGroup, word: str) -> GroupMove:
    """The step that an address names, if the person may take it."""
    if word not in set(GroupMove):
        raise NotFound
    move = GroupMove(word)
    authorize(policy.can_move_group(opened.actor, opened.standing, move))
    return move


def _reason_form(move: GroupMove) -> Any:
    return ReasonForm() if GROUP_STATES.moves[move].needs_reason else NoteForm()


def _step_page(opened: OpenGroup, move: GroupMove, form: Any) -> Answer:
    page = render_template(
        "working_groups/step.html",
        form=form,
        group=opened.group,
        move=move,
        rule=GROUP_STATES.moves[move],
        is_possible=move in GROUP_STATES.possible(opened.group.state),
    )
    return (page, INVALID) if form.is_submitted() else page
