"""Forms of sessions, speakers, their consent, and materials."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
)

from matchmaker.core.clock import JST, start_of_day, today
from matchmaker.core.dates import parse_date
from matchmaker.core.errors import ProductError
from matchmaker.core.form_fields import REQUIRED, line_field, text_field
from matchmaker.core.forms import DateTripleField, ProductForm
from matchmaker.core.moment_field import UNREADABLE_DAY, UNREADABLE_TIME, MomentField, parse_time
from matchmaker.regional_events.planning.domain import (
    MATERIAL_AUDIENCE_LABELS,
    URL_LENGTH,
    MaterialAudience,
)
from matchmaker.regional_events.planning.programme.domain import (
    AFFILIATION_LENGTH,
    APPEARANCES_MOST,
    BIOGRAPHY_LENGTH,
    PERSON_LENGTH,
    ROLE_LENGTH,
    ROOM_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    AppearanceData,
    InvalidProgramme,
    MaterialData,
    SessionData,
    SpeakerData,
)
from matchmaker.regional_events.planning.programme.models import (
    EventMaterial,
    ProgrammeSession,
    Speaker,
)
from matchmaker.regional_events.planning.programme.typed import uuid_of

BLANK_ROWS = 2
ONE_DAY = timedelta(days=1)


class ProgrammeForm(ProductForm):
    """A form that tells at its fields what a service refused."""

    revision = HiddenField()

    def refuse(self, error: ProductError) -> None:
        """Attach the messages of a refusal."""
        for name, message in messages_of(error):
            self.add_error(name, message)


def messages_of(error: ProductError) -> list[tuple[str | None, str]]:
    """Each message of a refusal with the name of its field, if it has one."""
    if isinstance(error, InvalidProgramme):
        return list(error.errors.items())
    return [(error.field, error.message)]


class AppearanceRow(Form):
    """Somebody in a session."""

    speaker_id = SelectField("登壇者", validate_choice=False)
    role = line_field("役割", ROLE_LENGTH, "例：司会、基調講演、パネリスト")


class SessionForm(ProgrammeForm):
    """A session: within an event of one day only its times are asked."""

    title = line_field("題名", TITLE_LENGTH, **REQUIRED)
    day = DateTripleField("日", render_kw=REQUIRED)
    starts = line_field("始まりの時刻", 8, "例：13:30", **REQUIRED)
    ends = line_field(
        "終わりの時刻", 8, "例：15:00。日をまたぐときは、翌日の時刻を入れます。", **REQUIRED
    )
    room = line_field("部屋", ROOM_LENGTH)
    description = text_field("内容", TEXT_LENGTH)
    takes_questions = BooleanField("会場とオンラインからの質問を受け付ける")
    appearances = FieldList(FormField(AppearanceRow), max_entries=APPEARANCES_MOST)

    def offer_speakers(self, speakers: Sequence[Speaker]) -> None:
        """Say who may be chosen."""
        options = [(str(speaker.id), speaker.name) for speaker in speakers]
        for entry in self.appearances:
            entry.form.speaker_id.choices = [("", "選んでください"), *options]

    def add_blank_rows(self) -> None:
        """Make room for more speakers."""
        for _ in range(min(BLANK_ROWS, APPEARANCES_MOST - len(self.appearances))):
            self.appearances.append_entry({})

    def session_data(self, usual_day: date, last_day: date) -> SessionData | None:
        """What was typed; None when something could not be read (told at its field).

        Args:
            usual_day: taken when no day is asked.
            last_day: last day of the event; a session may run into it over midnight.
        """
        self.validate_on_submit()
        day = self._day(usual_day)
        starts, ends = self._time("starts"), self._time("ends")
        if self.errors or day is None or starts is None or ends is None:
            return None
        if ends <= starts and day < last_day:
            ends += ONE_DAY
        midnight = start_of_day(day)
        return SessionData(
            title=self.title.data or "", starts_at=midnight + starts, ends_at=midnight + ends,
            description=self.description.data or "", room=self.room.data or "",
            takes_questions=bool(self.takes_questions.data), appearances=tuple(self._people()),
        )  # fmt: skip

    def _day(self, usual_day: date) -> date | None:
        if not self.day.data:
            return usual_day
        try:
            return parse_date(self.day.data)
        except ValueError:
            self.add_error("day", UNREADABLE_DAY)
            return None

    def _time(self, name: str) -> timedelta | None:
        try:
            return parse_time(self[name].data or "")
        except ValueError:
            self.add_error(name, UNREADABLE_TIME)
            return None

    def _people(self) -> list[AppearanceData]:
        rows = [(uuid_of(row.form.speaker_id.data), row.form.role.data or "")
                for row in self.appearances]  # fmt: skip
        return [AppearanceData(speaker_id, role) for speaker_id, role in rows if speaker_id]

    def refuse(self, error: ProductError) -> None:
        """Messages about the times and the people go to the fields that are drawn."""
        drawn = {"ends_at": "ends", "starts_at": "starts"}
        for name, message in messages_of(error):
            if name == "appearances":
                self.form_errors.append(message)
            else:
                self.add_error(drawn.get(name or "", name), message)


def session_values(session: ProgrammeSession) -> dict[str, Any]:
    """What the form shows of a stored session."""
    return {
        "revision": str(session.revision),
        "title": session.title,
        "day": today(session.starts_at),
        "starts": _clock(session.starts_at),
        "ends": _clock(session.ends_at),
        "room": session.room,
        "description": session.description,
        "takes_questions": session.takes_questions,
        "appearances": [
            {"speaker_id": str(each.speaker_id), "role": each.role} for each in session.appearances
        ],
    }


def _clock(moment: datetime) -> str:
    local = moment.astimezone(JST)
    return f"{local.hour}:{local.minute:02d}"


class SpeakerForm(ProgrammeForm):
    """A speaker as the planner describes the person."""

    name = line_field("名前", PERSON_LENGTH, **REQUIRED)
    kana = line_field(
        "フリガナ", PERSON_LENGTH, "ひらがなや半角カナで入れても、カタカナにそろえます。"
    )
    affiliation = line_field("所属と役職", AFFILIATION_LENGTH)
    email = EmailField(
        "メールアドレス",
        description="掲載の確認を送ります。公開しません。",
    )
    biography = text_field("紹介文", BIOGRAPHY_LENGTH)
    portrait = FileField("顔写真")
    removes_portrait = BooleanField("いまの写真を消す")

    def speaker_data(self) -> SpeakerData:
        """What was typed."""
        return SpeakerData(
            self.name.data or "", self.kana.data or "", self.affiliation.data or "",
            self.email.data or "", self.biography.data or "",
        )  # fmt: skip


def speaker_values(speaker: Speaker) -> dict[str, Any]:
    """What the form shows of a stored speaker."""
    names = ("name", "kana", "affiliation", "email", "biography")
    return {**{name: getattr(speaker, name) for name in names}, "revision": str(speaker.revision)}


class ConsentForm(ProgrammeForm):
    """What a speaker corrects, and says to being shown."""

    biography = text_field("紹介文", BIOGRAPHY_LENGTH, "直すところがあれば、直してください。")
    portrait = FileField("顔写真")
    removes_portrait = BooleanField("いまの写真を消す")
    answer = RadioField(
        "掲載について",
        choices=[
            ("yes", "この内容で、掲載に同意します"),
            ("no", "掲載しないでください"),
        ],
        validate_choice=False,
        render_kw=REQUIRED,
    )

    def agrees(self) -> bool | None:
        """Yes or no; None when nothing was chosen (told at its field)."""
        if self.answer.data not in ("yes", "no"):
            self.add_error("answer", "どちらかを選んでください。")
            return None
        return bool(self.answer.data == "yes")


class MaterialForm(ProgrammeForm):
    """A document or a recording: a file or an address, to whom and from when it is shown."""

    title = line_field("名前", TITLE_LENGTH, "空けておくと、ファイルの名前になります。")
    file = FileField("ファイル")
    url = line_field(
        "アドレス", URL_LENGTH, "ほかの場所にあるときは、https:// で始まるアドレスを入れます。"
    )
    is_recording = BooleanField("録画です")
    session_id = SelectField("どのセッションの資料ですか", validate_choice=False)
    audience = RadioField(
        "見られる人",
        choices=[(each.value, label) for each, label in MATERIAL_AUDIENCE_LABELS.items()],
        default=MaterialAudience.REGISTERED.value,
        validate_choice=False,
        render_kw=REQUIRED,
    )
    publish_at = MomentField(
        "公開する日時",
        description="空けると、すぐに公開します。それまでは、運営の人だけに見えます。",
    )

    def offer_sessions(self, sessions: Sequence[ProgrammeSession]) -> None:
        """Say which sessions there are."""
        options = [(str(each.id), each.title) for each in sessions]
        self.session_id.choices = [("", "イベント全体の資料"), *options]

    def material_data(self) -> MaterialData:
        """What was typed; a made-up audience counts as the smallest."""
        known = self.audience.data in list(MaterialAudience)
        return MaterialData(
            title=self.title.data or "",
            audience=MaterialAudience(self.audience.data) if known else MaterialAudience.ATTENDED,
            is_recording=bool(self.is_recording.data),
            session_id=uuid_of(self.session_id.data),
            publish_at=self.publish_at.data,
        )


def material_values(material: EventMaterial) -> dict[str, Any]:
    """What the form shows of a stored material."""
    return {
        "revision": str(material.revision),
        "title": material.title,
        "url": material.url,
        "is_recording": material.is_recording,
        "session_id": str(material.session_id or ""),
        "audience": material.audience.value,
        "publish_at": material.publish_at,
    }
