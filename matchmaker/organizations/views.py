"""Pages of organisations: the directory, one organisation, its form."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from matchmaker.core.access import authorize, current_actor, public
from matchmaker.core.clock import now
from matchmaker.core.downloads import show_picture
from matchmaker.core.errors import NotFound
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.paging import page_number
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.core.storage import get_stored, store
from matchmaker.core.text import clean_line
from matchmaker.core.uploads import PICTURE, RefusedFile, check_upload
from matchmaker.organizations import choosing, domain, policy, queries, service
from matchmaker.organizations.finding import members_like
from matchmaker.organizations.forms import DecisionForm, LogoForm, OrganizationForm
from matchmaker.organizations.models import Organization
from matchmaker.organizations.sections import sections_for

INVALID = 422
TEXT_LENGTH = 200
Answer = str | BaseResponse | tuple[str, int]
blueprint = Blueprint("organizations", __name__)


@blueprint.get("/organizations")
def index() -> str:
    """The members' directory."""
    actor = authorize(True)
    wanted = _filter_from_request()
    page = queries.organizations_page(wanted, page_number(request.args.get("page")))
    by_prefecture = queries.counts_by(wanted, "prefecture")
    return render_template(
        "organizations/index.html",
        page=page,
        wanted=wanted,
        map_items=_map_items(by_prefecture),
        category_options=_options(domain.CATEGORIES, queries.counts_by(wanted, "category")),
        industry_options=_options(domain.INDUSTRIES, queries.counts_by(wanted, "industry")),
        prefecture_options=[
            {"value": name, "label": name, "count": by_prefecture.get(name, 0)}
            for name in PREFECTURES
        ],
        chips=_chips(wanted),
        may_create=policy.can_create_organization(actor),
        labels=LABELS,
    )


@blueprint.get("/organizations/<uuid:organization_id>")
def show(organization_id: uuid.UUID) -> str:
    """One organisation with what later features add."""
    organization = queries.organization_of(organization_id)
    actor = authorize(
        policy.can_see_organization(current_actor(), organization.status), hidden=True
    )
    return render_template(
        "organizations/show.html",
        organization=organization,
        sections=sections_for(organization, actor),
        may_edit=policy.can_edit_organization(actor, organization.id),
        may_decide=policy.can_decide_on_organization(actor),
        belongs=actor.belongs_to(organization.id),
        labels=LABELS,
    )


@blueprint.route("/organizations/new", methods=["GET", "POST"])
def new() -> Answer:
    """Enter an organisation (secretariat)."""
    actor = authorize(policy.can_create_organization(current_actor()))
    form = OrganizationForm(_restored())
    if form.is_submitted() and form.validate():
        try:
            organization = service.create_organization(_typed(form), actor, now())
        except domain.InvalidOrganization as error:
            return _form_page(form, None, error)
        flash("団体を登録しました。", "success")
        return redirect(url_for(".show", organization_id=organization.id))
    return _form_page(form, None)


@blueprint.route("/organizations/<uuid:organization_id>/edit", methods=["GET", "POST"])
def edit(organization_id: uuid.UUID) -> Answer:
    """Change an organisation (its representatives, secretariat)."""
    organization = queries.organization_of(organization_id)
    actor = authorize(policy.can_edit_organization(current_actor(), organization.id))
    form = OrganizationForm(_restored(), data=_shown(organization))
    if form.is_submitted() and form.validate():
        try:
            service.change_organization(organization, _typed(form), actor, now())
        except domain.InvalidOrganization as error:
            return _form_page(form, organization, error)
        flash("団体の情報を保存しました。", "success")
        return redirect(url_for(".show", organization_id=organization.id))
    return _form_page(form, organization)


@blueprint.route("/organizations/<uuid:organization_id>/logo", methods=["GET", "POST"])
def logo(organization_id: uuid.UUID) -> Answer:
    """Set or take away the logo."""
    organization = queries.organization_of(organization_id)
    actor = authorize(policy.can_edit_organization(current_actor(), organization.id))
    form = LogoForm()
    if form.is_submitted() and form.validate():
        try:
            _change_logo(organization, form, actor)
        except RefusedFile as error:
            form.add_error("file", error.message)
        else:
            return redirect(url_for(".show", organization_id=organization.id))
    page = render_template("organizations/logo.html", form=form, organization=organization)
    return (page, INVALID) if form.errors else page


@blueprint.get("/organizations/<uuid:organization_id>/logo/picture")
def logo_picture(organization_id: uuid.UUID) -> BaseResponse:
    """The logo itself."""
    organization = queries.organization_of(organization_id)
    authorize(policy.can_see_organization(current_actor(), organization.status), hidden=True)
    stored = get_stored(organization.logo_file_id) if organization.logo_file_id else None
    if stored is None:
        raise NotFound
    return show_picture(stored)


@blueprint.route(
    "/organizations/<uuid:organization_id>/decisions/<string:decision>", methods=["GET", "POST"]
)
def decide(organization_id: uuid.UUID, decision: str) -> Answer:
    """Trust, withdrawal and readmission, each with a reason (secretariat)."""
    organization = queries.organization_of(organization_id)
    actor = authorize(policy.can_decide_on_organization(current_actor()))
    if decision not in DECISIONS:
        raise NotFound
    form = DecisionForm()
    if form.is_submitted() and form.validate():
        DECISIONS[decision][2](organization, (form.reason.data or "").strip(), actor, now())
        flash(f"「{DECISIONS[decision][0]}」を記録しました。", "success")
        return redirect(url_for(".show", organization_id=organization.id))
    page = render_template(
        "organizations/decide.html",
        form=form,
        organization=organization,
        title=DECISIONS[decision][0],
        explanation=DECISIONS[decision][1],
    )
    return (page, INVALID) if form.is_submitted() else page


@blueprint.get("/municipalities.json")
@public
def municipalities() -> Response:
    """Proposals for the field of a municipality: at most 200, best first."""
    text = request.args.get("q", "")[:TEXT_LENGTH]
    prefecture = request.args.get("prefecture", "")[:TEXT_LENGTH]
    found = queries.find_municipalities(text, prefecture) if text or prefecture else []
    items = [
        {"value": row.code, "label": f"{row.prefecture}{row.name}", "note": row.kana}
        for row in found
    ]
    return jsonify(items=items)


@blueprint.get("/organizations.json")
@public
def members() -> Response:
    """Proposals for the field of a member's name, best first; the directory is open as well."""
    found = members_like(clean_line(request.args.get("q", "")))
    return jsonify(items=choosing.proposals(found))


def _trust(organization: Organization, reason: str, actor: Any, moment: Any) -> None:
    service.set_trusted(organization, True, reason, actor, moment)


def _distrust(organization: Organization, reason: str, actor: Any, moment: Any) -> None:
    service.set_trusted(organization, False, reason, actor, moment)


DECISIONS = {
    "trust": (
        "信頼する団体にする",
        "投稿を、確認を待たずに公開できるようになります（設定による）。",
        _trust,
    ),
    "distrust": ("信頼する団体から外す", "投稿は、事務局が確認してから公開します。", _distrust),
    "withdraw": (
        "退会を記録する",
        "名簿と一覧から消え、この団体の人は投稿できなくなります。",
        service.withdraw,
    ),
    "readmit": (
        "退会を取り消す",
        "名簿に戻り、この団体の人はまた投稿できるようになります。",
        service.readmit,
    ),
}
LABELS = {
    "category": {choice.code: choice.label for choice in domain.CATEGORIES},
    "company_size": {choice.code: choice.label for choice in domain.COMPANY_SIZES},
    "industry": {choice.code: choice.label for choice in domain.INDUSTRIES},
}


def _filter_from_request() -> queries.OrganizationFilter:
    args = request.args
    return queries.OrganizationFilter(
        text=args.get("q", "").strip()[:TEXT_LENGTH],
        category=_known(args.getlist("category"), domain.codes(domain.CATEGORIES)),
        prefecture=_known(args.getlist("prefecture"), frozenset(PREFECTURES)),
        industry=_known(args.getlist("industry"), domain.codes(domain.INDUSTRIES)),
    )


def _known(values: list[str], allowed: frozenset[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value in allowed))


def _options(choices: Any, counts: Any) -> list[dict[str, Any]]:
    return [{"value": c.code, "label": c.label, "count": counts.get(c.code, 0)} for c in choices]


def _map_items(counts: Any) -> list[dict[str, Any]]:
    return [
        {
            "prefecture": name,
            "count": counts.get(name, 0),
            "url": url_for(".index", prefecture=name),
        }
        for name in PREFECTURES
    ]


def _chips(wanted: queries.OrganizationFilter) -> list[tuple[str, str]]:
    """Each condition with the address of the list without it."""
    chosen = {
        "category": wanted.category,
        "prefecture": wanted.prefecture,
        "industry": wanted.industry,
    }
    chips = []
    if wanted.text:
        chips.append((f"「{wanted.text}」", _without(chosen, wanted.text, "", "")))
    for name, values in chosen.items():
        for value in values:
            label = LABELS.get(name, {}).get(value, value)
            chips.append((label, _without(chosen, wanted.text, name, value)))
    return chips


def _without(chosen: dict[str, tuple[str, ...]], text: str, name: str, value: str) -> str:
    rest = {
        key: [each for each in values if (key, each) != (name, value)]
        for key, values in chosen.items()
    }
    return url_for(".index", q=text if name and text else None, **rest)  # type: ignore[arg-type]


def _restored() -> Any:
    """What was typed before the session ended, for the form's first showing."""
    return request.form if request.method == "POST" else stashed_values(request.path)


def _typed(form: OrganizationForm) -> domain.OrganizationData:
    text = (form.municipality_code.data or "").strip()
    found = queries.municipality_called(text, form.prefecture.data or "") if text else None
    return form.organization_data(found.code if found else text)


def _shown(organization: Organization) -> dict[str, Any]:
    data = service.data_of(organization)
    return {name: getattr(data, name) for name in data.__slots__}


def _form_page(
    form: OrganizationForm,
    organization: Organization | None,
    error: domain.InvalidOrganization | None = None,
) -> Answer:
    for name, message in (error.problems if error else {}).items():
        form.add_error(name, message)
    municipality = queries.municipality_called(form.municipality_code.data or "", "")
    shown = f"{municipality.prefecture}{municipality.name}" if municipality else ""
    page = render_template(
        "organizations/edit.html", form=form, organization=organization, municipality=shown
    )
    return (page, INVALID) if form.is_submitted() else page


def _change_logo(organization: Organization, form: LogoForm, actor: Any) -> None:
    upload = form.file.data
    if form.remove.data:
        service.set_logo(organization, None, actor, now())
        flash("ロゴを消しました。", "success")
    elif upload and upload.filename:
        checked = check_upload(upload.filename, upload.read(), PICTURE)
        stored = store(checked, actor, now())
        service.set_logo(organization, stored.id, actor, now())
        flash("ロゴを保存しました。", "success")
    else:
        raise RefusedFile("画像を選んでください。", "file")
