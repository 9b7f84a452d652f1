"""Posting an initiative in three steps: written first, signed in last, nothing lost on the way."""

import datetime
from typing import Any

import celery
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, RoleGrant, User
from areas.models import Area
from contributions.deadlines import working_days_later
from contributions.drafts import MAX_DRAFTS_PER_ACCOUNT, MAX_DRAFTS_PER_KEY, SESSION_KEY
from contributions.models import Dossier, Status
from contributions.tasks import forget_old_drafts
from ideas import actions, standing
from ideas.actions import drafts
from ideas.limits import RATES, RATES_PER_ACCOUNT
from ideas.models import Initiative
from indicators.models import TargetGroup, Theme
from tests import scenes
from tests.accounts.conftest import newest_code
from tests.pages import words
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db

NEW = "/en/initiatieven/nieuw/"
WHAT = {
    "title": "A bench on our square",
    "text": "There is nowhere to sit on our square, and my grandmother gets tired on her way home.",
    "language": "",
}
WHO = {"display_name": "Fatima", "kind": "resident", "business_name": "", "age_band": "27-54"}


def step(draft: Initiative, name: str) -> str:
    return reverse(f"ideas:draft_{name}", args=[draft.pk])


def where(**changed: Any) -> dict[str, Any]:
    return {"area": scenes.area().pk, "theme": scenes.theme().pk, **changed}


def begin(browser: Client, **changed: Any) -> Initiative:
    """Send step one in a browser, and return the draft that begins there."""
    response = browser.post(NEW, {**WHAT, **changed})
    assert response.status_code == 302, words(response)
    return Initiative.objects.latest("pk")


def fill_in(browser: Client, **told: Any) -> Initiative:
    """Go through the three steps and stop at the last look."""
    draft = begin(browser)
    assert browser.post(step(draft, "where"), where()).status_code == 302
    response = browser.post(step(draft, "who"), {**WHO, **told})
    assert response["Location"] == step(draft, "check"), words(response)
    return draft


def sign_in_by_code(browser: Client, email: str, *, back_to: str) -> str:
    """Sign in as a newcomer does, and return where one arrives."""
    login = reverse("account_login")
    # What the worker does, done where it is asked for.
    celery.current_app.conf.task_always_eager = True
    try:
        browser.post(f"{login}?next={back_to}", {"email": email})
    finally:
        celery.current_app.conf.task_always_eager = False
    code_page = reverse("account_confirm_login_code")
    return str(browser.post(code_page, {"code": newest_code(email)})["Location"])


# --- The way of a visitor ---


def test_a_visitor_writes_first_and_signs_in_last(client: Client):
    draft = begin(client)
    assert (draft.status, draft.author) == (Status.DRAFT, None)
    assert draft.title == WHAT["title"]

    client.post(step(draft, "where"), where(address_line="by the fountain"))
    client.post(step(draft, "who"), {**WHO, "help_wanted": "Somebody with a drill"})
    look = client.get(step(draft, "check"))
    assert WHAT["title"] in words(look)
    assert "sign in with your e-mail address" in words(look)

    asked = client.post(step(draft, "check"))
    assert asked["Location"].startswith(reverse("account_login"))
    arrived = sign_in_by_code(client, "fatima@buurten.example", back_to=step(draft, "check"))
    assert arrived == step(draft, "check")

    assert WHAT["title"] in words(client.get(arrived))
    placed = client.post(arrived, follow=True)

    initiative = Initiative.objects.get()
    assert initiative.author == User.objects.get(email="fatima@buurten.example")
    assert initiative.status == Status.SUBMITTED
    assert initiative.draft_key == ""
    assert initiative.address_line == "by the fountain"
    assert initiative.help_wanted == "Somebody with a drill"
    assert "We have received your idea" in words(placed)


def test_what_a_visitor_told_before_the_sign_in_holds_afterwards(client: Client):
    draft = fill_in(client, age_band="18-26")

    client.get(sign_in_by_code(client, "nieuw@buurten.example", back_to=step(draft, "check")))

    person = User.objects.get()
    assert (person.display_name, person.age_band) == ("Fatima", "18-26")
    assert not person.needs_age(timezone.now())


def test_who_left_the_name_open_keeps_the_name_of_their_account(client: Client):
    neighbour = scenes.person("Anna")
    draft = fill_in(client, display_name="")

    client.get(sign_in_by_code(client, neighbour.email, back_to=step(draft, "check")))

    neighbour.refresh_from_db()
    assert neighbour.public_name == "Anna"


def test_what_one_visitor_told_is_not_told_of_the_next_one(client: Client):
    fill_in(client, display_name="Somebody else", age_band="12-15")
    neighbour = scenes.person("Anna")
    own = scenes.draft(author=neighbour)
    client.force_login(neighbour)

    client.get(step(own, "check"))

    neighbour.refresh_from_db()
    assert (neighbour.display_name, neighbour.age_band) == ("Anna", "27-54")


def test_the_draft_is_the_persons_own_after_the_sign_in(client: Client):
    draft = fill_in(client)
    neighbour = scenes.person()
    client.force_login(neighbour)

    assert client.get(step(draft, "what")).status_code == 200

    draft.refresh_from_db()
    assert (draft.author, draft.draft_key) == (neighbour, "")
    assert words(client.get(reverse("account_home"))).count(WHAT["title"]) == 1


def test_each_step_leads_to_what_is_still_missing(client: Client):
    neighbour = scenes.person(age_band="")
    client.force_login(neighbour)
    draft = begin(client)

    assert client.get(step(draft, "check"))["Location"] == step(draft, "where")
    client.post(step(draft, "where"), where())
    assert client.get(step(draft, "check"))["Location"] == step(draft, "who")
    assert client.post(step(draft, "check"))["Location"] == step(draft, "who")
    client.post(step(draft, "who"), WHO)
    assert client.get(step(draft, "check")).status_code == 200


# --- Nothing is lost ---


def test_what_was_right_is_kept_where_something_else_is_wrong(client: Client):
    response = client.post(NEW, {"title": "", "text": "The lamp in our street is too weak."})

    assert response.status_code == 422
    draft = Initiative.objects.get()
    assert draft.text == "The lamp in our street is too weak."
    assert step(draft, "what") in response.content.decode()
    assert "The lamp in our street" in response.content.decode()

    again = client.post(step(draft, "what"), {"title": "x" * 200, "text": "Better text"})
    assert again.status_code == 422
    draft.refresh_from_db()
    assert (draft.title, draft.text) == ("", "Better text")


def test_what_was_not_chosen_asks_for_a_choice_and_what_was_not_written_for_words(client: Client):
    draft = begin(client)

    page = words(client.post(step(draft, "where"), where(area="", theme="")))
    assert page.count("Choose one of these.") >= 2
    assert "Please fill this in." not in page

    page = words(client.post(NEW, {**WHAT, "title": ""}))
    assert "Please fill this in." in page
    assert "Choose one of these." not in page


def test_a_wrong_place_takes_nothing_of_the_right_one_away(client: Client):
    draft = begin(client)
    place = {"address_line": "by the fountain", "latitude": "52.07", "longitude": "4.3"}
    client.post(step(draft, "where"), where(**place))

    response = client.post(
        step(draft, "where"),
        where(address_line="x" * 500, latitude="a bit north", longitude="4.3"),
    )

    assert response.status_code == 422
    draft.refresh_from_db()
    assert draft.address_line == "by the fountain"
    assert (float(draft.latitude), float(draft.longitude)) == (52.07, 4.3)


def test_the_page_saves_by_itself_what_is_right_so_far_and_refuses_nothing(client: Client):
    draft = begin(client)

    response = client.post(
        step(draft, "what"),
        {"title": "", "text": "Half a sent", "language": "klingon"},
        headers={"X-Autosave": "1"},
    )

    assert (response.status_code, response.content) == (204, b"")
    draft.refresh_from_db()
    assert (draft.title, draft.text) == (WHAT["title"], "Half a sent")
    for name, data in (("where", {"area": "", "address_line": "here"}), ("who", {})):
        response = client.post(step(draft, name), data, headers={"X-Autosave": "1"})
        assert response.status_code == 204
    draft.refresh_from_db()
    assert draft.address_line == "here"


def test_sending_twice_places_one_initiative_and_shows_it(client: Client):
    neighbour = scenes.person()
    client.force_login(neighbour)
    draft = fill_in(client)

    first = client.post(step(draft, "check"))
    second = client.post(step(draft, "check"), follow=True)

    assert first.status_code == 302
    assert second.status_code == 200
    assert WHAT["title"] in words(second)
    assert Initiative.objects.get().status == Status.SUBMITTED


def test_going_back_to_a_step_of_what_was_placed_leads_to_it(client: Client):
    initiative = scenes.initiative()
    client.force_login(initiative.author)

    for name in ("what", "where", "who", "check"):
        response = client.get(step(initiative, name))
        assert response["Location"] == initiative.get_absolute_url()


def test_an_author_throws_a_draft_away(client: Client):
    draft = begin(client)

    response = client.post(reverse("ideas:discard", args=[draft.pk]))

    assert response.status_code == 302
    assert not Initiative.objects.exists()
    assert not Dossier.objects.exists()
    assert client.get(step(draft, "what")).status_code == 404


def test_throwing_away_needs_a_button_and_not_a_link(client: Client):
    draft = begin(client)

    assert client.get(reverse("ideas:discard", args=[draft.pk])).status_code == 405
    assert Initiative.objects.exists()


# --- Whose draft it is ---


def test_a_draft_of_someone_else_does_not_exist(client: Client):
    draft = scenes.draft(author=scenes.person())
    held = scenes.draft(draft_key="another browser's key")
    browsers = [client, Client()]
    begin(browsers[0])
    browsers[1].force_login(scenes.person())

    for browser in browsers:
        for theirs in (draft, held):
            for name in ("what", "where", "who", "check"):
                assert browser.get(step(theirs, name)).status_code == 404
                # Without a session the words begin a draft of one's own; this one stays untouched.
                begins = name == "what" and browser is client
                assert browser.post(step(theirs, name), WHAT).status_code == (
                    302 if begins else 404
                )
            assert browser.post(reverse("ideas:discard", args=[theirs.pk])).status_code == 404
    draft.refresh_from_db()
    assert draft.title == "A bench on the square"


def test_a_draft_is_gone_for_a_browser_whose_session_is_over(client: Client):
    draft = begin(client)
    key = client.session[SESSION_KEY]

    with time_machine.travel(timezone.now() + datetime.timedelta(days=31)):
        assert client.get(step(draft, "what")).status_code == 404
        assert begin(client).draft_key != key


def test_a_draft_lives_thirty_days_after_the_last_word(client: Client):
    draft = begin(client)

    with time_machine.travel(timezone.now() + datetime.timedelta(days=29)):
        assert forget_old_drafts() == 0
        client.post(step(draft, "what"), WHAT)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=31)):
        assert forget_old_drafts() == 0
    with time_machine.travel(timezone.now() + datetime.timedelta(days=60)):
        assert forget_old_drafts() == 1
    assert not Initiative.objects.exists()


def test_a_browser_without_an_account_holds_ten_drafts_and_loses_no_text_at_the_next(
    client: Client,
):
    for _number in range(MAX_DRAFTS_PER_KEY):
        begin(client)

    response = client.post(NEW, WHAT)

    assert response.status_code == 422
    assert "many drafts" in words(response)
    assert WHAT["text"] in words(response)
    assert Initiative.objects.count() == MAX_DRAFTS_PER_KEY


def test_one_network_begins_only_so_many_drafts_without_an_account(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(RATES, "initiative", "3/h/ip")
    for _number in range(3):
        assert Client().post(NEW, WHAT).status_code == 302

    # A forged address does not make it another network.
    forged = {"X-Forwarded-For": "203.0.113.7"}
    assert Client().post(NEW, WHAT, headers=forged).status_code == 422
    client.force_login(scenes.person())
    assert client.post(NEW, WHAT).status_code == 302


def test_a_person_holds_thirty_drafts_and_loses_no_text_at_the_next(client: Client):
    author = scenes.person()
    client.force_login(author)
    for _number in range(MAX_DRAFTS_PER_ACCOUNT):
        last = scenes.draft(author=author)

    response = client.post(NEW, WHAT)

    assert response.status_code == 422
    assert "You have many drafts already. Finish one of them first." in words(response)
    assert WHAT["text"] in words(response)
    assert Initiative.objects.count() == MAX_DRAFTS_PER_ACCOUNT
    client.post(reverse("ideas:discard", args=[last.pk]))
    assert client.post(NEW, WHAT).status_code == 302


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_drafts_at_once_only_so_many_begin(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drafts, "MAX_DRAFTS_PER_ACCOUNT", 5)
    author = scenes.person()

    outcomes = at_once(
        [lambda: actions.start_draft(author=author, draft_key="", language="nl")] * CALLERS
    )

    refused = [outcome for outcome in outcomes if not isinstance(outcome, Initiative)]
    assert all(isinstance(outcome, actions.DraftsToFinish) for outcome in refused), outcomes
    assert Initiative.objects.count() == 5


def test_a_person_begins_only_so_many_ideas_in_an_hour(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(RATES_PER_ACCOUNT, "initiative", "2/h/user")
    client.force_login(scenes.person())
    for _number in range(2):
        assert client.post(NEW, WHAT).status_code == 302

    response = client.post(NEW, WHAT)

    assert response.status_code == 422
    assert "You sent a lot in the last hour. Wait a while, then send this again." in words(response)
    assert WHAT["text"] in words(response)
    draft = Initiative.objects.first()
    assert client.post(step(draft, "what"), WHAT).status_code == 302
    client.force_login(scenes.person())
    assert client.post(NEW, WHAT).status_code == 302


# --- What happens next ---


def test_a_newcomers_idea_waits_and_the_date_of_the_promise_is_said(client: Client):
    Area.objects.filter(pk=scenes.area().pk).update(review_working_days=3)
    scenes.moderator()
    client.force_login(scenes.person())
    draft = fill_in(client)
    assert "within 3 working days" in words(client.get(step(draft, "check")))

    page = client.post(step(draft, "check"), follow=True)

    promised = working_days_later(timezone.localdate(), 3)
    assert Dossier.objects.get(pk=draft.dossier_id).promised_date == promised
    assert "A moderator reads this before others see it." in words(page)
    assert f"By the end of {standing.with_weekday(promised)}" in words(page)
    assert Client().get(page.redirect_chain[-1][0]).status_code == 404


def test_the_idea_of_somebody_with_three_approved_texts_stands_at_once(client: Client):
    neighbour = scenes.trusted(scenes.person())
    client.force_login(neighbour)
    draft = fill_in(client)
    assert "on the site at once" in words(client.get(step(draft, "check")))

    client.post(step(draft, "check"))

    draft.refresh_from_db()
    assert draft.status == Status.PUBLISHED
    assert draft.dossier.review == Dossier.Review.AFTER
    assert Client().get(draft.get_absolute_url()).status_code == 200


def test_a_text_in_a_language_that_no_moderator_reads_waits_for_one_and_says_so(client: Client):
    neighbour = scenes.trusted(scenes.person())
    RoleGrant.objects.filter(role=Role.MODERATOR).update(language="nl")
    client.force_login(neighbour)
    draft = begin(client, language="uk")
    client.post(step(draft, "where"), where())
    client.post(step(draft, "who"), WHO)
    assert "no moderator reads this language yet" in words(client.get(step(draft, "check")))

    page = client.post(step(draft, "check"), follow=True)

    assert "A moderator who reads your language will look at this first." in words(page)
    draft.refresh_from_db()
    assert draft.status == Status.SUBMITTED


@pytest.mark.parametrize("before_sign_in", [True, False])
def test_of_somebody_under_16_no_name_and_no_place_is_kept_and_it_waits(
    client: Client, before_sign_in: bool
):
    child = scenes.person("Real Name", age_band="" if before_sign_in else "12-15")
    if not before_sign_in:
        scenes.trusted(child)
        client.force_login(child)
    draft = begin(client)
    place = {"address_line": "Vermeerstraat 12", "latitude": "52.07", "longitude": "4.3"}
    client.post(step(draft, "where"), where(**place))
    client.post(step(draft, "who"), {**WHO, "display_name": "Real Name", "age_band": "12-15"})
    if before_sign_in:
        client.force_login(child)
    look = words(client.get(step(draft, "check")))
    child.refresh_from_db()
    assert child.pseudonym in look
    assert "Real Name" not in look
    assert "Vermeerstraat" not in look

    client.post(step(draft, "check"))

    draft.refresh_from_db()
    assert (draft.latitude, draft.longitude, draft.address_line) == (None, None, "")
    assert draft.status == Status.SUBMITTED
    assert "under_16" in draft.dossier.review_reasons


def test_somebody_under_16_is_never_asked_for_the_exact_place(client: Client):
    client.force_login(scenes.person(age_band="12-15"))
    draft = begin(client)

    page = client.get(step(draft, "where")).content.decode()

    assert 'name="area"' in page
    assert "address_line" not in page
    assert "latitude" not in page


def test_who_is_not_yet_twelve_is_told_so_kindly_and_keeps_the_text(client: Client):
    draft = begin(client)

    response = client.post(step(draft, "who"), {**WHO, "age_band": "under-12"})

    assert response.status_code == 422
    assert Initiative.objects.get().title == WHAT["title"]


# --- The language of the text ---


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Er staat geen enkele bank op ons plein en mijn oma wordt moe van het lopen.", "nl"),
        ("Na naszym placu nie ma ani jednej ławki, a moja babcia szybko się męczy.", "pl"),
        ("На нашия площад няма нито една пейка, а баба ми бързо се уморява.", "bg"),
        ("În piața noastră nu există nicio bancă, iar bunica mea obosește repede.", "ro"),
        ("Meydanımızda oturacak tek bir bank bile yok ve büyükannem çabuk yoruluyor.", "tr"),
    ],
)
def test_the_language_is_recognised_from_the_words(client: Client, text: str, language: str):
    assert begin(client, title="Bank", text=text).language == language


def test_the_author_knows_better_which_language_it_is(client: Client):
    draft = begin(client, language="ro")
    assert draft.language == "ro"


def test_too_few_words_to_recognise_are_in_the_language_of_the_page(client: Client):
    response = client.post("/pl/initiatieven/nieuw/", {"title": "Bank", "text": "OK"})
    assert response.status_code == 302
    assert Initiative.objects.get().language == "pl"


# --- Where it is ---


def test_a_pin_is_kept_to_the_metre(client: Client):
    draft = begin(client)

    client.post(step(draft, "where"), where(latitude="52.0712345678", longitude="4.2998765432"))

    draft.refresh_from_db()
    assert (str(draft.latitude), str(draft.longitude)) == ("52.07123", "4.29988")


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("91", "4.3"), ("52", "181"), ("NaN", "4"), ("Infinity", "4"), ("1e400000", "4"), ("x", "4")],
)
def test_a_pin_that_is_nowhere_is_refused(client: Client, latitude: str, longitude: str):
    draft = begin(client)

    response = client.post(step(draft, "where"), where(latitude=latitude, longitude=longitude))

    assert response.status_code == 422
    draft.refresh_from_db()
    assert (draft.latitude, draft.longitude) == (None, None)


def test_half_a_pin_is_no_pin(client: Client):
    draft = begin(client)

    assert client.post(step(draft, "where"), where(latitude="52.07")).status_code == 302

    draft.refresh_from_db()
    assert (draft.latitude, draft.longitude) == (None, None)


def test_one_posts_in_neighbourhoods_that_take_part_and_nowhere_else(client: Client):
    city = Area.objects.create(slug="city", name="City", kind=Area.Kind.MUNICIPALITY)
    draft = begin(client)

    response = client.post(step(draft, "where"), where(area=city.pk))

    assert response.status_code == 422
    draft.refresh_from_db()
    assert draft.area is None


def test_target_groups_are_chosen_and_taken_back(client: Client):
    young, workers = scenes.target_group("young"), scenes.target_group("workers")
    draft = begin(client)

    client.post(step(draft, "where"), where(target_groups=[young.pk, workers.pk]))
    assert set(draft.target_groups.all()) == {young, workers}
    client.post(step(draft, "where"), where())

    assert not draft.target_groups.exists()
    assert TargetGroup.objects.count() == 2
    assert Theme.objects.count() == 1


def test_the_neighbourhood_of_the_profile_is_offered_first(client: Client):
    neighbour = scenes.person()
    neighbour.area = scenes.area("laak")
    neighbour.save()
    client.force_login(neighbour)
    draft = begin(client)

    page = client.get(step(draft, "where")).content.decode()

    assert f'<option value="{neighbour.area.pk}" selected>' in page


def test_leaving_the_answers_of_step_three_for_later_loses_nothing_that_stands(client: Client):
    draft = fill_in(client)

    page = client.get(step(draft, "who")).content.decode()

    assert 'value="Fatima"' in page


def test_a_form_without_its_token_changes_nothing():
    browser = Client(enforce_csrf_checks=True)

    response = browser.post(NEW, WHAT)

    assert response.status_code == 403
    assert not Initiative.objects.exists()
