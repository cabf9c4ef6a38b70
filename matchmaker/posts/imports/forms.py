"""Forms of imports."""

from __future__ import annotations

from wtforms import BooleanField, FileField, RadioField, SelectField
from wtforms.validators import InputRequired

from matchmaker.core.forms import ProductForm
from matchmaker.posts.imports.domain import MODE_LABELS, ImportMode


class ImportFileForm(ProductForm):
    """Which file, for which organisation."""

    organization_id = SelectField(
        "掲載する団体", validators=[InputRequired("団体を選んでください。")], validate_choice=False
    )
    file = FileField("ファイル", render_kw={"data-required": "true"})


class ImportStartForm(ProductForm):
    """Which rows are taken, and what they become."""

    mode = RadioField(
        "取り込みかた",
        choices=[(mode.value, label) for mode, label in MODE_LABELS.items()],
        default=ImportMode.ALL.value,
        validators=[InputRequired("取り込みかたを選んでください。")],
    )
    submits = BooleanField(
        "下書きにせず、すぐに掲載を申し込む",
        description="選ばないときは、すべて下書きになります。あとから1件ずつ申し込めます。",
    )
    with_duplicates = BooleanField(
        "同じ内容のものがある行も取り込む",
        description="選ばないときは、もうある内容の行をとばします。",
    )
