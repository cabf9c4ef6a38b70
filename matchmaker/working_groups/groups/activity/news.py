"""What is new in groups: posts, documents and their new versions, decisions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from matchmaker.core.db import db
from matchmaker.working_groups.groups.domain import DigestFrequency, PostState
from matchmaker.working_groups.groups.models import (
    DocumentVersion,
    GroupDecision,
    GroupDocument,
    GroupMember,
    GroupPost,
)
from matchmaker.working_groups.groups.queries import present

MOST_OF_A_KIND = 50
"""More of one kind in one group are not listed in a mail; the mail gives the first ones."""

GroupId = uuid.UUID | InstrumentedAttribute[uuid.UUID]
Since = datetime | ColumnElement[datetime]


@dataclass(frozen=True, slots=True)
class GroupNews:
    """What happened in one group between two moments.

    Args:
        posts: published posts.
        documents: documents that came out, with their versions.
        versions: new versions of documents that were out already, with document and file.
        decisions: entries of the decisions log.
    """

    posts: Sequence[GroupPost]
    documents: Sequence[GroupDocument]
    versions: Sequence[DocumentVersion]
    decisions: Sequence[GroupDecision]

    def without_own(self, user_id: uuid.UUID) -> GroupNews:
        """The same without what the person did: nobody needs mail about that."""
        return GroupNews(
            [post for post in self.posts if post.author_id != user_id],
            [each for each in self.documents if each.versions[-1].created_by_id != user_id],
            [each for each in self.versions if each.created_by_id != user_id],
            [each for each in self.decisions if each.recorded_by_id != user_id],
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is new."""
        return not (self.posts or self.documents or self.versions or self.decisions)


def came_out_at() -> ColumnElement[datetime]:
    """The moment from which a document is seen."""
    return func.coalesce(GroupDocument.publish_at, GroupDocument.created_at)


def members_with_news(
    frequency: DigestFrequency, until: datetime, today: date, limit: int
) -> Sequence[uuid.UUID]:
    """People who get news at that frequency and in whose groups something is new.

    Something is new when it came after ``digest_sent_at`` (before the first mail: after the person
    joined) and not after ``until``.
    """
    since = func.coalesce(GroupMember.digest_sent_at, GroupMember.created_at)
    query = (
        select(GroupMember.user_id)
        .where(
            GroupMember.digest == frequency,
            present(today),
            since < until,
            or_(*_anything_new(since, until)),
        )
        .distinct()
        .order_by(GroupMember.user_id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def _anything_new(since: ColumnElement[datetime], until: datetime) -> list[ColumnElement[bool]]:
    return [
        exists().where(_post_is_new(GroupMember.group_id, since, until)),
        exists().where(_document_is_new(GroupMember.group_id, since, until)),
        exists().where(
            DocumentVersion.document_id == GroupDocument.id,
            _version_is_new(GroupMember.group_id, since, until),
        ),
        exists().where(_decision_is_new(GroupMember.group_id, since, until)),
    ]


def news_of(group_id: uuid.UUID, since: datetime, until: datetime) -> GroupNews:
    """What happened in the group after ``since`` and not after ``until``, oldest first.

    Whoever takes part in a group may read all of it, whatever its visibility.
    """
    posts = select(GroupPost).where(_post_is_new(group_id, since, until))
    documents = (
        select(GroupDocument)
        .where(_document_is_new(group_id, since, until))
        .options(selectinload(GroupDocument.versions).joinedload(DocumentVersion.file))
    )
    versions = (
        select(DocumentVersion)
        .join(DocumentVersion.document)
        .options(joinedload(DocumentVersion.document), joinedload(DocumentVersion.file))
        .where(_version_is_new(group_id, since, until))
        .order_by(DocumentVersion.created_at, DocumentVersion.id)
    )
    decisions = select(GroupDecision).where(_decision_is_new(group_id, since, until))
    get = db.session.scalars
    most = MOST_OF_A_KIND
    return GroupNews(
        get(posts.order_by(GroupPost.published_at, GroupPost.id).limit(most)).all(),
        get(documents.order_by(came_out_at(), GroupDocument.id).limit(most)).all(),
        get(versions.limit(most)).all(),
        get(decisions.order_by(GroupDecision.number).limit(most)).all(),
    )


def _between(moment: Any, since: Since, until: datetime) -> ColumnElement[bool]:
    return and_(moment > since, moment <= until)


def _post_is_new(group_id: GroupId, since: Since, until: datetime) -> ColumnElement[bool]:
    return and_(
        GroupPost.group_id == group_id,
        GroupPost.state == PostState.PUBLISHED,
        _between(GroupPost.published_at, since, until),
    )


def _document_is_new(group_id: GroupId, since: Since, until: datetime) -> ColumnElement[bool]:
    return and_(
        GroupDocument.group_id == group_id,
        GroupDocument.removed_at.is_(None),
        _between(came_out_at(), since, until),
    )


def _version_is_new(group_id: GroupId, since: Since, until: datetime) -> ColumnElement[bool]:
    """Later versions that came when the document was out already."""
    return and_(
        GroupDocument.group_id == group_id,
        GroupDocument.removed_at.is_(None),
        DocumentVersion.number > 1,
        DocumentVersion.created_at > came_out_at(),
        _between(DocumentVersion.created_at, since, until),
    )


def _decision_is_new(group_id: GroupId, since: Since, until: datetime) -> ColumnElement[bool]:
    return and_(
        GroupDecision.group_id == group_id,
        _between(GroupDecision.created_at, since, until),
    )
