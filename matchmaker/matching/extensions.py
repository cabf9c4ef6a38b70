"""Where later features add to a recommended pair, without matching knowing them.

They let people go on from it, and bring evidence for it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from matchmaker.core.actor import Actor

PAIR_LINKS_KEY = "matchmaker.pair_links"
EVIDENCE_KEY = "matchmaker.pair_evidence"
MOST_EVIDENCE = 2
"""Pieces of evidence on one card."""


@dataclass(frozen=True, slots=True)
class PairLink:
    """A next step with a need and an offering.

    Args:
        label: what people read, in Japanese.
        address: from the ids of the need and of the offering.
    """

    label: str
    address: Callable[[uuid.UUID, uuid.UUID], str]


PairOffer = Callable[[Actor], PairLink | None]


def add_pair_link(app: Flask, offer: PairOffer) -> None:
    """Show the link that ``offer`` gives for a person (None: nothing) on recommended partners."""
    app.extensions.setdefault(PAIR_LINKS_KEY, []).append(offer)


def pair_links(
    actor: Actor, pairs: Mapping[uuid.UUID, tuple[uuid.UUID, uuid.UUID]]
) -> dict[uuid.UUID, Sequence[tuple[str, str]]]:
    """Label and address of each next step, by the key of the pair.

    Args:
        pairs: id of the need and of the offering of each pair with which the person may go on.
    """
    if not pairs:
        return {}
    offers: list[PairOffer] = current_app.extensions.get(PAIR_LINKS_KEY, [])
    links = [link for link in (offer(actor) for offer in offers) if link is not None]
    return {
        key: [(link.label, link.address(*pair)) for link in links] for key, pair in pairs.items()
    }


@dataclass(frozen=True, slots=True)
class EvidencePair:
    """A recommended pair for which evidence is sought.

    Args:
        need, offering: the posts, tags loaded.
        words: content words of the post that the recommendations are for.
    """

    need: Any
    offering: Any
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something documented elsewhere that resembles a pair.

    Args:
        title: what it is called.
        detail: who and where, in a line.
        address: its page here.
        source_url: where it is documented.
    """

    title: str
    detail: str
    address: str
    source_url: str = ""


EvidenceReader = Callable[[Sequence[EvidencePair]], Sequence[Sequence[Evidence]]]
"""From pairs to the evidence for each, in order; one call for a whole page, bounded statements."""


def add_evidence(app: Flask, reader: EvidenceReader) -> None:
    """Show what ``reader`` finds on the cards of recommended pairs."""
    app.extensions.setdefault(EVIDENCE_KEY, []).append(reader)


def evidence_for(pairs: Sequence[EvidencePair]) -> list[tuple[Evidence, ...]]:
    """Evidence for each pair, at most :data:`MOST_EVIDENCE` pieces, readers in their order."""
    readers: list[EvidenceReader] = current_app.extensions.get(EVIDENCE_KEY, [])
    found = [reader(pairs) for reader in readers] if pairs else []
    return [
        tuple(piece for each in found for piece in each[number])[:MOST_EVIDENCE]
        for number in range(len(pairs))
    ]
