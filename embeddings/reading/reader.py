"""Understands what a post says in its texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, TypeVar

from embeddings.facts import OfferingFacts, PostFacts, Reading
from embeddings.reading.areas import read_partner_scope, read_service_area
from embeddings.reading.grouped import Readings
from embeddings.reading.quantities import read_capacity, read_minimum_lot, read_quantity
from embeddings.reading.roles import read_need_materials, read_offering_materials
from embeddings.reading.sentence import Sentence, sentences_of
from embeddings.reading.terms import (
    read_offering_kind,
    read_once,
    read_sought_kinds,
    read_terms,
    read_waste_class,
)
from embeddings.reading.thesaurus import Thesaurus

# Raise it with every change of the rules: entries that were read by other rules are made anew.
READING_VERSION: Final = 3
# A post that names more than this lists everything and says little.
MOST_READINGS: Final = 60

Post = TypeVar("Post", bound=PostFacts)


def read_post(post: PostFacts, thesaurus: Thesaurus) -> tuple[Reading, ...]:
    """Read title, description and further texts of a post.

    What can be understood in two ways is not read: several different minimum lots, a material
    that is neither clearly taken in nor sold, an area that is only mentioned.

    Args:
        post: a need or an offering.
        thesaurus: the vocabulary.

    Returns:
        At most :data:`MOST_READINGS` readings by kind; each phrase is a literal piece of its text.
    """
    sentences = sentences_of(post, thesaurus)
    is_offering = isinstance(post, OfferingFacts)
    found = _offering(post, sentences) if is_offering else _need(sentences)
    return Readings(tuple(found)[:MOST_READINGS])


def with_readings(post: Post, thesaurus: Thesaurus) -> Post:
    """Return the post together with its readings."""
    return replace(post, readings=read_post(post, thesaurus))


def readings_version(thesaurus: Thesaurus) -> str:
    """Return what names both the rules and the vocabulary that readings were made with."""
    return f"{READING_VERSION}.{thesaurus.version}"


def _offering(post: PostFacts, sentences: list[Sentence]) -> Iterator[Reading]:
    yield from read_offering_materials(sentences)
    yield from read_terms(sentences, is_need=False)
    yield from read_offering_kind(sentences)
    yield from read_service_area(sentences, post.prefecture)
    yield from read_minimum_lot(sentences)
    yield from read_capacity(sentences)
    yield from read_once(sentences, is_need=False)
    yield from read_waste_class(sentences, is_need=False)


def _need(sentences: list[Sentence]) -> Iterator[Reading]:
    yield from read_need_materials(sentences)
    yield from read_terms(sentences, is_need=True)
    yield from read_sought_kinds(sentences)
    yield from read_partner_scope(sentences)
    yield from read_once(sentences, is_need=True)
    yield from read_quantity(sentences)
    yield from read_waste_class(sentences, is_need=True)
