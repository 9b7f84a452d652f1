"""The page of one initiative: what it says, to whom, and to whom it does not exist."""

import datetime

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from contributions.dates import in_words, in_words_with_year
from contributions.models import Channel, Status
from ideas import actions
from ideas.models import Initiative, Progress
from tests import councils, scenes
from tests.pages import words

pytestmark = pytest.mark.django_db


def page_of(initiative: Initiative, browser: Client | None = None) -> str:
    response = (browser or Client()).get(initiative.get_absolute_url())
    assert response.status_code == 200
    return words(response)


def with_progress(progress: str, **fields: object) -> Initiative:
    initiative = scenes.initiative()
    Initiative.objects.filter(pk=initiative.pk).update(progress=progress, **fields)
    initiative.refresh_from_db()
    return initiative


# --- Where it stands ---


def test_while_support_is_gathered_it_says_how_many_more_and_until_when():
    initiative = scenes.initiative(where=scenes.area(support_threshold=3))
    scenes.supporters(1, of=initiative)

    page = page_of(initiative)

    assert "Support is being gathered: 2 more are needed." in page
    assert f"You can support this until the end of {in_words(initiative.closes_on)}." in page
    assert "1 person supports this." in page
    scenes.supporters(1, of=initiative)
    assert "Support is being gathered: 1 more is needed." in page_of(initiative)


def test_with_enough_support_it_says_when_the_answer_comes():
    initiative = scenes.initiative(where=scenes.area(support_threshold=2))
    scenes.supporters(2, of=initiative)
    initiative.refresh_from_db()

    page = page_of(initiative)

    assert "There is enough support." in page
    due = in_words_with_year(initiative.answer_due_date)
    assert f"Promised before the end of {due}: 42 days to go." in page
    assert "Enough support: 2 people" in page


@pytest.mark.parametrize(("needed", "people"), [(1, "osoby"), (22, "osób")])
def test_its_way_counts_people_as_the_language_does(needed: int, people: str):
    initiative = scenes.initiative(where=scenes.area(support_threshold=needed))
    with translation.override("pl"):
        assert f"Poparcie {needed} {people}" in page_of(initiative)
    scenes.supporters(needed, of=initiative)
    people = {1: "osoba", 22: "osoby"}[needed]
    with translation.override("pl"):
        assert f"Dość poparcia: {needed} {people}" in page_of(initiative)


@pytest.mark.parametrize(("language", "words"), [("en", "Map data"), ("bg", "Данни за картата")])
def test_its_map_names_whose_it_is_in_the_language_of_the_page(language: str, words: str):
    initiative = scenes.initiative(latitude="52.07123", longitude="4.29988")
    with translation.override(language):
        page = Client().get(initiative.get_absolute_url()).content.decode()
    assert f'data-credit="{words} © Kadaster"' in page


@pytest.mark.parametrize(
    ("progress", "sentence"),
    [
        (Progress.IN_PROGRESS, "This is being done."),
        (Progress.DONE, "This is done. Thank you for thinking along!"),
        (Progress.EXPIRED, "The time to support this is over. There was not enough support."),
    ],
)
def test_each_further_step_has_its_sentence(progress: str, sentence: str):
    assert sentence in page_of(with_progress(progress))


def test_it_is_closed_from_the_first_minute_after_its_last_day():
    initiative = scenes.initiative()
    day_after = datetime.datetime.combine(
        initiative.closes_on + datetime.timedelta(days=1),
        datetime.time(0, 1),
        timezone.get_default_timezone(),
    )

    with time_machine.travel(day_after - datetime.timedelta(minutes=2)):
        assert "Support is being gathered" in page_of(initiative)
    with time_machine.travel(day_after):
        page = page_of(initiative)
    assert "The time to support this is over." in page
    assert "You can't support this any more." in page


def test_the_official_answer_is_read_with_its_outcome_and_its_explanation():
    initiative = scenes.initiative()
    actions.answer(
        initiative=initiative,
        by=scenes.granted("programme_office"),
        outcome="partly",
        text="We place **one** bench.",
        language="en",
    )

    page = page_of(initiative)

    assert "There is an answer. It stands on the page of the idea." in page
    assert "We are going to do part of this" in page
    assert "We place one bench." in page


def test_pictures_story_groups_and_help_are_there_in_the_language_of_the_author(client: Client):
    initiative = scenes.initiative(
        "Ławka",
        text="Chcę **ławkę**.\n\n## Gdzie\n\n<b>tu</b>",
        language="pl",
        help_wanted="Kto umie szyć?",
        address_line="koło fontanny",
        groups=[scenes.target_group("young")],
    )

    response = client.get(initiative.get_absolute_url())

    html = response.content.decode()
    assert 'lang="pl" dir="auto"' in html
    assert "<strong>ławkę</strong>" in html
    assert "<h4>Gdzie</h4>" in html
    assert "&lt;b&gt;tu&lt;/b&gt;" in html
    for part in ("Kto umie szyć?", "koło fontanny", "young"):
        assert part in words(response)


def test_an_entrepreneur_is_named_after_the_business():
    shop = scenes.person("Ali", kind="entrepreneur", business_name="Bakkerij Ali & Zn")
    assert "Bakkerij Ali & Zn" in page_of(scenes.initiative(author=shop))


def test_an_initiative_without_an_account_behind_it_is_a_neighbours():
    initiative = scenes.initiative()
    Initiative.objects.filter(pk=initiative.pk).update(author=None, channel=Channel.PAPER)
    assert "A neighbour" in page_of(initiative)


def test_nothing_of_a_person_under_16_is_on_the_page_but_the_pseudonym():
    child = scenes.person("Real Name", age_band="27-54")
    initiative = scenes.initiative(
        author=child, address_line="Vermeerstraat 12", latitude="52.07123", longitude="4.29988"
    )
    assert "Vermeerstraat 12" in page_of(initiative)

    # Who tells later that they are younger is younger everywhere at once.
    type(child).objects.filter(pk=child.pk).update(age_band="12-15")

    html = Client().get(initiative.get_absolute_url()).content.decode()
    assert child.pseudonym in html
    for told in ("Real Name", "Vermeerstraat", "52.07123", "4.29988"):
        assert told not in html


# --- Its address ---


def test_an_old_title_leads_to_the_present_one_with_what_was_asked():
    initiative = scenes.initiative("A bench")
    address = f"/en/initiatieven/{initiative.pk}-a-seat/"

    moved = Client().get(f"{address}?after=5&x=%C3%A9%0A")

    assert moved.status_code == 301
    assert moved["Location"] == f"/en/initiatieven/{initiative.pk}-a-bench/?after=5&x=%C3%A9%0A"
    assert Client().get(address)["Location"] == initiative.get_absolute_url()


def test_a_title_in_any_script_has_an_address():
    for title, slug in (
        ("Пейка", "peyka"),
        ("長椅", None),
        ("!!!", "initiatief"),
        ("x" * 120, "x" * 60),
    ):
        initiative = scenes.initiative(title)
        assert Client().get(initiative.get_absolute_url()).status_code == 200
        if slug:
            assert initiative.address_slug == slug


@pytest.mark.parametrize(
    "number",
    ["01", "1e1", "-1", "+1", "1.0", "0", "0x1", "٣", "%201", "9" * 18, "9" * 19, "9" * 400],
)
@pytest.mark.parametrize(
    "path",
    [
        "{}-a-bench/",
        "{}-a-bench/steun/",
        "{}-a-bench/reacties/",
        "nieuw/{}/wat/",
        "1-a-bench/reacties/{}/",
    ],
)
def test_a_number_has_one_spelling(client: Client, number: str, path: str):
    assert client.get(f"/en/initiatieven/{path.format(number)}").status_code == 404


# --- To whom it does not exist ---

UNSEEN = [
    Status.DRAFT,
    Status.SUBMITTED,
    Status.RETURNED,
    Status.REJECTED,
    Status.HIDDEN,
    Status.WITHDRAWN,
]


@pytest.mark.parametrize("status", UNSEEN)
def test_what_is_not_on_the_site_does_not_exist_for_anyone_else(status: str):
    initiative = scenes.initiative("Secret plan", status=status)
    elsewhere = scenes.area("elsewhere")
    missing = Client().get("/en/initiatieven/999999-secret-plan/")
    readers = [
        None,
        scenes.person(),
        scenes.person(age_band="12-15"),
        scenes.granted("messenger"),
        scenes.moderator(area=elsewhere),
        scenes.moderator(language="pl"),
        scenes.granted("moderator", ends_at=timezone.now() - datetime.timedelta(minutes=1)),
        councils.holder(councils.council()),
        scenes.granted("programme_office"),
        scenes.granted("steering_group"),
        scenes.granted("administrator"),
    ]
    for reader in readers:
        browser = Client()
        if reader:
            browser.force_login(reader)
        for address in (
            initiative.get_absolute_url(),
            f"/en/initiatieven/{initiative.pk}-another-title/",
            reverse("ideas:comments", args=[initiative.pk, initiative.address_slug]),
            reverse("ideas:support", args=[initiative.pk, initiative.address_slug]),
        ):
            response = browser.get(address)
            assert response.status_code == 404, (reader, address)
            assert "Secret plan" not in response.content.decode()
            assert words(response) == words(missing)


@pytest.mark.parametrize("status", UNSEEN[1:])
def test_its_author_reads_it_with_its_state(client: Client, status: str):
    initiative = scenes.initiative("Secret plan", status=status)
    client.force_login(initiative.author)

    page = page_of(initiative, client)

    assert "Secret plan" in page
    assert "This is your idea" in page
    assert "I support this" not in page


def test_the_address_of_a_draft_leads_its_author_to_writing_on(client: Client):
    author = scenes.person()
    empty = actions.start_draft(author=author, draft_key="", language="nl")
    client.force_login(author)

    for draft in (empty, scenes.draft(author=author)):
        response = client.get(draft.get_absolute_url())
        assert response["Location"] == reverse("ideas:draft_what", args=[draft.pk])


@pytest.mark.parametrize("status", UNSEEN)
def test_a_moderator_of_its_area_and_language_reads_what_was_submitted(client: Client, status: str):
    initiative = scenes.initiative(status=status)
    client.force_login(scenes.moderator(area=initiative.area, language="nl"))

    response = client.get(initiative.get_absolute_url())

    unseen_by_moderators = status in (Status.DRAFT, Status.WITHDRAWN)
    assert response.status_code == (404 if unseen_by_moderators else 200)


# --- What an anonymous page is made of ---


def test_pages_for_everybody_carry_no_token_and_set_no_cookie():
    initiative = scenes.initiative()
    scenes.comment(initiative)
    for address in (
        initiative.get_absolute_url(),
        reverse("ideas:list"),
        reverse("ideas:support", args=[initiative.pk, initiative.address_slug]),
        reverse("home"),
        reverse("areas"),
        reverse("area", args=[initiative.area.slug]),
        reverse("feedback:figure", args=[scenes.measured(40).area.slug, "rondkomen"]),
    ):
        response = Client().get(address)
        assert response.status_code == 200
        assert b"csrfmiddlewaretoken" not in response.content
        assert not response.cookies
        # What stands in the account menu depends on who looks.
        assert "Cookie" in response["Vary"]


def test_what_one_person_sees_says_so_to_caches():
    initiative = scenes.initiative()
    browser = Client()
    browser.force_login(initiative.author)

    response = browser.get(initiative.get_absolute_url())

    assert "Cookie" in response["Vary"]
    assert settings.SESSION_COOKIE_NAME in browser.cookies


def test_nobody_sees_who_supports_an_idea():
    initiative = scenes.initiative()
    neighbour = scenes.person("Very Particular Name")
    actions.give_support(initiative_pk=initiative.pk, person=neighbour)

    for reader in (None, initiative.author, scenes.granted("administrator")):
        browser = Client()
        if reader:
            browser.force_login(reader)
        assert "Very Particular Name" not in page_of(initiative, browser)
