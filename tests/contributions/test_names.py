"""Names on screen: they stand at once and are read after; hidden ones are gone everywhere."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions import introduce, tell_age
from accounts.models import Organisation, User
from contributions import actions
from contributions.models import Decision, Dossier, Report, ShownName, Status
from contributions.privacy import empty_sealed_texts
from contributions.review import can_review, published_by
from ideas.models import Initiative
from tests import scenes
from tests.pages import words

pytestmark = pytest.mark.django_db


def shows(person: User, name: str, **told: Any) -> User:
    return introduce(
        user=person,
        display_name=name,
        kind=told.get("kind", User.Kind.RESIDENT),
        business_name=told.get("business_name", ""),
        age_band=told.get("age_band", "27-54"),
    )


def name_of(person: User) -> ShownName:
    return ShownName.objects.select_related("dossier").get(author=person)


def public_name(person: User) -> str:
    return User.objects.get(pk=person.pk).public_name


def hide(person: User) -> None:
    actions.hide(
        dossier=name_of(person).dossier,
        by=scenes.moderator(),
        rule=scenes.house_rule(),
        reason="Not kind.",
    )


class TestWaiting:
    def test_before_a_contribution_nobody_reads_a_name(self):
        scenes.person("Anna")

        assert not ShownName.objects.exists()

    def test_with_the_first_one_it_is_read_after_it_stands(self):
        anna = scenes.person("Anna")
        where = scenes.area()
        scenes.initiative(author=anna, status=Status.SUBMITTED, where=where)

        name = name_of(anna)
        assert (name.status, name.dossier.review) == (Status.PUBLISHED, Dossier.Review.AFTER)
        assert (name.area, name.dossier.area, name.language) == (where, where, "nl")
        assert str(name) == "Anna"
        assert public_name(anna) == "Anna"

    def test_a_draft_does_not_count(self):
        anna = scenes.person("Anna")
        scenes.draft(author=anna)
        shows(anna, "Annie")

        assert not ShownName.objects.exists()

    def test_the_second_contribution_brings_no_second_row(self):
        anna = scenes.person("Anna")
        scenes.initiative(author=anna)
        actions.keep(dossier=name_of(anna).dossier, by=scenes.moderator())
        scenes.initiative(author=anna)

        assert name_of(anna).dossier.waiting_since is None

    def test_a_pseudonym_is_not_read(self):
        scenes.initiative(author=scenes.person())

        assert not ShownName.objects.exists()

    @pytest.mark.parametrize("age_band", ["", "12-15"])
    def test_under_16_there_is_nothing_to_read(self, age_band: str):
        person = scenes.person("Anna")
        scenes.initiative(author=person)
        ShownName.objects.update(display_name="")
        shows(person, "Annie", age_band=age_band)

        assert ShownName.objects.get().display_name == ""

    def test_who_turns_16_shows_a_name_that_is_read(self):
        person = scenes.person("Anna", age_band="12-15")
        scenes.initiative(author=person)
        assert not ShownName.objects.exists()

        tell_age(user=person, age_band="16-17")

        assert name_of(person).dossier.review == Dossier.Review.AFTER

    def test_another_name_waits_anew_and_stands_meanwhile(self):
        anna = scenes.person("Anna")
        scenes.initiative(author=anna)
        actions.keep(dossier=name_of(anna).dossier, by=scenes.moderator())

        shows(anna, "Annie")

        assert name_of(anna).dossier.review == Dossier.Review.AFTER
        assert public_name(anna) == "Annie"

    def test_a_business_name_is_one_too(self):
        anna = scenes.person()
        scenes.initiative(author=anna)

        shows(anna, "", kind="entrepreneur", business_name="Anna's bread")

        assert str(name_of(anna)) == "Anna's bread"

    def test_the_same_name_again_does_not_wait(self):
        anna = scenes.person("Anna")
        scenes.initiative(author=anna)
        actions.keep(dossier=name_of(anna).dossier, by=scenes.moderator())

        shows(anna, "Anna")

        assert name_of(anna).dossier.waiting_since is None

    def test_a_name_that_was_taken_away_is_not_read_any_more(self):
        anna = scenes.person("Anna")
        scenes.initiative(author=anna)

        shows(anna, "")

        assert name_of(anna).dossier.waiting_since is None

    def test_a_name_is_no_text_by_which_somebody_is_trusted(self):
        anna = scenes.person("Anna")
        scenes.initiative(author=anna)

        assert published_by(anna) == 1


class TestHiding:
    def test_a_hidden_name_is_gone_everywhere_at_once(self, client: Client):
        anna = scenes.person("Zqanna")
        text = scenes.initiative(author=anna)
        assert "Zqanna" in words(client.get(text.get_absolute_url()))

        hide(anna)

        assert public_name(anna) == anna.pseudonym
        page = client.get(text.get_absolute_url())
        assert "Zqanna" not in page.content.decode()

    def test_it_comes_back_when_it_is_shown_again(self):
        anna = scenes.person("Anna")
        scenes.initiative(author=anna)
        hide(anna)

        actions.restore(dossier=name_of(anna).dossier, by=scenes.moderator())

        assert public_name(anna) == "Anna"

    def test_and_when_the_decision_is_undone(self):
        anna = scenes.person("Anna")
        scenes.initiative(author=anna)
        hide(anna)
        decision = Decision.objects.last()

        actions.undo(decision=decision, by=decision.decided_by)

        assert public_name(anna) == "Anna"
        assert name_of(anna).dossier.review == Dossier.Review.AFTER

    def test_another_name_is_read_before_it_shows(self):
        anna = scenes.person("Anna")
        scenes.initiative(author=anna)
        hide(anna)

        shows(anna, "Annie")

        name = name_of(anna)
        assert (name.status, name.dossier.review) == (Status.SUBMITTED, Dossier.Review.BEFORE)
        assert public_name(anna) == anna.pseudonym
        actions.publish(dossier=name.dossier, by=scenes.moderator())
        assert public_name(anna) == "Annie"

    def test_a_name_that_was_refused_can_be_followed_by_another(self):
        anna = scenes.person("Anna")
        scenes.initiative(author=anna)
        hide(anna)
        shows(anna, "Annie")
        reader = scenes.moderator()
        actions.send_back(dossier=name_of(anna).dossier, by=reader, reason="Another one.")
        assert public_name(anna) == anna.pseudonym

        shows(anna, "Ann")
        shows(anna, "")
        shows(anna, "Anne")

        assert name_of(anna).dossier.review == Dossier.Review.BEFORE
        assert public_name(anna) == anna.pseudonym

    def test_a_moderator_reads_it_in_the_queue_and_its_owner_the_decision(self, client: Client):
        anna = scenes.person("Zqanna")
        scenes.initiative(author=anna)
        name = name_of(anna)
        client.force_login(scenes.moderator())
        assert "Zqanna" in words(client.get("/en/moderatie/?kind=name"))
        assert "Zqanna" in words(client.get(f"/en/moderatie/{name.dossier_id}/"))

        hide(anna)
        client.force_login(anna)

        assert "Not kind." in words(client.get(name.get_absolute_url()))

    def test_nobody_decides_about_their_own_name(self):
        reader = scenes.granted("moderator", user=scenes.person("Mo"))
        scenes.initiative(author=reader)

        with pytest.raises(actions.NotAllowed):
            actions.keep(dossier=name_of(reader).dossier, by=reader)

    def test_texts_stay_where_a_name_goes(self):
        anna = scenes.person("Anna")
        text = scenes.initiative(author=anna)
        hide(anna)

        assert Initiative.objects.published().filter(pk=text.pk).exists()


class TestWhoIsKeptFromWriting:
    def test_another_name_is_read_first(self):
        anna = scenes.person("Anna")
        text = scenes.initiative(author=anna)
        warning = actions.warn(
            dossier=text.dossier,
            by=(reader := scenes.moderator()),
            rule=scenes.house_rule(),
            reason="Not kind.",
        )
        actions.pause(decision=warning, by=reader, days=3)

        shows(anna, "Zqscold")

        assert (name_of(anna).status, name_of(anna).dossier.review) == ("submitted", "before")
        assert public_name(anna) == anna.pseudonym
        actions.publish(dossier=name_of(anna).dossier, by=reader)
        assert public_name(anna) == "Zqscold"


class TestReporting:
    def test_the_page_to_report_a_text_leads_to_the_name(self):
        anna = scenes.person("Anna")
        text = scenes.initiative(author=anna)
        where = f"/en/melding/{name_of(anna).dossier_id}/"
        assert where in Client().get(f"/en/melding/{text.dossier_id}/").content.decode()

        page = Client().get(where)
        assert page.status_code == 200
        assert "Anna" in page.content.decode()
        answer = Client().post(
            where, {"category": "hate"}, headers={"Origin": "http://testserver"}, follow=True
        )
        assert answer.status_code == 200
        assert Report.objects.get().dossier == name_of(anna).dossier

    def test_a_name_that_does_not_show_is_told_to_nobody(self):
        anna = scenes.person("Zqanna")
        text = scenes.initiative(author=anna)
        tell_age(user=anna, age_band="12-15")
        for dossier in (text.dossier_id, name_of(anna).dossier_id):
            assert "Zqanna" not in Client().get(f"/en/melding/{dossier}/").content.decode()
        assert Client().get(f"/en/melding/{name_of(anna).dossier_id}/").status_code == 404

    def test_nor_who_wrote_in_the_name_of_an_organisation(self):
        anna = scenes.person("Zqanna")
        text = scenes.initiative(author=anna)
        body = Organisation.objects.create(name="The shops", kind="shop_street")
        Initiative.objects.update(on_behalf_of=body)
        page = Client().get(f"/en/melding/{text.dossier_id}/")
        assert "Report this name" not in page.content.decode()
        assert Client().get(f"/en/melding/{name_of(anna).dossier_id}/").status_code == 404


def test_after_its_words_were_emptied_another_name_can_come(settings: Any):
    anna = scenes.person("Anna")
    scenes.initiative(author=anna)
    hide(anna)
    later = timezone.now() + datetime.timedelta(days=settings.SEALED_KEPT_DAYS + 1)
    assert empty_sealed_texts(now=later)
    assert name_of(anna).display_name == ""

    shows(anna, "Annie")

    reader = scenes.moderator()
    assert can_review(reader, name_of(anna))
    actions.publish(dossier=name_of(anna).dossier, by=reader)
    assert public_name(anna) == "Annie"
