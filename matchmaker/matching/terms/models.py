"""What people changed in the vocabulary: additions and removals over the shipped one.

Shipped words are not copied here, so that a newer edition of them arrives with an upgrade. A
shipped concept has a row only once somebody changed something in it; a shipped word only when it
was switched off.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.matching.terms.domain import EntryState, Side

OWN = text("NOT is_shipped")


class _Change:
    """Who changed a row last, when and why."""

    state: Mapped[EntryState] = mapped_column(
        word_column(EntryState, "state"), default=EntryState.ACTIVE
    )
    reason: Mapped[str] = mapped_column(String(300), default="")
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )


class VocabularyConcept(_Change, Base):
    """A concept that people added, or a shipped one in which they changed something.

    Attributes:
        kind: a word of ``embeddings.reading.thesaurus.ConceptKind``; of a shipped concept this and
            ``label`` only repeat what is shipped.
        value: the entry of the product's own list (a 品目, a 工程 …); empty when there is none.
        revision: counts every change of the concept and of its words.
    """

    __tablename__ = "vocabulary_concepts"
    __table_args__ = (
        # An upgrade may ship a concept of a name that people had added before.
        Index(
            "uq_vocabulary_concepts_own_label", "kind", "label", unique=True,
            sqlite_where=OWN, postgresql_where=OWN,
        ),
    )  # fmt: skip

    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    label: Mapped[str] = mapped_column(String(80))
    value: Mapped[str] = mapped_column(String(80), default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    is_shipped: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)


class VocabularyTerm(_Change, IdMixin, Base):
    """A word that people added to a concept, or a shipped word that they switched off.

    Attributes:
        folded: the word for comparing: width, case and spaces do not count.
    """

    __tablename__ = "vocabulary_terms"
    __table_args__ = (UniqueConstraint("concept_code", "folded"),)

    concept_code: Mapped[str] = mapped_column(
        ForeignKey("vocabulary_concepts.code", ondelete="CASCADE")
    )
    text: Mapped[str] = mapped_column(String(80))
    folded: Mapped[str] = mapped_column(String(80))
    side: Mapped[Side] = mapped_column(word_column(Side, "side"))
    source: Mapped[str] = mapped_column(String(300), default="")
    is_shipped: Mapped[bool] = mapped_column(default=False)
