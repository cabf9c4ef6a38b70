"""Introductions, talks, coalitions, consortia and pilots on a person's own page."""

from __future__ import annotations

from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.navigation import url_if_exists
from matchmaker.pages import partnering_queries as queries
from matchmaker.pages.dashboard import Waiting
from matchmaker.pages.dashboard_terms import until_day
from matchmaker.partnering.coalitions import queries as coalitions
from matchmaker.partnering.coalitions.models import CoalitionMember
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.consortia.presentation import wants_of
from matchmaker.partnering.introductions import queries as introductions
from matchmaker.partnering.introductions.domain import IntroductionState, last_day
from matchmaker.partnering.introductions.matches.models import Appointment, Match
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.partnering.pilots.models import PilotReport


def waiting_in_partnering(actor: Actor, now: datetime) -> list[Waiting]:
    """What others wait for, the nearest to people first (at most eight statements)."""
    return [*_of_member(actor, now), *_of_secretariat(actor, now)]


def _of_member(actor: Actor, now: datetime) -> list[Waiting]:
    own = queries.written_for(actor)
    if not own:
        return []
    return [
        *(_introduction(each, now) for each in introductions.waiting_for(actor, now)),
        *(_dates(each) for each in queries.dates_to_choose(own)),
        *(_step(each, now) for each in queries.next_steps(own, actor.user_id)),
        *(_coalition(each) for each in coalitions.waiting_for(own)[: queries.MOST_SHOWN]),
        *(_consortium(each, actor) for each in consortia.waiting_for(actor)),
        *(_report(each, now) for each in queries.reports_due(own, now)),
    ]


def _introduction(introduction: Introduction, now: datetime) -> Waiting:
    is_asked = introduction.state is IntroductionState.ASKED_BACK
    words = "質問に答える" if is_asked else "話してみたいかを答える"
    other = introduction.receiver if is_asked else introduction.sender
    return Waiting(
        f"{words}：{other.name}",
        _url("introductions.show", introduction_id=introduction.id),
        f"「{introduction.need.title}」と「{introduction.offering.title}」",
        until_day(last_day(introduction.answer_due_at), now),
    )


def _dates(appointment: Appointment) -> Waiting:
    return Waiting(
        f"日程を選ぶ：{appointment.title}",
        _url("matches.show", match_id=appointment.match_id),
        f"{appointment.proposer_name}さんから、打合せの日程の案が届いています。",
    )


def _step(match: Match, now: datetime) -> Waiting:
    return Waiting(
        f"次にすること：{match.next_step}",
        _url("matches.show", match_id=match.id),
        "成立した相手との話し合いで、あなたの番です。",
        until_day(match.next_due_on, now),
    )


def _coalition(member: CoalitionMember) -> Waiting:
    return Waiting(
        "連合に加わるかを答える",
        _url("coalitions.show", coalition_id=member.coalition_id),
        f"「{member.coalition.offering.title}」の最低の量に届くように、声がかかっています。",
    )


def _consortium(consortium: Consortium, actor: Actor) -> Waiting:
    return Waiting(
        f"座組に答える：{consortium.name}",
        _url("consortia.show", consortium_id=consortium.id),
        wants_of(consortium, actor),
    )


def _report(report: PilotReport, now: datetime) -> Waiting:
    return Waiting(
        f"実証の報告を出す：{report.pilot.title}",
        _url("pilots.edit_report", pilot_id=report.pilot_id, report_id=report.id),
        "報告の期限を過ぎています。" if report.due_on < today(now) else "報告の時期です。",
        until_day(report.due_on, now),
    )


def _of_secretariat(actor: Actor, now: datetime) -> list[Waiting]:
    if not actor.is_secretariat:
        return []
    found = []
    late, letters = queries.late_introductions(now), coalitions.letters_to_send()
    board = _url("introduction_board.index")
    if late and board:
        text = f"{late}件の紹介で、返事が期限を過ぎています。"
        found.append(Waiting("返事のない紹介を確かめる", board, text))
    if letters:
        text = f"連合に声をかけた、会員ではない自治体{len(letters)}団体への手紙です。"
        found.append(Waiting("会員ではない自治体に手紙を送る", _url("coalitions.index"), text))
    return found


def _url(endpoint: str, **values: object) -> str:
    return url_if_exists(endpoint, **values) or ""
