"""The form for attaching files."""

from __future__ import annotations

from wtforms import MultipleFileField, StringField
from wtforms.validators import Length

from matchmaker.core.forms import ProductForm
from matchmaker.core.text import clean_line

LONGEST_CAPTION = 100


class AttachmentForm(ProductForm):
    """Files and what they show."""

    files = MultipleFileField("ファイル", render_kw={"data-required": "true"})
    caption = StringField(
        "ファイルの説明",
        [Length(max=LONGEST_CAPTION, message=f"{LONGEST_CAPTION}文字以内で入れてください。")],
        filters=[lambda text: clean_line(text or "")],
        description="写真のときは、何が写っているかを書いてください。"
        "いくつか選んだときは、どれにも同じ説明が付きます。",
        render_kw={"data-max-length": str(LONGEST_CAPTION)},
    )
