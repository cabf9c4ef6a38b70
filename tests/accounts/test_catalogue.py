"""Every word of the sign-in library has its Japanese."""

from __future__ import annotations

import re
from importlib.resources import files
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_security.core import _default_config, _default_messages
from flask_security.forms import _default_field_labels
from flask_security.utils import localize_callback

from config import ROOT

FOLDER = ROOT / "matchmaker" / "translations" / "ja" / "LC_MESSAGES"
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
PLACES = re.compile(r"%\(\w+\)[sd]?|%s")


def catalogue() -> Catalog:
    with (FOLDER / "flask_security.po").open("rb") as file:
        return read_po(file, locale="ja")


def test_every_message_of_the_library_has_japanese_with_places_it_can_fill() -> None:
    source = (files("flask_security") / "translations" / "flask_security.pot").read_bytes()
    ours = {message.id: str(message.string) for message in catalogue() if message.id}
    for message in read_po(BytesIO(source)):
        if not message.id:
            continue
        text = ours.get(message.id, "")
        assert JAPANESE.search(text), f"no Japanese for {message.id!r}"
        given, used = PLACES.findall(str(message.id)), PLACES.findall(text)
        assert set(used) <= set(given), message.id
        assert used.count("%s") == given.count("%s"), message.id


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with (FOLDER / "flask_security.mo").open("rb") as file:
        compiled = {message.id: message.string for message in read_mo(file) if message.id}
    assert compiled == {message.id: message.string for message in catalogue() if message.id}


def test_all_messages_labels_and_subjects_come_out_in_japanese(app: Flask) -> None:
    subjects = [value for key, value in _default_config.items() if "SUBJECT" in key]
    texts = [
        *(text for text, _ in _default_messages.values()),
        *_default_field_labels.values(),
        *subjects,
    ]
    with app.test_request_context("/"):
        for text in texts:
            assert JAPANESE.search(str(localize_callback(text))), text
