"""Tables of proposals: authors, revisions, vectors, coordination."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.organizations.models import Organization
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.proposals.domain import (
    AuthorRole,
    CoordinationAnswer,
    CoordinationState,
    OriginKind,
    ProposalState,
)

PERSONAL = {"personal": "writing a proposal together", "retention": "five years after the call"}


class Proposal(IdMixin, Base):
    """An answer to a call.

    ``answers`` are the answers to the call's questions by question id. ``revision`` grows by one
    with every save. ``extended_until`` is an extension of the deadline for this proposal alone.
    ``mend_until`` is the last moment for handing in again what was returned.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into"),
        Index("ix_proposals_call_id", "call_id", "state", "submitted_at"),
        Index("ix_proposals_need_id", "need_id"),
        Index("ix_proposals_offering_id", "offering_id"),
    )

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("calls.id"))
    number: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(120), default="")
    lead_organization_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organizations.id"), index=True
    )
    answers: Mapped[dict[str, Any]]
    state: Mapped[ProposalState] = mapped_column(word_column(ProposalState, "state", 32))
    state_reason: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    submitted_revision: Mapped[int | None]
    submitted_at: Mapped[datetime | None]
    origin_kind: Mapped[OriginKind] = mapped_column(word_column(OriginKind, "origin_kind"))
    need_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("needs.id", ondelete="SET NULL"))
    offering_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("offerings.id", ondelete="SET NULL")
    )
    origin_facts: Mapped[dict[str, Any]]
    extended_until: Mapped[datetime | None]
    extension_reason: Mapped[str] = mapped_column(Text, default="")
    mend_until: Mapped[datetime | None]
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("proposals.id"), index=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    call: Mapped[Call] = relationship(lazy="raise")
    lead_organization: Mapped[Organization] = relationship(lazy="raise")
    authors: Mapped[list[ProposalAuthor]] = relationship(
        lazy="raise", back_populates="proposal", order_by="ProposalAuthor.invited_at"
    )


class ProposalAuthor(IdMixin, Base):
    """That a person writes a proposal in the name of an organisation. Rows are never deleted.

    ``editing_at`` and ``editing_question`` say who is writing where right now.
    ``lead_offered_at`` is set while the lead is offered to this person and not yet taken.
    """

    __tablename__ = "proposal_authors"
    __table_args__ = (
        UniqueConstraint("proposal_id", "user_id"),
        Index(
            "uq_proposal_authors_lead",
            "proposal_id",
            unique=True,
            sqlite_where=text("role = 'lead' AND left_at IS NULL"),
            postgresql_where=text("role = 'lead' AND left_at IS NULL"),
        ),
        Index("ix_proposal_authors_user_id", "user_id"),
        Index("ix_proposal_authors_organization_id", "organization_id"),
    )

    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), info=PERSONAL)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organizations.id"))
    role: Mapped[AuthorRole] = mapped_column(word_column(AuthorRole, "role"))
    invited_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    left_reason: Mapped[str] = mapped_column(String(500), default="")
    lead_offered_at: Mapped[datetime | None]
    editing_at: Mapped[datetime | None]
    editing_question: Mapped[str] = mapped_column(String(40), default="")

    proposal: Mapped[Proposal] = relationship(lazy="raise", back_populates="authors")
    user: Mapped[User] = relationship(lazy="raise")
    organization: Mapped[Organization] = relationship(lazy="raise")


class ProposalRevision(IdMixin, Base):
    """The whole text after one save: the base for merging what others save meanwhile."""

    __tablename__ = "proposal_revisions"
    __table_args__ = (UniqueConstraint("proposal_id", "number"),)

    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    answers: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(String(300), default="")
    is_autosave: Mapped[bool] = mapped_column(default=False)
    actor_id: Mapped[uuid.UUID | None]
    actor_name: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]


class ProposalVector(Base):
    """The meaning of a handed-in proposal, for finding similar ones of the same call.

    ``vector`` holds float32 numbers of unit length, valid for one model and one text.
    """

    __tablename__ = "proposal_vectors"

    proposal_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True
    )
    model: Mapped[str] = mapped_column(String(200))
    text_hash: Mapped[str] = mapped_column(String(64))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    computed_at: Mapped[datetime]


class Coordination(IdMixin, Base):
    """The secretariat brings the authors of overlapping proposals together."""

    __tablename__ = "coordinations"

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("calls.id"), index=True)
    state: Mapped[CoordinationState] = mapped_column(word_column(CoordinationState, "state"))
    state_reason: Mapped[str] = mapped_column(Text, default="")
    message: Mapped[str] = mapped_column(Text)
    merged_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("proposals.id"), index=True)
    created_by_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    parts: Mapped[list[CoordinationPart]] = relationship(
        lazy="raise", back_populates="coordination"
    )


class CoordinationPart(Base):
    """One proposal of a coordination, and what its lead says."""

    __tablename__ = "coordination_parts"
    __table_args__ = (Index("ix_coordination_parts_proposal_id", "proposal_id"),)

    coordination_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("coordinations.id", ondelete="CASCADE"), primary_key=True
    )
    proposal_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True
    )
    answer: Mapped[CoordinationAnswer] = mapped_column(word_column(CoordinationAnswer, "answer"))
    comment: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]

    coordination: Mapped[Coordination] = relationship(lazy="raise", back_populates="parts")
    proposal: Mapped[Proposal] = relationship(lazy="raise")
