"""Pages of the versions: list, one version, each step with its reason, what the worker is doing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor, public
from matchmaker.core.actor import Actor
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.paging import page_number
from matchmaker.matching.models import RankingVersion
from matchmaker.matching.releases import policy, presentation, queries, service
from matchmaker.matching.releases.domain import (
    SHIPPED_NUMBER,
    VERSIONS,
    RequestKind,
    VersionMove,
    objections_in,
)
from matchmaker.matching.releases.forms import DespiteForm, StepForm

blueprint = Blueprint("ranking_versions", __name__, url_prefix="/ranking-versions")
reliability_blueprint = Blueprint("reliability", __name__, url_prefix="/reliability")
Answer = str | tuple[str, int] | Response
Act = Callable[[RankingVersion, StepForm, Actor, datetime], None]
STEPS = 'any(promotions, rollbacks, shadows, "shadow-ends", refusals)'


@dataclass(frozen=True, slots=True)
class Step:
    """One step that a person takes on a page of its own.

    Args:
        move: which one.
        act: the command.
        done: what is said afterwards; gets the version's number.
        warning: what follows from it, said before.
    """

    move: VersionMove
    act: Act
    done: str
    warning: str


def _promote(version: RankingVersion, form: StepForm, actor: Actor, now: datetime) -> None:
    despite = isinstance(form, DespiteForm) and bool(form.despite.data)
    reason = form.reason.data or ""
    service.promote(version, _seen_live(form), reason, actor, now, despite=despite)


def _roll_back(version: RankingVersion, form: StepForm, actor: Actor, now: datetime) -> None:
    service.roll_back(version.number, _seen_live(form), form.reason.data or "", actor, now)


def _shadow(version: RankingVersion, form: StepForm, actor: Actor, now: datetime) -> None:
    service.put_in_shadow(version, form.reason.data or "", actor, now)
    service.request_run(RequestKind.COMPARE, actor, now, version)


def _end_shadow(version: RankingVersion, form: StepForm, actor: Actor, now: datetime) -> None:
    service.end_shadow(version, form.reason.data or "", actor, now)


def _refuse(version: RankingVersion, form: StepForm, actor: Actor, now: datetime) -> None:
    service.refuse(version, form.reason.data or "", actor, now)


def _seen_live(form: StepForm) -> int:
    text = str(form.seen_live.data or "")
    return int(text) if text.isdecimal() and len(text) < len("1000000000") else SHIPPED_NUMBER


STEP_PAGES: Mapping[str, Step] = {
    "promotions": Step(
        VersionMove.PROMOTE, _promote, "版{}を使い始めました。",
        "すべてのおすすめが、次に開いたときからこの版で並びます。いまの版には、いつでも戻せます。",
    ),
    "rollbacks": Step(
        VersionMove.ROLL_BACK, _roll_back, "版{}に戻しました。",
        "すべてのおすすめが、次に開いたときからこの版で並びます。",
    ),
    "shadows": Step(
        VersionMove.SHADOW, _shadow, "版{}の並走を始めました。",
        "利用者のおすすめは変わりません。毎日、いまの版と並び方を比べて、この画面に出します。",
    ),
    "shadow-ends": Step(
        VersionMove.END_SHADOW, _end_shadow, "版{}の並走をやめました。",
        "これまでに比べた結果は残ります。",
    ),
    "refusals": Step(
        VersionMove.REFUSE, _refuse, "版{}を見送りました。",
        "版は消えません。あとから使うこともできます。",
    ),
}  # fmt: skip


@blueprint.get("")
def index() -> str:
    """The version in use, all versions, and what the worker is doing."""
    authorize(policy.can_see_versions(current_actor()))
    return render_template(
        "ranking_versions/index.html",
        page=queries.versions_page(page_number(request.args.get("page"))),
        live_number=queries.live_number(),
        summary=presentation.summary(queries.live_figures()),
        requests=queries.newest_requests(),
        running=queries.open_requests(),
        row_of=presentation.version_row,
        progress_of=presentation.progress_text,
    )


@blueprint.get("/progress")
def progress() -> Response:
    """How far the request being done has come, for the page that waits."""
    authorize(policy.can_see_versions(current_actor()))
    found = queries.open_requests()
    return jsonify(presentation.progress(found[0] if found else None, url_for(".index")))


@blueprint.post("/trainings")
def train() -> Response:
    """Ask the worker for a new version."""
    actor = authorize(policy.can_change_versions(current_actor()))
    service.request_run(RequestKind.TRAIN, actor, clock.now())
    flash("新しい版を作り始めます。数分かかります。この画面を閉じても続きます。", "success")
    return redirect(url_for(".index"))


@blueprint.get("/<int:number>")
def show(number: int) -> str:
    """One version: figures beside those of the live one, what speaks against it, the steps."""
    authorize(policy.can_see_versions(current_actor()))
    version = None if number == SHIPPED_NUMBER else queries.version_with(number)
    figures = version.figures if version else queries.shipped_figures()
    live_number = queries.live_number()
    return render_template(
        "ranking_versions/show.html",
        number=number,
        version=version,
        live_number=live_number,
        figures=presentation.figures(figures),
        objections=objections_in(figures, live_number) if _waits(version) else (),
        steps=_steps_of(version, live_number),
        comparisons=queries.newest_comparisons(version) if version else (),
        comparison_row=presentation.comparison_row,
        state_of=presentation.state_of,
        trained_words=presentation.trained_words,
        may_check=_waits,
    )


def _waits(version: RankingVersion | None) -> bool:
    return version is not None and VersionMove.PROMOTE in VERSIONS.possible(version.state)


def _steps_of(version: RankingVersion | None, live_number: int) -> list[tuple[str, str]]:
    """Address part and label of each step that is possible now."""
    if version is None:
        back = VERSIONS.moves[VersionMove.ROLL_BACK].label
        return [("rollbacks", back)] if live_number != SHIPPED_NUMBER else []
    possible = VERSIONS.possible(version.state)
    return [
        (name, VERSIONS.moves[step.move].label)
        for name, step in STEP_PAGES.items()
        if step.move in possible
    ]


@blueprint.get(f"/<int:number>/<{STEPS}:step>")
def step(number: int, step: str) -> str:
    """A step before it is taken: what follows from it, and the reason."""
    authorize(policy.can_change_versions(current_actor()))
    form = _form_class(number, step)(formdata=None, seen_live=str(queries.live_number()))
    return _step_page(number, step, form)


@blueprint.post(f"/<int:number>/<{STEPS}:step>")
def take_step(number: int, step: str) -> Answer:
    """Take a step."""
    actor = authorize(policy.can_change_versions(current_actor()))
    form = _form_class(number, step)()
    if not form.validate_on_submit():
        return _step_page(number, step, form), 422
    page = STEP_PAGES[step]
    try:
        if number == SHIPPED_NUMBER:
            reason = form.reason.data or ""
            service.roll_back(number, _seen_live(form), reason, actor, clock.now())
        else:
            page.act(queries.version_with(number), form, actor, clock.now())
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _step_page(number, step, form), error.status
    flash(page.done.format(number), "success")
    return redirect(url_for(".show", number=number))


def _form_class(number: int, step: str) -> type[StepForm]:
    """The form with the box to tick, where something speaks against the step.

    Raises:
        NotFound: there is no such version, or the step is none for the shipped one.
    """
    if number == SHIPPED_NUMBER:
        if step != "rollbacks":
            raise NotFound
        return StepForm
    version = queries.version_with(number)
    if step != "promotions" or not objections_in(version.figures, queries.live_number()):
        return StepForm
    return DespiteForm


def _step_page(number: int, step: str, form: StepForm) -> str:
    version = None if number == SHIPPED_NUMBER else queries.version_with(number)
    page, live_number = STEP_PAGES[step], queries.live_number()
    figures: Mapping[str, Any] = version.figures if version else {}
    return render_template(
        "ranking_versions/step.html",
        number=number,
        step=step,
        label=VERSIONS.moves[page.move].label,
        warning=page.warning,
        live_number=live_number,
        objections=objections_in(figures, live_number) if step == "promotions" else (),
        form=form,
    )


@blueprint.post("/<int:number>/checks")
def check(number: int) -> Response:
    """Ask the worker to measure a version beside the one that is live now."""
    return _ask_about(number, RequestKind.CHECK, "比べ直しを始めます。数分かかります。")


@blueprint.post("/<int:number>/comparisons")
def compare(number: int) -> Response:
    """Ask the worker how the orders differ over the stored needs."""
    return _ask_about(number, RequestKind.COMPARE, "並び方のちがいを調べ始めます。")


def _ask_about(number: int, kind: RequestKind, words: str) -> Response:
    actor = authorize(policy.can_change_versions(current_actor()))
    service.request_run(kind, actor, clock.now(), queries.version_with(number))
    flash(words, "success")
    return redirect(url_for(".index"))


@reliability_blueprint.get("")
@public
def index_of_reliability() -> str:
    """What the words of a recommendation have been worth so far."""
    figures = queries.live_figures()
    return render_template(
        "reliability/index.html",
        live_number=queries.live_number(),
        page=presentation.reliability(figures, queries.bands_of_live()),
    )
