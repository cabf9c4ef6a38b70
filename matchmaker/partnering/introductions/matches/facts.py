"""What both sides hold: written by one, confirmed by the other. Flushes, records, never commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.text import clean_line, clean_text
from matchmaker.partnering.introductions.matches import queries
from matchmaker.partnering.introductions.matches.domain import (
    LABEL_LENGTH,
    MOST_FACTS,
    VALUE_LENGTH,
)
from matchmaker.partnering.introductions.matches.models import AgreedFact, Match
from matchmaker.partnering.introductions.matches.policy import side_of
from matchmaker.partnering.introductions.matches.saving import (
    CHANGED_MEANWHILE,
    refuse_unless_talking,
    set_if,
    tell_change,
)

SAME_LABEL = "同じ項目がすでにあります。その項目の「直す」から変えてください。"


def add(match: Match, label: str, value: str, actor: Actor, now: datetime) -> AgreedFact:
    """Write down a fact; the other side confirms it afterwards.

    Raises:
        Conflict: the talks are over.
        ProductError: something is missing, too long, or there already; with its field.
    """
    refuse_unless_talking(match)
    label, value = clean_line(label), clean_text(value)
    _check(label, value)
    known = queries.facts_of(match.id)
    if any(fact.label == label for fact in known):
        raise ProductError(SAME_LABEL, "label")
    if len(known) >= MOST_FACTS:
        raise ProductError(f"決まったことは{MOST_FACTS}件までです。", "label")
    fact = AgreedFact(
        id=new_id(), match_id=match.id, label=label, value=value,
        side=side_of(actor, match.introduction), author_name=actor.name, confirmer_name="",
        created_at=now, updated_at=now,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(fact)
    except IntegrityError:
        raise ProductError(SAME_LABEL, "label") from None
    text = f"決まったこととして「{label}：{value}」を書きました。"
    tell_change(match, text, actor, now, what="fact", label=label)
    return fact


def change(
    match: Match, fact: AgreedFact, value: str, expected: int, actor: Actor, now: datetime
) -> None:
    """Write a fact anew; it has to be confirmed again.

    Args:
        expected: revision that the form was filled from.

    Raises:
        Conflict: somebody else changed it meanwhile, or the talks are over.
        ProductError: the value is missing or too long (field ``value``).
    """
    refuse_unless_talking(match)
    value, before = clean_text(value), fact.value
    _check(fact.label, value)
    if fact.revision != expected:
        raise Conflict(CHANGED_MEANWHILE)
    if value == before:
        return
    values = {
        "value": value, "side": side_of(actor, match.introduction), "author_name": actor.name,
        "confirmer_name": "", "confirmed_at": None, "updated_at": now,
    }  # fmt: skip
    set_if(fact, expected, values, CHANGED_MEANWHILE)
    text = f"「{fact.label}」を「{before}」から「{value}」に変えました。"
    tell_change(match, text, actor, now, what="fact", label=fact.label)


def confirm(match: Match, fact: AgreedFact, expected: int, actor: Actor, now: datetime) -> None:
    """Say that one's side holds the fact as well.

    Raises:
        Conflict: it was changed meanwhile, or the talks are over.
        ProductError: it is the own side's, or was written for nobody's side by the secretariat.
    """
    refuse_unless_talking(match)
    side = side_of(actor, match.introduction)
    if side is None or side is fact.side:
        raise ProductError("確認は、書いた側でないほうの担当者が行います。")
    if fact.confirmed_at is not None:
        return
    values = {"confirmer_name": actor.name, "confirmed_at": now}
    set_if(fact, expected, values, CHANGED_MEANWHILE)
    text = f"「{fact.label}：{fact.value}」を確認しました。"
    tell_change(match, text, actor, now, what="fact_confirmed", label=fact.label)


def remove(match: Match, fact: AgreedFact, expected: int, actor: Actor, now: datetime) -> None:
    """Take a fact away; what it said stays in the thread.

    Raises:
        Conflict: it was changed meanwhile, or the talks are over.
    """
    refuse_unless_talking(match)
    label, value = fact.label, fact.value
    statement = delete(AgreedFact).where(AgreedFact.id == fact.id, AgreedFact.revision == expected)
    if db.session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(CHANGED_MEANWHILE)
    text = f"決まったことから「{label}：{value}」を外しました。"
    tell_change(match, text, actor, now, what="fact_removed", label=label)


def _check(label: str, value: str) -> None:
    if not label:
        raise ProductError("項目の名前を入れてください。例：量、引き渡しの場所", "label")
    if len(label) > LABEL_LENGTH:
        raise ProductError(f"{LABEL_LENGTH}文字以内で入れてください。", "label")
    if not value:
        raise ProductError("決まった内容を入れてください。", "value")
    if len(value) > VALUE_LENGTH:
        raise ProductError(f"{VALUE_LENGTH}文字以内で入れてください。", "value")
