"""Draws curves as points of an SVG picture; the table beside it says the same in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker.core.formatting import format_short_date
from matchmaker.regional_events.reports.overview import Curve, Timeline

WIDTH, HEIGHT, TOP, LEFT = 720, 220, 14, 8
STYLES = ("first", "second", "third")


@dataclass(frozen=True, slots=True)
class DrawnCurve:
    """One line of a picture.

    Args:
        label: of what.
        style: word for its colour and dashes.
        points: for ``<polyline>``.
        last: value at its end.
        end: where it ends.
    """

    label: str
    style: str
    points: str
    last: int
    end: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of a few curves over the same days."""

    curves: tuple[DrawnCurve, ...]
    first_day: str
    last_day: str
    most: int
    width: int = WIDTH
    height: int = HEIGHT


def draw(timeline: Timeline) -> Drawing:
    """The curves of an event: seats, requests, cancellations."""
    curves = (timeline.requested, timeline.seats, timeline.cancelled)
    most = max(1, *(value for curve in curves for value in curve.values))
    return Drawing(
        tuple(_drawn(curve, style, most) for curve, style in zip(curves, STYLES, strict=True)),
        format_short_date(timeline.days[0]),
        format_short_date(timeline.days[-1]),
        most,
    )


def _drawn(curve: Curve, style: str, most: int) -> DrawnCurve:
    points = _points(curve.values, most)
    text = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return DrawnCurve(curve.label, style, text, curve.values[-1], points[-1])


def _points(values: Sequence[int], most: int) -> list[tuple[float, float]]:
    step = (WIDTH - 2 * LEFT) / max(1, len(values) - 1)
    length = HEIGHT - 2 * TOP
    return [
        (LEFT + number * step, TOP + length * (1 - value / most))
        for number, value in enumerate(values)
    ]
