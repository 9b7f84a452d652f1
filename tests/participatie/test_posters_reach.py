"""Codes on paper lead on, and are counted by day: of nobody in particular."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from contributions import actions as review
from contributions.deadlines import today
from contributions.models import Dossier
from ideas import actions
from ideas.models import Initiative
from participatie.posters.models import PosterVisit
from participatie.posters.reach import arrival_by, count_visit, reach_of
from participatie.posters.subjects import INITIATIVE
from tests import scenes
from tests.pages import words
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile"}


def scan(code: str, **headers: str) -> Any:
    return Client().get(f"/p/{code}/", headers={**PHONE, **headers})


def counts() -> dict[tuple[str, int, str], int]:
    return {(v.subject, v.subject_pk, v.sheet): v.count for v in PosterVisit.objects.all()}


def test_a_code_leads_to_its_page_in_the_best_language_and_is_counted() -> None:
    idea, area = scenes.initiative("A bench"), scenes.area()
    response = scan(f"i{idea.pk}p", **{"Accept-Language": "pl"})
    assert response.status_code == 302
    assert response["Location"] == f"/pl/initiatieven/{idea.pk}-a-bench/"
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
    scan(f"i{idea.pk}p")
    scan(f"i{idea.pk}k")
    assert scan(f"w{area.pk}k")["Location"] == f"/nl/wijk/{area.slug}/"
    assert counts() == {
        ("initiative", idea.pk, "poster"): 2,
        ("initiative", idea.pk, "cards"): 1,
        ("area", area.pk, "cards"): 1,
    }
    assert set(PosterVisit.objects.values_list("day", flat=True)) == {today(timezone.now())}


def test_a_count_holds_nothing_but_what_when_and_how_often() -> None:
    names = {field.name for field in PosterVisit._meta.get_fields()}
    assert names == {"id", "subject", "subject_pk", "sheet", "day", "count"}


@pytest.mark.parametrize(
    "code",
    ["i0p", "i01p", "i1x", "x1p", "1p", "ip", "i1", "I1p", "i1pp", "i-1p", "i" + "9" * 19 + "p",
     "i999999p", "w999999k", "%00", "i1p%0a"],
)  # fmt: skip
def test_what_is_no_code_leads_nowhere(code: str) -> None:
    assert scan(code).status_code == 404
    assert not PosterVisit.objects.exists()


def test_a_code_of_what_was_hidden_leads_nowhere_and_of_a_double_it_leads_on() -> None:
    hidden, double, into = (scenes.initiative(title) for title in "ABC")
    review.hide(
        dossier=Dossier.objects.get(pk=hidden.dossier_id),
        by=scenes.moderator(),
        rule=scenes.house_rule(),
        reason="No.",
    )
    assert scan(f"i{hidden.pk}p").status_code == 404
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    actions.merge(double=double, into=into, by=office, reason="Same.")
    assert scan(f"i{double.pk}p")["Location"] == f"/nl/initiatieven/{into.pk}-c/"
    assert counts() == {("initiative", into.pk, "poster"): 1}


def test_heads_looks_ahead_and_machines_are_led_on_and_not_counted() -> None:
    idea = scenes.initiative("A bench")
    address = f"/p/i{idea.pk}p/"
    assert Client().head(address, headers=PHONE).status_code == 302
    for headers in (
        {"User-Agent": ""},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "WhatsApp/2.23.20.0"},
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "TelegramBot (like TwitterBot)"},
        {"User-Agent": "curl/8.5.0"},
        {"User-Agent": "python-requests/2.32"},
        {**PHONE, "Sec-Purpose": "prefetch;prerender"},
        {**PHONE, "Purpose": "prefetch"},
    ):
        assert Client().get(address, headers=headers).status_code == 302
    assert Client().post(address, headers=PHONE).status_code == 405
    assert not PosterVisit.objects.exists()
    # A telephone's camera, and browsers inside of apps, are people.
    for agent in (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Instagram 350.0",
        "Telegram-Android/11",
    ):
        Client().get(address, headers={"User-Agent": agent})
    assert counts() == {("initiative", idea.pk, "poster"): 2}
    assert "Disallow: /p/" in Client().get("/robots.txt").content.decode()


def test_each_day_has_its_own_count() -> None:
    idea = scenes.initiative("A bench")
    arrival = arrival_by(f"i{idea.pk}p")
    assert arrival is not None
    # Days begin at midnight in Amsterdam.
    for moment in ("2026-11-01T22:59", "2026-11-01T23:01", "2026-11-02T12:00"):
        count_visit(arrival, now=datetime.datetime.fromisoformat(f"{moment}+00:00"))
    days = list(PosterVisit.objects.order_by("day").values_list("day", "count"))
    assert days == [(datetime.date(2026, 11, 1), 1), (datetime.date(2026, 11, 2), 2)]


def visits(idea: Initiative, sheet: str, count: int, days_ago: int) -> None:
    PosterVisit.objects.create(
        subject="initiative",
        subject_pk=idea.pk,
        sheet=sheet,
        day=today(timezone.now()) - datetime.timedelta(days=days_ago),
        count=count,
    )


def test_numbers_under_five_are_not_told() -> None:
    idea = scenes.initiative("A bench")
    for sheet, count, days_ago in (
        ("poster", 4, 0), ("poster", 1, 27), ("poster", 300, 28), ("poster", 2, 90),
        ("cards", 4, 1), ("cards", 5, 40),
    ):  # fmt: skip
        visits(idea, sheet, count, days_ago)
    poster, cards = reach_of(INITIATIVE, idea.pk, now=timezone.now())
    assert (poster.recent, poster.before) == (5, 302)
    assert (cards.recent, cards.before) == (None, 5)
    assert [(r.recent, r.before) for r in reach_of(INITIATIVE, 0, now=timezone.now())] == [
        (None, None)
    ] * 2


def test_initiators_and_the_office_see_the_reach_and_nobody_else() -> None:
    idea = scenes.initiative("A bench", author=scenes.person())
    visits(idea, "poster", 7777, 1)
    there, elsewhere = scenes.area(), scenes.area("elders")
    who = {
        "visitor": (None, False),
        "neighbour": (scenes.person(), False),
        "author": (idea.author, True),
        "joined": (scenes.joined(idea), True),
        "office": (scenes.granted(Role.PROGRAMME_OFFICE), True),
        "office here": (scenes.granted(Role.PROGRAMME_OFFICE, area=there), True),
        "office elsewhere": (scenes.granted(Role.PROGRAMME_OFFICE, area=elsewhere), False),
        "moderator": (scenes.moderator(), False),
    }
    for name, (person, sees) in who.items():
        client = Client()
        if person:
            client.force_login(person)
        page = words(client.get(f"/en/poster/initiatief/{idea.pk}/"))
        assert ("7777" in page) is sees, name
        assert ("fewer than 5" in page) is sees, name
    office = Client()
    office.force_login(who["office"][0])  # type: ignore[arg-type]
    assert "How often" in words(office.get(f"/en/poster/wijk/{there.pk}/"))
    assert "How often" not in words(Client().get(f"/en/poster/wijk/{there.pk}/"))


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_visits_at_once_none_is_lost() -> None:
    idea = scenes.initiative("A bench")
    arrival = arrival_by(f"i{idea.pk}p")
    assert arrival is not None
    now = timezone.now()
    at_once([lambda: count_visit(arrival, now=now)] * CALLERS)
    assert counts() == {("initiative", idea.pk, "poster"): CALLERS}
