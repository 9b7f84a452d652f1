"""Reporting through the pages: with and without an account, and what the receipt tells."""

import datetime
import re
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone, translation

from accounts.models import User
from contributions import actions as review
from contributions import tasks
from contributions.actions import key_of_reporter
from contributions.browsers import COOKIE
from contributions.mails import send_outcome
from contributions.models import Picture, Report, Status
from contributions.models.mailing import MAX_MAIL_TRIES
from contributions.models.report import TOLD_AFTER
from contributions.retention import forget_reports
from ideas.models import Initiative
from participatie.settings import CELERY_BEAT_SCHEDULE
from tests import scenes
from tests.contributions.test_reports import dossier_of, reported, with_picture
from tests.neighbourhood import NO_SUCH_KEY
from tests.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.either]

GOOD = {"category": "hate", "words": "This is about my family."}
YEAR = datetime.timedelta(days=366)


@pytest.fixture
def idea() -> Initiative:
    return scenes.initiative("A bench on the square", text="There is **no place** to sit.")


def later() -> datetime.datetime:
    """Return when an outcome of by now can be told."""
    return timezone.now() + TOLD_AFTER + datetime.timedelta(minutes=1)


def page_of(thing: Any, language: str = "en") -> str:
    return f"/{language}/melding/{thing.dossier_id}/"


def post(client: Client, path: str, data: dict[str, str] = GOOD, **more: Any) -> Any:
    return client.post(path, data, headers={"Origin": "http://testserver"}, **more)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def keep(thing: Any) -> None:
    review.keep(dossier=dossier_of(thing), by=scenes.moderator())


# --- The form ---


def test_whoever_reads_a_text_can_report_it_without_an_account(idea: Initiative) -> None:
    client = Client()
    page = client.get(page_of(idea))
    assert page.status_code == 200
    shown = page.content.decode()
    assert "A bench on the square" in shown
    assert "There is no place to sit." in shown
    assert "csrfmiddlewaretoken" not in shown
    answer = post(client, page_of(idea), {**GOOD, "email": "Reader@Voorbeeld.test"})
    report = Report.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/en/melding/bewijs/{report.token}/"
    assert (report.reporter, report.email, report.language) == (None, "reader@voorbeeld.test", "en")
    assert report.words == GOOD["words"]
    assert "sessionid" not in client.cookies
    key = client.cookies[COOKIE].value
    assert key not in report.reported_by_key


def test_a_second_time_one_is_led_to_the_receipt(idea: Initiative) -> None:
    client = Client()
    first = post(client, page_of(idea))["Location"]
    shown = words(client.get(page_of(idea)))
    assert "You reported this already." in shown
    answer = post(client, page_of(idea), {"category": "spam", "words": "Again"}, follow=True)
    assert answer.redirect_chain == [(first, 302)]
    assert "You reported this already." in words(answer)
    assert Report.objects.count() == 1
    # Somebody else's browser reports by itself.
    assert post(Client(), page_of(idea))["Location"] != first


def test_an_account_reports_once_in_whatever_browser_and_needs_its_token(idea: Initiative) -> None:
    person = scenes.person()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    assert post(strict, page_of(idea)).status_code == 403
    assert not Report.objects.exists()
    client = signed_in(person)
    assert "id_tell" in client.get(page_of(idea)).content.decode()
    location = post(client, page_of(idea), {**GOOD, "email": "other@voorbeeld.test"})["Location"]
    report = Report.objects.get()
    assert (report.reporter, report.email) == (person, "")
    assert post(signed_in(person), page_of(idea))["Location"] == location
    report.delete()
    post(signed_in(person), page_of(idea), {**GOOD, "tell": "on"})
    assert Report.objects.get().email == person.email


def test_a_visitors_form_from_another_site_is_refused(idea: Initiative) -> None:
    foreign = Client().post(page_of(idea), GOOD, headers={"Origin": "https://elders.example"})
    assert foreign.status_code == 403
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({}, "Choose what is wrong."),
        ({"category": "nonsense"}, "Select a valid choice"),
        ({"category": "other", "words": ""}, "Say in a few words what is wrong."),
        ({"category": "hate", "words": "x" * 2001}, "2,000|2000"),
        ({"category": "hate", "email": "no address"}, "e-mail|email"),
        ({"category": "picture"}, "Select a valid choice"),
    ],
)
def test_what_is_not_right_is_said_and_nothing_is_lost(
    idea: Initiative, told: dict[str, str], sentence: str
) -> None:
    answer = post(Client(), page_of(idea), {"words": "My own words", **told})
    assert answer.status_code == 422
    shown = answer.content.decode()
    with translation.override("en"):
        assert re.search(sentence, shown)
    assert told.get("words", "My own words") in shown
    assert not Report.objects.exists()


def test_a_flood_is_answered_with_a_sentence_and_loses_no_words(
    idea: Initiative, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contributions.limits.RATES", {"report": "2/h/ip"})
    monkeypatch.setattr("contributions.limits.RATES_PER_ACCOUNT", {"report": "2/h/user"})
    person = scenes.person()
    for clients in ([Client() for _number in range(3)], [signed_in(person)] * 3):
        codes = []
        for client in clients:
            target = scenes.initiative()
            answer = post(client, page_of(target), {**GOOD, "words": "Kept words"})
            codes.append(answer.status_code)
        assert codes == [302, 302, 429]
        shown = answer.content.decode()
        assert "Kept words" in shown
        assert "very many reports" in shown
    assert Report.objects.count() == 4
    # What a stranger writes into a header moves no limit.
    forged = Client().post(
        page_of(idea),
        GOOD,
        headers={"Origin": "http://testserver", "X-Forwarded-For": "203.0.113.9"},
    )
    assert forged.status_code == 429


def test_nobody_can_fill_the_inbox_of_a_stranger(
    idea: Initiative, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contributions.limits.RATES_PER_ADDRESS", {"report_mail": "4/d/key"})
    told = {**GOOD, "email": "stranger@voorbeeld.test"}
    for _again in range(3):
        assert post(Client(), page_of(idea), told).status_code == 302
    assert Report.objects.exclude(email="").count() == 1
    for _again in range(2):
        answer = post(Client(), page_of(scenes.initiative()), told, follow=True)
    assert "gets no e-mail about it" in answer.content.decode()
    assert Report.objects.count() == 5
    assert Report.objects.exclude(email="").count() == 2


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "rejected", "hidden"])
def test_what_is_not_on_the_site_has_no_page_to_report_it(status: str) -> None:
    hidden = scenes.initiative("Zqhidden", status=status)
    assert hidden.author is not None
    for client in (Client(), signed_in(scenes.person()), signed_in(hidden.author)):
        assert client.get(page_of(hidden)).status_code == 404
        assert post(client, page_of(hidden)).status_code == 404
    for wrong in ("0", "999999999999999999999", "x", "-1", "1.5"):
        assert Client().get(f"/en/melding/{wrong}/").status_code == 404
    for wrong in (f"beeld/{NO_SUCH_KEY}", "beeld/x", "bewijs/x", "bewijs/%00"):
        assert Client().get(f"/en/melding/{wrong}/").status_code == 404


def test_what_was_hidden_while_one_typed_is_said_to_be_gone(
    idea: Initiative, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hide_first(**told: Any) -> Any:
        scenes.bring(idea, Status.HIDDEN)
        return review.report(**told)

    monkeypatch.setattr("contributions.report_views.make_report", hide_first)
    answer = post(Client(), page_of(idea), {**GOOD, "words": "Kept words"})
    assert answer.status_code == 409
    assert "not on the site any more" in answer.content.decode()
    assert "Kept words" in answer.content.decode()


def test_ones_own_text_is_changed_not_reported(idea: Initiative) -> None:
    assert idea.author is not None
    client = signed_in(idea.author)
    assert "This is your own text, or you have a part in it." in words(client.get(page_of(idea)))
    assert post(client, page_of(idea)).status_code == 403
    assert "/melding/" not in client.get(idea.get_absolute_url()).content.decode()


# --- Where it stands ---


def test_every_text_and_every_picture_leads_to_its_report() -> None:
    office = scenes.granted("programme_office")
    idea = scenes.initiative()
    picture = with_picture(idea)
    comment = scenes.comment(idea)
    reply = scenes.comment(idea, "So do I", parent=comment)
    update = scenes.update(idea, picture=True)
    remark = scenes.remark()
    response = scenes.response(by=office)
    from ideas import actions

    answer = actions.answer(
        initiative=idea, by=office, outcome="adopted", text="We do this.", language="en"
    )
    actions.begin_work(initiative=idea, by=office)
    told = actions.report(initiative=idea, by=office, text="It goes well.", language="en")
    page = Client().get(idea.get_absolute_url()).content.decode()
    for thing in (idea, comment, reply, update, answer, told):
        assert f"/melding/{thing.dossier_id}/" in page, thing
    of_news = Picture.objects.get(dossier=update.dossier)
    for one in (picture, of_news):
        assert f"/melding/beeld/{one.key}/" in page
    figure = Client().get("/en/wijk/testwijk/rondkomen/").content.decode()
    for beside in (remark, response):
        assert f"/melding/{beside.dossier_id}/" in figure
    client = Client()
    for thing in (idea, comment, reply, update, answer, told, remark, response):
        form = client.get(page_of(thing))
        assert form.status_code == 200
        assert post(client, page_of(thing)).status_code == 302
    assert post(client, f"/en/melding/beeld/{picture.key}/").status_code == 302
    assert Report.objects.get(picture=picture).dossier_id == idea.dossier_id


def test_a_comment_that_was_taken_away_leads_nowhere() -> None:
    idea = scenes.initiative()
    comment = scenes.comment(idea)
    scenes.comment(idea, "An answer", parent=comment)
    scenes.bring(comment, Status.HIDDEN)
    page = Client().get(idea.get_absolute_url()).content.decode()
    assert f"/melding/{comment.dossier_id}/" not in page


@pytest.mark.parametrize("language", ["nl", "en", "pl", "bg", "ro", "ar"])
def test_it_is_there_in_every_language(idea: Initiative, language: str) -> None:
    client = Client()
    assert client.get(page_of(idea, language)).status_code == 200
    location = post(client, page_of(idea, language))["Location"]
    assert location.startswith(f"/{language}/melding/bewijs/")
    assert Report.objects.get().language == language
    assert client.get(location).status_code == 200


# --- The receipt ---


def test_the_receipt_says_what_when_and_until_when(idea: Initiative) -> None:
    made, _new = reported(idea, browser="one", words="zqmywords")
    answer = Client().get(f"/en/melding/bewijs/{made.token}/")
    assert answer["Cache-Control"].count("no-store")
    shown = words(answer)
    assert "A moderator still has to read it." in shown
    assert "By the end of" in shown
    assert "Initiative" in shown
    assert "zqmywords" not in shown


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [
        ("keep", "It may stay: it is not against the house rules."),
        ("hide", "A moderator took it off the site."),
        ("restore", "It is on the site now."),
        ("withdraw", "its author took it away"),
    ],
)
def test_the_receipt_tells_the_outcome_and_never_the_moderator_nor_the_hidden_words(
    ends: str, sentence: str
) -> None:
    scenes.moderator()
    idea = scenes.initiative("Zqtitle", text="zqtext", author=scenes.trusted(scenes.person()))
    made, _new = reported(idea, browser="one", words="zqmywords")
    reader = scenes.moderator()
    User.objects.filter(pk=reader.pk).update(display_name="Zqmoderator")
    rule = scenes.house_rule()
    if ends == "keep":
        review.keep(dossier=dossier_of(idea), by=reader)
    elif ends == "withdraw":
        assert idea.author is not None
        review.withdraw(contribution=idea, by=idea.author)
    else:
        review.hide(
            dossier=dossier_of(idea), by=reader, rule=rule, reason="zqreason", facts="zqfacts"
        )
    if ends == "restore":
        review.restore(dossier=dossier_of(idea), by=reader)
    shown = words(Client().get(f"/en/melding/bewijs/{made.token}/"))
    assert sentence in shown
    assert "zq" not in shown.lower()
    assert (rule.title in shown) == (ends in ("hide", "restore"))


def test_my_page_lists_what_i_reported_and_nobody_elses(idea: Initiative) -> None:
    person = scenes.person()
    mine, _new = reported(idea, by=person)
    other, _new = reported(idea, by=scenes.person())
    shown = signed_in(person).get("/en/account/").content.decode()
    assert mine.token in shown
    assert other.token not in shown


# --- The mail ---


def test_the_reporter_gets_one_mail_with_the_outcome_and_is_forgotten(
    idea: Initiative, settings: Any
) -> None:
    idea = scenes.initiative("Zqtitle", author=scenes.trusted(scenes.person()))
    made, _new = reported(
        idea, browser="one", email="reader@voorbeeld.test", language="nl", words="zqmywords"
    )
    assert not send_outcome(made.pk, now=later())
    keep(idea)
    # It can still be undone.
    assert not send_outcome(made.pk, now=timezone.now())
    assert not Report.objects.lost_at(timezone.now()).exists()
    assert list(Report.objects.lost_at(later())) == [made]
    assert send_outcome(made.pk, now=later())
    assert not send_outcome(made.pk, now=later())
    (sent,) = mail.outbox
    assert sent.to == ["reader@voorbeeld.test"]
    whole = f"{sent.subject}{sent.body}{sent.alternatives}"
    assert f"{settings.SITE_URL}/nl/melding/bewijs/{made.token}/" in whole
    # The random part of the address holds any two letters now and then.
    assert "zq" not in whole.replace(made.token, "").lower()
    made.refresh_from_db()
    assert made.email == ""
    assert made.mailed_at is not None


def test_the_sweep_asks_for_the_mails_that_are_due(
    idea: Initiative, monkeypatch: pytest.MonkeyPatch
) -> None:
    idea = scenes.initiative(author=scenes.trusted(scenes.person()))
    made, _new = reported(idea, browser="one", email="reader@voorbeeld.test")
    reported(idea, browser="without an address")
    keep(idea)
    asked: list[int] = []
    monkeypatch.setattr(tasks.send_report_outcome, "delay", asked.append)
    assert tasks.sweep_report_outcomes() == 0
    before = timezone.now() - TOLD_AFTER - datetime.timedelta(minutes=1)
    Report.objects.update(closed_at=before, created_at=before)
    assert tasks.sweep_report_outcomes() == 1
    assert asked == [made.pk]
    tasks.send_report_outcome(made.pk)
    assert len(mail.outbox) == 1
    scheduled = {entry["task"] for entry in CELERY_BEAT_SCHEDULE.values()}
    assert {tasks.sweep_report_outcomes.name, tasks.forget_reports.name} <= scheduled


def test_a_mail_server_that_is_away_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    idea = scenes.initiative(author=scenes.trusted(scenes.person()))
    made, _new = reported(idea, browser="one", email="reader@voorbeeld.test")
    keep(idea)

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise SMTPException("reader@voorbeeld.test is full")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", fail)
        assert not send_outcome(made.pk, now=later())
    made.refresh_from_db()
    assert (made.mail_tries, made.email) == (1, "reader@voorbeeld.test")
    assert send_outcome(made.pk, now=later() + datetime.timedelta(minutes=5))
    Report.objects.update(email="reader@voorbeeld.test", mailed_at=None, mail_tries=MAX_MAIL_TRIES)
    forget_reports(now=timezone.now() + datetime.timedelta(days=31))
    assert Report.objects.get().email == ""


# --- Moderators, and the author ---


def test_a_moderator_reads_the_reports_beside_the_text_and_not_who_made_them(
    idea: Initiative,
) -> None:
    person = scenes.person("Zqreporter")
    reported(idea, by=person, words="zqwords", language="pl", email=person.email)
    for number in range(5):
        reported(idea, browser=str(number))
    page = f"/en/moderatie/{idea.dossier_id}/"
    shown = signed_in(scenes.moderator()).get(page).content.decode()
    assert '<blockquote lang="pl" dir="auto">zqwords</blockquote>' in shown
    assert "New account, or none" in shown
    assert "6 open reports" in shown
    assert "Many new accounts reported this at once." in shown
    assert "Zqreporter" not in shown
    assert person.email not in shown
    assert all(token not in shown for token in Report.objects.values_list("token", flat=True))
    queue = signed_in(scenes.moderator()).get("/en/moderatie/").content.decode()
    assert "Reported" in queue


def test_the_author_sees_nothing_of_it(idea: Initiative) -> None:
    person = scenes.person("Zqreporter")
    assert idea.author is not None
    client = signed_in(idea.author)
    pages = (
        idea.get_absolute_url(),
        f"{idea.get_absolute_url()}wijzigen/",
        f"/en/bericht/{idea.dossier_id}/geschiedenis/",
        "/en/account/",
    )
    before = {page: words(client.get(page)) for page in pages}
    reported(idea, by=person, words="zqwords")
    for page in pages:
        shown = words(client.get(page))
        assert shown == before[page], page
    scenes.bring(idea, Status.HIDDEN)
    for page in (pages[0], pages[2], pages[3]):
        assert "zq" not in words(client.get(page)).lower()
    assert client.get(f"/en/moderatie/{idea.dossier_id}/").status_code == 404


# --- How long it is kept ---


def test_a_year_after_the_outcome_words_and_keys_are_emptied(
    idea: Initiative, settings: Any
) -> None:
    idea = scenes.initiative(author=scenes.trusted(scenes.person()))
    person = scenes.person()
    closed, _new = reported(idea, by=person)
    keep(idea)
    still_open, _new = reported(idea, by=person)
    assert forget_reports(now=timezone.now() + datetime.timedelta(days=364)) == 0
    assert forget_reports(now=timezone.now() + YEAR) == 1
    assert forget_reports(now=timezone.now() + YEAR) == 0
    closed.refresh_from_db()
    assert (closed.words, closed.reported_by_key, closed.reporter) == ("", "", None)
    assert closed.outcome == Report.Outcome.KEPT
    still_open.refresh_from_db()
    assert still_open.words
    assert still_open.reported_by_key == key_of_reporter(person, "")
