"""Who may open the documents of consortia: those who read the consortium of ``consortia``.

A workbook of it came back with one changed cell.
"""

from __future__ import annotations

import io
from typing import Any

from openpyxl import load_workbook

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.partnering.consortia import queries
from matchmaker.partnering.consortia.documents import service
from matchmaker.partnering.consortia.documents.pack_layout import CONTENT
from matchmaker.partnering.consortia.documents.pack_writing import write_pack
from matchmaker.partnering.consortia.documents.packing import source_of
from matchmaker.posts.vocabularies import DatabaseVocabularies
from tests.architecture.access_parts.consortia import LED, SEEING, inside
from tests.architecture.access_rules import WRITERS, Row, Things, get, hidden_except, post

PACK: dict[str, Any] = {**LED, "pack_id": "returned_pack_id"}
DOCUMENTS = "consortium_documents"

ROWS: tuple[Row, ...] = (
    *(
        get(f"{DOCUMENTS}.{page}", hidden_except(*SEEING), **LED)
        for page in ("index", "edit_approval", "approval", "pack")
    ),
    post(f"{DOCUMENTS}.save_approval", hidden_except(*SEEING, status=422), **LED),
    post(f"{DOCUMENTS}.take_pack", inside(*WRITERS, status=422), **LED),
    get("returned_packs.show", hidden_except(*SEEING), **PACK),
    get("returned_packs.file", hidden_except(*SEEING), **PACK),
    # The version it was compared with is not named.
    post("returned_packs.merge", inside(*WRITERS, status=409), **PACK),
    post("returned_packs.discard", inside(*WRITERS, status=302), **PACK),
)


def add_things(world: Things) -> None:
    """Bring a workbook back."""
    now, consortium = clock.now(), queries.get(world.ids["consortium_id"])
    source = source_of(consortium, "https://example.com/", now)
    workbook = load_workbook(io.BytesIO(write_pack(source, DatabaseVocabularies())))
    workbook[CONTENT]["C2"] = "竹の輪の座組"
    target = io.BytesIO()
    workbook.save(target)
    pack = service.take_pack(consortium, "座組.xlsx", target.getvalue(), SYSTEM, now)
    world.ids["returned_pack_id"] = pack.id
