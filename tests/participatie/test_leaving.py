"""Leaving: nothing of a person is left but what they published, if they want that to stay."""

import re
from typing import Any

import celery
import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.actions import open_account
from accounts.models import Role, RoleGrant, User
from budgets.models import Balance, Stage
from contributions import actions as review
from contributions.actions import NotAllowed
from contributions.models import Decision, Status
from feedback.models import Experience, Tally
from ideas import actions
from ideas.models import Comment, Initiative, Support
from participatie.privacy.leaving import CannotLeaveYet, leave
from participatie.privacy.models import Departure
from participatie.tasks import empty_departure, sweep_departures
from tests import belongings, councils, money, scenes
from tests.belongings import LATER, MARK, again, gone, make_pass
from tests.pages import words

pytestmark = pytest.mark.django_db

# --- What stays ---


def test_a_text_that_stays_is_read_without_a_name(client: Client) -> None:
    author = scenes.person("Zqleavername")
    idea = scenes.initiative(author=author)
    scenes.comment(idea, "A word of mine", author=author)
    again(gone(author, texts_stay=True))
    page = words(client.get(idea.get_absolute_url(), follow=True))
    assert "A word of mine" in page
    assert "Zqleavername" not in page
    assert "Somebody who has left" in page


def test_a_text_that_goes_keeps_its_place_where_others_answered(client: Client) -> None:
    author = scenes.person()
    idea = scenes.initiative()
    said = scenes.comment(idea, "A word of mine", author=author)
    scenes.comment(idea, "An answer to it", parent=said)
    assert Initiative.objects.get(pk=idea.pk).comment_count == 2
    gone(author, texts_stay=False)
    page = words(client.get(idea.get_absolute_url(), follow=True))
    assert "A word of mine" not in page
    assert "An answer to it" in page
    assert Initiative.objects.get(pk=idea.pk).comment_count == 1
    own = Comment.objects.get(pk=said.pk)
    assert (own.status, own.author, own.entered_by) == (Status.WITHDRAWN, None, None)


def test_an_idea_that_goes_answers_as_if_it_never_was(client: Client) -> None:
    author = scenes.person()
    idea = scenes.initiative(author=author)
    gone(author, texts_stay=False)
    assert client.get(idea.get_absolute_url(), follow=True).status_code == 404


def test_a_text_that_nobody_may_read_keeps_neither_author_nor_key() -> None:
    author = scenes.person()
    hidden = scenes.initiative(author=author, status=Status.HIDDEN)
    gone(author, texts_stay=True)
    hidden.refresh_from_db()
    assert hidden.author is None
    assert hidden.status == Status.HIDDEN
    assert not Initiative.objects.held_by(hidden.draft_key).exists()
    # Nobody puts a dash back on the site.
    with pytest.raises(NotAllowed):
        review.restore(dossier=hidden.dossier, by=scenes.moderator())


def test_supports_leave_the_count_only_where_others_can_still_support() -> None:
    person = scenes.person()
    still_open, answered = scenes.initiative(), scenes.initiative()
    for idea in (still_open, answered):
        scenes.supporters(2, of=idea)
        actions.give_support(initiative_pk=idea.pk, person=person)
    Initiative.objects.filter(pk=answered.pk).update(progress="answered")
    gone(person, texts_stay=True)
    counts = {
        idea.pk: Initiative.objects.get(pk=idea.pk).support_count for idea in (still_open, answered)
    }
    assert counts == {still_open.pk: 2, answered.pk: 3}
    assert [row.initiative_id for row in Support.objects.filter(person=person)] == [answered.pk]
    for pk in counts:
        assert not actions.recount(initiative_pk=pk)


def test_a_support_leaves_an_idea_that_is_hidden_for_a_while() -> None:
    person = scenes.person()
    idea = scenes.initiative()
    actions.give_support(initiative_pk=idea.pk, person=person)
    scenes.bring(idea, Status.HIDDEN)
    gone(person, texts_stay=True)
    assert Initiative.objects.get(pk=idea.pk).support_count == 0


def test_answers_beside_figures_count_on_without_a_browser() -> None:
    person = scenes.person()
    scenes.answered(person=person, browser="b" * 64)
    before = list(Tally.objects.values_list("with_account", "answered"))
    gone(person, texts_stay=True)
    assert list(Tally.objects.values_list("with_account", "answered")) == before
    assert Experience.objects.get(person=person).browser == ""


def test_applications_without_a_payment_are_taken_back_and_the_money_is_free() -> None:
    council = councils.council()
    fund = money.filled(council)
    application = money.application(council, "granted", cents=500_00)
    reserved = Balance.objects.filter(fund=fund, account="reserved", cents__gt=0)
    assert reserved.exists()
    assert application.author is not None
    leave(person=application.author, texts_stay=True)
    application.refresh_from_db()
    assert application.stage == Stage.WITHDRAWN
    assert not reserved.exists()


# --- Who cannot leave yet ---


def test_whoever_answers_for_public_money_first_tells_how_it_went(client: Client) -> None:
    council = councils.council()
    money.filled(council)
    person = money.application(council, "paid").author
    assert person is not None
    with pytest.raises(CannotLeaveYet):
        leave(person=person, texts_stay=True)
    assert User.objects.get(pk=person.pk).is_active
    client.force_login(person)
    page = client.get("/en/account/vertrekken/")
    assert "receipts" in words(page)
    assert client.post("/en/account/vertrekken/", {"texts": "go"}).status_code == 409


def test_the_last_administrator_first_finds_another_one() -> None:
    last = scenes.granted(Role.ADMINISTRATOR)
    with pytest.raises(CannotLeaveYet):
        leave(person=last, texts_stay=True)
    scenes.granted(Role.ADMINISTRATOR)
    leave(person=last, texts_stay=True)
    assert not RoleGrant.objects.current(timezone.now()).filter(user=last).exists()


def test_who_is_under_16_leaves_as_everybody_does() -> None:
    young = scenes.person("Zqyoungleaver", age_band="12-15")
    scenes.initiative("Zqyoungtitle", author=young)
    again(gone(young, texts_stay=False))
    assert belongings.found_anywhere("Zqyoung") == set()


# --- The account ---


def test_the_row_stays_empty_under_its_number() -> None:
    person = belongings.somebody()
    gone(person, texts_stay=True)
    row = User.objects.get(pk=person.pk)
    assert (row.display_name, row.business_name, row.age_band, row.area) == ("", "", "", None)
    assert not row.is_active
    assert not row.has_usable_password()
    assert row.left_at is not None
    assert MARK not in f"{row.email} {row.pseudonym}"


def test_the_same_address_begins_anew(client: Client) -> None:
    person = scenes.person()
    address = person.email
    gone(person, texts_stay=True)
    newcomer, is_new = open_account(email=address, language="en")
    assert is_new
    assert newcomer.pk != person.pk


def test_everywhere_else_one_is_signed_out_at_once() -> None:
    person = scenes.person()
    phone = Client()
    phone.force_login(person)
    assert phone.get("/en/account/").status_code == 200
    leave(person=person, texts_stay=True)
    assert phone.get("/en/account/").status_code == 302
    assert phone.post("/en/initiatieven/nieuw/", {}).status_code in (200, 302, 422)


def test_a_name_is_gone_before_the_worker_came(client: Client) -> None:
    author = scenes.person("Zqleavername")
    idea = scenes.initiative(author=author)
    leave(person=author, texts_stay=True)
    assert "Zqleavername" not in words(client.get(idea.get_absolute_url(), follow=True))


# --- Worker ---


def test_what_was_under_way_while_somebody_left_goes_the_second_time() -> None:
    person = scenes.person()
    idea = scenes.initiative()
    departure = gone(person, texts_stay=True)
    # A request that knew the person from before.
    Support.objects.create(initiative=idea, person=person)
    Initiative.objects.filter(pk=idea.pk).update(support_count=1)
    started = actions.start_draft(author=person, draft_key="", language="nl")
    Initiative.objects.filter(pk=started.pk).update(title="Zqlate")
    assert not make_pass(departure)
    again(departure)
    assert belongings.found_in_tables("Zqlate") == set()
    assert Initiative.objects.get(pk=idea.pk).support_count == 0
    assert not Support.objects.filter(person=person).exists()


def test_the_sweep_sends_each_pass_when_its_time_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(empty_departure, "delay", sent.append)
    departure = gone(scenes.person(), texts_stay=True)
    assert sweep_departures() == 0
    ago = timezone.now() - LATER
    Departure.objects.update(first_pass_at=ago, tried_at=ago)
    assert sweep_departures() == 1
    assert sent == [departure.pk]
    again(departure)
    assert sweep_departures() == 0


def test_leaving_twice_is_leaving_once() -> None:
    person = scenes.person()
    first = leave(person=person, texts_stay=True)
    assert leave(person=person, texts_stay=False) == first
    assert Departure.objects.get().texts_stay


# --- The record ---


def test_of_a_decision_only_the_words_can_go() -> None:
    hidden = scenes.initiative(status=Status.HIDDEN)
    decision = Decision.objects.filter(dossier=hidden.dossier, outcome="hidden").get()
    table = "contributions_decision"
    for change in (
        "reason = 'Other words'",
        "reason = '', outcome = 'kept'",
        "facts = 'Other words'",
        "decided_at = '2020-01-01'",
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {table} SET {change} WHERE id = %s", [decision.pk])
    Decision.objects.filter(pk=decision.pk).empty_words()
    decision.refresh_from_db()
    assert (decision.reason, decision.facts, decision.outcome) == ("–", "", "hidden")


# --- On the pages ---


@pytest.fixture
def mails_leave_at_once() -> Any:
    celery.current_app.conf.task_always_eager = True
    yield
    celery.current_app.conf.task_always_eager = False


def code_in_mail() -> str:
    found = re.search(r"^\d{6}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[0]


@pytest.mark.usefixtures("mails_leave_at_once")
@pytest.mark.django_db(transaction=True)
def test_one_leaves_with_a_fresh_code_from_ones_own_mailbox(client: Client) -> None:
    person = scenes.person("Zqleavername")
    client.force_login(person)
    assert client.get("/en/account/vertrekken/").status_code == 200
    response = client.post("/en/account/vertrekken/", {"texts": "go"})
    assert response["Location"] == "/en/account/vertrekken/code/"
    assert mail.outbox[-1].to == [person.email]
    code = code_in_mail()
    wrong = "000000" if code != "000000" else "111111"
    assert client.post(response["Location"], {"code": wrong}).status_code == 200
    assert not Departure.objects.exists()
    done = client.post(response["Location"], {"code": code})
    assert done["Location"] == "/en/account/vertrokken/"
    assert client.get(done["Location"]).status_code == 200
    assert client.get("/en/account/").status_code == 302
    assert Departure.objects.get(person=person).first_pass_at is not None
    assert belongings.found_in_tables("Zqleavername") == set()


@pytest.mark.usefixtures("mails_leave_at_once")
def test_without_a_choice_no_code_is_sent(client: Client) -> None:
    client.force_login(scenes.person())
    for data in ({}, {"texts": "perhaps"}):
        assert client.post("/en/account/vertrekken/", data).status_code == 200
    assert mail.outbox == []


@pytest.mark.usefixtures("mails_leave_at_once")
def test_a_code_for_leaving_is_asked_for_a_few_times_at_most(client: Client) -> None:
    client.force_login(scenes.person())
    statuses = [
        client.post("/en/account/vertrekken/", {"texts": "go"}).status_code for _ in range(7)
    ]
    assert statuses[0] == 302
    assert statuses[-1] == 429


def test_the_page_for_the_code_leads_back_without_one(client: Client) -> None:
    client.force_login(scenes.person())
    response = client.get("/en/account/vertrekken/code/")
    assert response["Location"] == "/en/account/vertrekken/"


def test_the_office_lets_somebody_leave_who_asks_by_letter() -> None:
    person = scenes.person()
    call_command("leave", str(person.pk), texts="stay")
    assert Departure.objects.get(person=person).texts_stay
    with pytest.raises(CommandError):
        call_command("leave", "999999999", texts="go")
    with pytest.raises(CommandError):
        call_command("leave", str(scenes.granted(Role.ADMINISTRATOR).pk), texts="go")
