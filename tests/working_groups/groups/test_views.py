"""Pages of working groups over HTTP: what people see, type and press."""

from __future__ import annotations

import io
from datetime import date, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.working_groups.groups import queries
from matchmaker.working_groups.groups.domain import GroupKind, GroupRole, GroupState, Visibility
from matchmaker.working_groups.groups.models import GroupApplication, WorkingGroup
from matchmaker.working_groups.groups.sections import Section, add_group_section
from tests.seeding.seeded import counted_statements
from tests.working_groups.groups.town import Town

NEW_GROUP = {"name": "竹の活用WG", "kind": "wg", "visibility": "public", "purpose": "竹を使う"}
DAYS = ("starts_on", "ends_on", "observers_from", "observers_until")


def text_of(answer: TestResponse) -> str:
    return unescape(answer.text)


def moment_of(name: str, *parts: str) -> dict[str, str]:
    return dict(zip((f"{name}-year", f"{name}-month", f"{name}-day"), parts, strict=True))


@pytest.fixture
def group(site: Town) -> WorkingGroup:
    today = clock.today(clock.now())
    with site.at_work():
        made = site.group(accepts_applications=True, observers_until=today + timedelta(days=1))
        site.join(made, "hana", GroupRole.LEAD)
        site.join(made, "mio", GroupRole.MEMBER)
    return made


def stored(site: Town, group: WorkingGroup) -> WorkingGroup:
    """The group as it stands in the database now."""
    with site.at_work():
        return queries.get_group(group.id)


def make_hidden(site: Town, group: WorkingGroup) -> None:
    with site.at_work():
        queries.get_group(group.id).visibility = Visibility.GROUP


def only_application(site: Town) -> GroupApplication:
    with site.at_work():
        return db.session.query(GroupApplication).one()


def seat_of(site: Town, group: WorkingGroup, name: str) -> str:
    with site.at_work():
        today = clock.today(clock.now())
        found = [m.id for m in queries.present_members(group.id, today) if m.user.name == name]
    return str(found[0])


def address(group: WorkingGroup, rest: str = "") -> str:
    return f"/working-groups/{group.id}{rest}"


def test_the_tree_is_shown_to_everybody_and_narrowed_by_conditions(site: Town) -> None:
    with site.at_work():
        parent = site.group("親WG")
        site.group("竹のWG", parent_id=parent.id, kind=GroupKind.SUB_WG)
        site.group("内緒のWG", visibility=Visibility.GROUP)
    page = text_of(site.browser().get("/working-groups?q=竹"))
    assert "竹のWG" in page
    assert "親WG" in page
    assert "内緒のWG" not in text_of(site.browser().get("/working-groups"))
    assert "条件に合うWGはありません" in text_of(site.browser().get("/working-groups?q=%25"))
    assert "内緒のWG" in text_of(site.browser("office").get("/working-groups?state=active"))


def test_the_number_of_statements_does_not_grow_with_the_tree(site: Town) -> None:
    def statements() -> int:
        client = site.browser("hana")
        with counted_statements(site.app) as counted:
            assert client.get("/working-groups").status_code == 200
        return len(counted)

    with site.at_work():
        site.group()
    few = statements()
    with site.at_work():
        for number in range(30):
            site.group(f"WG{number}")
    assert statements() == few


def test_outside_a_group_organisations_are_shown_and_no_addresses(
    site: Town, group: WorkingGroup
) -> None:
    page = text_of(site.browser("sora").get(address(group)))
    assert "緑山工業" in page
    assert "hana" in page  # the lead is named
    assert "mio" not in page
    assert "@example.com" not in page
    assert site.browser("sora").get(address(group, "/people")).status_code == 403
    inside = text_of(site.browser("mio").get(address(group, "/people")))
    assert "hana@example.com" in inside


def test_the_office_founds_a_group_with_a_japanese_date(site: Town) -> None:
    with site.at_work():
        parent = site.assembly()
    client = site.browser("office")
    form = {
        **NEW_GROUP,
        "parent_id": str(parent.id),
        **moment_of("starts_on", "令和9", "４", "1"),
        **moment_of("ends_on", "R10", "3", "31"),
    }
    answer = client.post("/working-groups", data=form)
    assert answer.status_code == 302
    with site.at_work():
        made = queries.group_called("竹の活用WG")
    assert made is not None
    assert (made.starts_on, made.ends_on) == (date(2027, 4, 1), date(2028, 3, 31))
    assert "2027年4月1日（令和9年）" in text_of(client.get(answer.headers["Location"]))


@pytest.mark.parametrize("name", DAYS)
def test_a_day_that_cannot_be_read_is_told_at_its_field(site: Town, name: str) -> None:
    with site.at_work():
        parent = site.assembly()
    form = {**NEW_GROUP, "parent_id": str(parent.id), **moment_of(name, "令和9", "2", "30")}
    answer = site.browser("office").post("/working-groups", data=form)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "令和9年4月1日のように入れてください" in page
    assert "竹を使う" in page
    with site.at_work():
        assert queries.group_called("竹の活用WG") is None


def test_faults_of_a_new_group_are_told_and_nothing_is_lost(site: Town) -> None:
    answer = site.browser("office").post("/working-groups", data={"purpose": "のこる文"})
    page = text_of(answer)
    assert answer.status_code == 422
    for words in ("種類を選んでください", "ページを読める人を選んでください", "のこる文"):
        assert words in page


def test_a_lead_changes_the_purpose_but_not_the_place_in_the_tree(
    site: Town, group: WorkingGroup
) -> None:
    client = site.browser("hana")
    assert 'name="parent_id"' not in client.get(address(group, "/edit")).text
    form = {"purpose": "新しい目的", "name": "別の名前", "revision": str(group.revision)}
    assert client.post(address(group, "/edit"), data=form).status_code == 302
    saved = stored(site, group)
    assert (saved.purpose, saved.name) == ("新しい目的", "検討WG")


def test_the_slower_of_two_tabs_keeps_what_was_typed(site: Town, group: WorkingGroup) -> None:
    client, seen = site.browser("hana"), str(group.revision)
    client.post(address(group, "/edit"), data={"purpose": "一", "revision": seen})
    late = client.post(address(group, "/edit"), data={"purpose": "二つめ", "revision": seen})
    assert late.status_code == 422
    assert "先に変更しました" in text_of(late)
    assert "二つめ" in text_of(late)


def test_a_refused_change_by_the_secretariat_comes_back_with_its_form(
    site: Town, group: WorkingGroup
) -> None:
    """The form still offers the group above, which the refusal did not load."""
    form = {**NEW_GROUP, "parent_id": str(group.parent_id), "revision": "99"}
    answer = site.browser("office").post(address(group, "/edit"), data=form)
    assert answer.status_code == 422
    assert "先に変更しました" in text_of(answer)
    assert str(group.parent_id) in text_of(answer)


def test_a_rest_needs_a_reason_and_is_told_on_the_page(site: Town, group: WorkingGroup) -> None:
    client = site.browser("hana")
    assert client.get(address(group, "/moves/rest")).status_code == 200
    assert client.post(address(group, "/moves/rest")).status_code == 422
    client.post(address(group, "/moves/rest"), data={"reason": "人手が足りない"})
    assert "人手が足りない" in text_of(site.browser().get(address(group)))
    again = client.post(address(group, "/moves/rest"), data={"reason": "もう一度"})
    assert again.status_code == 422
    assert client.get(address(group, "/moves/fly")).status_code == 404
    assert client.get(address(group, "/moves/reopen")).status_code == 403


def close(client: FlaskClient, group: WorkingGroup, **more: object) -> TestResponse:
    form = {"final_report": "わかったこと", "reason": "期間が終わった", **more}
    return client.post(address(group, "/final-report/edit"), data=form)


def test_a_final_report_with_its_file_is_published(site: Town, group: WorkingGroup) -> None:
    file = (io.BytesIO("まとめ".encode()), "まとめ.txt")
    assert close(site.browser("hana"), group, file=file).status_code == 302
    visitor = site.browser()
    assert "検討WG" in text_of(visitor.get("/working-groups/final-reports"))
    page = text_of(visitor.get(address(group, "/final-report")))
    assert "わかったこと" in page
    assert "まとめ.txt" in page
    download = visitor.get(address(group, "/final-report/file"))
    assert download.data.decode() == "まとめ"
    assert "attachment" in download.headers["Content-Disposition"]


def test_a_hostile_file_leaves_the_group_open(site: Town, group: WorkingGroup) -> None:
    file = (io.BytesIO(b"<script>alert(1)</script>"), "report.pdf")
    answer = close(site.browser("hana"), group, file=file)
    assert answer.status_code == 422
    assert "report.pdf" in text_of(answer)
    assert "わかったこと" in text_of(answer)
    assert stored(site, group).state is GroupState.ACTIVE


def test_the_report_of_a_closed_circle_is_for_the_circle(site: Town, group: WorkingGroup) -> None:
    make_hidden(site, group)
    close(site.browser("hana"), group)
    assert site.browser("sora").get(address(group, "/final-report")).status_code == 404
    assert "検討WG" not in text_of(site.browser("sora").get("/working-groups/final-reports"))
    assert site.browser("mio").get(address(group, "/final-report")).status_code == 200


def test_undoing_a_closing_takes_the_report_back(site: Town, group: WorkingGroup) -> None:
    close(site.browser("hana"), group)
    office = site.browser("office")
    assert office.post(address(group, "/moves/reopen")).status_code == 422
    office.post(address(group, "/moves/reopen"), data={"reason": "まだ続く"})
    assert site.browser().get(address(group, "/final-report")).status_code == 404
    assert "わかったこと" in text_of(office.get(address(group, "/final-report/edit")))


def test_from_application_to_answer(site: Town, group: WorkingGroup) -> None:
    applicant, lead = site.browser("sora"), site.browser("hana")
    form = address(group, "/applications/new/observer")
    assert applicant.get(form).status_code == 200
    assert applicant.post(form, data={"message": "学びたい"}).status_code == 302
    assert applicant.post(form, data={"message": "もう一度"}).status_code == 422
    assert "返事を待っています" in text_of(applicant.get(address(group)))
    assert "返事を待っている申し込み" in text_of(lead.get(address(group)))
    application = only_application(site)
    page = address(group, f"/applications/{application.id}")
    assert "学びたい" in text_of(lead.get(page))
    for data in ({}, {"answer": "decline"}, {"answer": "perhaps", "reason": "?"}):
        assert lead.post(f"{page}/answer", data=data).status_code == 422
    assert lead.post(f"{page}/answer", data={"answer": "accept"}).status_code == 302
    late = lead.post(f"{page}/answer", data={"answer": "accept"})
    assert late.status_code == 422
    assert "すでに返事" in text_of(late)
    assert "オブザーバー" in text_of(applicant.get(address(group)))


def test_an_application_is_taken_back(site: Town, group: WorkingGroup) -> None:
    applicant = site.browser("sora")
    applicant.post(address(group, "/applications/new/application"))
    application = only_application(site)
    page = address(group, f"/applications/{application.id}/withdrawal")
    assert site.browser("hana").post(page).status_code == 404
    assert applicant.post(page).status_code == 302
    assert applicant.post(page).status_code == 409


def test_an_invited_person_answers_without_seeing_the_closed_circle_first(
    site: Town, group: WorkingGroup
) -> None:
    make_hidden(site, group)
    lead, expert = site.browser("hana"), site.browser("expert")
    form = {"email": "EXPERT@example.com", "organization": "", "role": "expert"}
    assert expert.get(address(group)).status_code == 404
    assert lead.post(address(group, "/applications/invitation"), data=form).status_code == 302
    application = only_application(site)
    page = address(group, f"/applications/{application.id}")
    assert "招待を受ける" in text_of(expert.get(page))
    expert.post(f"{page}/answer", data={"answer": "accept"})
    assert expert.get(address(group)).status_code == 200


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"email": "nobody@example.com", "role": "member"}, "見つかりません"),
        ({"email": "sora@example.com", "role": "king"}, "役割を選んでください"),
        ({"email": "", "role": "member"}, "メールアドレスを入れてください"),
        ({"email": "mio@example.com", "role": "member"}, "すでに「メンバー」"),
    ],
)
def test_an_invitation_that_cannot_be_sent_says_why(
    site: Town, group: WorkingGroup, form: dict[str, str], words: str
) -> None:
    answer = site.browser("hana").post(address(group, "/applications/invitation"), data=form)
    assert answer.status_code == 422
    assert words in text_of(answer)


def test_nobody_is_entered_for_an_organisation_of_others(site: Town, group: WorkingGroup) -> None:
    wrong = str(site.organizations["青空町"].id)
    for typed in (wrong, "青空町", "どこにもない"):
        form = {"email": "sora@example.com", "organization": typed, "role": "member"}
        answer = site.browser("office").post(address(group, "/people"), data=form)
        assert answer.status_code == 422
        assert "この人の団体の名前を入れてください" in text_of(answer)
        assert f'value="{"青空町" if typed == wrong else typed}"' in text_of(answer)


def test_the_organisation_of_a_person_is_found_by_its_name(site: Town, group: WorkingGroup) -> None:
    office = site.browser("office")
    page = text_of(office.get(address(group, "/people/new")))
    assert 'data-combobox-url="/organizations.json"' in page
    assert "白浜運輸" not in page
    form = {"email": "sora@example.com", "organization": "白浜", "role": "member"}
    asked = office.post(address(group, "/people"), data=form)
    assert asked.status_code == 422
    chosen = str(site.organizations["白浜運輸"].id)
    assert f'value="{chosen}"' in text_of(asked)
    done = office.post(address(group, "/people"), data={**form, "organization_id": chosen})
    assert done.status_code == 302
    assert "白浜運輸" in text_of(office.get(address(group, "/people")))


def test_an_officer_hands_over_before_leaving(site: Town, group: WorkingGroup) -> None:
    officer = site.browser("hana")
    seat = seat_of(site, group, "hana")
    page = address(group, f"/people/{seat}/handover")
    assert "ken" in text_of(officer.get(page))
    assert officer.post(page, data={"successor": str(site.users["mio"].id)}).status_code == 422
    done = officer.post(page, data={"successor": str(site.users["ken"].id), "reason": "異動"})
    assert done.status_code == 302
    assert officer.post(page, data={"successor": str(site.users["ken"].id)}).status_code == 422
    assert "前の人から引き継ぎ" in text_of(site.browser("ken").get(address(group, "/people")))


def test_the_representative_hands_over_for_somebody_who_has_gone(
    site: Town, group: WorkingGroup
) -> None:
    seat = seat_of(site, group, "hana")
    page = address(group, f"/people/{seat}/handover")
    assert site.browser("sora").get(page).status_code == 403
    done = site.browser("ken").post(page, data={"successor": str(site.users["ken"].id)})
    assert done.status_code == 302


def test_the_last_lead_is_told_to_find_a_successor(site: Town, group: WorkingGroup) -> None:
    seat = seat_of(site, group, "hana")
    page = address(group, f"/people/{seat}/end")
    refused = site.browser("hana").post(page, data={"without_successor": "y"})
    assert refused.status_code == 422
    assert "後任" in text_of(refused)
    done = site.browser("office").post(page, data={"without_successor": "y"})
    assert done.status_code == 302


def test_a_role_of_another_group_is_not_found_here(site: Town, group: WorkingGroup) -> None:
    with site.at_work():
        seat = site.join(site.group("別のWG"), "mio", GroupRole.MEMBER)
    office = site.browser("office")
    assert office.get(address(group, f"/people/{seat.id}/role")).status_code == 404


def test_a_vacant_chair_is_shown_to_those_who_can_do_something(
    site: Town, group: WorkingGroup
) -> None:
    with site.at_work():
        chair = site.join(group, "ken", GroupRole.CHAIR)
        chair.ends_on = chair.starts_on
    assert "座長が空席です" in text_of(site.browser("hana").get(address(group)))
    assert "座長が空席です" not in text_of(site.browser("mio").get(address(group)))
    assert "検討WG" in text_of(site.browser("office").get("/working-groups/vacancies"))


def test_the_office_takes_everything_along_as_a_workbook(site: Town, group: WorkingGroup) -> None:
    office = site.browser("office")
    for name, words in (("groups", group.name), ("people", "mio@example.com")):
        answer = office.get(f"/working-groups/exports/{name}")
        sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
        cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
        assert words in cells


def test_other_parts_add_to_the_page_of_a_group(site: Town, group: WorkingGroup) -> None:
    seen = []

    def section(shown: WorkingGroup, *_rest: object) -> Section | None:
        seen.append(shown.id)
        return None

    add_group_section(site.app, section)
    site.browser().get(address(group))
    assert seen == [group.id]
