"""A form field for a day and a time of day in Japan, as four inputs."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, time, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import ValidationError

from matchmaker.core.clock import JST
from matchmaker.core.dates import parse_date
from matchmaker.core.forms import DateTripleField

TIME = re.compile(r"^(\d{1,2})(?:[:時](\d{1,2})?分?)$")
LAST_HOUR = 24
UNREADABLE_DAY = "日付を、2027年4月1日や令和9年4月1日のように入れてください。"
UNREADABLE_TIME = "時刻を、9:30や17:00のように入れてください。"


def parse_time(text: str) -> timedelta:
    """Time since midnight for ``9:30`` or ``17時``; ``24:00`` is the end of the day.

    Raises:
        ValueError: it is no time of day.
    """
    match = TIME.match(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if match is None:
        raise ValueError(text)
    hours, minutes = int(match[1]), int(match[2] or 0)
    if hours == LAST_HOUR and minutes == 0:
        return timedelta(days=1)
    moment = time(hours, minutes)
    return timedelta(hours=moment.hour, minutes=moment.minute)


class MomentField(DateTripleField):
    """A moment as ``<name>-year``, ``-month``, ``-day`` and ``<name>-time``.

    ``data`` is the moment in UTC, or None when nothing was typed or it is unreadable; in the second
    case validation gives a message. The year may be given as 令和9 or R9, the time in full width.
    """

    widget_kind = "date_triple"

    def __init__(self, label: str = "", validators: list[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.typed_time = ""
        self.unreadable: str | None = None

    def process(  # type: ignore[override]
        self,
        formdata: MultiDict[str, str] | None,
        data: Any = None,
        extra_filters: Any = None,
    ) -> None:
        """Take the four inputs, or the stored moment when nothing was sent."""
        self.unreadable = None
        stored = data.astimezone(JST) if isinstance(data, datetime) else None
        super().process(formdata, stored.date() if stored else None, extra_filters)
        name = f"{self.name}-time"
        if formdata is not None and name in formdata:
            self.typed_time = formdata.get(name, "").strip()
        elif stored is not None:
            self.typed_time = f"{stored:%H:%M}"
        self.data = self._moment()

    def _moment(self) -> datetime | None:
        day = self._joined()
        if day is None and not self.typed_time:
            return None
        try:
            midnight = datetime.combine(parse_date(day or ""), time(0), JST)
        except ValueError:
            self.unreadable = UNREADABLE_DAY
            return None
        try:
            return (midnight + parse_time(self.typed_time)).astimezone(UTC)
        except ValueError:
            self.unreadable = UNREADABLE_TIME
            return None

    def pre_validate(self, form: Any) -> None:
        """Tell what could not be read."""
        if self.unreadable:
            raise ValidationError(self.unreadable)
