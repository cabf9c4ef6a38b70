"""Tables of consortia: partners, versions of the content, proposals."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.organizations.models import Organization
from matchmaker.partnering.coalitions.models import Coalition
from matchmaker.partnering.consortia.domain import (
    NAME_LENGTH,
    NOTE_LENGTH,
    REASON_LENGTH,
    ConsortiumState,
    PartnerState,
)
from matchmaker.partnering.introductions.matches.models import Match
from matchmaker.working_groups.proposals.models import Proposal

PERSONAL = {"personal": "座組での作業", "retention": "座組の終了から5年"}
_LIVE_MATCH = text("match_id IS NOT NULL AND state <> 'ended'")
_LIVE_COALITION = text("coalition_id IS NOT NULL AND state <> 'ended'")
_LEADS = text("is_lead AND state = 'accepted'")


class Consortium(IdMixin, Base):
    """Organisations that set up a loop together.

    Args:
        name: as in the present version, for lists.
        match_id, coalition_id: what it grew from; one live consortium for each.
        need_id, offering_id: the posts behind, for finding whom else it needs.
        content: the present version as JSON (``content.ConsortiumContent.stored``).
        revision: number of the present version, from 1.
    """

    __tablename__ = "consortia"
    __table_args__ = (
        CheckConstraint("revision >= 1", name="revision"),
        Index("uq_consortia_live_match", "match_id", unique=True,
              sqlite_where=_LIVE_MATCH, postgresql_where=_LIVE_MATCH),
        Index("uq_consortia_live_coalition", "coalition_id", unique=True,
              sqlite_where=_LIVE_COALITION, postgresql_where=_LIVE_COALITION),
        Index("ix_consortia_match_id", "match_id"),
        Index("ix_consortia_coalition_id", "coalition_id"),
        Index("ix_consortia_state", "state", "updated_at"),
    )  # fmt: skip

    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    state: Mapped[ConsortiumState] = mapped_column(
        word_column(ConsortiumState, "state"), default=ConsortiumState.FORMING
    )
    state_reason: Mapped[str] = mapped_column(Text, default="")
    match_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("matches.id", ondelete="SET NULL")
    )
    coalition_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("coalitions.id", ondelete="SET NULL")
    )
    need_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("needs.id", ondelete="SET NULL"), index=True
    )
    offering_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("offerings.id", ondelete="SET NULL"), index=True
    )
    content: Mapped[dict[str, Any]]
    is_demo: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True, info=PERSONAL
    )
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    match: Mapped[Match | None] = relationship(lazy="raise")
    coalition: Mapped[Coalition | None] = relationship(lazy="raise")
    need: Mapped[Need | None] = relationship(lazy="raise")
    offering: Mapped[Offering | None] = relationship(lazy="raise")
    partners: Mapped[list[ConsortiumPartner]] = relationship(
        lazy="raise",
        back_populates="consortium",
        order_by="(ConsortiumPartner.is_lead.desc(), ConsortiumPartner.invited_at, "
        "ConsortiumPartner.id)",
    )


class ConsortiumPartner(IdMixin, Base):
    """An organisation of a consortium, or somebody from outside. Rows are never deleted.

    Args:
        organization_id: the member; None for an external partner, whose name is ``external_name``.
        roles: codes of its roles besides the lead.
        agreed_number: the version of the content it agreed to.
        lead_offered_at: set while the lead is offered to it and not yet taken.
        invitations: how often it was invited, for the keys of notices.
    """

    __tablename__ = "consortium_partners"
    __table_args__ = (
        CheckConstraint(
            "(organization_id IS NULL) = (external_name <> '')", name="member_or_external"
        ),
        UniqueConstraint("consortium_id", "organization_id"),
        Index("uq_consortium_partners_lead", "consortium_id", unique=True,
              sqlite_where=_LEADS, postgresql_where=_LEADS),
        Index("ix_consortium_partners_organization_id", "organization_id", "state"),
    )  # fmt: skip

    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortia.id", ondelete="CASCADE"))
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organizations.id"))
    external_name: Mapped[str] = mapped_column(String(120), default="")
    external_note: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="")
    roles: Mapped[list[str]]
    is_lead: Mapped[bool] = mapped_column(default=False)
    state: Mapped[PartnerState] = mapped_column(word_column(PartnerState, "state"))
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="", info=PERSONAL)
    message: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    agreed_number: Mapped[int | None]
    agreed_at: Mapped[datetime | None]
    lead_offered_at: Mapped[datetime | None]
    invitations: Mapped[int] = mapped_column(default=1)
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    consortium: Mapped[Consortium] = relationship(lazy="raise", back_populates="partners")
    organization: Mapped[Organization | None] = relationship(lazy="raise")

    @property
    def name(self) -> str:
        """How it is called (its organisation loaded)."""
        return self.organization.name if self.organization is not None else self.external_name


class ConsortiumVersion(IdMixin, Base):
    """The whole content after one save: the base for merging what others save meanwhile."""

    __tablename__ = "consortium_versions"
    __table_args__ = (UniqueConstraint("consortium_id", "number"),)

    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortia.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="")
    actor_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True, info=PERSONAL
    )
    actor_name: Mapped[str] = mapped_column(String(100), info=PERSONAL)
    at: Mapped[datetime]


class ConsortiumProposal(IdMixin, Base):
    """That a proposal answers a call for a consortium; taken back it stays for the record.

    Args:
        number: the version of the content that was carried over.
    """

    __tablename__ = "consortium_proposals"
    __table_args__ = (
        Index("uq_consortium_proposals_live", "consortium_id", "proposal_id", unique=True,
              sqlite_where=text("unlinked_at IS NULL"),
              postgresql_where=text("unlinked_at IS NULL")),
        Index("ix_consortium_proposals_proposal_id", "proposal_id"),
    )  # fmt: skip

    consortium_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("consortia.id", ondelete="CASCADE"), index=True
    )
    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"))
    number: Mapped[int]
    linked_at: Mapped[datetime]
    unlinked_at: Mapped[datetime | None]
    unlinked_reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")

    consortium: Mapped[Consortium] = relationship(lazy="raise")
    proposal: Mapped[Proposal] = relationship(lazy="raise")
