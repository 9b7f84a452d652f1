"""House rules: in versions, so that a decision keeps pointing at the words it was taken under."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Role
from contributions import actions
from contributions.actions import NotPossibleNow, replace_house_rule
from contributions.loading import load_house_rules
from contributions.models import Decision, HouseRule, Status
from tests import scenes
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db


def reworded(rule: HouseRule, text: str) -> HouseRule:
    changed = HouseRule.objects.get(pk=rule.pk)
    changed.text = text
    return replace_house_rule(rule=changed)


class TestVersions:
    def test_other_words_make_a_new_version_and_the_old_one_stays(self):
        rule = scenes.house_rule()

        new = reworded(rule, "Be kind to everybody.")

        rule.refresh_from_db()
        assert new.pk != rule.pk
        assert (rule.version, new.version) == (1, 2)
        assert (rule.text, new.text) == ("Be kind.", "Be kind to everybody.")
        assert rule.valid_until == new.valid_from
        assert new.valid_until is None

    def test_a_decision_keeps_pointing_at_the_old_words(self):
        text, rule = scenes.initiative(status=Status.SUBMITTED), scenes.house_rule()
        actions.reject(dossier=text.dossier, by=scenes.moderator(), rule=rule, reason="Not kind.")

        reworded(rule, "Be kind to everybody.")

        assert Decision.objects.get(dossier=text.dossier).rule.text == "Be kind."

    def test_one_version_holds_at_each_moment(self):
        rule = scenes.house_rule()
        new = reworded(rule, "Be kind to everybody.")
        rule.refresh_from_db()
        second = datetime.timedelta(seconds=1)

        assert list(HouseRule.objects.in_force(new.valid_from)) == [new]
        assert list(HouseRule.objects.in_force(new.valid_from + second)) == [new]
        assert list(HouseRule.objects.in_force(rule.valid_from)) == [rule]
        assert list(HouseRule.objects.in_force(rule.valid_from - second)) == []

    def test_an_old_version_is_not_changed_any_more(self):
        rule = scenes.house_rule()
        reworded(rule, "Be kind to everybody.")

        with pytest.raises(NotPossibleNow):
            reworded(rule, "Be kind to nobody.")

    def test_the_database_keeps_one_in_force_and_each_version_once(self):
        rule = scenes.house_rule()

        with pytest.raises(IntegrityError), transaction.atomic():
            HouseRule.objects.create(code=rule.code, version=2, title="x", text="x")
        with pytest.raises(IntegrityError), transaction.atomic():
            HouseRule.objects.create(
                code=rule.code, version=1, title="x", text="x", valid_until=timezone.now()
            )

    @pytest.mark.postgresql
    @pytest.mark.django_db(transaction=True)
    def test_of_many_rewordings_at_once_one_becomes_the_next_version(self):
        rule = scenes.house_rule()

        outcomes = at_once(
            [lambda number=number: reworded(rule, f"Wording {number}") for number in range(CALLERS)]
        )

        made = [outcome for outcome in outcomes if isinstance(outcome, HouseRule)]
        refused = [outcome for outcome in outcomes if isinstance(outcome, NotPossibleNow)]
        assert (len(made), len(refused)) == (1, CALLERS - 1), outcomes
        assert HouseRule.objects.count() == 2


class TestLoading:
    def test_the_first_rules_are_loaded_once_in_the_five_languages(self):
        created = load_house_rules()

        assert created == HouseRule.objects.count() > 3
        assert load_house_rules() == 0
        for rule in HouseRule.objects.all():
            for code in ("nl", "en", "pl", "bg", "ro"):
                with translation.override(code):
                    assert rule.title
                    assert rule.text
            assert len({rule.title_nl, rule.title_en, rule.title_pl, rule.title_bg}) == 4

    def test_what_staff_changed_is_left_alone(self):
        load_house_rules()
        rule = HouseRule.objects.get(code="respect")
        rule.text_nl = "Wees aardig."
        replace_house_rule(rule=rule)

        assert load_house_rules() == 0
        in_force = HouseRule.objects.get(code="respect", valid_until=None)
        assert (in_force.version, in_force.text_nl) == (2, "Wees aardig.")


class TestInTheAdmin:
    @pytest.fixture
    def office(self, client: Client) -> Client:
        client.force_login(scenes.granted(Role.PROGRAMME_OFFICE))
        return client

    def words(self, **changed: str) -> dict[str, str]:
        return {
            "order": "1",
            "title_nl": "Wees vriendelijk",
            "text_nl": "Scheld niet.",
            "title_en": "Be kind",
            "text_en": "No insults.",
            **changed,
        }

    def rule(self) -> HouseRule:
        return HouseRule.objects.create(
            code="respect",
            order=1,
            title_nl="Wees vriendelijk",
            text_nl="Scheld niet.",
            title_en="Be kind",
            text_en="No insults.",
        )

    def change_url(self, rule: HouseRule) -> str:
        return reverse("admin:contributions_houserule_change", args=[rule.pk])

    def test_saving_other_words_makes_a_new_version(self, office: Client):
        rule = self.rule()

        response = office.post(self.change_url(rule), self.words(text_en="No insults, please."))

        assert response.status_code == 302
        old, new = HouseRule.objects.order_by("version")
        assert (old.text_en, new.text_en) == ("No insults.", "No insults, please.")
        assert (old.text_nl, new.text_nl) == ("Scheld niet.", "Scheld niet.")
        assert old.valid_until is not None
        assert new.version == 2

    def test_saving_the_same_words_makes_none(self, office: Client):
        rule = self.rule()

        response = office.post(self.change_url(rule), self.words())

        assert response.status_code == 302
        assert HouseRule.objects.get() == rule

    def test_an_old_version_can_be_read_and_not_saved(self, office: Client):
        rule = self.rule()
        office.post(self.change_url(rule), self.words(text_en="No insults, please."))

        office.post(self.change_url(rule), self.words(text_en="Insult everybody."))

        assert not HouseRule.objects.filter(text_en="Insult everybody.").exists()

    def test_a_new_rule_holds_at_once(self, office: Client):
        response = office.post(
            reverse("admin:contributions_houserule_add"), self.words(code="no-adverts")
        )

        assert response.status_code == 302
        rule = HouseRule.objects.get()
        assert (rule.code, rule.version, rule.valid_until) == ("no-adverts", 1, None)

    def test_a_code_that_a_rule_has_is_not_given_to_another(self, office: Client):
        self.rule()

        response = office.post(
            reverse("admin:contributions_houserule_add"), self.words(code="respect")
        )

        assert response.status_code == 200
        assert HouseRule.objects.count() == 1

    def test_a_rule_is_never_deleted(self, office: Client):
        rule = self.rule()

        response = office.post(
            reverse("admin:contributions_houserule_delete", args=[rule.pk]), {"post": "yes"}
        )

        assert response.status_code == 403
        assert HouseRule.objects.get() == rule
