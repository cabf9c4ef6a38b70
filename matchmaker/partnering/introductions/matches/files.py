"""Files both sides read. Flushes, records, never commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.storage import remove_stored, store
from matchmaker.core.text import clean_line
from matchmaker.core.uploads import ATTACHMENT, check_upload
from matchmaker.partnering.introductions.matches import queries
from matchmaker.partnering.introductions.matches.domain import MOST_FILES
from matchmaker.partnering.introductions.matches.models import Match, MatchFile
from matchmaker.partnering.introductions.matches.policy import side_of
from matchmaker.partnering.introductions.matches.saving import refuse_unless_talking, tell_change

CAPTION_LENGTH = 100
FIELD = "file"


def add(
    match: Match, name: str, content: bytes, caption: str, actor: Actor, now: datetime
) -> MatchFile:
    """Put a file onto the shared page.

    Args:
        name: as the browser sent it.
        content: all of it; what it may be and how large says ``core/uploads.py``.
        caption: what it holds.

    Raises:
        Conflict: the talks are over, or somebody else added one at the same moment.
        RefusedFile: it is not taken; the message names it and says why (field ``file``).
        ProductError: there are too many, or the caption is too long.
    """
    refuse_unless_talking(match)
    caption = clean_line(caption)
    if len(caption) > CAPTION_LENGTH:
        raise ProductError(f"{CAPTION_LENGTH}文字以内で入れてください。", "caption")
    if not name:
        raise ProductError("ファイルを選んでください。", FIELD)
    checked = check_upload(name, content, ATTACHMENT, FIELD)
    file = MatchFile(
        id=new_id(), match_id=match.id, position=_free_position(match), caption=caption,
        side=side_of(actor, match.introduction), author_name=actor.name, at=now,
    )  # fmt: skip
    stored = store(checked, actor, now)
    file.file_id = stored.id
    try:
        with db.session.begin_nested():
            db.session.add(file)
    except IntegrityError:
        raise Conflict("ほかの人が同時にファイルを追加しました。もう一度選んでください。") from None
    tell_change(match, f"ファイル「{stored.name}」を置きました。", actor, now, what="file")
    return file


def _free_position(match: Match) -> int:
    taken = {file.position for file in queries.files_of(match.id)}
    free = [place for place in range(1, MOST_FILES + 1) if place not in taken]
    if not free:
        raise ProductError(
            f"ファイルは{MOST_FILES}個までです。いらないものを外してください。", FIELD
        )
    return free[0]


def remove(match: Match, file: MatchFile, actor: Actor, now: datetime) -> None:
    """Take a file away for good; that it was there stays in the thread.

    Raises:
        Conflict: the talks are over.
    """
    refuse_unless_talking(match)
    stored = file.file
    db.session.delete(file)
    db.session.flush()
    remove_stored(stored)
    text = f"ファイル「{stored.name}」を外しました。"
    tell_change(match, text, actor, now, is_told=False, what="file_removed")
