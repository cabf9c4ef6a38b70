"""Rules of questions to posts: states and moves, bounds. Pure."""

from __future__ import annotations

from enum import StrEnum

from matchmaker.core.states import Rule, StateMachine

TEXT_LENGTH = 1_000
REASON_LENGTH = 500
MOST_WAITING = 3
"""Questions of one person to one post that wait for an answer."""

MOST_A_DAY = 10
"""Questions that one person asks within 24 hours."""


class QuestionState(StrEnum):
    """Where a question stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    PUBLISHED = "published"
    REFUSED = "refused"
    TAKEN_DOWN = "taken_down"


class QuestionMove(StrEnum):
    """What can be done with a question."""

    ANSWER = "answer"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    REFUSE = "refuse"
    TAKE_DOWN = "take_down"


S, M = QuestionState, QuestionMove
STATE_LABELS = {
    S.ASKED: "回答待ち",
    S.ANSWERED: "回答ずみ（質問した人だけ）",
    S.PUBLISHED: "回答を公開中",
    S.REFUSED: "回答しない",
    S.TAKEN_DOWN: "事務局が取り下げ",
}
QUESTION_STATES: StateMachine[QuestionState, QuestionMove] = StateMachine(
    STATE_LABELS,
    {
        M.ANSWER: Rule("質問した人にだけ答える", frozenset({S.ASKED, S.ANSWERED}), S.ANSWERED),
        M.PUBLISH: Rule(
            "答えて、みなに公開する", frozenset({S.ASKED, S.ANSWERED, S.PUBLISHED}), S.PUBLISHED
        ),
        M.UNPUBLISH: Rule("公開をやめる", frozenset({S.PUBLISHED}), S.ANSWERED),
        M.REFUSE: Rule("回答しない", frozenset({S.ASKED}), S.REFUSED, needs_reason=True),
        M.TAKE_DOWN: Rule(
            "取り下げる",
            frozenset({S.ASKED, S.ANSWERED, S.PUBLISHED, S.REFUSED}),
            S.TAKEN_DOWN,
            needs_reason=True,
        ),
    },
)
WRITING_MOVES = frozenset({M.ANSWER, M.PUBLISH})
OWNER_MOVES = frozenset({M.ANSWER, M.PUBLISH, M.UNPUBLISH, M.REFUSE})
