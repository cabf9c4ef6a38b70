"""Tables of working groups: people, applications, activity, documents, tasks, decisions."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.core.storage import StoredFile
from matchmaker.organizations.models import Organization
from matchmaker.working_groups.groups.domain import (
    ApplicationKind,
    ApplicationState,
    DigestFrequency,
    GroupKind,
    GroupRole,
    GroupState,
    PostState,
    TaskState,
    Visibility,
)

PERSONAL = {"personal": "working together in a group", "retention": "five years after its end"}


class WorkingGroup(IdMixin, Base):
    """A group of the partnership; a sub-WG is one with a parent.

    ``origin_proposal_id`` is the adopted proposal it grew out of. It names a table of a later
    layer, so it is no foreign key; being unique it keeps one adoption from making two groups.
    """

    __tablename__ = "working_groups"
    __table_args__ = (
        CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on", name="dates"
        ),
        CheckConstraint(
            "observers_until IS NULL OR observers_from IS NULL"
            " OR observers_from <= observers_until",
            name="observer_period",
        ),
        Index("ix_working_groups_state", "state", "name"),
    )

    kind: Mapped[GroupKind] = mapped_column(word_column(GroupKind, "kind"))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("working_groups.id"), index=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    purpose: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    visibility: Mapped[Visibility] = mapped_column(word_column(Visibility, "visibility"))
    state: Mapped[GroupState] = mapped_column(word_column(GroupState, "state"))
    state_reason: Mapped[str] = mapped_column(Text, default="")
    accepts_applications: Mapped[bool] = mapped_column(default=False)
    observers_from: Mapped[date | None]
    observers_until: Mapped[date | None]
    observer_note: Mapped[str] = mapped_column(Text, default="")
    final_report: Mapped[str] = mapped_column(Text, default="")
    final_report_file_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("stored_files.id"), index=True
    )
    final_report_published_at: Mapped[datetime | None]
    origin_proposal_id: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    source_url: Mapped[str] = mapped_column(String(500), default="")
    source_note: Mapped[str] = mapped_column(String(300), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    parent: Mapped[WorkingGroup | None] = relationship(lazy="raise", remote_side="WorkingGroup.id")
    members: Mapped[list[GroupMember]] = relationship(lazy="raise", back_populates="group")
    final_report_file: Mapped[StoredFile | None] = relationship(lazy="raise")


class GroupMember(IdMixin, Base):
    """That a person has a role in a group, from a day to a day. Rows are never deleted."""

    __tablename__ = "group_members"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="dates"),
        Index(
            "uq_group_members_present",
            "group_id",
            "user_id",
            "role",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
        Index("ix_group_members_user_id", "user_id", "group_id"),
        Index("ix_group_members_organization_id", "organization_id"),
    )

    group_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("working_groups.id"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), info=PERSONAL)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organizations.id"))
    role: Mapped[GroupRole] = mapped_column(word_column(GroupRole, "role"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(String(500), default="")
    handed_over_from_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("group_members.id"), index=True
    )
    digest: Mapped[DigestFrequency] = mapped_column(
        word_column(DigestFrequency, "digest"), default=DigestFrequency.EACH
    )
    digest_sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    group: Mapped[WorkingGroup] = relationship(lazy="raise", back_populates="members")
    user: Mapped[User] = relationship(lazy="raise")
    organization: Mapped[Organization | None] = relationship(lazy="raise")


class GroupApplication(IdMixin, Base):
    """A wish to join, or an invitation to; at most one waits for each person and group."""

    __tablename__ = "group_applications"
    __table_args__ = (
        Index(
            "uq_group_applications_waiting",
            "group_id",
            "user_id",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_group_applications_user_id", "user_id", "state"),
        Index("ix_group_applications_organization_id", "organization_id"),
    )

    group_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("working_groups.id"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), info=PERSONAL)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organizations.id"))
    kind: Mapped[ApplicationKind] = mapped_column(word_column(ApplicationKind, "kind"))
    role: Mapped[GroupRole] = mapped_column(word_column(GroupRole, "role"))
    message: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ApplicationState] = mapped_column(word_column(ApplicationState, "state"))
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[uuid.UUID | None]
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    group: Mapped[WorkingGroup] = relationship(lazy="raise")
    user: Mapped[User] = relationship(lazy="raise")
    organization: Mapped[Organization | None] = relationship(lazy="raise")


class GroupPost(IdMixin, Base):
    """An activity post of a group (WG・SWG活動発信)."""

    __tablename__ = "group_posts"
    __table_args__ = (Index("ix_group_posts_newest", "group_id", "state", "published_at"),)

    group_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("working_groups.id"))
    title: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(Text)
    visibility: Mapped[Visibility] = mapped_column(word_column(Visibility, "visibility"))
    state: Mapped[PostState] = mapped_column(word_column(PostState, "state"))
    state_reason: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    author_name: Mapped[str] = mapped_column(String(100))
    revision: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    group: Mapped[WorkingGroup] = relationship(lazy="raise")


class GroupDocument(IdMixin, Base):
    """A file of a group or of one of its meetings, with all its versions.

    ``meeting_id`` and ``agenda_item_id`` name tables of a later layer and so are no foreign keys.
    Before ``publish_at`` only those who run the group see it.
    """

    __tablename__ = "group_documents"
    __table_args__ = (
        Index("ix_group_documents_group_id", "group_id", "meeting_id", "position"),
        Index("ix_group_documents_meeting_id", "meeting_id"),
        Index("ix_group_documents_publish_at", "publish_at"),
    )

    group_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("working_groups.id"))
    meeting_id: Mapped[uuid.UUID | None]
    agenda_item_id: Mapped[uuid.UUID | None]
    title: Mapped[str] = mapped_column(String(100))
    visibility: Mapped[Visibility] = mapped_column(word_column(Visibility, "visibility"))
    publish_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[datetime | None]
    removal_reason: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]

    group: Mapped[WorkingGroup] = relationship(lazy="raise")
    versions: Mapped[list[DocumentVersion]] = relationship(
        lazy="raise", back_populates="document", order_by="DocumentVersion.number"
    )


class DocumentVersion(IdMixin, Base):
    """One version of a document; numbers run from 1. Earlier ones stay readable."""

    __tablename__ = "document_versions"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    document_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("group_documents.id", ondelete="CASCADE")
    )
    number: Mapped[int]
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_files.id"), index=True)
    note: Mapped[str] = mapped_column(String(300), default="")
    created_by_id: Mapped[uuid.UUID | None]
    created_by_name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]

    document: Mapped[GroupDocument] = relationship(lazy="raise", back_populates="versions")
    file: Mapped[StoredFile] = relationship(lazy="raise")


class GroupTask(IdMixin, Base):
    """Something to be done by somebody until a day."""

    __tablename__ = "group_tasks"
    __table_args__ = (
        Index("ix_group_tasks_group_id", "group_id", "state", "due_on"),
        Index("ix_group_tasks_owner_id", "owner_id", "state", "due_on"),
        Index("ix_group_tasks_meeting_id", "meeting_id"),
    )

    group_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("working_groups.id"))
    meeting_id: Mapped[uuid.UUID | None]
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"), info=PERSONAL)
    owner_name: Mapped[str] = mapped_column(String(100), default="")
    due_on: Mapped[date | None]
    state: Mapped[TaskState] = mapped_column(word_column(TaskState, "state"))
    state_reason: Mapped[str] = mapped_column(String(500), default="")
    done_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    owner: Mapped[User | None] = relationship(lazy="raise")


class GroupDecision(IdMixin, Base):
    """One entry of a group's decisions log. A later one may take its place; none is deleted."""

    __tablename__ = "group_decisions"
    __table_args__ = (
        UniqueConstraint("group_id", "number"),
        Index("ix_group_decisions_meeting_id", "meeting_id"),
    )

    group_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("working_groups.id"))
    meeting_id: Mapped[uuid.UUID | None]
    number: Mapped[int]
    decided_on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    replaced_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("group_decisions.id"), index=True
    )
    replacement_reason: Mapped[str] = mapped_column(String(500), default="")
    recorded_by_id: Mapped[uuid.UUID | None]
    recorded_by_name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]


class CalendarToken(Base):
    """The secret part of a person's calendar address; only its hash is kept."""

    __tablename__ = "calendar_tokens"

    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
