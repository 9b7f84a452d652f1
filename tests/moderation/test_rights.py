"""Measures, pictures and appeals as moderators meet them on their pages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from contributions import actions
from contributions.actions import version_of
from contributions.models import Appeal, Decision, Measure, Picture, Status
from ideas.models import Initiative
from tests import scenes
from tests.contributions.test_appeals import appealed, with_picture
from tests.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def signed_in(who: Any = None) -> Client:
    client = Client()
    client.force_login(who or scenes.moderator())
    return client


def decide(client: Client, text: Initiative, decision: str, **typed: Any) -> Any:
    data = {
        "decision": decision,
        "seen": version_of(Initiative.objects.get(pk=text.pk)),
        "rule": scenes.house_rule().pk,
        "reason": "Niet netjes.",
        **typed,
    }
    return client.post(reverse("moderation:item", args=[text.dossier_id]), data)


@pytest.mark.parametrize("decision", ["hide", "warn"])
def test_a_pause_comes_with_a_decision_in_one_step(decision: str):
    text = scenes.initiative()

    assert decide(signed_in(), text, decision, pause_days="7").status_code == 302

    measure = Measure.objects.get()
    assert (measure.person, measure.reason) == (text.author, "Niet netjes.")
    assert measure.decision == Decision.objects.last()


def test_a_pause_of_more_than_ninety_days_decides_nothing():
    text = scenes.initiative()

    assert decide(signed_in(), text, "hide", pause_days="91").status_code == 422

    text.refresh_from_db()
    assert text.status == Status.PUBLISHED


def test_who_has_a_role_is_not_ended_and_the_text_stays_as_it_is():
    text = scenes.initiative(author=scenes.granted(Role.MESSENGER))

    response = decide(signed_in(), text, "hide", ends_account="on")

    assert response.status_code == 422
    text.refresh_from_db()
    assert text.status == Status.PUBLISHED


def test_one_picture_is_hidden_and_shown_again():
    text, picture = with_picture()
    client = signed_in()

    assert decide(client, text, "hide_picture").status_code == 422
    assert decide(client, text, "hide_picture", picture=picture.pk).status_code == 302
    assert not Picture.objects.shown().exists()
    assert decide(client, text, "hide_picture", picture=picture.pk).status_code == 422
    assert decide(client, text, "show_picture", picture=picture.pk).status_code == 302
    assert Picture.objects.shown().exists()


def test_an_end_is_agreed_with_by_another_or_refused_with_a_reason():
    text, first = scenes.initiative(), scenes.moderator()
    decide(signed_in(first), text, "warn", ends_account="on")
    measure = Measure.objects.get()
    agree = reverse("moderation:agree_measure", args=[measure.pk])

    assert signed_in(first).post(agree).status_code == 403
    other = signed_in()
    page = other.get(reverse("moderation:measures"))
    assert text.author is not None
    assert text.author.public_name in words(page)
    assert other.post(agree).status_code == 302

    measure.refresh_from_db()
    assert measure.agreed_at is not None
    lift = reverse("moderation:measure", args=[measure.pk])
    assert other.post(lift, {"reason": ""}).status_code == 422
    assert other.post(lift, {"reason": "We spraken elkaar."}).status_code == 302
    assert other.post(lift, {"reason": "Nog een keer."}).status_code == 409


def test_what_a_colleague_judged_just_before_is_a_conflict_and_nothing_is_lost():
    text = scenes.initiative(status=Status.HIDDEN)
    made = appealed(text)
    url = reverse("moderation:appeal", args=[made.pk])
    late = signed_in()
    seen = late.get(url).context["form"]["seen"].value()
    actions.judge(appeal=made, by=scenes.moderator(), granted=False, reason="Een naam.")

    response = late.post(
        url,
        {"outcome": "granted", "reason": "Mijn woorden", "words_language": "nl", "seen": seen},
    )

    assert response.status_code == 409
    assert Appeal.objects.get().outcome == "refused"


def test_a_judgement_without_a_reason_is_asked_for():
    made = appealed(scenes.initiative(status=Status.HIDDEN))

    response = signed_in().post(
        reverse("moderation:appeal", args=[made.pk]), {"outcome": "granted", "reason": " "}
    )

    assert response.status_code == 422


def test_the_office_sees_what_nobody_can_judge():
    made = appealed(scenes.initiative(status=Status.HIDDEN))
    office = signed_in(scenes.granted(Role.PROGRAMME_OFFICE))
    decider = Decision.objects.last()
    assert decider is not None

    page = office.get(reverse("moderation:appeals"))
    assert page.context["rows"][0].has_no_judge
    assert office.get(reverse("moderation:appeal", args=[made.pk])).status_code == 404

    scenes.moderator()
    assert not office.get(reverse("moderation:appeals")).context["rows"][0].has_no_judge
