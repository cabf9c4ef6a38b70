"""A call with its proposals, and what people do again and again on the pages of reviews."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import roles_in_organizations
from matchmaker.app import create_app
from matchmaker.core import clock
from matchmaker.core.actor import Actor, GlobalRole
from matchmaker.core.db import db
from matchmaker.questions.domain import Questionnaire
from matchmaker.working_groups.calls.queries import get_call
from matchmaker.working_groups.calls.service import save_questions
from matchmaker.working_groups.proposals.authorship import answer, invite
from matchmaker.working_groups.proposals.domain import Origin, ProposalText
from matchmaker.working_groups.proposals.queries import get_proposal
from matchmaker.working_groups.proposals.saving import save
from matchmaker.working_groups.proposals.service import create_proposal, submit
from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import SECRET_KEY, Service
from tests.conftest import make_settings
from tests.journeys.mailbox import Letter, letter_to
from tests.journeys.meeting_steps import press, told, type_moment

DEMO_CALL = "「マッチングによる課題解決」サブWG公募（デモ）"
SECRETARY = Actor(name="事務局", global_roles=frozenset({GlobalRole.SECRETARIAT}))
PLAN = Questionnaire.from_data(
    [{"id": "plan", "kind": "text", "label": "取り組みの内容", "required": True}]
)


@dataclass
class Round:
    """The call of a journey.

    Args:
        service: where it all happens.
        visit: opens a window for somebody.
        axe: looks at a page.
        call_id: the call, once it is there.
        proposals: ids of the proposals by their titles.
    """

    service: Service
    visit: Visit
    axe: AxeCheck
    call_id: uuid.UUID = field(default_factory=uuid.uuid4)
    proposals: dict[str, uuid.UUID] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Address of its page."""
        return f"/calls/{self.call_id}"

    def mail(self, who: str, words: str) -> Letter:
        """What somebody was sent."""
        return letter_to(self.service.folder, self.service.email(who), words)

    @contextmanager
    def inside(self) -> Iterator[datetime]:
        """The database of the running service, for what would take a journey of its own."""
        app = create_app(make_settings(self.service.folder, secret_key=SECRET_KEY))
        with app.app_context():
            yield clock.now()
            db.session.commit()
            db.engine.dispose()

    def person(self, who: str) -> Actor:
        """A demo person as an actor (inside)."""
        query = select(User).where(User.email == self.service.email(who))
        user = db.session.scalars(query).one()
        return Actor(user_id=user.id, name=user.name, roles=roles_in_organizations(user.id))

    def ask_for_the_plan(self) -> None:
        """One question instead of the many, before the first proposal."""
        with self.inside() as now:
            save_questions(get_call(self.call_id), PLAN, SECRETARY, now)

    def hand_in(self, who: str, title: str, plan: str, partner: str = "") -> None:
        """A proposal from its first word to its receipt, by one person or with a partner."""
        with self.inside() as now:
            lead = self.person(who)
            (place,) = lead.roles
            made = create_proposal(get_call(self.call_id), place, title, Origin(), lead, now)
            proposal = get_proposal(made.id)
            save(proposal, ProposalText(title, {"plan": plan}), proposal.revision, lead, now)
            if partner:
                self._write_with(made.id, partner, lead, now)
            submit(get_proposal(made.id), lead, now)
            self.proposals[title] = made.id

    def _write_with(self, proposal_id: uuid.UUID, who: str, lead: Actor, now: datetime) -> None:
        partner = self.person(who)
        (place,) = partner.roles
        invite(get_proposal(proposal_id), place, self.service.email(who), lead, now)
        db.session.expire_all()
        answer(get_proposal(proposal_id), True, partner, now)
        db.session.expire_all()

    def end(self) -> None:
        """Let the deadline pass."""
        with self.inside() as now:
            call = get_call(self.call_id)
            call.opens_at, call.closes_at = now - timedelta(days=9), now - timedelta(minutes=1)


def choose_day(page: Page, legend: str, day: datetime) -> None:
    """Type a day without a time."""
    fields = page.get_by_role("group", name=legend)
    for label, value in (("年", day.year), ("月", day.month), ("日", day.day)):
        fields.get_by_label(label, exact=True).fill(str(value))


def open_call(round_: Round, title: str, reviewers: Sequence[str] = ()) -> Page:
    """The secretariat copies the demo's call, sets its period, asks reviewers and publishes it."""
    page = round_.visit("coordinator")
    page.goto("/calls?phase=open")
    page.locator("main").get_by_role("link", name=DEMO_CALL).first.click()
    page.locator("main").get_by_role("link", name="事務局の画面").click()
    press(page, "写しを作る")
    told(page, "写しを下書きとして作りました")
    round_.call_id = uuid.UUID(page.url.split("/calls/")[1].split("/")[0])
    page.get_by_label("公募の名前").fill(title)
    day = clock.start_of_day(clock.today(clock.now()))
    type_moment(page, "受付を始める日時", day)
    type_moment(page, "締切", day + timedelta(days=10))
    type_moment(page, "審査の期限", day + timedelta(days=20))
    press(page, "保存する")
    told(page, "公開できます")
    for name in reviewers:
        page.goto(f"{round_.path}/reviewers")
        page.get_by_label("加える人").select_option(label=name)
        press(page, "加える")
        expect(page.get_by_role("row", name=name)).to_be_visible()
    round_.ask_for_the_plan()
    page.goto(f"{round_.path}/desk")
    page.get_by_role("link", name="公開する", exact=True).click()
    press(page, "公開する")
    told(page, "「公開する」を行いました")
    return page
