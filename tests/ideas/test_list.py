"""The list: every filter, every order, every page, and what strangers write in its address."""

import datetime
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from areas.models import Area
from contributions.models import Status
from ideas.listing import COUNT_AT_MOST, ORDERS, PAGE_SIZE
from ideas.models import Initiative, Progress
from tests import scenes
from tests.ideas import crowd
from tests.pages import words

pytestmark = pytest.mark.django_db

LIST = "/en/initiatieven/"


def shown(browser: Client, **query: Any) -> list[str]:
    """Return the titles of a page of the list, in order."""
    response = browser.get(LIST, query)
    assert response.status_code == 200, words(response)
    return [initiative.title for initiative in response.context["listing"].initiatives]


def walk(browser: Client, **query: Any) -> list[int]:
    """Follow the link to the next page to the end, and return what was met on the way."""
    met: list[int] = []
    address = f"{LIST}?{urlencode(query)}"
    for _page in range(50):
        response = browser.get(address)
        assert response.status_code == 200
        met += [initiative.pk for initiative in response.context["listing"].initiatives]
        link = re.search(r'href="([^"]+)" rel="next"', response.content.decode())
        if link is None:
            return met
        address = LIST + link[1].replace("&amp;", "&")
    raise AssertionError("The list does not end")


# --- Filters ---


def test_an_area_shows_what_lies_inside_it_and_nothing_else(client: Client):
    city = Area.objects.create(slug="city", name="City", kind=Area.Kind.MUNICIPALITY)
    district = Area.objects.create(
        slug="centre", name="Centre", kind=Area.Kind.DISTRICT, parent=city
    )
    scenes.initiative("In Laak", where=scenes.area("laak", parent=district))
    scenes.initiative("In Moerwijk", where=scenes.area("moerwijk", parent=city))
    scenes.initiative("Elsewhere", where=scenes.area("elsewhere"))

    assert shown(client, area="laak") == ["In Laak"]
    assert shown(client, area="centre") == ["In Laak"]
    assert sorted(shown(client, area="city")) == ["In Laak", "In Moerwijk"]


def test_each_filter_narrows_the_list_and_together_they_narrow_it_further(client: Client):
    laak, moerwijk = scenes.area("laak"), scenes.area("moerwijk")
    home, work = scenes.theme("home", "home"), scenes.theme("work", "work")
    young = scenes.target_group("young")
    scenes.initiative("One", where=laak, theme=home, language="pl", groups=[young])
    scenes.initiative("Two", where=laak, theme=work, language="pl")
    scenes.initiative("Three", where=moerwijk, theme=home, language="nl", groups=[young])
    done = scenes.initiative("Four", where=laak, theme=home, language="nl")
    Initiative.objects.filter(pk=done.pk).update(progress=Progress.DONE)

    assert shown(client, area="laak") == ["Four", "Two", "One"]
    assert shown(client, theme="home") == ["Four", "Three", "One"]
    assert shown(client, group="young") == ["Three", "One"]
    assert shown(client, state="done") == ["Four"]
    assert shown(client, language="pl") == ["Two", "One"]
    assert shown(client, area="laak", language="pl", theme="home", group="young") == ["One"]
    assert shown(client, area="laak", state="open", theme="home") == ["One"]
    assert shown(client, area="moerwijk", language="pl") == []


def test_one_for_several_groups_stands_there_once(client: Client):
    young, workers = scenes.target_group("young"), scenes.target_group("workers")
    scenes.initiative("For both", groups=[young, workers])

    assert shown(client, group="young") == ["For both"]
    assert shown(client, group="workers") == ["For both"]
    assert client.get(LIST, {"group": "young"}).context["listing"].count == 1


def test_the_list_says_how_many_there_are_and_what_to_do_where_there_are_none(client: Client):
    assert "Nobody shared an idea yet." in words(client.get(LIST))
    scenes.initiative()
    assert "1 initiative " in words(client.get(LIST))
    page = words(client.get(LIST, {"state": "done"}))
    assert "No idea fits these choices." in page
    assert "Show all initiatives" in page


def test_the_choices_that_were_made_stay_chosen(client: Client):
    scenes.initiative(theme=scenes.theme("work", "work"))

    page = client.get(LIST, {"theme": "work", "sort": "support"}).content.decode()

    assert '<option value="work" selected>' in page
    assert '<option value="support" selected>' in page


def test_beyond_a_thousand_nobody_counts(client: Client):
    crowd.initiatives(COUNT_AT_MOST)
    assert "1000 initiatives" in words(client.get(LIST)).replace(",", "")
    crowd.initiatives(1)
    assert "1000+ initiatives" in words(client.get(LIST)).replace(",", "")


# --- What is not public is not there ---


def test_only_what_is_published_is_listed_and_counted_whoever_looks(client: Client):
    author = scenes.person()
    for status in Status:
        if status != Status.PUBLISHED:
            scenes.initiative(status.label, status=status, author=author)
    for person in (None, author, scenes.moderator()):
        if person:
            client.force_login(person)
        for sort in ORDERS:
            response = client.get(LIST, {"sort": sort})
            assert response.context["listing"].initiatives == []
            assert response.context["listing"].count == 0


def test_an_idea_that_is_hidden_leaves_the_list_at_once(client: Client):
    initiative = scenes.initiative("Rude")
    assert shown(client) == ["Rude"]

    scenes.bring(initiative, Status.HIDDEN)

    assert shown(client) == []


# --- Orders and pages ---


def test_each_order_sorts_as_it_says(client: Client):
    now = timezone.now()
    crowd.initiatives(
        3,
        title=["Old", "Middle", "New"].__getitem__,
        support_count=[70, 5, 20].__getitem__,
        published_at=[now - datetime.timedelta(days=days) for days in (30, 20, 10)].__getitem__,
    )

    assert shown(client) == shown(client, sort="newest") == ["New", "Middle", "Old"]
    assert shown(client, sort="support") == ["Old", "New", "Middle"]
    assert shown(client, sort="push") == ["Old", "New", "Middle"]


def test_a_last_push_is_for_what_is_open_and_not_there_yet(client: Client):
    crowd.initiatives(
        4,
        title=["Nearly", "There", "Expired", "Far"].__getitem__,
        support_count=[74, 75, 74, 1].__getitem__,
        progress=["open", "open", "expired", "open"].__getitem__,
    )

    assert shown(client, sort="push") == ["Nearly", "Far"]


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize("kinds_of_key", [1, 3, 200])
def test_the_pages_meet_every_row_exactly_once_also_where_many_are_equal(
    client: Client, sort: str, kinds_of_key: int
):
    now = timezone.now()
    rows = crowd.initiatives(
        2 * PAGE_SIZE + 5,
        support_count=lambda number: number % kinds_of_key % 70,
        published_at=lambda number: now - datetime.timedelta(microseconds=number % kinds_of_key),
    )

    met = walk(client, sort=sort)

    assert sorted(met) == sorted(row.pk for row in rows)
    order = ORDERS[sort]
    keys = {row.pk: order.key_of(row) for row in Initiative.objects.all()}
    sign = -1 if order.descending else 1
    assert met == sorted(met, key=lambda pk: (sign * keys[pk], -pk))


def test_the_next_page_keeps_the_filters(client: Client):
    other = scenes.area("other")
    crowd.initiatives(PAGE_SIZE + 2)
    crowd.initiatives(PAGE_SIZE + 2, area=other)

    met = walk(client, area="other", sort="support", state="open")

    assert len(met) == PAGE_SIZE + 2
    assert set(met) == set(Initiative.objects.filter(area=other).values_list("pk", flat=True))


def test_a_full_last_page_leads_nowhere_and_later_pages_lead_back(client: Client):
    crowd.initiatives(2 * PAGE_SIZE)
    first = client.get(LIST)
    query = first.context["listing"].next_query

    last = client.get(f"{LIST}?{query}")

    assert last.context["listing"].next_cursor == ""
    page = last.content.decode()
    assert 'rel="next"' not in page
    assert re.search(r'href="(\?|/en/initiatieven/)"[^>]*>.*?Back to the first', page, re.DOTALL)


def test_what_appears_while_one_reads_on_moves_nothing(client: Client):
    crowd.initiatives(PAGE_SIZE + 3)
    first = client.get(LIST).context["listing"]
    crowd.initiatives(
        5, published_at=lambda number: timezone.now() + datetime.timedelta(seconds=number)
    )

    second = client.get(f"{LIST}?{first.next_query}").context["listing"]

    assert len(second.initiatives) == 3
    assert not {row.pk for row in first.initiatives} & {row.pk for row in second.initiatives}


# --- Hostile addresses ---

HOSTILE = [
    "klingon",
    "author__password",
    "-pk",
    "' OR 1=1 --",
    "\x00",
    "<script>alert(1)</script>",
    "x" * 5000,
    "১",
    "../../etc/passwd",
    "{{ 7 }}",
]


@pytest.mark.parametrize("name", ["area", "theme", "group", "state", "language", "sort"])
@pytest.mark.parametrize("value", HOSTILE)
def test_an_unknown_choice_is_named_and_the_list_is_shown_without_it(
    client: Client, name: str, value: str
):
    scenes.initiative("A bench")

    response = client.get(LIST, {name: value})

    assert response.status_code == 400
    assert "We do not know the choice for" in words(response)
    assert "A bench" in words(response)
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize(
    "cursor",
    [
        *HOSTILE,
        "1",
        "1.",
        ".1",
        "1.0",
        "1.01",
        "-1.1",
        "1e1.1",
        "1.1e1",
        "1.1.1",
        " 1.1",
        "1.1\n",
        "1" * 18 + ".1",
        "1." + "1" * 19,
        "١.١",
        "inf.1",
    ],
)
def test_an_unknown_page_is_named_and_the_first_one_shown(client: Client, cursor: str):
    crowd.initiatives(2, title=["A bench", "A tree"].__getitem__)

    response = client.get(LIST, {"after": cursor})

    assert response.status_code == 400
    assert "This page of the list does not exist. You see the first one." in words(response)
    assert "A bench" in words(response)


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize("cursor", ["0.1", "9" * 17 + "." + "9" * 18])
def test_a_page_at_the_end_of_the_numbers_is_answered(client: Client, cursor: str, sort: str):
    crowd.initiatives(2)

    assert client.get(LIST, {"after": cursor, "sort": sort}).status_code == 200


def test_arrays_and_choices_that_nobody_offers_are_harmless(client: Client):
    scenes.initiative("A bench")

    for query in (
        "area=testwijk&area=testwijk",
        "area[]=testwijk",
        "area%5B%24ne%5D=1",
        "author__password=x",
        "page=2&per_page=100000",
        "after=",
        "%00=%00",
        "%FF%FE=%C3%28",
        "&&&=;=",
    ):
        response = client.get(f"{LIST}?{query}")
        assert response.status_code == 200, query
        assert "A bench" in words(response)


def test_the_list_is_read_and_never_written(client: Client):
    assert client.post(LIST).status_code == 405


def test_a_card_leads_to_its_page_and_says_how_far_it_is(client: Client):
    initiative = scenes.initiative("A bench", where=scenes.area("laak", support_threshold=40))
    scenes.supporters(2, of=initiative)

    response = client.get(LIST)

    assert f'href="{reverse("ideas:list")}{initiative.pk}-a-bench/"' in response.content.decode()
    assert "2 people support this" in words(response)
    assert "Laak" in words(response)


# --- Choosing a place ---


def test_places_stand_under_their_municipality_in_one_order_for_every_language(client: Client):
    call_command("load_reference", verbosity=0)
    neighbour = scenes.person()
    client.force_login(neighbour)
    draft = scenes.draft(author=neighbour)
    in_order = ["schilderswijk", "transvaal", "rustenburg-oostbroek", "laakhavens", "spoorwijk"]

    for language, the_hague in {"nl": "Den Haag", "en": "The Hague", "bg": "Хага"}.items():
        with translation.override(language):
            filters = client.get(reverse("ideas:list")).content.decode()
            asked = client.get(reverse("ideas:draft_where", args=[draft.pk])).content.decode()
            profile = client.get(reverse("accounts:profile")).content.decode()
        for page in (filters, asked, profile):
            groups = re.findall('<optgroup label="([^"]*)"', page)
            assert groups[:2] == [the_hague, "Rijswijk"]
        slugs = re.findall(r'<option value="([a-z-]+)"', filters.partition("id_area")[2])
        assert slugs[0] == "den-haag"
        assert [slug for slug in slugs if slug in in_order] == in_order
        names = [Area.objects.get(slug=slug).name for slug in in_order]
        for page in (asked, profile):
            places = [page.index(f">{name}</option>") for name in names]
            assert places == sorted(places)
