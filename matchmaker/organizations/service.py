"""Commands on organisations. They flush and record events; the request commits."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import DomainEvent, record
from matchmaker.core.errors import IllegalMove
from matchmaker.organizations.domain import (
    InvalidOrganization,
    OrganizationData,
    OrganizationStatus,
    changed_fields,
    is_prefecture_code,
    normalized,
    problems_of,
    search_form,
)
from matchmaker.organizations.events import (
    OrganizationChanged,
    OrganizationCreated,
    OrganizationReadmitted,
    OrganizationTrustChanged,
    OrganizationWithdrawn,
)
from matchmaker.organizations.models import Municipality, Organization

NEVER_EDITED = frozenset({"is_trusted", "is_demo"})
COORDINATES = frozenset({"latitude", "longitude"})


def create_organization(data: OrganizationData, actor: Actor, now: datetime) -> Organization:
    """Enter an organisation.

    Args:
        data: what is known; it is normalised first.
        actor: who enters it; only the secretariat's word makes it trusted.
        now: the present moment.

    Raises:
        InvalidOrganization: some fields are not right.
    """
    columns = _checked_columns(normalized(data), None)
    organization = Organization(
        **columns,
        is_trusted=data.is_trusted and actor.is_secretariat,
        is_demo=data.is_demo,
        status=OrganizationStatus.ACTIVE,
        created_at=now,
        updated_at=now,
    )
    db.session.add(organization)
    db.session.flush()
    record(_event(OrganizationCreated, organization, actor, now, details={"name": data.name}))
    return organization


def change_organization(
    organization: Organization, data: OrganizationData, actor: Actor, now: datetime
) -> Organization:
    """Replace the data of an organisation; nothing is recorded when nothing differs.

    Raises:
        InvalidOrganization: some fields are not right.
    """
    columns = _checked_columns(normalized(data), organization.id)
    before = {name: getattr(organization, name) for name in columns}
    changed = changed_fields(before, columns)
    if not changed:
        return organization
    for name in changed:
        setattr(organization, name, columns[name])
    organization.updated_at = now
    db.session.flush()
    shown = [name for name in changed if name != "search_text"]
    record(_event(OrganizationChanged, organization, actor, now, details={"fields": shown}))
    return organization


def set_logo(
    organization: Organization, file_id: uuid.UUID | None, actor: Actor, now: datetime
) -> None:
    """Set or take away the logo."""
    if organization.logo_file_id == file_id:
        return
    organization.logo_file_id = file_id
    organization.updated_at = now
    db.session.flush()
    details = {"fields": ["logo_file_id"]}
    record(_event(OrganizationChanged, organization, actor, now, details=details))


def set_trusted(
    organization: Organization, trusted: bool, reason: str, actor: Actor, now: datetime
) -> None:
    """Say whether posts of the organisation may be published without review."""
    if organization.is_trusted == trusted:
        return
    organization.is_trusted = trusted
    db.session.flush()
    details = {"is_trusted": trusted}
    record(
        _event(OrganizationTrustChanged, organization, actor, now, reason=reason, details=details)
    )


def withdraw(organization: Organization, reason: str, actor: Actor, now: datetime) -> None:
    """Let the organisation leave; its people keep their accounts but not their role in it."""
    if organization.status == OrganizationStatus.WITHDRAWN:
        raise IllegalMove("この団体はすでに退会しています。")
    organization.status = OrganizationStatus.WITHDRAWN
    organization.updated_at = now
    db.session.flush()
    record(_event(OrganizationWithdrawn, organization, actor, now, reason=reason))


def readmit(organization: Organization, reason: str, actor: Actor, now: datetime) -> None:
    """Let an organisation that left take part again."""
    if organization.status == OrganizationStatus.ACTIVE:
        raise IllegalMove("この団体はすでに参加しています。")
    organization.status = OrganizationStatus.ACTIVE
    organization.updated_at = now
    db.session.flush()
    record(_event(OrganizationReadmitted, organization, actor, now, reason=reason))


def data_of(organization: Organization) -> OrganizationData:
    """The data as a form shows it."""
    values: dict[str, Any] = {}
    for name in OrganizationData.__dataclass_fields__:
        value = getattr(organization, name)
        values[name] = "" if value is None and name not in COORDINATES else value
    return OrganizationData(**values)


def load_municipalities(path: Path) -> int:
    """Bring the table of municipalities into line with ``municipalities.csv``.

    Running it again changes nothing; rows that left the file stay, since records may name them.

    Args:
        path: the CSV file (UTF-8, columns as in ``seeds/reference/README.md``).

    Returns:
        How many rows were added or changed.
    """
    known = {row.code: row for row in db.session.scalars(select(Municipality))}
    touched = 0
    for code, values in _municipality_rows(path):
        row = known.get(code)
        if row is None:
            db.session.add(Municipality(code=code, **values))
            touched += 1
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            touched += 1
    db.session.flush()
    return touched


def _municipality_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            values = {
                "prefecture": row["pref"],
                "name": row["city"],
                "kana": row["kana"],
                "latitude": float(row["lat"]),
                "longitude": float(row["lng"]),
                "population": int(row["population_2023"] or row["population_2020"] or 0),
                "url": row["url"],
            }
            yield row["lgcode"], values


def _checked_columns(data: OrganizationData, own_id: uuid.UUID | None) -> dict[str, Any]:
    """Column values for valid data; coordinates come from the municipality when left out."""
    problems = problems_of(data)
    municipality = _municipality_of(data, problems)
    _check_unique(data, own_id, problems)
    if problems:
        raise InvalidOrganization(problems)
    columns = {k: v for k, v in asdict(data).items() if k not in NEVER_EDITED}
    if data.latitude is None or data.longitude is None:
        columns["latitude"] = municipality.latitude if municipality else None
        columns["longitude"] = municipality.longitude if municipality else None
    for name in ("corporate_number", "local_government_code", "municipality_code"):
        columns[name] = columns[name] or None
    columns["search_text"] = search_form(f"{data.name}{data.kana}{data.description}")
    return columns


def _municipality_of(data: OrganizationData, problems: dict[str, str]) -> Municipality | None:
    """The municipality the organisation sits in; what cannot be found is added to ``problems``."""
    own = data.local_government_code
    listed = own and "local_government_code" not in problems and not is_prefecture_code(own)
    if listed and db.session.get(Municipality, own) is None:
        problems["local_government_code"] = "この団体コードの自治体は一覧にありません。"
    code = data.municipality_code or ("" if is_prefecture_code(own) else own)
    municipality = db.session.get(Municipality, code) if code else None
    if data.municipality_code and municipality is None:
        problems.setdefault("municipality_code", "市区町村を一覧から選んでください。")
    if municipality and municipality.prefecture != data.prefecture:
        problems.setdefault("municipality_code", "都道府県と市区町村が合っていません。")
    return municipality


def _check_unique(
    data: OrganizationData, own_id: uuid.UUID | None, problems: dict[str, str]
) -> None:
    """Name a number that another organisation has already, before the database refuses it."""
    for name, label in (
        ("corporate_number", "法人番号"),
        ("local_government_code", "団体コード"),
    ):
        value = getattr(data, name)
        if not value or name in problems:
            continue
        query = select(Organization.id).where(getattr(Organization, name) == value)
        other = db.session.scalar(query)
        if other is not None and other != own_id:
            problems[name] = f"この{label}の団体はすでに登録されています。"


def _event(
    kind: type[DomainEvent],
    organization: Organization,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> DomainEvent:
    return kind(
        actor=actor,
        now=now,
        subject_id=organization.id,
        organization_id=organization.id,
        reason=reason,
        details=details or {},
    )
