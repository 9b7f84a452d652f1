"""Contact persons ("trusted messengers"): what they are asked, and what they may do where.

Somebody who holds the role speaks one language for each grant, in one area or everywhere.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, RoleGrant, User
from accounts.record import on_the_record
from areas.models import Area, is_within
from contributions.actions import NotAllowed, Refused
from contributions.dates import in_words_with_year
from contributions.deadlines import today
from contributions.models import AssistedSession
from contributions.translation_lists import languages_of, to_translate
from indicators.models import TargetGroup
from participatie.messenger_models import MessengerAnswer, MessengerRequest

#: More questions at a time than anybody can ask around for.
SHOWN = 20
#: Texts of each language; the rest stands on a page of its own.
SHOWN_TO_TRANSLATE = 3
#: So many open ones are looked through for those that fit.
LOOKED_THROUGH = 200


class QuestionOver(Refused):
    message = _("This question has ended. Thank you for asking around.")


@dataclass(frozen=True)
class Line:
    """One line of a block on the start page: something that waits, and where it is done."""

    title: str
    language: str
    """Of the title; empty where it is that of the page."""
    url: str
    note: str = ""
    """Beside it, in the language of the page: a place, a day, from which language."""


@dataclass(frozen=True)
class Writing:
    """A language in which a contact person posts, with the form in it."""

    code: str
    name: str
    """Its own name."""
    url: str


def texts_to_translate(person: User) -> list[Line]:
    """Return the newest texts that wait for a translation into each granted language."""
    lines = []
    names = dict(settings.CONTENT_LANGUAGES)
    for language in languages_of(person):
        waiting = to_translate(person, language=language, kind="", after="")
        for row in waiting.rows[:SHOWN_TO_TRANSLATE] if waiting else []:
            write = reverse("translations:write", args=[row.contribution.dossier_id])
            lines.append(
                Line(
                    row.title,
                    row.contribution.language,
                    f"{write}?taal={language}",
                    gettext("From: %(source)s. Into: %(target)s.")
                    % {
                        "source": names[row.contribution.language],
                        "target": names[language],
                    },
                )
            )
    return lines


def own_sessions(person: User, *, day: datetime.date) -> list[Line]:
    """Return the assisted sessions that a contact person holds from a day on, the first first."""
    held = AssistedSession.objects.filter(held_by=person, date__gte=day).order_by("date", "pk")
    return [
        Line(
            session.place,
            session.language,
            reverse("tellings:session", args=[session.pk]),
            in_words_with_year(session.date),
        )
        for session in held[:SHOWN]
    ]


def is_messenger(person: User) -> bool:
    """Say whether somebody is a contact person now, for any language and area."""
    return person.has_role(Role.MESSENGER)


def grants_of(person: User) -> list[RoleGrant]:
    """Return a contact person's current grants with their areas, by language."""
    found = RoleGrant.objects.current(timezone.now()).filter(user=person, role=Role.MESSENGER)
    return list(found.select_related("area").order_by("language", "area__name", "pk"))


def writings(grants: Iterable[RoleGrant]) -> list[Writing]:
    """Return where a contact person posts in each granted language, the whole form in it.

    A language whose pages are not there yet is written on the form of the page's own language.
    """
    routed = dict(settings.LANGUAGES)
    names = dict(settings.CONTENT_LANGUAGES)
    found = []
    for code in dict.fromkeys(grant.language for grant in grants):
        with translation.override(code if code in routed else translation.get_language()):
            found.append(Writing(code, str(names.get(code, code)), reverse("ideas:new")))
    return found


def news_to_print(grants: Iterable[RoleGrant]) -> list[Line]:
    """Return where a contact person finds the news of each area, to print in its language.

    Who works everywhere chooses a neighbourhood first. A language whose pages are not there yet is
    printed in that of the page.
    """
    routed, names = dict(settings.LANGUAGES), dict(settings.CONTENT_LANGUAGES)
    here, found = translation.get_language(), []
    for grant in grants:
        code = grant.language if grant.language in routed else here
        with translation.override(code):
            area = grant.area
            url = reverse("area_news", args=[area.slug]) if area else reverse("areas")
        name = str(names.get(code, code))
        # Two of the same words lead to different pages: whoever hears them alone chooses by those.
        everywhere = Line(name, code, url, gettext("Choose a neighbourhood"))
        found.append(Line(area.name, "", url, name) if area else everywhere)
    return list(dict.fromkeys(found))


def _fits(
    request: MessengerRequest, grants: Iterable[RoleGrant], parents: dict[int, int | None]
) -> bool:
    """Say whether one of the grants is about what is asked; one lies in the other or around it."""
    wanted = [area.pk for area in request.areas.all()]
    for grant in grants:
        if request.languages and grant.language not in request.languages:
            continue
        if not wanted or grant.area_id is None:
            return True
        here = grant.area_id
        if any(is_within(pk, here, parents) or is_within(here, pk, parents) for pk in wanted):
            return True
    return False


def requests_for(person: User, *, now: datetime.datetime) -> list[MessengerRequest]:
    """Return what is asked of a contact person, the newest first, with their own answer.

    The answer stands in ``own_answers``, a list of one at most.
    """
    grants = person.grants_of(Role.MESSENGER)
    if not grants:
        return []
    found = MessengerRequest.objects.open_on(today(now)).select_related("target_group")
    asked = found.prefetch_related("areas")[:LOOKED_THROUGH]
    fitting = [one for one in asked if _fits(one, grants, person.area_parents)][:SHOWN]
    answers = MessengerAnswer.objects.filter(person=person, request__in=fitting)
    by_request = {answer.request_id: answer for answer in answers}
    for one in fitting:
        own = by_request.get(one.pk)
        one.own_answers = [own] if own else []  # type: ignore[attr-defined]
    return fitting


def request_for(person: User, pk: int, *, now: datetime.datetime) -> MessengerRequest | None:
    """Return a question that is asked of a contact person now, or that they answered before."""
    found = MessengerRequest.objects.prefetch_related("areas").filter(pk=pk).first()
    if found is None or not is_messenger(person):
        return None
    if found.answers.filter(person=person).exists():
        return found
    fits = _fits(found, person.grants_of(Role.MESSENGER), person.area_parents)
    return found if fits and found.starts_date <= today(now) else None


# --- What the programme office does ---


def can_see_requests(person: User) -> bool:
    """Say whether somebody writes questions to contact persons, for any area, and reads answers."""
    return person.has_role(Role.PROGRAMME_OFFICE) or person.has_role(Role.ADMINISTRATOR)


def can_ask(person: User, areas: Sequence[Area]) -> bool:
    """Say whether somebody may ask contact persons about areas; about none means everywhere."""
    for role in (Role.ADMINISTRATOR, Role.PROGRAMME_OFFICE):
        grants = person.grants_of(role)
        if any(grant.area_id is None for grant in grants):
            return True
        if grants and areas and all(person.has_role(role, area=area) for area in areas):
            return True
    return False


@on_the_record
def ask_messengers(
    *,
    by: User,
    text: str,
    language: str,
    languages: Sequence[str],
    areas: Sequence[Area],
    target_group: TargetGroup | None,
    starts_date: datetime.date,
    ends_date: datetime.date,
    now: datetime.datetime | None = None,
) -> MessengerRequest:
    """Ask something of the contact persons of some languages and areas; of none means of all.

    Raises:
        NotAllowed: it is not theirs to ask there.
    """
    if not can_ask(by, areas):
        raise NotAllowed
    with transaction.atomic():
        made = MessengerRequest.objects.create(
            text=text,
            language=language,
            languages=list(languages),
            target_group=target_group,
            starts_date=starts_date,
            ends_date=ends_date,
            written_by=by,
            created_at=now or timezone.now(),
        )
        made.areas.set(areas)
    return made


@on_the_record
def end_request(
    *, request: MessengerRequest, by: User, now: datetime.datetime | None = None
) -> MessengerRequest:
    """Ask something no longer; what was told stays. Ending it twice changes nothing.

    Raises:
        NotAllowed: it is not theirs to end.
    """
    with transaction.atomic():
        locked = MessengerRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
        if not can_ask(by, list(locked.areas.all())):
            raise NotAllowed
        if locked.ended_at is None:
            locked.ended_at = now or timezone.now()
            locked.save(update_fields=["ended_at"])
    return locked


# --- What contact persons tell back ---


@on_the_record
def tell_office(
    *,
    request: MessengerRequest,
    by: User,
    text: str,
    language: str,
    is_done: bool,
    now: datetime.datetime | None = None,
) -> MessengerAnswer:
    """Tell the programme office what was heard; telling it again puts it in place of the first.

    Raises:
        NotAllowed: it is not asked of them.
        QuestionOver: it is asked no longer.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = MessengerRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
        if not _fits(locked, by.grants_of(Role.MESSENGER), by.area_parents):
            raise NotAllowed
        if not locked.is_open_on(today(now)):
            raise QuestionOver
        answer, _is_new = MessengerAnswer.objects.update_or_create(
            request=locked,
            person=by,
            defaults={
                "text": text,
                "language": language,
                "is_done": is_done,
                "changed_at": now,
            },
        )
    return answer
