"""The home page and the information pages. Everybody may read them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Flask, current_app, render_template, url_for

from config import ROOT
from matchmaker.cases import queries as case_queries
from matchmaker.cases.listing import labels
from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor, public
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.matching.engine import MatchingEngine, engine_of
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.pages import dashboard, policy, queries
from matchmaker.pages.dashboard_event_staff import events_to_run
from matchmaker.pages.dashboard_events import own_events
from matchmaker.pages.dashboard_groups import own_groups
from matchmaker.pages.dashboard_partnering import waiting_in_partnering
from matchmaker.pages.dashboard_proposals import own_proposals
from matchmaker.pages.dashboard_waiting import waiting_in_groups
from matchmaker.pages.figures import home_facts
from matchmaker.posts.presentation import Presenter
from matchmaker.regional_events.planning.presentation import listed
from matchmaker.regional_events.planning.queries import few_events
from matchmaker.secretariat.queries import overview as secretariat_overview

HELP_PAGES = (
    "officers", "businesses", "secretariat", "calls", "groups", "events", "hosting", "matching",
    "partnering", "accessibility", "terms", "privacy", "sources", "contact",
)  # fmt: skip
LATEST_POSTS, LATEST_CASES, COMING_EVENTS, PAST_EVENTS = 4, 3, 4, 4

home_blueprint = Blueprint("home", __name__)
help_blueprint = Blueprint("help", __name__, url_prefix="/help")
dashboard_blueprint = Blueprint("dashboard", __name__)


def engine() -> MatchingEngine:
    """The ranking of the running application."""
    application: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return engine_of(application)


@home_blueprint.get("/", endpoint="index")
@public
def home() -> str:
    """What this is, the three doors, and what is going on."""
    actor, now = current_actor(), clock.now()
    facts = home_facts(engine())
    return render_template(
        "pages/home.html",
        figures=facts.figures,
        example=facts.example,
        map_items=map_items(facts.figures),
        needs=queries.latest_posts(NEED, actor, LATEST_POSTS),
        need_words=Presenter(NEED, actor),
        offerings=queries.latest_posts(OFFERING, actor, LATEST_POSTS),
        offering_words=Presenter(OFFERING, actor),
        cases=case_queries.newest_cases(LATEST_CASES),
        case_labels=labels(),
        coming=[listed(each, now) for each in few_events(actor, now, COMING_EVENTS, past=False)],
        past=[listed(each, now) for each in few_events(actor, now, PAST_EVENTS, past=True)],
    )


def map_items(figures: queries.LiveFigures) -> list[dict[str, object]]:
    """Number of needs of each prefecture, each with the list it stands for."""
    return [
        {
            "prefecture": name,
            "count": figures.needs_by_prefecture.get(name, 0),
            "url": url_for("needs.index", prefecture=name),
        }
        for name in PREFECTURES
    ]


@help_blueprint.get("")
@public
def index() -> str:
    """How to use the service, by who one is."""
    return render_template("help/index.html")


def add_help_page(name: str) -> None:
    """Give one information page its address."""
    help_blueprint.add_url_rule(f"/{name}", name, help_page(name), methods=["GET"])


def help_page(name: str) -> Callable[[], str]:
    """The view of one information page."""

    @public
    def show() -> str:
        return render_template(f"help/{name}.html")

    show.__doc__ = f"The information page ``{name}``."
    return show


for page_name in HELP_PAGES:
    if (ROOT / "templates" / "help" / f"{page_name}.html").exists():
        add_help_page(page_name)


@dashboard_blueprint.get("/dashboard", endpoint="index")
def desk() -> str:
    """What waits for the person, then their own things."""
    actor = authorize(policy.can_open_dashboard(current_actor()))
    now = clock.now()
    own = dashboard.own_posts(engine(), actor)
    overview = secretariat_overview(now) if actor.is_secretariat else None
    organizations = queries.organizations_of(actor)
    waiting = dashboard.waiting_for_secretariat(overview, now) if overview else []
    groups, taking_part = own_groups(actor, now), own_events(actor, now)
    staffed = events_to_run(actor, now)
    return render_template(
        "pages/dashboard.html",
        waiting=[
            *taking_part.waiting,
            *staffed.waiting,
            *waiting_in_partnering(actor, now),
            *waiting_in_groups(actor, now),
            *waiting,
            *groups.waiting,
            *dashboard.waiting_for_member(actor, own, now),
        ],
        own_groups=groups,
        own_events=taking_part,
        staffed=staffed,
        own_proposals=own_proposals(actor),
        own=own,
        overview=overview,
        organizations=organizations,
        shortcuts=dashboard.shortcuts(actor, organizations),
    )
