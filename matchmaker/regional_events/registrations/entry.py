"""Between the form of a registration and what is registered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import members_of, user_of
from matchmaker.core.actor import Actor
from matchmaker.core.db import new_id
from matchmaker.organizations.models import Organization
from matchmaker.organizations.queries import organizations_by_id
from matchmaker.questions.domain import Question, QuestionKind, Questionnaire
from matchmaker.questions.forms import AnswersForm, answers_form
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.registrations.domain import (
    PEOPLE_MOST,
    PersonData,
    RegistrationData,
)
from matchmaker.regional_events.registrations.forms import (
    PersonForm,
    RegistrationForm,
    start_mark,
)
from matchmaker.regional_events.registrations.presentation import Way, parse_way, ways_of
from matchmaker.regional_events.registrations.queries import EventCounts

PERSON = "person"
ADD, REMOVE, COLLEAGUE = "add", "remove-", "colleague"
Typed = MultiDict[str, Any]


@dataclass(frozen=True, slots=True)
class Registrant:
    """Who fills in the form.

    Args:
        user: the account, for people signed in.
        organizations: those in whose name the person may register.
        colleagues: people of these organisations.
    """

    user: User | None = None
    organizations: Sequence[Organization] = ()
    colleagues: Sequence[User] = ()

    @property
    def is_guest(self) -> bool:
        """Whether nobody is signed in, so that the mail address has to be confirmed."""
        return self.user is None

    @property
    def has_organization(self) -> bool:
        """Whether the person registers in the name of an organisation on record."""
        return bool(self.organizations)


GUEST = Registrant()


def registrant_of(actor: Actor) -> Registrant:
    """What is known of the person of this request."""
    if actor.user_id is None:
        return GUEST
    known = organizations_by_id(list(actor.roles))
    own = [known[each] for each in actor.roles if each in known]
    people = {member.user.id: member.user for each in own for member in members_of(each.id)}
    return Registrant(user_of(actor.user_id), own, [u for u in people.values() if u.active])


def open_form(
    event: RegionalEvent,
    counts: EventCounts,
    who: Registrant,
    typed: Typed | None,
    now: datetime,
) -> RegistrationForm:
    """The form, empty or with what was typed.

    Args:
        event: with tracks.
        counts: for the words about free seats.
        who: who fills it in.
        typed: what was sent (or kept from an ended session).
        now: noted in the form, to tell people from programs.
    """
    given = typed if typed is not None else _first_values(who, now)
    if who.is_guest:
        given = with_own_name(given)
    form = answers_form(questions_of(event.questions), base=RegistrationForm, formdata=given)
    if not form.started.data:
        form.started.data, form.submission_key.data = start_mark(now), new_id().hex
    form.organization_id.choices = [(str(each.id), each.name) for each in who.organizations]
    form.colleague.choices = [
        ("", "選んでください"),
        *((str(u.id), u.name) for u in who.colleagues),
    ]
    form.ways = ways_of(event, counts)
    form.people = [_person(given, place, form.ways) for place in range(form.number_of_people())]
    form.track_forms = {
        track.id: answers_form(
            questions_of(track.questions), prefix=track_prefix(track), formdata=given
        )
        for track in event.tracks
        if track.questions
    }
    return form


def questions_of(data: Sequence[Mapping[str, Any]]) -> Questionnaire:
    """What a registration asks; files are not taken here."""
    asked = Questionnaire.from_data(list(data)).questions
    return Questionnaire(tuple(each for each in asked if _is_taken(each)))


def _is_taken(question: Question) -> bool:
    return question.kind is not QuestionKind.FILE


def track_prefix(track: Track) -> str:
    """What the inputs of a track's questions begin with."""
    return f"t{track.position}-"


def _person(given: Typed, number: int, ways: Sequence[Way]) -> PersonForm:
    person = PersonForm(formdata=given, prefix=f"{PERSON}{number}-")
    person.offer([(way.value, way.label) for way in ways])
    return person


def _first_values(who: Registrant, now: datetime) -> Typed:
    """An empty form: the person's own name is there already."""
    values: Typed = MultiDict({"count": "1", "grouping": "together"})
    values["started"], values["submission_key"] = start_mark(now), new_id().hex
    if who.user is not None:
        values["contact_name"], values["contact_email"] = who.user.name, who.user.email
        _put(values, 0, {"name": who.user.name, "kana": who.user.kana, "email": who.user.email})
    if who.organizations:
        values["organization_id"] = str(who.organizations[0].id)
    return values


def rearranged(typed: Typed, step: str, who: Registrant) -> Typed:
    """What was typed, with one person more or less.

    Args:
        typed: what was sent.
        step: which button: ``add``, ``remove-<number>`` or ``colleague``.
        who: whose colleagues may be added.
    """
    people = people_in(typed)
    if step.startswith(REMOVE) and len(people) > 1:
        number = step.removeprefix(REMOVE)
        people = [each for place, each in enumerate(people) if str(place) != number]
    elif step == ADD and len(people) < PEOPLE_MOST:
        people.append(_same_way(people))
    elif step == COLLEAGUE:
        people = _with_colleague(people, who, typed.get("colleague", ""))
    return with_people(typed, people)


def people_in(typed: Typed) -> list[dict[str, list[str]]]:
    """The inputs of each person, by the name of the field."""
    count = typed.get("count", "1")
    number = min(int(count), PEOPLE_MOST) if count.isdecimal() and len(count) < 4 else 1  # noqa: PLR2004
    found: list[dict[str, list[str]]] = [{} for _ in range(max(1, number))]
    for place, person in enumerate(found):
        prefix = f"{PERSON}{place}-"
        for key in typed:
            if key.startswith(prefix):
                person[key.removeprefix(prefix)] = typed.getlist(key)
    return found


def with_own_name(typed: Typed) -> Typed:
    """Whoever registers without signing in comes in person: the name is asked for once."""
    result: Typed = MultiDict(typed)
    result[f"{PERSON}0-name"] = typed.get("contact_name", "")
    return result


def with_people(typed: Typed, people: Sequence[Mapping[str, Sequence[str]]]) -> Typed:
    """What was typed, with these people in place of those before."""
    kept = [
        (key, value)
        for key, values in typed.lists()
        for value in values
        if not (key.startswith(PERSON) and "-" in key) and key not in ("count", "colleague")
    ]
    result: Typed = MultiDict([*kept, ("count", str(len(people)))])
    for place, person in enumerate(people):
        for name, values in person.items():
            result.setlist(f"{PERSON}{place}-{name}", list(values))
    return result


def _same_way(people: Sequence[Mapping[str, list[str]]]) -> dict[str, list[str]]:
    """An empty person who takes part as the one before does."""
    way = people[-1].get("way")
    return {"way": way} if way else {}


def _with_colleague(
    people: list[dict[str, list[str]]], who: Registrant, chosen: str
) -> list[dict[str, list[str]]]:
    user = next((each for each in who.colleagues if str(each.id) == chosen), None)
    if user is None or len(people) >= PEOPLE_MOST:
        return people
    new = {**_same_way(people), "name": [user.name], "kana": [user.kana], "email": [user.email]}
    is_blank = not people[-1].get("name", [""])[0].strip()
    return [*people[:-1], new] if is_blank else [*people, new]


def _put(values: Typed, number: int, person: Mapping[str, str]) -> None:
    for name, value in person.items():
        values[f"{PERSON}{number}-{name}"] = value


def check_form(form: RegistrationForm, event: RegionalEvent, who: Registrant) -> bool:
    """Whether all fits: contact, people, and answers to what concerns the chosen tracks."""
    fits = form.check(is_member=who.has_organization)
    fits = not form.clean(complete=True).errors and fits
    for track in chosen_tracks(form, event):
        extra = form.track_forms.get(track.id)
        fits = (extra is None or not extra.clean(complete=True).errors) and fits
    return fits


def chosen_tracks(form: RegistrationForm, event: RegionalEvent) -> list[Track]:
    """The tracks that somebody of the form takes part in, or waits for."""
    ways = [parse_way(event, person.way.data or "") for person in form.people]
    ids = {id_ for way in ways if way is not None for id_ in way}
    return [track for track in event.tracks if track.id in ids]


def registration_data(
    form: RegistrationForm, event: RegionalEvent, who: Registrant
) -> RegistrationData:
    """What is registered; the form was checked before."""
    organization_id = uuid.UUID(form.organization_id.data) if who.has_organization else None
    return RegistrationData(
        people=[_person_data(person, event, form, who) for person in form.people],
        contact_name=form.contact_name.data or "",
        contact_email=form.contact_email.data or "",
        contact_phone=form.contact_phone.data or "",
        organization_id=organization_id,
        organization_name="" if organization_id else form.organization_name.data or "",
        submission_key=(form.submission_key.data or new_id().hex)[:64],
        is_together=form.grouping.data != "split",
        is_at_once=bool(form.is_at_once.data),
        answers=_answers(form, event),
    )


def _person_data(
    person: PersonForm, event: RegionalEvent, form: RegistrationForm, who: Registrant
) -> PersonData:
    track_id, also = parse_way(event, person.way.data or "") or (event.tracks[0].id, None)
    email = person.email.data or ""
    if who.is_guest and len(form.people) == 1:
        email = form.contact_email.data or ""
    known = {user.email_key: user.id for user in who.colleagues}
    return PersonData(
        name=person.name.data or "",
        kana=person.kana.data or "",
        email=email,
        job_title=person.job_title.data or "",
        track_id=track_id,
        also_wait_for=also,
        assistance=list(person.assistance.data or ()),
        assistance_note=person.assistance_note.data or "",
        companions=person.companion_names(),
        user_id=known.get(email.lower()) or _own_id(who, email),
    )


def _own_id(who: Registrant, email: str) -> uuid.UUID | None:
    is_own = who.user is not None and who.user.email_key == email.lower()
    return who.user.id if who.user is not None and is_own else None


def _answers(form: RegistrationForm, event: RegionalEvent) -> dict[str, Any]:
    answers: dict[str, Any] = dict(form.clean(complete=True).values)
    tracks: dict[str, Any] = {}
    for track in chosen_tracks(form, event):
        extra: AnswersForm | None = form.track_forms.get(track.id)
        if extra is not None:
            tracks[str(track.id)] = dict(extra.clean(complete=True).values)
    return {**answers, "tracks": tracks} if tracks else answers


def show_errors(form: RegistrationForm, errors: Mapping[str, str]) -> None:
    """Put messages of the seat engine at their fields (``people-0-name``, ``contact_email``)."""
    for place, message in errors.items():
        parts = place.split("-")
        if parts[0] == "people" and len(parts) == 3 and parts[1].isdecimal():  # noqa: PLR2004
            name = "way" if parts[2] in ("track_id", "also_wait_for") else parts[2]
            _person_error(form, int(parts[1]), name, message)
        else:
            form.add_error(place, message)


def _person_error(form: RegistrationForm, number: int, name: str, message: str) -> None:
    if number >= len(form.people):
        form.add_error(None, message)
        return
    person = form.people[number]
    person.add_error(name if name in person else "name", message)
