"""The audit log: read, narrowed, handed out as a file."""

from __future__ import annotations

from flask import Response, render_template, request

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.clock import today
from matchmaker.core.downloads import download
from matchmaker.core.paging import page_number
from matchmaker.core.spreadsheets.writing import CSV, XLSX, write_csv, write_xlsx
from matchmaker.secretariat import policy, queries
from matchmaker.secretariat.domain import audit_filter_from
from matchmaker.secretariat.event_labels import TAG_LABELS
from matchmaker.secretariat.exports import audit_table
from matchmaker.secretariat.forms import AuditFilterForm
from matchmaker.secretariat.views import blueprint


@blueprint.get("/audit-entries")
def audit_entries() -> str:
    """Who did what to which record, when and why."""
    authorize(policy.can_read_audit_log(current_actor()))
    wanted = audit_filter_from(request.args)
    page = queries.audit_page(wanted, page_number(request.args.get("page")))
    return render_template(
        "secretariat/audit_entries.html",
        wanted=wanted,
        page=page,
        names=queries.titles_of([entry.subject_id for entry in page.items]),
        tag_labels=TAG_LABELS,
        filter_form=AuditFilterForm.of_request(),
        most_exported=queries.MOST_EXPORTED,
    )


@blueprint.get("/audit-entries.xlsx")
def audit_entries_xlsx() -> Response:
    """What the list shows, as an Excel file."""
    authorize(policy.can_read_audit_log(current_actor()))
    now, wanted = clock.now(), audit_filter_from(request.args)
    content = write_xlsx(audit_table(queries.audit_export(wanted), now))
    return download(content, f"操作の記録_{today(now)}.xlsx", XLSX)


@blueprint.get("/audit-entries.csv")
def audit_entries_csv() -> Response:
    """What the list shows, as CSV for Excel."""
    authorize(policy.can_read_audit_log(current_actor()))
    now, wanted = clock.now(), audit_filter_from(request.args)
    file = write_csv(audit_table(queries.audit_export(wanted), now))
    return download(file.content, f"操作の記録_{today(now)}.csv", CSV)
