"""The record of acts: who did what by which role, and that nothing of it ever changes."""

import importlib
import inspect
import pkgutil
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts import actions as people
from accounts import factors
from accounts.admin_site import OnTheRecord
from accounts.models import Organisation, Role, RoleAct, User
from accounts.record import NotACode, note_act, on_the_record
from accounts.records import AppendOnly
from contributions import actions as review
from contributions.actions import NotAllowed, ReasonMissing
from contributions.models import Decision, Status
from jongerenraad.actions.votes import cast_vote, close_vote
from jongerenraad.models import Membership, Office
from tests import councils, scenes
from tests.jongerenraad import voting

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)


def acts_of(person: User) -> list[str]:
    return list(RoleAct.objects.filter(by=person).order_by("pk").values_list("act", flat=True))


def last_act() -> RoleAct:
    act = RoleAct.objects.first()
    assert act is not None
    return act


class TestWhatIsOnIt:
    def test_a_decision_is_on_the_record_with_the_roles_held_then_and_without_its_words(self):
        text, rule = scenes.initiative(status=Status.SUBMITTED), scenes.house_rule()
        moderator = scenes.granted(Role.PROGRAMME_OFFICE, user=scenes.moderator())

        made = review.reject(
            dossier=text.dossier, by=moderator, rule=rule, reason="Not kind.", facts="the 2nd line"
        )

        act = RoleAct.objects.get(by=moderator)
        assert act.act == "contributions.reject"
        assert act.roles == "moderator,programme_office"
        assert (act.about, act.about_pk) == ("contributions.dossier", text.dossier_id)
        assert act.details == {"rule": rule.pk, "made": f"contributions.decision:{made.pk}"}

    @pytest.mark.django_db(transaction=True)
    def test_what_was_refused_is_not_on_it_and_what_cannot_be_put_on_it_is_not_done(
        self, monkeypatch: pytest.MonkeyPatch
    ):
        text, moderator = scenes.initiative(status=Status.SUBMITTED), scenes.moderator()
        with pytest.raises(ReasonMissing):
            review.send_back(dossier=text.dossier, by=moderator, reason="")
        with pytest.raises(NotAllowed):
            review.publish(dossier=text.dossier, by=scenes.granted(Role.CORE_TEAM))
        assert not RoleAct.objects.exists()

        monkeypatch.setattr("accounts.record.RoleAct.objects.create", _refuse)
        with pytest.raises(DatabaseError):
            review.publish(dossier=text.dossier, by=moderator)

        assert not Decision.objects.filter(dossier=text.dossier).exists()
        text.refresh_from_db()
        assert text.status == Status.SUBMITTED

    def test_what_residents_do_for_themselves_is_not_on_it(self):
        scenes.initiative(author=scenes.person())
        scenes.initiative(author=scenes.moderator())

        assert not RoleAct.objects.filter(act__contains="hand_in").exists()
        assert set(RoleAct.objects.values_list("act", flat=True)) <= {"contributions.publish"}

    def test_a_grant_and_its_end_are_on_it_also_of_ones_own(self):
        first, second = (scenes.granted(Role.ADMINISTRATOR) for _ in range(2))
        newcomer = scenes.person()

        grant = people.grant_role(granted_by=first, user=newcomer, role=Role.MODERATOR)
        people.end_grant(grant=grant, ended_by=first)
        people.end_grant(grant=second.grants.get(), ended_by=second)

        granted, ended = RoleAct.objects.filter(by=first).order_by("pk")
        assert (granted.act, granted.about_pk) == ("accounts.grant_role", newcomer.pk)
        assert granted.details == {"made": f"accounts.rolegrant:{grant.pk}"}
        assert (ended.act, ended.about_pk) == ("accounts.end_grant", grant.pk)
        own = RoleAct.objects.get(by=second)
        assert own.roles == "administrator", "The role that was held when the act began."

    def test_taking_a_second_step_away_is_on_it(self):
        helper, who = scenes.granted(Role.ADMINISTRATOR), scenes.person()

        factors.reset(user=who, by=helper)

        assert RoleAct.objects.get(by=helper).about_pk == who.pk

    def test_a_seat_is_named_like_a_role(self):
        council = councils.council()
        chair = councils.holder(council, Office.CHAIR)

        voting.opened(council, by=chair)

        act = RoleAct.objects.get(by=chair)
        assert (act.act, act.roles) == ("jongerenraad.open_vote", "council_chair")

    def test_words_do_not_come_on_it(self):
        with pytest.raises(NotACode):
            note_act(by=scenes.moderator(), act="a.b", details={"why": "He lives at number 4"})

    def test_an_action_that_does_not_say_who_acts_cannot_be_put_on_it(self):
        with pytest.raises(TypeError):

            @on_the_record
            def act(*, thing: int) -> None: ...


def _refuse(**_fields: object) -> None:
    raise DatabaseError


class TestVotes:
    def test_nothing_tells_that_somebody_voted_or_when(self):
        council = councils.council()
        matter = voting.opened(council)
        before = RoleAct.objects.count()
        for member in Membership.objects.filter(term__council=council):
            cast_vote(matter=matter, by=member.person, choice="agree")
        close_vote(matter=matter, now=matter.closes_at)

        assert RoleAct.objects.count() == before


class TestTheAdmin:
    def test_each_page_of_it_keeps_the_record(self):
        assert all(isinstance(pages, OnTheRecord) for pages in admin.site._registry.values())

    def test_what_is_added_and_changed_is_on_it_with_the_names_of_the_fields(self, client: Client):
        office = scenes.granted(Role.PROGRAMME_OFFICE)
        client.force_login(office)
        fields = {"name": "Winkels zqname", "kind": "shop_street"}
        client.post(reverse("admin:accounts_organisation_add"), fields)
        made = Organisation.objects.get()
        change = reverse("admin:accounts_organisation_change", args=[made.pk])
        client.post(change, {**fields, "name": "Other shops"})

        added, changed = RoleAct.objects.filter(by=office).order_by("pk")
        assert (added.act, added.about, added.about_pk) == (
            "admin.add",
            "accounts.organisation",
            made.pk,
        )
        assert (changed.act, changed.details) == ("admin.change", {"fields": ["name"]})
        assert "zqname" not in str(list(RoleAct.objects.values()))

    def test_what_is_deleted_is_on_it_one_by_one_and_many_at_once(self, client: Client):
        office = scenes.granted(Role.PROGRAMME_OFFICE)
        client.force_login(office)
        one, two, three = (scenes.theme(slug) for slug in ("een", "twee", "drie"))
        client.post(reverse("admin:indicators_theme_delete", args=[one.pk]), {"post": "yes"})
        client.post(
            reverse("admin:indicators_theme_changelist"),
            {"action": "delete_selected", "_selected_action": [two.pk, three.pk], "post": "yes"},
        )

        acts = RoleAct.objects.filter(by=office, act="admin.delete")
        assert set(acts.values_list("about_pk", flat=True)) == {one.pk, two.pk, three.pk}

    def test_closing_an_account_is_on_it(self, client: Client):
        administrator, who = scenes.granted(Role.ADMINISTRATOR), scenes.person()
        client.force_login(administrator)
        client.post(reverse("admin:accounts_user_change", args=[who.pk]), {})

        act = RoleAct.objects.get(by=administrator)
        assert (act.act, act.about_pk, act.details) == (
            "admin.change",
            who.pk,
            {"fields": ["is_active"]},
        )


class TestItOnlyGrows:
    @pytest.fixture
    def act(self) -> RoleAct:
        made = note_act(by=scenes.moderator(), act="app.verb")
        assert made is not None
        return made

    def test_code_cannot_change_an_act(self, act: RoleAct):
        act.act = "app.other"
        with pytest.raises(AppendOnly):
            act.save()
        with pytest.raises(AppendOnly):
            RoleAct.objects.filter(pk=act.pk).update(act="app.other")
        with pytest.raises(AppendOnly), transaction.atomic():
            RoleAct.objects.bulk_update([act], ["act"])
        with pytest.raises(AppendOnly):
            act.by.acts_by_role.update(act="app.other")

    def test_code_cannot_delete_an_act(self, act: RoleAct):
        for delete in (act.delete, RoleAct.objects.all().delete, act.by.acts_by_role.all().delete):
            with pytest.raises(AppendOnly):
                delete()

    def test_ways_around_the_queryset_end_at_the_database(self, act: RoleAct):
        act.act = "app.other"
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act.save_base(force_update=True)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            RoleAct._base_manager.filter(pk=act.pk).update(act="app.other")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            RoleAct.objects.bulk_create(
                [act], update_conflicts=True, unique_fields=["id"], update_fields=["act"]
            )
        raw = "UPDATE accounts_roleact SET act = 'app.other' RETURNING *"
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            list(RoleAct.objects.raw(raw))
        act.refresh_from_db()
        assert act.act == "app.verb"

    @pytest.mark.parametrize(
        "change",
        ["act = 'app.other'", "by_id = by_id + 1", "id = id + 1000", "details = '{}'"],
    )
    def test_the_database_refuses_a_change_from_anywhere(self, act: RoleAct, change: str):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(f"UPDATE accounts_roleact SET {change}")

    @pytest.mark.postgresql
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE accounts_roleact SET roles = ''",
            "DELETE FROM accounts_roleact",
            "TRUNCATE accounts_roleact",
            # By way of the people whose acts they are.
            "TRUNCATE accounts_user CASCADE",
            "TRUNCATE contributions_decision CASCADE",
            "TRUNCATE contributions_note",
            "TRUNCATE contributions_authoract",
            # As if another server had done it.
            "SET LOCAL session_replication_role = replica; DELETE FROM accounts_roleact",
        ],
    )
    def test_the_role_of_the_application_is_refused_by_postgresql(
        self, act: RoleAct, statement: str
    ):
        cursor = connection.cursor()
        # As the site connects: what lets tests empty tables is not there.
        cursor.execute("SET LOCAL participatie.tests_empty_tables = ''")
        # Else foreign keys that wait for their check would refuse it first.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # Who may not act as another server is refused that already.
        refusal = "append-only|permission denied to set parameter"
        with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
            cursor.execute(statement)
        assert RoleAct.objects.filter(pk=act.pk).exists()


# --- Every action is on it, or says why not ---

#: What everybody may do, or what is a part of acts that are on the record: by reason.
NOT_ON_IT = {
    "about one's own account": """
        accounts.confirm_address accounts.change_address accounts.introduce accounts.set_password
        accounts.tell_age accounts.update_profile contributions.show_names""",
    "everybody may report, and appeal against what was decided about their own": """
        contributions.report contributions.appeal""",
    "everybody may write, change, hand in and take away their own": """
        contributions.submit contributions.withdraw contributions.propose_revision
        contributions.claim_draft contributions.editing contributions.claim_telling
        ideas.start_draft ideas.write ideas.write_pictures ideas.revise ideas.rework ideas.hand_in
        ideas.take_away ideas.write_comment ideas.change_comment ideas.hand_in_comment
        ideas.write_update ideas.change_update ideas.hand_in_update
        feedback.begin_remark feedback.write_remark feedback.hand_in_remark
        feedback.make_initiative""",
    "everybody chooses what they hear of, reads it and follows things": """
        notifications.choose notifications.pause notifications.stop notifications.stop_mail
        notifications.try_mail_again notifications.follow notifications.unfollow
        notifications.mark_read notifications.mark_all_read""",
    "tells of an act that is on the record by itself": "notifications.notify",
    "everybody may support, answer and help": """
        ideas.give_support ideas.take_back_support feedback.answer ideas.offer_help
        ideas.write_message ideas.close_conversation ideas.switch_help""",
    "initiators go about their own initiative": """
        ideas.invite ideas.accept_invitation ideas.decline_invitation ideas.withdraw_invitation
        ideas.end_co_initiator""",
    "everybody chooses how they are told, on which browsers and of what": """
        notifications.choose notifications.pause notifications.try_mail_again notifications.stop
        notifications.follow notifications.unfollow notifications.subscribe
        notifications.unsubscribe notifications.mark_read notifications.mark_all_read""",
    "told by acts that are on the record, or by a worker": """
        notifications.notify notifications.stop_mail""",
    "who asks for money goes about their own application": """
        budgets.start budgets.write budgets.add_quote budgets.take_quote_away budgets.hand_in
        budgets.reword budgets.agree budgets.take_back budgets.write_report budgets.add_receipt
        budgets.take_receipt_away budgets.hand_in_report budgets.send_words_in_again""",
    "a member's own name and face": """
        jongerenraad.change_first_name jongerenraad.agree_to_portrait
        jongerenraad.withdraw_portrait""",
    "a vote, and what those who lost it think: a row could tell who voted what (ADR 0019)": """
        jongerenraad.cast_vote jongerenraad.write_minority_view""",
    "a step of acts that are on the record": """
        contributions.row_for_review contributions.publish_row contributions.record
        contributions.put_in contributions.take_off contributions.note ideas.tell_initiative
        contributions.leave_to_reader contributions.show_picture_row contributions.lift_row
        contributions.lift_those_of contributions.lock_names contributions.keep_why_hard
        contributions.play_recording_row
        ideas.lock_for_office ideas.begin ideas.note ideas.check_pair budgets.approve""",
    "only asks": """
        contributions.may_edit contributions.undoable_by
        contributions.key_of_reporter contributions.can_agree contributions.can_manage
        contributions.check_may_write contributions.check_may_appeal contributions.is_with_another
        contributions.maker_for contributions.may_decide contributions.stands_at_once
        contributions.may_be_read_with_help
        ideas.invitation_for budgets.subjects""",
}


def _public_actions() -> dict[str, list[object]]:
    """Return every public function of the modules of actions that a person is given to."""
    found = defaultdict(list)
    for app in (path.name for path in ROOT.iterdir() if (path / "apps.py").exists()):
        modules = [f"{app}.actions"] if (ROOT / app / "actions.py").exists() else []
        if (ROOT / app / "actions").is_dir():
            package = importlib.import_module(f"{app}.actions")
            modules = [
                name for _, name, _ in pkgutil.iter_modules(package.__path__, f"{app}.actions.")
            ]
        for module in map(importlib.import_module, modules):
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if name.startswith("_") or function.__module__ != module.__name__:
                    continue
                given = inspect.signature(function).parameters.values()
                if any("User" in str(one.annotation) for one in given):
                    found[f"{app}.{name}"].append(function)
    return found


def test_every_act_of_a_person_is_on_the_record_or_in_a_short_list_with_the_reason():
    listed = {name for names in NOT_ON_IT.values() for name in names.split()}
    acts = _public_actions()
    assert len(acts) > 80
    # Two of one name in an app could not be told apart on the record.
    assert [name for name, found in acts.items() if len(found) > 1] == []
    on_it = {name for name, (act,) in acts.items() if getattr(act, "is_on_the_record", False)}
    missing = sorted(set(acts) - on_it - listed)
    assert missing == [], "Put @on_the_record above them, or say in NOT_ON_IT why not."
    assert sorted(listed & on_it) == [], "On the record: take it off the list."
    assert sorted(listed - set(acts)) == [], "No action is called so."
