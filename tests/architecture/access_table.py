"""Who may open what: every route of the product with the status each role gets.

To add a route, add a line; see ``access_rules.py`` for the words used here. A value of an address
that is a name in the world (``published_need_id``) stands for that thing; parameters that are not
named get the thing of the same name (``organization_id``, ``user_id`` …).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.architecture.access_parts import ROWS as PART_ROWS
from tests.architecture.access_rules import (
    OPERATOR,
    OWNERS,
    REPRESENTATIVE,
    SECRETARIAT,
    STRANGER,
    VISITOR,
    WRITERS,
    Row,
    everyone,
    get,
    hidden_except,
    only,
    post,
    signed_in,
)

OWNERS_AND_SECRETARIAT = (*OWNERS, SECRETARIAT)
WRITERS_AND_SECRETARIAT = (*WRITERS, SECRETARIAT)
REPRESENTATIVE_AND_SECRETARIAT = (REPRESENTATIVE, SECRETARIAT)
# They write for an organisation of theirs, whichever it is.
ANY_WRITER = (*WRITERS, STRANGER, SECRETARIAT)

PUBLIC_PAGES = (
    "home.index",
    "search.index",
    "cases.index",
    "cases.show",
    "organizations.index",
    "organizations.show",
    "organizations.municipalities",
    "organizations.members",
    "health.healthz",
    "health.readyz",
    "help.index",
    "help.accessibility",
    "help.businesses",
    "help.calls",
    "help.contact",
    "help.events",
    "help.partnering",
    "help.groups",
    "help.hosting",
    "help.matching",
    "help.officers",
    "help.privacy",
    "help.secretariat",
    "help.sources",
    "help.terms",
)


def pages() -> Iterator[Row]:
    """What anybody reads, and each person's own pages."""
    for endpoint in PUBLIC_PAGES:
        yield get(endpoint, everyone())
    yield get("static", everyone(404), filename="nothing.css")
    yield get("dashboard.index", signed_in())


def posts(kind: str, partners: str) -> Iterator[Row]:
    """Needs and offerings follow the same rules.

    Args:
        kind: ``need`` or ``offering``.
        partners: name of the published post of the other kind.
    """
    blueprint, draft, published = f"{kind}s", f"draft_{kind}_id", f"published_{kind}_id"
    yield get(f"{blueprint}.index", everyone())
    yield get(f"{blueprint}.export", everyone())
    yield get(f"{blueprint}.new", only(*ANY_WRITER))
    yield post(f"{blueprint}.create", only(*ANY_WRITER, status=422))
    yield get(f"{blueprint}.show", everyone(), post_id=published)
    yield get(f"{blueprint}.show", hidden_except(*OWNERS_AND_SECRETARIAT), post_id=draft)
    yield get(f"{blueprint}.edit", hidden_except(*WRITERS_AND_SECRETARIAT), post_id=published)
    yield post(
        f"{blueprint}.update",
        hidden_except(*WRITERS_AND_SECRETARIAT, status=422),
        post_id=published,
    )
    yield post(
        f"{blueprint}.delete", hidden_except(*WRITERS_AND_SECRETARIAT, status=302), post_id=draft
    )
    yield from moves(blueprint, kind)
    yield get(f"{blueprint}.versions", hidden_except(*OWNERS_AND_SECRETARIAT), post_id=published)
    yield post(
        f"{blueprint}.restore",
        hidden_except(*WRITERS_AND_SECRETARIAT, status=302),
        post_id=published,
        number=1,
    )
    yield post(f"{blueprint}.keep_working_copy", signed_in(422))
    yield post(f"{blueprint}.drop_working_copy", signed_in(302))
    yield from attachments(blueprint, published)
    yield from imports(blueprint, f"{kind}_job_id")
    found = {"post_id": published}
    yield get(f"{kind}_partners.recommendations", everyone(), **found)
    yield post(
        f"{kind}_partners.judge",
        hidden_except(*OWNERS_AND_SECRETARIAT, status=302),
        {"verdict": "useful"},
        **found,
        other_id=partners,
    )


def moves(blueprint: str, kind: str) -> Iterator[Row]:
    """Steps from state to state."""
    for step, state, roles in (
        ("submit", "draft", WRITERS_AND_SECRETARIAT),
        ("withdraw", "submitted", WRITERS_AND_SECRETARIAT),
        ("pause", "published", WRITERS_AND_SECRETARIAT),
        ("publish", "submitted", (SECRETARIAT,)),
    ):
        yield post(
            f"{blueprint}.move",
            hidden_except(*roles, status=302),
            {"move": step},
            post_id=f"{state}_{kind}_id",
        )


def attachments(blueprint: str, published: str) -> Iterator[Row]:
    """Files of a post."""
    writers = hidden_except(*WRITERS_AND_SECRETARIAT)
    yield get(f"{blueprint}.attachments", writers, post_id=published)
    refused = hidden_except(*WRITERS_AND_SECRETARIAT, status=422)
    yield post(f"{blueprint}.add_attachments", refused, post_id=published)


def imports(blueprint: str, job: str) -> Iterator[Row]:
    """Import of a spreadsheet."""
    yield get(f"{blueprint}.import_new", only(*ANY_WRITER))
    yield get(f"{blueprint}.import_template", only(*ANY_WRITER))
    yield post(f"{blueprint}.import_create", only(*ANY_WRITER, status=422))
    for name in ("show", "errors", "progress"):
        yield get(f"{blueprint}.import_{name}", hidden_except(*WRITERS_AND_SECRETARIAT), job_id=job)
    for name, status in (("start", 422), ("undo", 409), ("discard", 302)):
        statuses = hidden_except(*WRITERS_AND_SECRETARIAT, status=status)
        yield post(f"{blueprint}.import_{name}", statuses, job_id=job)


def organizations() -> Iterator[Row]:
    """Organisations and the people in them."""
    managers = only(*REPRESENTATIVE_AND_SECRETARIAT)
    refused = only(*REPRESENTATIVE_AND_SECRETARIAT, status=422)
    done = only(*REPRESENTATIVE_AND_SECRETARIAT, status=302)
    yield get("organizations.new", only(SECRETARIAT))
    yield post("organizations.new", only(SECRETARIAT, status=422))
    yield get("organizations.edit", managers)
    yield post("organizations.edit", done)
    yield get("organizations.logo", managers)
    yield post("organizations.logo", refused)
    yield get("organizations.logo_picture", everyone(404))
    yield get("organizations.decide", only(SECRETARIAT), decision="trust")
    yield post("organizations.decide", only(SECRETARIAT, status=422), decision="trust")
    yield get("accounts.members", only(*OWNERS_AND_SECRETARIAT))
    yield get("accounts.member", managers)
    yield post("accounts.member", done)
    yield post("accounts.remove_member", done)
    yield get("accounts.invite_member", managers)
    yield post("accounts.invite_member", refused)
    yield post("accounts.revoke_invitation", done)


def account() -> Iterator[Row]:
    """Signing in, and a person's own account."""
    yield get("accounts.index", signed_in())
    yield get("accounts.profile", signed_in())
    yield post("accounts.profile", signed_in(302))
    yield get("accounts.start", signed_in(302))
    yield get("accounts.after_two_factor", signed_in(302))
    yield get("accounts.accept_invitation", everyone(410), token="unknown")
    yield post("accounts.accept_invitation", everyone(410), token="unknown")
    yield get("security.login", {**everyone(302), VISITOR: 200})
    yield post("security.login", {**everyone(302), VISITOR: 422})
    yield post("security.logout", everyone(302))
    yield get("security.forgot_password", everyone())
    yield post("security.forgot_password", everyone())
    yield get("security.reset_password", everyone(302), token="unknown")
    yield post("security.reset_password", everyone(302), token="unknown")
    yield get("security.change_password", signed_in())
    yield post("security.change_password", signed_in(422))
    yield get("security.verify", signed_in())
    yield post("security.verify", signed_in(422))
    yield get("security.two_factor_setup", signed_in())
    yield post("security.two_factor_setup", signed_in(), {"setup": "authenticator"})
    yield post("security.two_factor_setup_validate", signed_in(302), token="unknown")
    yield get("security.mf_recovery_codes", signed_in())
    yield post("security.mf_recovery_codes", signed_in())
    for endpoint in ("security.mf_recovery", "security.two_factor_rescue"):
        yield get(endpoint, signed_in(302))
        yield post(endpoint, signed_in(302))
    yield get("security.two_factor_token_validation", signed_in(302))
    yield post("security.two_factor_token_validation", signed_in(302))
    yield get("security.tf_select", everyone(401))
    yield post("security.tf_select", everyone(401))


def secretariat() -> Iterator[Row]:
    """The secretariat's and the operator's desks."""
    for endpoint in ("secretariat.index", "secretariat.reviews", "secretariat.materials"):
        yield get(endpoint, only(SECRETARIAT))
    for endpoint in ("audit_entries", "audit_entries_csv", "audit_entries_xlsx"):
        yield get(f"secretariat.{endpoint}", only(SECRETARIAT, OPERATOR))
    yield post("secretariat.add_material", only(SECRETARIAT, status=422))
    material: dict[str, Any] = {"code": "bamboo"}
    yield get("secretariat.material", only(SECRETARIAT), **material)
    for step in ("rename", "deactivate", "reactivate"):
        yield post(f"secretariat.{step}_material", only(SECRETARIAT, status=422), **material)
    for kind in ("need", "offering"):
        waiting: dict[str, Any] = {"kind": f"{kind}s", "post_id": f"submitted_{kind}_id"}
        yield get("secretariat.review", only(SECRETARIAT), **waiting)
        yield post("secretariat.publish", only(SECRETARIAT, status=302), **waiting)
        yield post("secretariat.return_post", only(SECRETARIAT, status=422), **waiting)
    yield get("jobs.index", only(OPERATOR))


def users() -> Iterator[Row]:
    """Accounts of all people: the secretariat's work, and the operator's."""
    keepers = (SECRETARIAT, OPERATOR)
    yield get("user_administration.index", only(*keepers))
    yield get("user_administration.show", only(*keepers))
    yield get("user_administration.take_step", only(*keepers), step="unlock")
    yield post("user_administration.take_step", only(*keepers, status=422), step="unlock")
    role: dict[str, Any] = {"role": "reviewer", "change": "grant"}
    yield get("user_administration.change_role", only(SECRETARIAT), **role)
    yield post("user_administration.change_role", only(SECRETARIAT, status=422), **role)
    yield get("user_administration.invite", only(SECRETARIAT))
    yield post("user_administration.invite", only(SECRETARIAT, status=422))


ROWS: tuple[Row, ...] = (
    *pages(),
    *posts("need", "published_offering_id"),
    *posts("offering", "published_need_id"),
    get("attachments.show", everyone()),
    get("attachments.picture", everyone()),
    post("attachments.remove", hidden_except(*WRITERS_AND_SECRETARIAT, status=302)),
    *organizations(),
    *account(),
    *secretariat(),
    *users(),
    *PART_ROWS,
)
