"""Tells those who wait where they stand, why, and what would move them forward, in plain words."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import EventState, WaitingRule
from matchmaker.regional_events.planning.models import RegionalEvent, SeatWave
from matchmaker.regional_events.planning.notices import moment_text
from matchmaker.regional_events.registrations.domain import (
    PASSES_MOST,
    SHORT_NOTICE,
    SeatScope,
    WaitingState,
    is_short_notice,
)
from matchmaker.regional_events.registrations.line import (
    GENERAL,
    Candidate,
    Fit,
    Room,
    fit,
    in_order,
    is_gathered_for,
    next_in_line,
)
from matchmaker.regional_events.registrations.models import WaitingEntry
from matchmaker.regional_events.registrations.records import event_of_entry
from matchmaker.regional_events.registrations.seats import room_of
from matchmaker.regional_events.registrations.waiting import line_of

SHORT_HOURS = int(SHORT_NOTICE.total_seconds() // 3600)
RULES = {
    WaitingRule.FIRST_COME: "申し込みの早い順にご案内します。",
    WaitingRule.FEWEST_SEATS: (
        "この参加方法の席がまだ少ない団体から、同じ数なら申し込みの早い順にご案内します。"
    ),
}
RULE_DETAILS = (
    "メールアドレスの確認が要る方は、確認した時刻を申し込みの時刻とします。",
    "団体や区分の上限で席を取れない方の順番は変わらず、後ろの方が先にご案内を受けることがあります。",
    f"人数分の席が空いていないグループは、後ろの方に{PASSES_MOST}回まで先を譲ります。"
    "そのあとは、グループの席がそろうまで、空いた席を取っておきます。",
    f"開始まで{SHORT_HOURS}時間を切ったら、「直前でもすぐ行けます」の方だけにご案内します。",
    "イベントが始まったら、ご案内は終わります。",
)
"""The rule of the waiting list as people read it; the same as in :mod:`.line`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands in line.

    Args:
        number: 1 is next; 0 when seats are held for an answer, or the line is over.
        ahead: how many stand before.
        why: why there is no seat yet.
        what_would_help: what would move it, by the person's doing or by itself.
    """

    number: int
    ahead: int
    why: str
    what_would_help: str


def rule_in_words(rule: WaitingRule) -> list[str]:
    """The whole rule of the waiting list, one sentence or two each."""
    return [RULES[rule], *RULE_DETAILS]


def place_in_line(entry: WaitingEntry, now: datetime) -> Place:
    """Where a place in line stands now, why, and what would help."""
    if entry.state is WaitingState.OFFERED:
        until = moment_text(entry.offer_until)
        why = f"席をご案内しています。{until}まで、あなたのために取ってあります。"
        return Place(0, 0, why, "期限までに「参加する」を押してください。")
    if entry.state is not WaitingState.WAITING:
        return Place(0, 0, "この順番待ちは終わりました。", "")
    event = db.session.get_one(RegionalEvent, event_of_entry(entry))
    room = room_of(entry.track_id)
    ordered = in_order(event.waiting_rule, line_of(entry.track_id), room)
    ahead = next((n for n, each in enumerate(ordered) if each.id == entry.id), len(ordered))
    stopped = _why_stopped(event, now)
    if stopped or ahead == len(ordered):
        return Place(ahead + 1, ahead, stopped, "")
    why, helps = _explain(ordered, ahead, room, short=is_short_notice(event, now))
    return Place(ahead + 1, ahead, why, " ".join(filter(None, (helps, _wave(entry.track_id)))))


def _why_stopped(event: RegionalEvent, now: datetime) -> str:
    if now >= event.starts_at:
        return "イベントが始まったため、席のご案内は終わりました。"
    if event.state is EventState.POSTPONED:
        return "イベントが延期になったため、席のご案内を止めています。順番はそのまま残ります。"
    if event.state is not EventState.PUBLISHED:
        return "イベントが公開されていないため、席のご案内を止めています。"
    if event.opens_at is None or now < event.opens_at:
        return "参加登録の受付が始まってから、席をご案内します。"
    return ""


def _explain(ordered: list[Candidate], ahead: int, room: Room, *, short: bool) -> tuple[str, str]:
    """Why the candidate has no seat, and what would help."""
    own = ordered[ahead]
    match fit(own, room, short_notice=short):
        case Fit.NOT_AT_ONCE:
            return (
                f"開始まで{SHORT_HOURS}時間を切ったため、"
                "「直前でもすぐ行けます」の方だけにご案内しています。",
                "「直前でもすぐ行けます」にすると、ご案内の対象になります。",
            )
        case Fit.ORGANIZATION_FULL:
            limit = room.capacity((SeatScope.ORGANIZATION, own.organization))
            return (
                f"あなたの団体で取れる席（{limit}席）が、いっぱいです。",
                "同じ団体の方が取り消すか、団体ごとの上限が増えると、ご案内できます。",
            )
        case Fit.CATEGORY_FULL:
            limit = room.capacity((SeatScope.CATEGORY, own.category))
            return (
                f"あなたの区分で取れる席（{limit}席）が、いっぱいです。",
                "同じ区分の方が取り消すか、区分の上限が増えると、ご案内できます。",
            )
        case Fit.NEVER:
            return (
                f"一緒に座る人数（{own.size}人）が、いま受け付けている席の数より多くなっています。",
                _split_help(own),
            )
        case Fit.TOO_LARGE:
            return _why_too_large(own, room, short=short), _free_help(own)
    return _why_behind(ordered, room, short=short)


def _why_too_large(own: Candidate, room: Room, *, short: bool) -> str:
    free = (room.capacity(GENERAL) or 0) - room.taken(GENERAL)
    if free <= 0:
        return "空いている席がありません。"
    text = f"空いている席（{free}席）が、一緒に座る人数（{own.size}人）に足りません。"
    if is_gathered_for(own, short_notice=short):
        text += "いま、あなたのグループのために席を集めています。"
    return text


def _free_help(own: Candidate) -> str:
    text = "前の方やいまの参加者が取り消すと、順番が進みます。"
    return f"{text} {_split_help(own)}" if own.size > 1 else text


def _split_help(own: Candidate) -> str:
    if own.size == 1:
        return ""
    return "「ひとりずつでもよいことにする」を押すと、空いた席からひとりずつ入れます。"


def _why_behind(ordered: list[Candidate], room: Room, *, short: bool) -> tuple[str, str]:
    if next_in_line(ordered, room, short_notice=short).gathers_for is not None:
        return (
            "前のグループのために、空いた席を集めています。",
            "グループの席がそろうか、前の方が取り消すと、順番が進みます。",
        )
    return "席が空きました。順番に、まもなくご案内します。", ""


def _wave(track_id: uuid.UUID) -> str:
    release_at = db.session.scalar(
        select(SeatWave.release_at)
        .where(SeatWave.track_id == track_id, SeatWave.released_at.is_(None))
        .order_by(SeatWave.release_at)
        .limit(1)
    )
    if release_at is None:
        return ""
    return f"{moment_text(release_at)}に、席を追加で受け付けます。そのとき順番にご案内します。"
