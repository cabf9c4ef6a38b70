"""What was answered, added up question by question. Pure."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matchmaker.questions.checking import plain
from matchmaker.questions.domain import Question, QuestionKind, Questionnaire
from matchmaker.questions.kinds import OTHER, OTHER_LABEL

MOST_TEXTS = 30
Answers = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart."""

    label: str
    value: int


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """The answers to one question together.

    Args:
        question: what was asked.
        count: how many answered it.
        bars: counts by option, for a chart.
        figures: names and values, such as the mean.
        texts: what people wrote, at most 30 pieces.
        more: how many further texts there are; the spreadsheet has all.
    """

    question: Question
    count: int
    bars: tuple[Bar, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()
    more: int = 0


def summarize(questionnaire: Questionnaire, answers: Answers) -> list[QuestionResult]:
    """Results of all questions in their order.

    Texts are sorted, so that their order does not show which of them one person wrote.
    """
    return [_result(question, answers) for question in questionnaire.questions]


def _result(question: Question, answers: Answers) -> QuestionResult:
    given = [a[question.id] for a in answers if a.get(question.id) is not None]
    return WRITERS[question.kind](question, given)


def _choice(question: Question, given: Sequence[Any]) -> QuestionResult:
    words = [word for chosen in given for word in chosen]
    counts = Counter(word.partition(":")[0] for word in words)
    bars = [Bar(option.label, counts[option.code]) for option in question.options]
    if question.other:
        bars.append(Bar(OTHER_LABEL, counts[OTHER]))
    own = [word.partition(":")[2] for word in words if word.startswith(f"{OTHER}:")]
    return _with_texts(question, len(given), own, bars=tuple(bars))


def _number(question: Question, given: Sequence[Any]) -> QuestionResult:
    if not given:
        return QuestionResult(question, 0)
    figures = (
        ("平均", statistics.fmean(given)),
        ("中央の値", statistics.median(given)),
        ("最小", min(given)),
        ("最大", max(given)),
        ("合計", sum(given)),
    )
    shown = tuple((name, f"{plain(round(value, 3))}{question.unit}") for name, value in figures)
    return QuestionResult(question, len(given), figures=shown)


def _text(question: Question, given: Sequence[Any]) -> QuestionResult:
    return _with_texts(question, len(given), [str(text) for text in given])


def _date(question: Question, given: Sequence[Any]) -> QuestionResult:
    counts = Counter(str(day) for day in given)
    bars = tuple(Bar(day.replace("-", "/"), counts[day]) for day in sorted(counts)[:MOST_TEXTS])
    return QuestionResult(question, len(given), bars=bars)


def _only_counted(question: Question, given: Sequence[Any]) -> QuestionResult:
    return QuestionResult(question, len(given))


def _with_texts(
    question: Question, count: int, texts: Sequence[str], bars: tuple[Bar, ...] = ()
) -> QuestionResult:
    some = tuple(sorted(texts)[:MOST_TEXTS])
    return QuestionResult(question, count, bars, texts=some, more=len(texts) - len(some))


WRITERS: Mapping[QuestionKind, Callable[[Question, Sequence[Any]], QuestionResult]] = {
    QuestionKind.CHOICE: _choice,
    QuestionKind.NUMBER: _number,
    QuestionKind.TEXT: _text,
    QuestionKind.DATE: _date,
    QuestionKind.FILE: _only_counted,
    QuestionKind.TABLE: _only_counted,
    QuestionKind.CONSENT: _only_counted,
}
