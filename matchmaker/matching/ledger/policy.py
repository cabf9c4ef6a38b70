"""Who may judge pairs, read the ledger and take it along. Pure predicates."""

from __future__ import annotations

from matchmaker.core.actor import Actor
from matchmaker.posts.domain import LISTED_STATES
from matchmaker.posts.policy import Subject, can_view


def can_judge(actor: Actor) -> bool:
    """Staff of the secretariat and reviewers; judgements are those of people."""
    return actor.is_signed_in and (actor.is_secretariat or actor.is_reviewer)


def has_interest(actor: Actor, need: Subject, offering: Subject) -> bool:
    """Whether the person belongs to one of the two organisations."""
    return actor.belongs_to(need.organization_id) or actor.belongs_to(offering.organization_id)


def can_judge_pair(actor: Actor, need: Subject, offering: Subject) -> bool:
    """Judges say nothing of pairs of their own organisations, nor of posts that are not listed."""
    if not can_judge(actor) or has_interest(actor, need, offering):
        return False
    return all(each.state in LISTED_STATES and can_view(actor, each) for each in (need, offering))


def can_read_pair(actor: Actor, need: Subject, offering: Subject) -> bool:
    """The page of a pair: judges without an interest who may read both posts, open or not."""
    if not can_judge(actor) or has_interest(actor, need, offering):
        return False
    return can_view(actor, need) and can_view(actor, offering)


def can_read_ledger(actor: Actor) -> bool:
    """The list: judges; reviewers find their own judgements in it."""
    return can_judge(actor)


def can_read_all_entries(actor: Actor) -> bool:
    """What others said, too: the secretariat."""
    return can_judge(actor) and actor.is_secretariat


def can_export(actor: Actor) -> bool:
    """The list as a file: the secretariat."""
    return can_read_all_entries(actor)


def can_see_others(actor: Actor, has_judged: bool) -> bool:
    """What others said of a pair is shown to a judge only after their own judgement, so that nobody
    follows anybody."""
    return can_judge(actor) and has_judged


def can_see_names(actor: Actor, has_judged: bool) -> bool:
    """Who said it: the secretariat, after judging; for reviewers others have no names."""
    return can_see_others(actor, has_judged) and actor.is_secretariat
