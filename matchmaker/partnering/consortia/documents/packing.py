"""The workbook of a consortium: what it is written from, and what one that came back changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matchmaker.core.formatting import format_moment
from matchmaker.core.storage import read_stored
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia.documents.comparing import Comparison, compare
from matchmaker.partnering.consortia.documents.drafting import present
from matchmaker.partnering.consortia.documents.models import ReturnedPack
from matchmaker.partnering.consortia.documents.pack_layout import (
    ROLES_PREFIX,
    PackPartner,
    PackSource,
    label_of_key,
    labels_of_fields,
    value_in_words,
)
from matchmaker.partnering.consortia.documents.pack_reading import PackReading, read_pack
from matchmaker.partnering.consortia.domain import GIVEN_ROLES, PARTNER_STATES, PartnerState
from matchmaker.partnering.consortia.models import Consortium, ConsortiumPartner, ConsortiumVersion
from matchmaker.partnering.consortia.saving import SETS
from matchmaker.posts.vocabularies import DatabaseVocabularies


def source_of(consortium: Consortium, address: str, now: datetime) -> PackSource:
    """What a workbook of the present version is written from."""
    return PackSource(
        consortium_id=consortium.id,
        number=consortium.revision,
        content=consortia.content_of(consortium),
        partners=tuple(pack_partner(each) for each in present(consortium)),
        address=address,
        made=format_moment(now),
    )


def pack_partner(partner: ConsortiumPartner) -> PackPartner:
    """A partner as the workbook shows it."""
    state = PARTNER_STATES.labels[partner.state]
    if partner.is_lead and partner.state is PartnerState.ACCEPTED:
        state = f"{state}（代表）"
    return PackPartner(str(partner.id), partner.name, state, _role_codes(partner))


def _role_codes(partner: ConsortiumPartner) -> tuple[str, ...]:
    return tuple(role.value for role in GIVEN_ROLES if role.value in partner.roles)


def read_content(consortium: Consortium, content: bytes) -> PackReading:
    """Read a workbook that should be one of the consortium's.

    Raises:
        UnreadableTable: it is none.
    """
    keys = [str(each.id) for each in present(consortium)]
    return read_pack(content, consortium.id, keys, DatabaseVocabularies())


@dataclass(frozen=True, slots=True)
class PackReview:
    """A workbook beside the version it was written from and the present one.

    Args:
        base: the version it was written from.
        reading: what it says, with its faulty cells.
        content: comparison of the content.
        roles: comparison of the roles of partners.
    """

    base: ConsortiumVersion
    reading: PackReading
    content: Comparison
    roles: Comparison

    def is_useful(self, *, with_roles: bool) -> bool:
        """Whether it brings anything that is not there yet.

        Args:
            with_roles: whether the roles that it changes may be taken.
        """
        return self.content.is_useful or (with_roles and self.roles.is_useful)


def review_pack(consortium: Consortium, pack: ReturnedPack) -> PackReview | None:
    """The review of a stored workbook; None when its file is gone."""
    if pack.file is None:
        return None
    return review_content(consortium, read_content(consortium, read_stored(pack.file)))


def review_content(consortium: Consortium, reading: PackReading) -> PackReview:
    """Compare what was read, both ways.

    Raises:
        NotFound: the version it names was never there.
    """
    base = consortia.version_of(consortium.id, reading.number)
    content = compare(
        base.content, reading.values, consortium.content, _of_content(reading.addresses), SETS
    )
    return PackReview(base, reading, content, _compare_roles(consortium, reading))


def _of_content(addresses: Mapping[str, str]) -> dict[str, str]:
    return {key: cell for key, cell in addresses.items() if not key.startswith(ROLES_PREFIX)}


def _compare_roles(consortium: Consortium, reading: PackReading) -> Comparison:
    now = {f"{ROLES_PREFIX}{each.id}": list(_role_codes(each)) for each in present(consortium)}
    before = {f"{ROLES_PREFIX}{key}": list(codes) for key, codes in reading.old_roles.items()}
    returned = {f"{ROLES_PREFIX}{key}": list(codes) for key, codes in reading.roles.items()}
    cells = {key: cell for key, cell in reading.addresses.items() if key in returned}
    return compare(before, returned, now, cells, frozenset(cells))


@dataclass(frozen=True, slots=True)
class Wording:
    """Keys and values of one consortium in words, for the page."""

    partners: tuple[PackPartner, ...]
    labels: Mapping[str, Mapping[str, str]]

    def label(self, key: str) -> str:
        """What a key is called."""
        return label_of_key(key, self.partners)

    def value(self, key: str, value: Any) -> str:
        """A stored value as people read it."""
        return value_in_words(key, value, self.labels)


def wording_of(consortium: Consortium) -> Wording:
    """Words for the keys and values of a consortium, former partners included."""
    partners = tuple(pack_partner(each) for each in consortium.partners)
    return Wording(partners, labels_of_fields(DatabaseVocabularies()))
