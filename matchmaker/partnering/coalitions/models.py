"""Tables of coalitions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.db import Base, IdMixin


class Coalition(IdMixin, Base):
    """The row that everything else of it hangs on."""

    __tablename__ = "coalitions"

    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
