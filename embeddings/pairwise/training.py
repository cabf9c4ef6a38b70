"""Train an adapter and its head on judged pairs.

What is learned is what the ranking does not know yet: its own score stands beside the reading in
the loss, so that the reading has to put right what is wrong in the order and nothing else. The
encoder's lower layers do not change and are run once for each text.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from embeddings.evaluation import BEST_GRADE
from embeddings.pairwise.adapter import BIAS, HEAD, attach, fresh_adapter, log_odds
from embeddings.pairwise.network import NEED_PROMPT, OFFERING_PROMPT, JointNetwork, comparison

if TYPE_CHECKING:
    from torch import Tensor

Scores = Mapping[str, Mapping[str, float]]
Report = Callable[[str], None]

_BATCH: Final = 16
_SPREAD_FLOOR: Final = 1e-3
# Nobody is sure of a judgement: the best grade stands for a probability of 0.96, the worst 0.02.
_LOWEST: Final = 0.02
_RANGE: Final = 0.94


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How an adapter is trained; chosen once by cross-validation on the training set.

    Attributes:
        epochs: how often each need is seen.
        needs_a_step: needs whose pairs are read before each step.
        disliked, unjudged: pairs of grade 0, and pairs that nobody judged, drawn for a need.
        adapter_rate, head_rate: largest learning rates; they rise over the first steps and fall to
            zero.
        order_share: weight of the ranking's score beside the reading.
        grade_share: weight of the loss of single pairs beside that of the order.
        seed: of everything drawn.
    """

    epochs: int = 2
    needs_a_step: int = 2
    disliked: int = 6
    unjudged: int = 2
    adapter_rate: float = 5e-4
    head_rate: float = 2e-3
    order_share: float = 1.0
    grade_share: float = 0.3
    seed: int = 0


@dataclass(frozen=True, slots=True)
class ReadTexts:
    """A judged set after the lower layers of the network.

    Attributes:
        needs, offerings: what :meth:`JointNetwork.lower` gave, by id.
        scores: need id → offering id → score of the ranking; also says which offerings are
            candidates of a need.
        grades: need id → offering id → grade 0–3; pairs that nobody judged are absent.
    """

    needs: Mapping[str, Tensor]
    offerings: Mapping[str, Tensor]
    scores: Scores
    grades: Mapping[str, Mapping[str, int]]


def read_texts(
    network: JointNetwork,
    needs: Mapping[str, str],
    offerings: Mapping[str, str],
    scores: Scores,
    grades: Mapping[str, Mapping[str, int]],
) -> ReadTexts:
    """Read each text by itself.

    Args:
        network: the network; adapters change its upper layers only.
        needs, offerings: id → text (:func:`embeddings.pairwise.reader.pair_text`).
        scores, grades: as in :class:`ReadTexts`.
    """
    return ReadTexts(
        needs=dict(zip(needs, network.lower([*needs.values()], NEED_PROMPT), strict=True)),
        offerings=dict(
            zip(offerings, network.lower([*offerings.values()], OFFERING_PROMPT), strict=True)
        ),
        scores=scores,
        grades=grades,
    )


def train_adapter(
    network: JointNetwork,
    judged: ReadTexts,
    needs: Sequence[str],
    settings: TrainingSettings,
    report: Report | None = None,
) -> dict[str, Tensor]:
    """Train on some needs of a judged set; the same arguments give the same adapter.

    Args:
        network: the network, without an adapter; it has none afterwards.
        judged: the set.
        needs: ids of the needs to train on.
        settings: how.
        report: told the mean loss after each epoch.

    Returns:
        Adapter and head, as :func:`embeddings.pairwise.adapter.save_adapter` takes them.
    """
    return _Training(network, judged, settings).run(needs, report or (lambda _line: None))


def read_candidates(
    network: JointNetwork,
    tensors: Mapping[str, Tensor],
    judged: ReadTexts,
    needs: Sequence[str],
    best: int,
) -> dict[str, dict[str, float]]:
    """Read the best candidates of needs with a trained adapter.

    Args:
        network: the network, without an adapter; it has none afterwards.
        tensors: adapter and head.
        judged: the set.
        needs: ids.
        best: how many of a need's candidates, by the ranking's score.

    Returns:
        Need id → offering id → log-odds.
    """
    import torch  # noqa: PLC0415 - takes seconds to load

    handles = attach(network, tensors)
    found: dict[str, dict[str, float]] = {}
    with torch.no_grad():
        for need in needs:
            scores = judged.scores[need]
            ids = sorted(scores, key=lambda id: -scores[id])[:best]
            pooled = _pooled(network, judged, [(need, id) for id in ids])
            found[need] = dict(zip(ids, log_odds(tensors, pooled).tolist(), strict=True))
    _take_off(handles)
    return found


class _Training:
    """One training from beginning to end."""

    def __init__(
        self, network: JointNetwork, judged: ReadTexts, settings: TrainingSettings
    ) -> None:
        import torch  # noqa: PLC0415 - takes seconds to load

        self._torch = torch
        self._network, self._judged, self._settings = network, judged, settings
        # Repeatable draws, nothing secret.
        self._random = random.Random(settings.seed)  # noqa: S311

    def run(self, needs: Sequence[str], report: Report) -> dict[str, Tensor]:
        order = sorted(needs)
        adapter = fresh_adapter(self._network, self._settings.seed)
        middle, spread = self._spread(order)
        head = self._fresh_head(len(middle))
        optimizer, schedule = self._optimizer(adapter, head, len(order))
        handles = attach(self._network, adapter)
        for epoch in range(self._settings.epochs):
            self._random.shuffle(order)
            total = 0.0
            for loss in self._losses(order, head, middle, spread):
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                self._torch.nn.utils.clip_grad_norm_([head, *adapter.values()], 1.0)
                optimizer.step()
                schedule.step()
                total += loss.item()
            report(f"epoch {epoch + 1}: mean loss {total / len(order):.3f}")
        _take_off(handles)
        weight = head.detach()[:-1] / spread
        bias = head.detach()[-1] - middle @ weight
        return {**{k: v.detach() for k, v in adapter.items()}, HEAD: weight, BIAS: bias}

    def _losses(
        self, order: Sequence[str], head: Tensor, middle: Tensor, spread: Tensor
    ) -> Iterator[Tensor]:
        step = self._settings.needs_a_step
        for start in range(0, len(order), step):
            drawn = [self._drawn(need) for need in order[start : start + step]]
            pooled = _pooled(self._network, self._judged, [p for pairs in drawn for p in pairs])
            compared = (comparison(pooled) - middle) / spread
            together = compared @ head[:-1] + head[-1]
            readings = self._torch.split(together, [len(pairs) for pairs in drawn])
            yield self._torch.stack(
                [self._loss(*both) for both in zip(drawn, readings, strict=True)]
            ).sum()

    def _drawn(self, need: str) -> list[tuple[str, str]]:
        """All pairs of a need with a grade above 0, and some of the others."""
        grades = self._judged.grades.get(need, {})
        candidates = sorted(self._judged.scores[need])
        liked = [id for id in candidates if grades.get(id, 0) > 0]
        disliked = [id for id in candidates if grades.get(id) == 0]
        unjudged = [id for id in candidates if id not in grades]
        settings = self._settings
        some = self._random.sample(disliked, min(settings.disliked, len(disliked)))
        more = self._random.sample(unjudged, min(settings.unjudged, len(unjudged)))
        return [(need, id) for id in (*liked, *some, *more)]

    def _loss(self, pairs: Sequence[tuple[str, str]], readings: Tensor) -> Tensor:
        """Cross-entropy of the order (ListNet's top-one form) and of each pair's grade."""
        torch, judged = self._torch, self._judged
        scores = torch.tensor([judged.scores[need][id] for need, id in pairs])
        grades = torch.tensor([float(judged.grades.get(n, {}).get(id, 0)) for n, id in pairs])
        wanted = grades / BEST_GRADE * _RANGE + _LOWEST
        single = torch.nn.functional.binary_cross_entropy_with_logits(readings, wanted)
        loss = self._settings.grade_share * single
        gains = 2**grades - 1
        if gains.sum() > 0:
            placed = torch.log_softmax(readings + self._settings.order_share * scores, dim=0)
            loss = loss - (gains / gains.sum() * placed).sum()
        total: Tensor = loss
        return total

    def _spread(self, needs: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Mean and spread of what the head compares, before training."""
        with self._torch.no_grad():
            pairs = [pair for need in needs[::4] for pair in self._drawn(need)]
            compared = comparison(_pooled(self._network, self._judged, pairs))
        return compared.mean(0), compared.std(0) + _SPREAD_FLOOR

    def _fresh_head(self, length: int) -> Tensor:
        """A head that begins as the inner product of the two vectors; the bias comes last."""
        head = self._torch.zeros(length + 1)
        head[: length // 2] = 0.02
        head[-1] = -1.5
        return head.requires_grad_()

    def _optimizer(self, adapter: Mapping[str, Tensor], head: Tensor, needs: int) -> Any:
        torch, settings = self._torch, self._settings
        optimizer = torch.optim.AdamW(
            [
                {"params": [head], "lr": settings.head_rate, "weight_decay": 0.1},
                {"params": [*adapter.values()], "lr": settings.adapter_rate, "weight_decay": 0.01},
            ]
        )
        steps = settings.epochs * -(-needs // settings.needs_a_step)
        rate = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: min(1.0, (step + 1) / 10) * max(0.0, 1 - step / steps)
        )
        return optimizer, rate


def _pooled(network: JointNetwork, judged: ReadTexts, pairs: Sequence[tuple[str, str]]) -> Tensor:
    """Read pairs together, those of about the same length at once."""
    import torch  # noqa: PLC0415 - takes seconds to load

    texts = [(judged.needs[need], judged.offerings[offering]) for need, offering in pairs]
    order = sorted(range(len(pairs)), key=lambda i: len(texts[i][0]) + len(texts[i][1]))
    parts = []
    for start in range(0, len(order), _BATCH):
        chunk = [texts[i] for i in order[start : start + _BATCH]]
        parts.append(network.upper([need for need, _ in chunk], [other for _, other in chunk]))
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    together: Tensor = torch.cat(parts)[back]
    return together


def _take_off(handles: Sequence[Any]) -> None:
    for handle in handles:
        handle.remove()
