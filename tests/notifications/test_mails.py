"""What people are told by mail: in their language, to be stopped there, and nothing that tracks."""

import re
from typing import Any

import pytest

from accounts.models import User
from notifications.actions import choose
from notifications.sending import send_waiting
from tests import scenes
from tests.notifications import happenings
from tests.notifications.happenings import DECIDED, FOLLOWED, REPLIED, delivery, told
from tests.notifications.mailbox import Mailbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("happening")]


def reader(language: str = "en", **chosen: Any) -> User:
    """Return somebody who has no quiet hours: tests run at night, too."""
    person = scenes.person(language=language)
    choose(person=person, fields={"quiet": False, **chosen})
    return person


def test_a_mail_has_a_text_and_a_page_with_the_words_quoted_and_a_link(mailbox: Mailbox):
    person = reader()
    told(person)

    assert send_waiting("mail") == 1

    assert mailbox.addresses == [person.email]
    assert mailbox.message()["Subject"] == f"Told: {happenings.TITLE}"
    for body in (mailbox.text(), mailbox.html()):
        assert f"Told: {happenings.TITLE}" in body
        assert "Dutch" in body
        assert f"Fatima told something about {happenings.TITLE}." in body
        assert "Dan kunnen ouders zitten" in body
        assert "https://buurten.example/en/idee/1/" in body
    assert '<html lang="en" dir="ltr">' in mailbox.html()
    (quote,) = re.findall(r"<blockquote [^>]*>", mailbox.html())
    assert 'lang="nl"' in quote
    assert 'dir="auto"' in quote


def test_styles_stand_in_the_tags_and_nothing_is_fetched_from_anywhere(mailbox: Mailbox):
    told(reader())

    send_waiting("mail")

    html = mailbox.html()
    assert re.search(r'<td class="press" style="[^"]*background-color: #0b5d57', html)
    assert "prefers-color-scheme: dark" in html
    assert not re.search(r"<img|<link|<script|url\(|{%|{{", html)


@pytest.mark.parametrize("language", ["nl", "en", "pl", "bg", "ro", "ar"])
def test_a_mail_is_in_the_language_of_its_reader(mailbox: Mailbox, language: str):
    told(reader(language))

    send_waiting("mail")

    assert f'<html lang="{language}"' in mailbox.html()
    assert ('dir="rtl"' in mailbox.html()) == (language == "ar")
    assert f"https://buurten.example/{language}/idee/1/" in mailbox.text()
    assert f"https://buurten.example/{language}/" in mailbox.message()["List-Unsubscribe"]


def test_what_can_be_stopped_says_how_in_its_headers_and_in_its_words(mailbox: Mailbox):
    told(reader())

    send_waiting("mail")

    message = mailbox.message()
    stop = message["List-Unsubscribe"].strip()
    assert re.fullmatch(r"<https://buurten\.example/en/\S+>", stop)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"]
    assert message["Date"]
    for body in (mailbox.text(), mailbox.html()):
        assert stop.strip("<>") in body
        assert "You get this mail because it is about something of yours." in body


def test_what_must_be_told_cannot_be_stopped_and_says_why(mailbox: Mailbox):
    told(reader(pace="about_me"), DECIDED)

    send_waiting("mail")

    assert mailbox.message()["List-Unsubscribe"] is None
    assert mailbox.message()["List-Unsubscribe-Post"] is None
    assert "it is about you and you have to know it" in mailbox.text()
    assert "Stop mails like this one" not in mailbox.text()


def test_a_title_writes_no_headers_of_its_own(mailbox: Mailbox):
    happenings.titles[1] = (
        "Hoi\r\nBcc: iedereen@voorbeeld.test\r\n\r\n<b>Koop</b>\u202e \u2028nu\x00"
    )
    told(reader())

    send_waiting("mail")

    assert mailbox.message()["Bcc"] is None
    assert mailbox.message()["Subject"] == ("Told: Hoi Bcc: iedereen@voorbeeld.test <b>Koop</b> nu")
    assert "<b>Koop</b>" not in mailbox.html()
    assert "&lt;b&gt;Koop&lt;/b&gt;" in mailbox.html()


def test_a_long_title_is_cut_in_the_subject_alone(mailbox: Mailbox):
    happenings.titles[1] = "Bankjes " * 40
    told(reader())

    send_waiting("mail")

    subject = mailbox.message()["Subject"]
    assert len(subject) <= 120
    assert subject.endswith("Bankjes…")
    # Whole at the head of the mail, and in its sentence.
    assert mailbox.text().count("Bankjes") == 2 * 40


def test_words_that_look_like_a_template_stay_words(mailbox: Mailbox):
    happenings.titles[1] = "50%% {{ site_url }} {% now 'Y' %} %(name)s"
    told(reader())

    send_waiting("mail")

    assert mailbox.message()["Subject"] == "Told: 50%% {{ site_url }} {% now 'Y' %} %(name)s"


def test_a_picture_is_shown_only_where_everybody_may_fetch_it(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
):
    from dataclasses import replace

    from notifications import mails
    from notifications.kinds import About

    person = reader()
    about = About(path="/en/idee/1/", values={"title": "A", "name": "B"})
    for path, is_shown in [
        ("/robots.txt", True),
        ("/en/moderatie/", False),
        ("/nergens.webp", False),
        ("https://elders.example/volg.gif", False),
        ("//elders.example/volg.gif", False),
    ]:
        message = mails.compose(REPLIED, replace(about, picture=path), to=person)
        html = str(message.alternatives[0][0])
        assert ("<img" in html) == is_shown, path
        assert "elders.example" not in html


def test_a_mail_waits_for_the_morning_but_a_decision_does_not(mailbox: Mailbox, time_machine: Any):
    time_machine.move_to("2026-11-30T22:30:00Z", tick=False)
    person = scenes.person(language="en")
    about_theirs, decided = told(person), told(person, DECIDED)

    send_waiting("mail")

    assert [delivery(one).state for one in (about_theirs, decided)] == ["waiting", "sent"]
    time_machine.move_to("2026-12-01T06:00:01Z", tick=False)
    send_waiting("mail")
    assert delivery(about_theirs).state == "sent"
    assert delivery(about_theirs).tries == 1


def test_who_may_not_sign_in_is_told_what_must_be_told_and_nothing_else(mailbox: Mailbox):
    person = reader()
    reply, decided = told(person), told(person, DECIDED)
    User.objects.filter(pk=person.pk).update(is_active=False)
    told(person, subject=2)

    send_waiting("mail")

    assert [delivery(one).state for one in (reply, decided)] == ["dropped", "sent"]
    assert len(mailbox.received) == 1


def test_nothing_of_what_is_followed_is_mailed_to_who_gets_a_letter(mailbox: Mailbox):
    told(reader(), FOLLOWED)

    assert send_waiting("mail") == 0
