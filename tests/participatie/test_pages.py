"""The pages that bring several apps together: home, areas, staff's pages, one's own page."""

import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from areas.models import Area
from contributions.models import Status
from ideas.models import Initiative
from indicators.models import Intervention
from participatie.models import Page
from tests import scenes
from tests.ideas import crowd
from tests.pages import words

pytestmark = pytest.mark.django_db


def cards(response: object) -> list[str]:
    """Return the titles of the cards on a page, in order."""
    html = response.content.decode()  # type: ignore[attr-defined]
    return re.findall(r'class="card__title"[^>]*><a [^>]*>([^<]*)<', html)


# --- Home ---


def test_an_empty_home_page_says_how_it_works_and_invites(client: Client):
    page = client.get("/en/")

    assert "What makes your street better?" in words(page)
    assert "There is nothing here yet" in words(page)
    assert reverse("ideas:new") in page.content.decode()


def test_home_shows_the_newest_and_those_that_need_a_last_push_none_twice(client: Client):
    crowd.initiatives(12, support_count=lambda number: 40 + number)

    response = client.get("/en/")

    assert cards(response)[:6] == [f"Idea number {number}" for number in range(6)]
    assert cards(response)[6:] == [f"Idea number {number}" for number in (11, 10, 9)]


def test_home_shows_nothing_that_is_not_on_the_site(client: Client):
    author = scenes.person()
    for status in Status:
        if status != Status.PUBLISHED:
            scenes.initiative(f"Idea {status}", status=status, author=author)
    for reader in (author, scenes.moderator()):
        client.force_login(reader)
        assert cards(client.get("/en/")) == []


# --- Areas ---


def test_the_neighbourhoods_stand_under_their_municipality(client: Client):
    city = Area.objects.create(slug="the-hague", name="The Hague", kind=Area.Kind.MUNICIPALITY)
    town = Area.objects.create(slug="rijswijk", name="Rijswijk", kind=Area.Kind.MUNICIPALITY)
    district = Area.objects.create(slug="laak", name="Laak", kind=Area.Kind.DISTRICT, parent=city)
    scenes.area("binckhorst", parent=district)
    scenes.area("te-werve", parent=town)

    page = words(client.get("/en/wijk/"))

    order = [page.index(name) for name in ("The Hague", "Binckhorst", "Rijswijk", "Te-werve")]
    assert order == sorted(order)


def test_an_area_shows_what_happens_in_it_and_in_what_lies_inside(client: Client):
    city = Area.objects.create(slug="city", name="City", kind=Area.Kind.MUNICIPALITY)
    laak = scenes.area("laak", parent=city)
    scenes.initiative("In Laak", where=laak)
    scenes.initiative("In Moerwijk", where=scenes.area("moerwijk", parent=city))
    scenes.initiative("Not yet", where=laak, status=Status.SUBMITTED)
    trees = Intervention.objects.create(theme=scenes.theme(), number=1, name="More trees")
    scenes.measured(40, where=laak).indicator.interventions.add(trees)

    whole, part = client.get("/en/wijk/city/"), client.get("/en/wijk/laak/")

    assert sorted(cards(whole)) == ["In Laak", "In Moerwijk"]
    assert cards(part) == ["In Laak"]
    assert reverse("area", args=["laak"]) in whole.content.decode()
    assert reverse("area", args=["city"]) in part.content.decode()
    assert "More trees" in words(part)
    assert f"{reverse('ideas:list')}?area=laak" in part.content.decode()


def test_one_posts_from_the_page_of_a_neighbourhood_and_not_of_the_country(client: Client):
    scenes.area("laak")
    Area.objects.create(slug="nederland", name="Nederland", kind=Area.Kind.COUNTRY)

    assert "Share an idea" in words(client.get("/en/wijk/laak/"))
    country = client.get("/en/wijk/nederland/")
    assert country.status_code == 200
    assert "?area=nederland" not in country.content.decode()


@pytest.mark.parametrize("slug", ["nowhere", "LAAK", "laak-", "-", "0", "x" * 300])
def test_an_area_that_is_not_there_is_not_there(client: Client, slug: str):
    scenes.area("laak")

    assert client.get(f"/en/wijk/{slug}/").status_code == 404


# --- Pages of the programme office ---


def test_a_page_shows_its_text_as_markdown_and_nothing_of_its_html(client: Client):
    Page.objects.create(
        slug="contact", title="Contact", body="## Call\n\n**070**\n\n<script>alert(1)</script>"
    )

    html = client.get("/en/over/contact/").content.decode()

    assert "<h2>Call</h2>" in html
    assert "<strong>070</strong>" in html
    assert "<script>alert" not in html


def test_a_page_without_a_text_in_this_language_shows_the_dutch_one(client: Client):
    Page.objects.create(slug="contact", title_nl="Bel ons", body_nl="Wij zijn er.")

    assert "Wij zijn er." in words(client.get("/pl/over/contact/"))


def test_the_statement_on_accessibility_stands_where_inspectors_look(client: Client):
    call_command("load_reference", verbosity=0)

    response = client.get("/toegankelijkheid/", headers={"Accept-Language": "ro"}, follow=True)

    assert response.redirect_chain == [("/ro/over/toegankelijkheid/", 302)]
    assert response.status_code == 200


# --- Languages ---


@pytest.mark.parametrize("language", settings.LISTED_LANGUAGES)
def test_every_public_page_opens_in_every_language(client: Client, language: str):
    initiative = scenes.initiative()
    scenes.comment(initiative)
    call_command("load_reference", verbosity=0)
    for path in (
        "",
        "wijk/",
        "wijk/transvaal/",
        "over/zo-werkt-het/",
        "initiatieven/",
        "initiatieven/nieuw/",
        f"initiatieven/{initiative.pk}-a-bench-on-the-square/",
        f"initiatieven/{initiative.pk}-a-bench-on-the-square/steun/",
        f"initiatieven/{initiative.pk}-a-bench-on-the-square/reacties/",
        "account/inloggen/",
    ):
        response = client.get(f"/{language}/{path}")
        assert response.status_code == 200, path
        html = response.content.decode()
        assert f'<html lang="{language}" dir="ltr">' in html
        for code in settings.LISTED_LANGUAGES:
            assert f'href="/{code}/{path}" lang="{code}"' in html
            assert f'hreflang="{code}" href="https://buurten.example/{code}/{path}"' in html


def test_the_menu_of_languages_keeps_the_page_and_what_was_chosen_on_it(client: Client):
    scenes.theme("work", "work")

    html = client.get("/en/initiatieven/?theme=work&sort=support").content.decode()

    assert 'href="/bg/initiatieven/?theme=work&amp;sort=support" lang="bg"' in html


def test_a_page_in_a_language_from_right_to_left_says_so(client: Client):
    assert '<html lang="ar" dir="rtl">' in client.get("/ar/").content.decode()


def test_the_front_door_leads_a_person_to_the_language_of_the_profile(client: Client):
    client.force_login(scenes.person(language="ro"))

    assert client.get("/", headers={"Accept-Language": "pl"})["Location"] == "/ro/"


# --- One's own page ---


def test_ones_own_page_is_for_who_signed_in(client: Client):
    response = client.get("/en/account/")

    assert response["Location"] == f"{reverse('account_login')}?next=/en/account/"


def test_a_new_account_is_told_what_to_do_first(client: Client):
    client.force_login(scenes.person("Anna"))

    page = words(client.get("/en/account/"))

    assert "Neighbours know you here as Anna" in page
    assert "You have not shared an idea yet." in page


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (Status.DRAFT, "Nobody else sees this. Go on writing."),
        (Status.SUBMITTED, "A moderator reads this before others see it. By the end of"),
        (Status.RETURNED, "A moderator asks you to change something."),
        (Status.PUBLISHED, "Support is being gathered"),
        (Status.REJECTED, "This was not placed."),
        (Status.HIDDEN, "This was taken off the site."),
        (Status.WITHDRAWN, "You took this off the site."),
    ],
)
def test_everything_of_ones_own_is_there_with_its_state(client: Client, status: str, sentence: str):
    person = scenes.person()
    scenes.moderator()
    scenes.initiative("My idea", status=status, author=person)
    scenes.initiative("Of somebody else", status=status)
    client.force_login(person)

    page = words(client.get("/en/account/"))

    assert "My idea" in page
    assert sentence in page
    assert "Of somebody else" not in page


def test_ones_comments_and_supports_are_there_too(client: Client):
    person = scenes.person()
    liked = scenes.initiative("A tree")
    scenes.comment(liked, "Good idea!", author=person, status=Status.RETURNED)
    client.force_login(person)
    client.post(f"{liked.get_absolute_url()}steun/")

    response = client.get("/en/account/")

    assert cards(response) == ["A tree"]
    assert "Good idea!" in words(response)
    assert "A moderator asks you to change something." in words(response)


def test_a_supported_idea_that_is_hidden_is_gone_from_ones_own_page(client: Client):
    person = scenes.person()
    liked = scenes.initiative("A tree")
    client.force_login(person)
    client.post(f"{liked.get_absolute_url()}steun/")
    scenes.bring(liked, Status.HIDDEN)

    response = client.get("/en/account/")

    assert "A tree" not in response.content.decode()
    assert Initiative.objects.get(pk=liked.pk).support_count == 1


def test_ones_own_page_is_kept_by_no_cache(client: Client):
    client.force_login(scenes.person())

    assert "no-store" in client.get("/en/account/")["Cache-Control"]
