"""Needs and offerings of the seed files, through the services every post goes through."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from matchmaker.core.actor import SYSTEM
from matchmaker.core.cleaning import clean_record
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.organizations.domain import is_prefecture_code
from matchmaker.posts import service
from matchmaker.posts.domain import LONGEST_VALIDITY, Move, PostState
from matchmaker.posts.types import PostType
from matchmaker.posts.vocabularies import DatabaseVocabularies
from matchmaker.seeding.files import CASES, DEMO, Entry, read_entries, read_folder, read_mapping
from matchmaker.seeding.moments import begun_at, handed_in_at, published_at
from matchmaker.seeding.progress import Seeder

FOLDERS = {"need": "needs", "offering": "offerings"}
PUBLIC_SOURCE = "公開情報より"


class FaultySeed(ValueError):
    """An entry of the seed files does not fit the fields of its post."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a demo post stands in its life when it is loaded."""

    state: PostState = PostState.PUBLISHED
    reason: str = ""
    close_reason: str = ""
    solved_with: str = ""


def load_demo_needs(seeder: Seeder) -> int:
    """The needs of the invented municipalities."""
    return _load_demo(seeder, NEED)


def load_demo_offerings(seeder: Seeder) -> int:
    """The offerings of the invented businesses."""
    return _load_demo(seeder, OFFERING)


def _load_demo(seeder: Seeder, post_type: PostType) -> int:
    folder = FOLDERS[post_type.kind.value]
    standings = read_mapping(DEMO / "states.yaml").get(folder) or {}
    vocabularies = DatabaseVocabularies()

    def load(entry: Entry) -> uuid.UUID:
        values = cleaned_values(post_type, entry, vocabularies)
        standing = standing_of(entry, standings.get(entry["key"]) or {})
        organization_id = seeder.record_id(f"organization:{entry['organization']}")
        return _make(seeder, post_type, str(entry["key"]), organization_id, values, standing)

    return seeder.load_once(post_type.kind.value, "key", read_folder(DEMO / folder), load)


def standing_of(entry: Entry, override: Mapping[str, Any]) -> Standing:
    """Where the entry says that the post stands; ``override`` has the last word."""
    state = override.get("state") or entry.get("state") or PostState.PUBLISHED
    return Standing(
        PostState(state),
        override.get("reason", ""),
        entry.get("close_reason") or "",
        entry.get("solved_with") or "",
    )


def cleaned_values(
    post_type: PostType, entry: Mapping[str, Any], vocabularies: DatabaseVocabularies
) -> dict[str, Any]:
    """Checked values of an entry whose keys are names of the post's fields.

    Raises:
        FaultySeed: a value does not fit.
    """
    raw = {**post_type.defaults, **{k: _text(v) for k, v in entry.items()}}
    cleaned = clean_record(post_type.table, raw, vocabularies, complete=True, rules=post_type.rules)
    draft = entry.get("state") == PostState.DRAFT
    if cleaned.errors and not draft:
        raise FaultySeed(f"{post_type.kind} {entry.get('key')}: {cleaned.errors}")
    return dict(cleaned.values)


def _text(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _make(
    seeder: Seeder,
    post_type: PostType,
    key: str,
    organization_id: uuid.UUID,
    values: dict[str, Any],
    standing: Standing,
) -> uuid.UUID:
    is_fresh = standing.state in (PostState.SUBMITTED, PostState.RETURNED)
    moment = (handed_in_at if is_fresh else published_at)(key, seeder.now)
    post = service.create(post_type, organization_id, values, SYSTEM, begun_at(moment))
    post.is_demo = True
    _lead(post_type, post, standing, moment, seeder.now)
    db.session.flush()
    return uuid.UUID(str(post.id))


def _lead(
    post_type: PostType, post: Any, standing: Standing, moment: datetime, now: datetime
) -> None:
    """Lead a fresh draft to where it shall stand."""
    if standing.state is PostState.DRAFT:
        return
    service.move(post_type, post, Move.SUBMIT, SYSTEM, moment)
    if standing.state is PostState.SUBMITTED:
        return
    if standing.state is PostState.RETURNED:
        answered = moment + timedelta(hours=4)
        service.move(post_type, post, Move.RETURN, SYSTEM, answered, reason=standing.reason)
        return
    service.move(post_type, post, Move.PUBLISH, SYSTEM, moment)
    if standing.state is PostState.CLOSED:
        closing = service.Closing(standing.close_reason, standing.solved_with)
        service.move(post_type, post, Move.CLOSE, SYSTEM, now, closing=closing)


def load_posted_needs(seeder: Seeder) -> int:
    """Needs that municipalities posted elsewhere in public, each with its source."""
    vocabularies = DatabaseVocabularies()

    def load(entry: Entry) -> uuid.UUID:
        values = cleaned_values(NEED, posted_need(entry, seeder), vocabularies)
        organization_id = seeder.record_id(f"municipality:{entry['local_government_code']}")
        moment = published_at(entry["id"], seeder.now)
        post = service.create(NEED, organization_id, values, SYSTEM, moment, note=PUBLIC_SOURCE)
        post.source_url, post.source_note = entry["source_url"], source_note(entry)
        service.submit(NEED, post, SYSTEM, moment, publish_trusted=False)
        return uuid.UUID(str(post.id))

    entries = read_entries(CASES / "posted_needs.yaml")
    return seeder.load_once("posted-need", "id", entries, load)


def posted_need(entry: Entry, seeder: Seeder) -> dict[str, Any]:
    """Field values of a publicly posted need; it is shown as long as is allowed."""
    code = str(entry["local_government_code"])
    return {
        "key": entry["id"],
        "title": entry["title"],
        "problem": entry["need"],
        "materials": list(entry["materials"]),
        "prefecture": entry["prefecture"],
        "municipality_code": None if is_prefecture_code(code) else code,
        "valid_until": today(seeder.now) + LONGEST_VALIDITY,
    }


def source_note(entry: Entry) -> str:
    """Where and when the need was posted, in one line."""
    year = f"（{entry['year']}年）" if entry.get("year") else ""
    return f"{PUBLIC_SOURCE}：{entry['origin']}{year}"
