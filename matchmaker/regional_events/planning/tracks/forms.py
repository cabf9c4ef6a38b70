"""Forms of tracks, waves and the usual tracks of an assembly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField

from matchmaker.core.errors import ProductError
from matchmaker.core.form_fields import REQUIRED, line_field
from matchmaker.core.forms import ProductForm
from matchmaker.core.moment_field import MomentField
from matchmaker.regional_events.planning.domain import (
    RESERVE_LABELS,
    SEATING_LABELS,
    TRACK_LABELS,
    ReserveKind,
    Seating,
    TrackKind,
)
from matchmaker.regional_events.planning.models import SeatWave, Track
from matchmaker.regional_events.planning.programme.typed import number, number_in, uuid_of
from matchmaker.regional_events.planning.tracks.domain import (
    CATEGORY_LABELS,
    NAME_LENGTH,
    PERCENT,
    ROOM_LENGTH,
    InvalidTrack,
    TrackData,
    WaveData,
)
from matchmaker.regional_events.planning.tracks.presets import (
    USUAL_DESKS_PERCENT,
    USUAL_LATER_LIMIT,
    USUAL_LIMIT,
    USUAL_SEATS,
    AssemblyPlan,
)

NO_LIMIT = "空けると、限りなく受け付けます。"


class RefusableForm(ProductForm):
    """A form that tells at its fields what a service refused."""

    def refuse(self, error: ProductError) -> None:
        """Attach the messages of a refusal."""
        errors = error.errors if isinstance(error, InvalidTrack) else {error.field: error.message}
        for name, message in errors.items():
            self.add_error(name, message)


class TrackForm(RefusableForm):
    """A track with its seats, quotas and kept seats (their fields are added below)."""

    revision = HiddenField()
    kind = RadioField(
        "種類",
        choices=[(kind.value, label) for kind, label in TRACK_LABELS.items()],
        default=TrackKind.ON_SITE.value,
        description="種類は、あとから変えられません。",
        validate_choice=False,
        render_kw=REQUIRED,
    )
    name = line_field(
        "名前", NAME_LENGTH, "申し込みの画面に出ます。例：会場（机つきの席）", **REQUIRED
    )
    room = line_field("部屋", ROOM_LENGTH, **{"data-only-when": "kind:on_site"})
    seating = RadioField(
        "席の形",
        choices=[(kind.value, label) for kind, label in SEATING_LABELS.items()],
        default=Seating.NONE.value,
        validate_choice=False,
        render_kw={"data-only-when": "kind:on_site"},
    )
    capacity = number("席数", f"会場では必ず入れます。オンラインでは、{NO_LIMIT}")
    overbooking_percent = number(
        "多めに受け付ける割合",
        "来ない人を見込んで、席数より多く受け付けるときの割合です。0から50まで。",
    )
    per_organization_limit = number("1つの団体の席", NO_LIMIT)
    limit_track = SelectField(
        "1つの団体の席の数え方",
        description="部屋を分けても、1つの団体の席を合わせて数えたいときに選びます。"
        "上限と追加の枠での上限は、選んだ参加方法のものになります。",
        validate_choice=False,
        render_kw={"data-only-when": "kind:on_site"},
    )
    first_seats = number(
        "最初に受け付ける席", "追加の枠を出すまでに受け付ける席です。空けると、すべて受け付けます。"
    )

    def track_data(self, kind: TrackKind | None = None) -> TrackData | None:
        """What was typed; None when something could not be read (told at its field).

        Args:
            kind: the kind of a stored track; None takes the one chosen.
        """
        self.validate_on_submit()
        kind = kind or self._kind()
        percent = number_in(self, "overbooking_percent") or 0
        quotas = {code: number_in(self, f"quotas-{code}") for code in CATEGORY_LABELS}
        reserves = {each: number_in(self, f"reserves-{each.value}") for each in ReserveKind}
        seating = self.seating.data
        numbers = {name: number_in(self, name) for name in NUMBERS}
        if self.errors or kind is None:
            return None
        return TrackData(
            kind=kind, name=self.name.data or "", room=self.room.data or "",
            seating=Seating(seating) if seating in list(Seating) else Seating.NONE,
            overbooking_rate=percent / PERCENT,
            quotas={code: seats for code, seats in quotas.items() if seats is not None},
            reserves={each: seats for each, seats in reserves.items() if seats},
            limit_track_id=uuid_of(self.limit_track.data),
            **numbers,
        )  # fmt: skip

    def offer(self, tracks: Sequence[Track]) -> None:
        """Offer these tracks for counting organisations together."""
        together = [(str(track.id), f"「{track.name}」と合わせて数える") for track in tracks]
        self.limit_track.choices = [("", "この参加方法だけで数える"), *together]

    def _kind(self) -> TrackKind | None:
        if self.kind.data in list(TrackKind):
            return TrackKind(self.kind.data)
        self.add_error("kind", "種類を選んでください。")
        return None

    @property
    def quota_fields(self) -> list[Any]:
        """The fields of all categories."""
        return [self[f"quotas-{code}"] for code in CATEGORY_LABELS]

    @property
    def reserve_fields(self) -> list[Any]:
        """The fields of all kinds of kept seats."""
        return [self[f"reserves-{kind.value}"] for kind in ReserveKind]

    def refuse(self, error: ProductError) -> None:
        """Messages about all quotas or all kept seats go to the first of their fields."""
        errors = error.errors if isinstance(error, InvalidTrack) else {error.field: error.message}
        first = {"quotas": self.quota_fields[0].name, "reserves": self.reserve_fields[0].name}
        for name, message in errors.items():
            self.add_error(first.get(name or "", name), message)


NUMBERS = ("capacity", "per_organization_limit", "first_seats")
for _code, _label in CATEGORY_LABELS.items():
    setattr(TrackForm, f"quotas-{_code}", number(_label))
for _kind, _label in RESERVE_LABELS.items():
    setattr(TrackForm, f"reserves-{_kind.value}", number(_label))


def track_values(track: Track) -> dict[str, Any]:
    """What the form shows of a stored track."""
    return {
        "revision": str(track.revision),
        "kind": track.kind.value,
        "name": track.name,
        "room": track.room,
        "seating": track.seating.value,
        "limit_track": str(track.limit_track_id or ""),
        "overbooking_percent": f"{round(track.overbooking_rate * PERCENT, 1):g}",
        **{name: _shown(getattr(track, name)) for name in NUMBERS},
        **{f"quotas-{quota.category}": str(quota.seats) for quota in track.quotas},
        **{f"reserves-{each.kind.value}": str(each.seats) for each in track.reserves if each.seats},
    }


def _shown(value: int | None) -> str:
    return "" if value is None else str(value)


class WaveForm(RefusableForm):
    """A moment from which more seats are given out."""

    revision = HiddenField()
    release_at = MomentField("枠を足す日時", render_kw=REQUIRED)
    seats = number(
        "その日時からの席（合計）",
        "最初からの分も合わせた数です。空けると、残りの席をすべて出します。",
    )
    per_organization_limit = number("その日時からの、1つの団体の席", NO_LIMIT)

    def wave_data(self) -> WaveData | None:
        """What was typed; None when something could not be read (told at its field)."""
        self.validate_on_submit()
        seats = number_in(self, "seats")
        limit = number_in(self, "per_organization_limit")
        if self.release_at.data is None and not self.release_at.errors:
            self.add_error("release_at", "日付と時刻を入れてください。")
        if self.errors:
            return None
        return WaveData(self.release_at.data, seats, limit)


def wave_values(wave: SeatWave, revision: int) -> dict[str, Any]:
    """What the form shows of a stored wave."""
    return {
        "revision": str(revision),
        "release_at": wave.release_at,
        "seats": _shown(wave.seats),
        "per_organization_limit": _shown(wave.per_organization_limit),
    }


class AssemblyForm(RefusableForm):
    """The usual tracks of a general assembly."""

    seats: StringField = number("会場の席（すべての部屋の合計）", **REQUIRED)
    desks_percent: StringField = number(
        "机つきの席の割合", "残りは、いすだけの席です。", **REQUIRED
    )
    limit: StringField = number("最初に申し込める、1つの団体の席", **REQUIRED)
    release_at = MomentField(
        "枠を足す日時",
        description="申し込みが落ち着いてから、1つの団体が取れる席を増やします。なければ空けます。",
    )
    later_limit: StringField = number("その日時からの、1つの団体の席", NO_LIMIT)
    has_stream = BooleanField("オンラインでも参加できる", default=True)
    has_archive = BooleanField("後日の録画だけでも申し込める", default=True)

    def plan(self) -> AssemblyPlan | None:
        """What was typed; None when something could not be read (told at its field)."""
        self.validate_on_submit()
        numbers = {name: number_in(self, name) for name in USUAL}
        for name in ("seats", "desks_percent", "limit"):
            if numbers[name] is None and not self[name].errors:
                self.add_error(name, "数を入れてください。")
        if self.errors:
            return None
        return AssemblyPlan(
            seats=numbers["seats"] or 0,
            desks_percent=numbers["desks_percent"] or 0,
            limit=numbers["limit"] or 0,
            later_limit=numbers["later_limit"],
            release_at=self.release_at.data,
            has_stream=bool(self.has_stream.data),
            has_archive=bool(self.has_archive.data),
        )


USUAL = {
    "seats": USUAL_SEATS,
    "desks_percent": USUAL_DESKS_PERCENT,
    "limit": USUAL_LIMIT,
    "later_limit": USUAL_LATER_LIMIT,
}
"""Values the form of an assembly begins with."""
