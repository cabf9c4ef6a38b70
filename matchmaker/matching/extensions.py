"""Where later features let people go on from a recommended pair, without matching knowing them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, current_app

from matchmaker.core.actor import Actor

PAIR_LINKS_KEY = "matchmaker.pair_links"


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
