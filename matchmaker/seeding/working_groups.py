"""Working groups of the partnership with their past meetings, and one invented sub-WG."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

from matchmaker.accounts.models import User
from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.organizations.models import Organization
from matchmaker.seeding.files import REFERENCE, Entry, read_mapping
from matchmaker.seeding.progress import Seeder
from matchmaker.working_groups.groups import queries
from matchmaker.working_groups.groups.domain import (
    GroupData,
    GroupKind,
    GroupMove,
    GroupRole,
    Visibility,
)
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.service import add_group_member, found_group, move_group
from matchmaker.working_groups.meetings.queries import find_meeting
from matchmaker.working_groups.meetings.service import record_past_meeting

ASSEMBLY = "サーキュラーパートナーズ総会"
SOURCE_NOTE = "公開情報より：サーキュラーパートナーズの公表資料（2025年3月）"
DEMO_KEY = "organic-resources"
DEMO_PARENT = "地域循環モデル構築WG"
DEMO_GROUP = "里山の有機資源めぐり サブWG"
DEMO_PURPOSE = (
    "里山の町で出る生ごみや竹などの有機資源を、肥料や炭として地域で使い切るしくみを検討します。\n"
    "集める量と運ぶ費用を確かめ、半年後に小さな実証を始めることを目指します。"
)
DEMO_OBSERVER_NOTE = (
    "同じ課題をもつ自治体と、受け入れ設備のある事業者の方を歓迎します。"
    "会議に出て、資料と議事録を読めます。"
)
DEMO_BEGAN_DAYS_AGO, DEMO_LASTS_DAYS, DEMO_RECRUITS_DAYS = 60, 300, 60
DEMO_PEOPLE = (
    ("officer", "town-demo", GroupRole.LEAD),
    ("startup", "startup-demo", GroupRole.MEMBER),
    ("recycler", "recycler-demo", GroupRole.OBSERVER),
    ("coordinator", "", GroupRole.SECRETARIAT),
    ("reviewer", "", GroupRole.EXPERT),
)


def load_working_groups(seeder: Seeder) -> int:
    """The assembly, the WGs and the domain WGs; groups that are there already are left alone."""

    def load(entry: Entry) -> uuid.UUID:
        known = queries.group_called(entry["name"])
        return known.id if known else _found(seeder, entry).id

    return seeder.load_once("working-group", "name", reference_groups(), load)


def reference_groups() -> list[Entry]:
    """The groups of the reference file below the assembly, parents first."""
    facts = read_mapping(REFERENCE / "partnership.yaml")
    held = facts["events"]["general_assemblies"]
    meetings = [{**each, "agenda": each.get("parts", [])} for each in held]
    assembly = {"name": ASSEMBLY, "kind": GroupKind.ASSEMBLY.value, "meetings": meetings}
    return [assembly, *facts["working_groups"]]


def _found(seeder: Seeder, entry: Entry) -> WorkingGroup:
    kind = GroupKind(entry["kind"])
    above = entry.get("parent") or (ASSEMBLY if kind is not GroupKind.ASSEMBLY else None)
    parent = queries.group_called(above) if above else None
    data = GroupData(
        name=entry["name"],
        kind=kind,
        parent_id=parent.id if parent else None,
        visibility=Visibility.PUBLIC,
        source_note=SOURCE_NOTE,
    )
    group = found_group(data, SYSTEM, seeder.now)
    move_group(group, GroupMove.START, "", SYSTEM, seeder.now)
    return group


def load_past_meetings(seeder: Seeder) -> int:
    """Meetings that were held in public record: day and agenda; known ones stay as they are."""

    def load(entry: Entry) -> uuid.UUID:
        group = db.session.get_one(WorkingGroup, seeder.record_id(f"working-group:{entry['name']}"))
        meeting = find_meeting(group.id, entry["round"]) or record_past_meeting(
            group, entry["round"], entry["day"], entry["agenda"], SOURCE_NOTE, SYSTEM, seeder.now
        )
        return meeting.id

    return seeder.load_once("group-meeting", "key", list(reference_meetings()), load)


def reference_meetings() -> Iterator[Entry]:
    """Each meeting of the reference file with the name of its group."""
    for group in reference_groups():
        for meeting in group.get("meetings") or ():
            held_on = meeting["date"]
            yield {
                "key": f"{group['name']}:{meeting['round']}",
                "name": group["name"],
                "round": meeting["round"],
                "day": held_on if isinstance(held_on, date) else date.fromisoformat(held_on),
                "agenda": list(meeting["agenda"]),
            }


def load_demo_group(seeder: Seeder) -> int:
    """An invented sub-WG in which the demo accounts have one role each; needs those accounts."""

    def load(_entry: Entry) -> uuid.UUID:
        group = found_group(demo_data(seeder), SYSTEM, seeder.now)
        move_group(group, GroupMove.START, "", SYSTEM, seeder.now)  # nobody is there to be mailed
        begins_on = group.starts_on
        for account, organization, role in DEMO_PEOPLE:
            user = db.session.get_one(User, seeder.record_id(f"user:{account}"))
            add_group_member(
                group, user, _organization_id(seeder, organization), role, SYSTEM, seeder.now,
                begins_on, without_mail=True,
            )  # fmt: skip
        return group.id

    return seeder.load_once("demo-group", "key", [{"key": DEMO_KEY}], load)


def demo_data(seeder: Seeder) -> GroupData:
    """What the invented sub-WG is; it began two months ago and recruits observers."""
    parent = queries.group_called(DEMO_PARENT)
    day = today(seeder.now)
    return GroupData(
        name=DEMO_GROUP,
        kind=GroupKind.SUB_WG,
        parent_id=parent.id if parent else None,
        purpose=DEMO_PURPOSE,
        starts_on=day - timedelta(days=DEMO_BEGAN_DAYS_AGO),
        ends_on=day + timedelta(days=DEMO_LASTS_DAYS),
        visibility=Visibility.PUBLIC,
        accepts_applications=True,
        observers_from=day - timedelta(days=DEMO_BEGAN_DAYS_AGO),
        observers_until=day + timedelta(days=DEMO_RECRUITS_DAYS),
        observer_note=DEMO_OBSERVER_NOTE,
        is_demo=True,
    )


def _organization_id(seeder: Seeder, key: str) -> uuid.UUID | None:
    if not key:
        return None
    return db.session.get_one(Organization, seeder.record_id(f"organization:{key}")).id
