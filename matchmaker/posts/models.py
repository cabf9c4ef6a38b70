"""Tables that needs and offerings share: the columns of both, tags, versions, materials."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from matchmaker.core.db import Base, IdMixin
from matchmaker.organizations.models import Organization
from matchmaker.posts.domain import PostKind, PostState

TONNES = Numeric(16, 3)


def state_column() -> Enum:
    """States are stored as words with a check, not as a database type, to stay portable."""
    return Enum(
        PostState,
        native_enum=False,
        length=16,
        name="state",
        values_callable=lambda states: [s.value for s in states],
        create_constraint=True,
    )


class Material(Base):
    """One entry of the vocabulary of materials (品目), extended by the secretariat."""

    __tablename__ = "materials"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True)


class PostMixin(IdMixin):
    """Columns of every post besides the fields of its table."""

    title: Mapped[str] = mapped_column(String(80), default="")
    visibility: Mapped[str] = mapped_column(String(16), default="public")
    prefecture: Mapped[str | None] = mapped_column(String(8))
    municipality_code: Mapped[str | None] = mapped_column(String(6))
    valid_until: Mapped[date | None]
    contact: Mapped[str | None] = mapped_column(
        String(200), info={"personal": "連絡のため", "retention": "掲載の終了から3年"}
    )

    state: Mapped[PostState] = mapped_column(state_column(), default=PostState.DRAFT)
    state_reason: Mapped[str] = mapped_column(Text, default="")
    close_reason: Mapped[str | None] = mapped_column(String(32))
    solved_with: Mapped[str] = mapped_column(String(200), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    search_text: Mapped[str] = mapped_column(Text, default="", deferred=True)
    source_url: Mapped[str | None] = mapped_column(String(500))
    source_note: Mapped[str] = mapped_column(String(300), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    warned_for: Mapped[date | None]

    @declared_attr
    def organization_id(cls) -> Mapped[uuid.UUID]:
        """The organisation that posts."""
        return mapped_column(ForeignKey("organizations.id"), index=True)

    @declared_attr
    def created_by_id(cls) -> Mapped[uuid.UUID | None]:
        """The person who began the post."""
        return mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)

    @declared_attr
    def organization(cls) -> Mapped[Organization]:
        """The organisation that posts, loaded only on demand of a query."""
        return relationship(Organization, lazy="raise")


def post_indexes(table: str) -> tuple[Any, ...]:
    """Indexes and checks that every table of posts has."""
    return (
        Index(f"ix_{table}_newest", "state", "visibility", "published_at", "id"),
        Index(f"ix_{table}_prefecture", "state", "visibility", "prefecture"),
        Index(f"ix_{table}_valid_until", "state", "valid_until"),
        CheckConstraint("revision >= 1", name="revision_positive"),
    )


class TagMixin:
    """One code of a field that may hold several: ``facet`` is the field's name."""

    facet: Mapped[str] = mapped_column(String(32), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class PostVersion(IdMixin, Base):
    """The content of a post after one change; numbers run from 1 for each post."""

    __tablename__ = "post_versions"
    __table_args__ = (UniqueConstraint("post_id", "number"),)

    post_kind: Mapped[PostKind] = mapped_column(
        Enum(PostKind, native_enum=False, length=16, name="post_kind", create_constraint=True)
    )
    post_id: Mapped[uuid.UUID]
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(String(300), default="")
    actor_id: Mapped[uuid.UUID | None]
    actor_name: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]


class WorkingCopy(IdMixin, Base):
    """What a person is typing right now, kept as typed so that nothing is lost.

    ``form_key`` is ``<kind>:new:<token>`` for a new post and ``<kind>:<post id>`` for a change.
    """

    __tablename__ = "working_copies"
    __table_args__ = (UniqueConstraint("user_id", "form_key"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    form_key: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(100), default="")
    payload: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
