"""Forms of a change of the encoder."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from matchmaker.core.forms import ProductForm

LONGEST_REASON = 500


class ReasonForm(ProductForm):
    """Why a change is stopped or turned back."""

    reason = StringField(
        "理由",
        [
            DataRequired("理由を入れてください。"),
            Length(max=LONGEST_REASON, message="500文字までで入れてください。"),
        ],
    )
