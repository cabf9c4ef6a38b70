"""The templates that people fill in, one for each kind of post."""

from __future__ import annotations

from matchmaker.core.cleaning import Vocabularies
from matchmaker.core.spreadsheets.record_columns import column_of
from matchmaker.core.spreadsheets.template import EXAMPLE_MARK, MARKER_HEADER, template_xlsx
from matchmaker.core.spreadsheets.writing import Column, OutTable, write_csv
from matchmaker.posts.imports.examples import EXAMPLES
from matchmaker.posts.types import PostType


def template_workbook(post_type: PostType, vocabularies: Vocabularies) -> bytes:
    """The template as an Excel workbook."""
    return template_xlsx(post_type.table, vocabularies, EXAMPLES[post_type.kind])


def template_csv(post_type: PostType) -> bytes:
    """The template as CSV with UTF-8 BOM: the header and the example row."""
    fields = post_type.table.fields
    example = EXAMPLES[post_type.kind]
    columns = [column_of(spec, mark_required=True) for spec in fields]
    table = OutTable(
        title=post_type.label,
        columns=[Column(MARKER_HEADER), *columns],
        rows=[[EXAMPLE_MARK, *(example.get(spec.name) for spec in fields)]],
    )
    return write_csv(table).content
