"""What people choose to hear of: on their own page, and what then holds."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from notifications import actions
from notifications.kinds import Category, Channel, kind_named
from notifications.models import Choice, Delivery, Preference
from notifications.wishes import Wishes, wishes_of
from tests import scenes
from tests.notifications import stand_ins
from tests.notifications.stand_ins import BENCH, DECIDED, told

pytestmark = pytest.mark.django_db

PAGE = "/en/voor-jou/voorkeuren/"
FORM = {
    "pace": "weekly",
    "letter_day": "4",
    "letter_hour": "16",
    "quiet": "on",
    "quiet_from": "22",
    "quiet_until": "7",
    "language": "nl",
}


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    with stand_ins.declared():
        yield


@pytest.fixture
def anna() -> User:
    return scenes.person("Anna")


@pytest.fixture
def browser(anna: User) -> Client:
    client = Client()
    client.force_login(anna)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def wishes(person: User) -> Wishes:
    return wishes_of([person.pk])[person.pk]


def stored(browser: Client, **changes: str) -> None:
    response = browser.post(PAGE, {**FORM, **changes})
    assert response.status_code == 302, re.findall(r"field__error.*?</", text_of(response))


# --- What holds -----------------------------------------------------------------------------------


def test_who_chose_nothing_finds_what_holds_for_all(browser: Client) -> None:
    text = text_of(browser.get(PAGE))
    for chosen in (
        r'name="pace" value="weekly"[^>]* checked',
        r'<option value="4" selected>Friday',
        r'<option value="16" selected>16:00',
        r'name="quiet"[^>]* checked',
        r'<option value="22" selected>22:00',
        r'<option value="7" selected>07:00',
    ):
        assert re.search(chosen, text), chosen
    assert not Preference.objects.exists()


def test_what_is_chosen_stands_there_afterwards_and_holds(browser: Client, anna: User) -> None:
    stored(
        browser,
        pace="about_me",
        letter_day="0",
        letter_hour="9",
        quiet="",
        quiet_from="23",
        quiet_until="6",
        neighbourhood_mail="yes",
        about_you_mail="no",
        language="en",
    )
    kept = Preference.objects.get(person=anna)
    assert (kept.pace, kept.letter_day, kept.letter_hour) == ("about_me", 0, 9)
    assert (kept.quiet, kept.quiet_from, kept.quiet_until) == (False, 23, 6)
    choices = set(Choice.objects.values_list("category", "channel", "wanted"))
    assert choices == {("neighbourhood", "mail", True), ("about_you", "mail", False)}
    text = text_of(browser.get(PAGE))
    assert re.search(r'name="pace" value="about_me"[^>]* checked', text)
    assert "Your choices are stored" in text
    assert '<details class="disclosure" open' in text


def test_everything_at_once_is_everything_whatever_the_details_were_not_touched(
    browser: Client, anna: User
) -> None:
    stored(browser, pace="about_me")
    stored(browser, pace="at_once")
    assert all(wishes(anna).chose(category, Channel.MAIL) for category in Category)
    assert not Choice.objects.exists()


def test_a_choice_holds_for_what_waits_already(browser: Client, anna: User) -> None:
    stored(browser, pace="at_once", quiet="")
    idea = stand_ins.initiative()
    told(anna, idea)
    told(anna, idea, of=DECIDED)
    bench, decided = kind_named(BENCH), kind_named(DECIDED)
    assert bench
    assert decided
    assert Delivery.objects.count() == 2
    assert wishes(anna).wants(bench, Channel.MAIL)
    stored(browser, pace="at_once", followed_mail="no", about_you_mail="no")
    # Asked again as it is sent: what must be told goes all the same.
    assert not wishes(anna).wants(bench, Channel.MAIL)
    assert wishes(anna).wants(decided, Channel.MAIL)


def test_what_was_chosen_stays_as_old_as_it_is_while_other_things_change(
    browser: Client, anna: User
) -> None:
    stored(browser, followed_mail="yes")
    before = Choice.objects.get()
    since = Preference.objects.get().changed_at
    stored(browser, followed_mail="yes", letter_day="1")
    assert Choice.objects.get().chosen_at == before.chosen_at
    assert Preference.objects.get().changed_at == since
    stored(browser, followed_mail="no")
    assert Choice.objects.get().chosen_at > before.chosen_at


def test_the_language_of_mails_is_that_of_the_person(browser: Client, anna: User) -> None:
    response = browser.post(PAGE, {**FORM, "language": "pl"})
    assert response["Location"] == "/pl/voor-jou/voorkeuren/"
    anna.refresh_from_db()
    assert anna.language == "pl"


def test_a_language_that_is_not_listed_is_not_lost(browser: Client, anna: User) -> None:
    anna.language = "ar"
    anna.save()
    assert '<option value="ar" selected>' in text_of(browser.get(PAGE))
    stored(browser, language="ar")
    anna.refresh_from_db()
    assert anna.language == "ar"


def test_push_can_be_chosen_only_where_it_is_set_up(browser: Client, settings: Any) -> None:
    settings.PUSH_PUBLIC_KEY = ""
    assert 'name="followed_push"' not in text_of(browser.get(PAGE))
    settings.PUSH_PUBLIC_KEY = "BKey"
    assert 'name="followed_push"' in text_of(browser.get(PAGE))
    stored(browser, followed_push="yes", followed_mail="no")
    # Where it is not set up for a while, what was chosen stays.
    settings.PUSH_PUBLIC_KEY = ""
    stored(browser, followed_mail="yes")
    assert set(Choice.objects.values_list("channel", "wanted")) == {("push", True), ("mail", True)}


def test_it_says_what_always_comes(browser: Client) -> None:
    text = text_of(browser.get(PAGE))
    always = text.partition("What always comes")[2].partition("</ul>")[0]
    assert "Your idea was decided about" in always
    assert "Somebody moved a bench" not in always
    assert "Somebody moved a bench" in text


# --- The pause, and mail that was stopped ---------------------------------------------------------


def test_a_pause_holds_until_it_is_ended(browser: Client, anna: User) -> None:
    stored(browser, pace="at_once", neighbourhood_mail="no")
    bench, decided = kind_named(BENCH), kind_named(DECIDED)
    assert bench
    assert decided
    browser.post(PAGE, {"act": "pause"})
    assert not wishes(anna).wants(bench, Channel.MAIL)
    assert wishes(anna).wants(decided, Channel.MAIL)
    assert "Paused since" in text_of(browser.get(PAGE))
    browser.post(PAGE, {"act": "go_on"})
    assert wishes(anna).wants(bench, Channel.MAIL)
    assert "Paused since" not in text_of(browser.get(PAGE))
    # The rest stays as it was chosen.
    assert Preference.objects.get().pace == "at_once"
    assert Choice.objects.count() == 1


def test_choosing_ends_no_pause(browser: Client) -> None:
    browser.post(PAGE, {"act": "pause"})
    stored(browser, pace="at_once")
    assert Preference.objects.get().is_paused


@pytest.mark.parametrize(
    ("why", "said"), [("bounced", "coming back since"), ("spam", "not wanted")]
)
def test_mail_that_was_stopped_is_said_and_can_be_tried_again(
    browser: Client, anna: User, why: str, said: str
) -> None:
    actions.stop_mail(person=anna, why=why)
    text = text_of(browser.get(PAGE))
    assert "We send you no e-mails now" in text
    assert said in text
    stored(browser, pace="at_once")
    assert Preference.objects.get().mail_stopped_at, "Only the button tries again."
    browser.post(PAGE, {"act": "try_again"})
    kept = Preference.objects.get()
    assert (kept.mail_stopped_at, kept.mail_stopped_why) == (None, "")
    assert "We send you no e-mails now" not in text_of(browser.get(PAGE))


def test_who_has_no_address_reads_where_everything_stands(browser: Client, anna: User) -> None:
    User.objects.filter(pk=anna.pk).update(email=None)
    assert "We do not have your e-mail address" in text_of(browser.get(PAGE))


def test_tasks_can_be_chosen_about_by_who_has_any(browser: Client, anna: User) -> None:
    assert 'name="tasks_mail"' not in text_of(browser.get(PAGE))
    stored(browser, tasks_mail="no")
    assert not Choice.objects.exists()

    scenes.granted(Role.MESSENGER, language="pl", user=anna)

    assert 'name="tasks_mail"' in text_of(browser.get(PAGE))
    stored(browser, tasks_mail="no")
    assert Choice.objects.get().category == "tasks"


# --- What is not right ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("pace", "", "Choose one of these."),
        ("pace", "hourly", "We do not know this choice."),
        ("letter_day", "7", "We do not know this choice."),
        ("letter_hour", "24", "We do not know this choice."),
        ("letter_hour", "٣", "We do not know this choice."),
        ("quiet_from", "-1", "We do not know this choice."),
        ("quiet_until", "22", "This is the hour at which they begin."),
        ("language", "xx", "We do not know this choice."),
        ("language", "ar", "We do not know this choice."),
        ("followed_mail", "perhaps", "We do not know this choice."),
    ],
)
def test_what_is_not_right_is_said_beside_it_and_nothing_is_lost(
    browser: Client, anna: User, field: str, value: str, said: str
) -> None:
    sent = {**FORM, "neighbourhood_mail": "no", "letter_day": "2", field: value}
    response = browser.post(PAGE, sent)
    assert response.status_code == 200
    text = text_of(response)
    assert f'<a href="#id_{field}' in text
    assert text.count(said) == 2, "At the top, and beside the field."
    if field != "letter_day":
        assert '<option value="2" selected>Wednesday' in text
    assert '<option value="no" selected>' in text
    assert not Preference.objects.exists()
    assert not Choice.objects.exists()


def test_equal_hours_do_where_there_are_no_quiet_ones(browser: Client) -> None:
    stored(browser, quiet="", quiet_from="7", quiet_until="7")


def test_what_others_may_not_send_for_somebody_changes_nothing(anna: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(anna)
    for sent in (FORM, {"act": "pause"}, {"act": "try_again"}):
        assert strict.post(PAGE, sent).status_code == 403
    assert not Preference.objects.exists()


def test_columns_that_the_form_does_not_have_are_not_written(browser: Client) -> None:
    stored(browser, mail_stopped_at="2026-01-01", paused_at="2026-01-01", person="1")
    kept = Preference.objects.get()
    assert (kept.mail_stopped_at, kept.paused_at) == (None, None)


def test_who_has_no_row_has_had_what_holds_for_all_since_they_came(
    browser: Client, anna: User
) -> None:
    User.objects.filter(pk=anna.pk).update(created_at=timezone.now() - datetime.timedelta(days=9))
    browser.post(PAGE, {"act": "pause"})
    anna.refresh_from_db()
    assert Preference.objects.get().changed_at == anna.created_at


def test_ones_own_page_and_the_menu_lead_there(browser: Client) -> None:
    text = text_of(browser.get("/en/account/"))
    assert f'href="{PAGE}"' in text
    assert 'href="/en/voor-jou/"' in text.partition("</header>")[0]
