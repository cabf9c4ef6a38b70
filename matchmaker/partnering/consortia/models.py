"""Tables of consortia."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.db import Base, IdMixin


class Consortium(IdMixin, Base):
    """The row that everything else of it hangs on."""

    __tablename__ = "consortia"

    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
