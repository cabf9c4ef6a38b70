"""What calls and groups want of the secretariat, on its people's own page."""

from __future__ import annotations

from datetime import datetime

from flask import url_for

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.pages.dashboard import Waiting
from matchmaker.working_groups.calls.queries import calls_with_open_questions
from matchmaker.working_groups.groups.overviews import vacant_chairs
from matchmaker.working_groups.reviews.decision_queries import calls_with_decisions_to_check

MOST_NAMED = 3


def waiting_of_groups(actor: Actor, now: datetime) -> list[Waiting]:
    """Questions about calls, decisions for a second pair of eyes, groups without their chair."""
    if actor.user_id is None or not actor.is_secretariat:
        return []
    questions = [
        Waiting(
            f"公募への質問に答える：{call.title}",
            url_for("calls.desk", call_id=call.id),
            f"{number}件が回答を待っています。",
        )
        for call, number in calls_with_open_questions()
    ]
    decisions = [
        Waiting(
            f"決定の案を確認する：{call.title}",
            url_for("decisions.index", call_id=call.id),
            f"{number}件。案を作った人とは別の人が確認します。",
        )
        for call, number in calls_with_decisions_to_check(actor.user_id)
    ]
    return [*questions, *decisions, *_vacancies(now)]


def _vacancies(now: datetime) -> list[Waiting]:
    vacant = vacant_chairs(today(now))
    if not vacant:
        return []
    names = "、".join(group.name for group, _ in vacant[:MOST_NAMED])
    text = f"{names}{'ほか' if len(vacant) > MOST_NAMED else ''}（{len(vacant)}件）"
    return [Waiting("座長が空席のWGを確かめる", url_for("working_groups.vacancies"), text)]
