"""Votes of a council: opened, cast, changed, counted, and every one that is refused."""

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from contributions.deadlines import today
from jongerenraad import kinds
from jongerenraad.actions import members, votes
from jongerenraad.models import (
    Council,
    Elector,
    Matter,
    MatterKey,
    MinorityView,
    Office,
    Outcome,
    SecretVote,
    Term,
    Vote,
)
from jongerenraad.tasks import close_votes
from jongerenraad.waiting import waiting_for
from tests import councils, scenes
from tests.jongerenraad.voting import A_WEEK, closed, membership, opened, vote

pytestmark = pytest.mark.django_db
A_MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def council() -> Council:
    return councils.council(members=6)


# --- Opening ---


def test_the_electorate_is_frozen_when_the_vote_opens(council: Council):
    mentor = councils.seated(None, term=council.terms.get(), office=Office.MENTOR)
    aside = councils.electorate(council)[5]
    which = council.terms.get().memberships.get(person=aside)
    matter = opened(council, aside={which.pk: "It is about my brother's band."})

    assert (matter.electorate, matter.quorum) == (5, 3)
    electors = Elector.objects.filter(matter=matter)
    assert electors.count() == 6
    assert electors.get(stepped_aside=True).reason == "It is about my brother's band."
    assert not electors.filter(membership=mentor).exists()

    # Who comes later has no vote in it.
    late = councils.seated(
        council.seats.create(number=9), term=council.terms.get(), office=Office.MEMBER
    )
    with pytest.raises(votes.NotAnElector):
        votes.cast_vote(matter=matter, by=late.person, choice="agree")


def test_only_the_chair_opens_a_vote(council: Council):
    others = councils.electorate(council)[1:]
    mentor = councils.seated(None, term=council.terms.get(), office=Office.MENTOR)
    for by in (*others, mentor.person, scenes.person(), scenes.granted("programme_office")):
        with pytest.raises(votes.NotTheChair):
            opened(council, by=by)


def test_the_secretary_opens_it_where_the_chair_steps_aside_or_there_is_none(council: Council):
    chair, secretary = membership(council), councils.holder(council, Office.SECRETARY)
    with pytest.raises(votes.NotTheChair):
        opened(council, aside={chair.pk: "My sister asks for it."})
    opened(council, by=secretary, aside={chair.pk: "My sister asks for it."})
    members.step_down(membership=chair, by=chair.person)
    opened(council, by=secretary)


def test_the_chair_of_another_council_opens_nothing_here(council: Council):
    other = councils.council("partnerraad", members=3)
    with pytest.raises(votes.NotTheChair):
        opened(council, by=councils.holder(other))


@pytest.mark.parametrize(
    "after", [datetime.timedelta(0), -A_MINUTE, datetime.timedelta(days=60, seconds=1)]
)
def test_a_closing_time_that_cannot_be_is_refused(council: Council, after: datetime.timedelta):
    now = timezone.now()
    with pytest.raises(votes.ClosingTimeWrong):
        opened(council, now=now, closes_at=now + after)


def test_a_vote_in_which_nobody_is_left_is_refused(council: Council):
    everybody = dict.fromkeys(
        council.terms.get().memberships.values_list("pk", flat=True), "A friend asks."
    )
    with pytest.raises(votes.NobodyVotes):
        opened(council, by=councils.holder(council, Office.SECRETARY), aside=everybody)
    assert not Matter.objects.exists()


def test_who_steps_aside_is_a_member_and_says_why(council: Council):
    stranger = councils.council("partnerraad", members=1).terms.get().memberships.get()
    mentor = councils.seated(None, term=council.terms.get(), office=Office.MENTOR)
    for pk in (stranger.pk, mentor.pk, 10**9):
        with pytest.raises(votes.NoMemberAside):
            opened(council, aside={pk: "Because."})
    with pytest.raises(votes.ReasonMissing):
        opened(council, aside={membership(council, Office.TREASURER).pk: "  "})


@pytest.mark.parametrize("percent", [0, 101])
def test_a_quorum_of_none_or_of_more_than_all_is_refused_by_the_database(percent: int):
    with pytest.raises(IntegrityError), transaction.atomic():
        councils.council(quorum_percent=percent)
    matter = opened(councils.council("partnerraad", members=4))
    for quorum in (0, 5):
        with pytest.raises(IntegrityError), transaction.atomic():
            Matter.objects.filter(pk=matter.pk).update(quorum=quorum)


# --- Voting ---


@pytest.mark.parametrize("kind", ["general", "person"])
def test_a_vote_can_be_changed_until_closing_and_keeps_its_receipt(council: Council, kind: str):
    matter = opened(council, kind=kind)
    person = councils.electorate(council)[2]
    first = votes.cast_vote(matter=matter, by=person, choice="agree", word="Yes!")
    second = votes.cast_vote(matter=matter, by=person, choice="disagree")
    third = votes.cast_vote(matter=matter, by=person, choice="disagree")
    assert first == second == third
    assert first
    result = votes.close_vote(matter=matter, now=matter.closes_at)
    assert (result.agree, result.disagree, result.cast) == (0, 1, 1)


@pytest.mark.parametrize("kind", ["general", "person"])
def test_after_closing_no_vote_is_taken_counted_or_not(council: Council, kind: str):
    matter = opened(council, kind=kind)
    person = councils.electorate(council)[0]
    for now in (matter.closes_at, matter.closes_at + A_MINUTE):
        with pytest.raises(votes.VoteClosed):
            votes.cast_vote(matter=matter, by=person, choice="agree", now=now)
    votes.close_vote(matter=matter, now=matter.closes_at)
    with pytest.raises(votes.VoteClosed):
        votes.cast_vote(matter=matter, by=person, choice="agree", now=timezone.now())
    assert not Vote.objects.exists()
    assert not SecretVote.objects.exists()


def test_a_second_before_closing_a_vote_is_taken(council: Council):
    matter = opened(council)
    at = matter.closes_at - datetime.timedelta(seconds=1)
    assert votes.cast_vote(
        matter=matter, by=councils.electorate(council)[0], choice="abstain", now=at
    )


def test_who_stepped_aside_does_not_vote(council: Council):
    treasurer = membership(council, Office.TREASURER)
    matter = opened(council, aside={treasurer.pk: "My cousin plays in it."})
    with pytest.raises(votes.SteppedAside):
        votes.cast_vote(matter=matter, by=treasurer.person, choice="agree")


def test_a_member_whose_term_ended_yesterday_cannot_vote(council: Council):
    matter = opened(council)
    person = councils.electorate(council)[3]
    Term.objects.update(ends_date=today(timezone.now()) - datetime.timedelta(days=1))
    with pytest.raises(votes.NoMemberAnyMore):
        votes.cast_vote(matter=matter, by=person, choice="agree")


def test_on_the_last_day_of_the_term_a_member_still_votes(council: Council):
    matter = opened(council)
    Term.objects.update(ends_date=today(timezone.now()))
    assert votes.cast_vote(matter=matter, by=councils.electorate(council)[3], choice="agree")


def test_who_stepped_down_or_became_a_mentor_cannot_vote_any_more(council: Council):
    matter = opened(council)
    chair = membership(council)
    members.step_down(membership=chair, by=chair.person)
    with pytest.raises(votes.NoMemberAnyMore):
        votes.cast_vote(matter=matter, by=chair.person, choice="agree")
    councils.seated(None, term=council.terms.get(), office=Office.MENTOR, person=chair.person)
    with pytest.raises(votes.NoMemberAnyMore):
        votes.cast_vote(matter=matter, by=chair.person, choice="agree")


def test_a_seat_in_another_council_does_not_keep_a_vote_in_this_one(council: Council):
    matter = opened(council)
    person = councils.electorate(council)[4]
    which = council.terms.get().memberships.get(person=person)
    members.step_down(membership=which, by=person)
    other = councils.council("partnerraad", members=2)
    councils.seated(other.seats.create(number=9), term=other.terms.get(), person=person)
    with pytest.raises(votes.NoMemberAnyMore):
        votes.cast_vote(matter=matter, by=person, choice="agree")


def test_another_office_in_between_leaves_one_vote(council: Council):
    matter = opened(council)
    which = membership(council, Office.TREASURER)
    vote(matter, [which.person])
    office = scenes.granted("programme_office")
    members.change_office(membership=which, office=Office.MEMBER, by=office)
    vote(matter, [which.person], "disagree")
    result = votes.close_vote(matter=matter, now=matter.closes_at)
    assert (result.agree, result.disagree) == (0, 1)


@pytest.mark.parametrize("choice", ["", "AGREE", "maybe", "agree "])
def test_a_choice_that_does_not_exist_is_refused(council: Council, choice: str):
    matter = opened(council)
    with pytest.raises(votes.NothingChosen):
        votes.cast_vote(matter=matter, by=councils.holder(council), choice=choice)


def test_a_secret_ballot_that_cannot_be_found_back_is_never_counted_twice(
    council: Council, settings: Any
):
    matter = opened(council, kind="person")
    chair = councils.holder(council)
    vote(matter, [chair])
    settings.SECRET_KEY = "another-secret" * 5
    with pytest.raises(votes.BallotOutOfReach):
        votes.cast_vote(matter=matter, by=chair, choice="disagree")
    assert votes.close_vote(matter=matter, now=matter.closes_at).agree == 1


# --- Counting ---


def test_the_result_is_written_once(council: Council):
    matter = opened(council)
    with pytest.raises(votes.StillOpen):
        votes.close_vote(matter=matter)
    result = closed(matter, agree=3, disagree=1, abstain=1)
    assert (result.agree, result.disagree, result.abstain) == (3, 1, 1)
    assert result.outcome == Outcome.ADOPTED
    again = votes.close_vote(matter=matter, now=matter.closes_at + A_WEEK)
    assert again.closed_at == result.closed_at


@pytest.mark.parametrize(
    ("kind", "choices", "outcome"),
    [
        ("general", {"agree": 3}, Outcome.ADOPTED),
        ("general", {"agree": 2}, Outcome.NO_QUORUM),
        ("general", {"agree": 1, "abstain": 2}, Outcome.ADOPTED),
        ("general", {"agree": 2, "disagree": 2}, Outcome.REJECTED),
        ("general", {"abstain": 6}, Outcome.REJECTED),
        ("by_laws", {"agree": 4, "disagree": 2}, Outcome.ADOPTED),
        ("by_laws", {"agree": 3, "disagree": 2}, Outcome.REJECTED),
        ("person", {"agree": 4, "disagree": 2}, Outcome.ADOPTED),
        ("person", {}, Outcome.NO_QUORUM),
    ],
)
def test_what_is_decided_follows_from_the_rule_of_its_kind(
    council: Council, kind: str, choices: dict[str, int], outcome: str
):
    assert closed(opened(council, kind=kind), **choices).outcome == outcome


def test_what_follows_from_a_result_follows_in_the_same_transaction(
    council: Council, monkeypatch: pytest.MonkeyPatch
):
    followed = []

    def follow(matter: Matter, now: datetime.datetime) -> None:
        followed.append((matter.outcome, now))
        if len(followed) == 1:
            raise RuntimeError

    kind = kinds.MatterKind("money", "money", True, kinds.Majority.SIMPLE, follow)
    monkeypatch.setitem(kinds._kinds, "money", kind)
    matter = opened(council, kind="money")
    vote(matter, councils.electorate(council))
    with pytest.raises(RuntimeError):
        votes.close_vote(matter=matter, now=matter.closes_at)
    matter.refresh_from_db()
    assert not matter.is_closed
    # Nothing of it happened: the ballots are found back by their voters.
    vote(matter, councils.electorate(council)[:1], "disagree")
    votes.close_vote(matter=matter, now=matter.closes_at)
    votes.close_vote(matter=matter, now=matter.closes_at)
    assert followed == [("adopted", matter.closes_at)] * 2


def test_one_vote_that_cannot_be_counted_keeps_no_other_open(
    council: Council, monkeypatch: pytest.MonkeyPatch
):
    def fail(matter: Matter, now: datetime.datetime) -> None:
        raise RuntimeError

    bad = kinds.MatterKind("bad", "bad", False, kinds.Majority.SIMPLE, fail)
    monkeypatch.setitem(kinds._kinds, "bad", bad)
    long_ago = timezone.now() - datetime.timedelta(days=30)
    broken = opened(council, kind="bad", now=long_ago)
    well = [opened(council, now=long_ago) for _matter in range(2)]
    running = opened(council)
    assert close_votes() == 2
    assert close_votes() == 0
    assert set(Matter.objects.closed()) == set(well)
    assert {broken, running} == set(Matter.objects.filter(closed_at=None))


# --- A second vote ---


def second(first: Matter, **changes: Any) -> Matter:
    now = changes.pop("now", None) or first.closed_at + A_MINUTE
    return opened(first.council, second_of=first, question="Another one", now=now, **changes)


def test_after_too_few_votes_there_is_one_second_vote_about_the_same(council: Council):
    treasurer = membership(council, Office.TREASURER)
    first = closed(opened(council, aside={treasurer.pk: "My brother's band."}), agree=2)
    again = second(first)
    assert again.question == first.question
    assert (again.quorum, again.electorate) == (2, 5)
    assert again.electors.get(stepped_aside=True).membership == treasurer
    with pytest.raises(votes.NoSecondVote):
        second(first)
    result = votes.close_vote(matter=again, now=again.closes_at)
    assert result.outcome == Outcome.NO_QUORUM
    with pytest.raises(votes.NoSecondVote):
        second(result)


def test_a_second_vote_comes_in_time_and_after_too_few_votes_only(council: Council):
    decided = closed(opened(council), agree=4)
    with pytest.raises(votes.NoSecondVote):
        second(decided)
    first = closed(opened(council))
    with pytest.raises(votes.NoSecondVote):
        second(first, kind="by_laws")
    late = first.closed_at + datetime.timedelta(days=council.second_vote_days, seconds=1)
    with pytest.raises(votes.NoSecondVote):
        second(first, now=late)
    running = opened(council)
    with pytest.raises(votes.NoSecondVote):
        second(running, now=timezone.now())
    other = councils.council("partnerraad", members=3)
    with pytest.raises(votes.NoSecondVote):
        opened(other, second_of=first, now=first.closed_at)


# --- The minority's view ---


def test_chair_or_secretary_write_down_once_what_the_minority_thinks(council: Council):
    matter = closed(opened(council), agree=4, disagree=2)
    told = {"matter": matter, "text": "We wanted Thursdays.", "language": "en"}
    with pytest.raises(votes.NoMinorityView):
        votes.write_minority_view(**told, by=councils.holder(council, Office.TREASURER))
    votes.write_minority_view(**told, by=councils.holder(council, Office.SECRETARY))
    with pytest.raises(votes.NoMinorityView):
        votes.write_minority_view(**told, by=councils.holder(council))
    for unfinished in (opened(council), closed(opened(council))):
        with pytest.raises(votes.NoMinorityView):
            votes.write_minority_view(**{**told, "matter": unfinished}, by=councils.holder(council))
    with pytest.raises(DatabaseError), transaction.atomic():
        MinorityView.objects.update(text="We agree after all.")
    with pytest.raises(DatabaseError), transaction.atomic():
        MinorityView.objects.create(
            matter=opened(council), text="Too early", written_by=councils.holder(council)
        )


# --- Nothing changes after closing ---

WRITES = [
    "UPDATE jongerenraad_matter SET agree = 0",
    "UPDATE jongerenraad_matter SET closed_at = NULL, agree = NULL, disagree = NULL, "
    "abstain = NULL, outcome = ''",
    "UPDATE jongerenraad_matter SET question = 'Something else'",
    "UPDATE jongerenraad_elector SET has_voted = NOT has_voted",
    "UPDATE jongerenraad_elector SET receipt = 'forged'",
    "INSERT INTO jongerenraad_elector (matter_id, membership_id, stepped_aside, reason, has_voted, "
    "receipt) SELECT matter_id, (SELECT MAX(id) FROM jongerenraad_membership), stepped_aside, "
    "reason, has_voted, receipt FROM jongerenraad_elector LIMIT 1",
    "UPDATE jongerenraad_vote SET choice = 'disagree'",
    "UPDATE jongerenraad_vote SET word = 'forged'",
    "INSERT INTO jongerenraad_vote (elector_id, choice, word, cast_at) SELECT MAX(id), 'agree', "
    "'', CURRENT_TIMESTAMP FROM jongerenraad_elector",
    "UPDATE jongerenraad_secretvote SET choice = 'disagree'",
    "INSERT INTO jongerenraad_secretvote (id, matter_id, handle, choice, word) SELECT "
    "'00000000000000000000000000000001', MAX(id), '', 'agree', '' FROM jongerenraad_matter",
    "INSERT INTO jongerenraad_matterkey (matter_id, secret) SELECT MAX(id), 'x' "
    "FROM jongerenraad_matter",
]
DELETES = [
    f"DELETE FROM jongerenraad_{table}"
    for table in ("vote", "secretvote", "elector", "matter", "minorityview")
]


@pytest.mark.parametrize("statement", WRITES)
def test_the_database_itself_changes_nothing_of_a_closed_vote(council: Council, statement: str):
    for kind in ("general", "person"):
        closed(opened(council, kind=kind), agree=3, disagree=1)
    councils.seated(council.seats.create(number=9), term=council.terms.get())
    with pytest.raises(DatabaseError, match="this vote is closed"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.postgresql
@pytest.mark.parametrize("statement", DELETES)
def test_nor_does_postgresql_delete_anything_of_it(council: Council, statement: str):
    for kind in ("general", "person"):
        matter = closed(opened(council, kind=kind), agree=3, disagree=1)
    votes.write_minority_view(matter=matter, text="No.", language="en", by=councils.holder(council))
    refused = pytest.raises(DatabaseError, match=r"this vote is closed|written once")
    with refused, transaction.atomic():
        connection.cursor().execute(statement)


# --- Recounting ---


def recounted() -> tuple[bool, str]:
    import io

    from django.core.management import CommandError, call_command

    said = io.StringIO()
    try:
        call_command("recount_votes", stdout=said, stderr=said)
    except CommandError:
        return False, said.getvalue()
    return True, said.getvalue()


def test_every_closed_vote_can_be_counted_again(council: Council):
    for kind in ("general", "person", "by_laws"):
        closed(opened(council, kind=kind), agree=3, disagree=1)
    opened(council)
    assert recounted()[0]


def forget_triggers() -> None:
    """Take the guards away, as somebody with the keys to the database could."""
    for table in ("vote", "secretvote", "elector"):
        name = f"jongerenraad_{table}_closed"
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER {name} ON jongerenraad_{table}")
            else:
                cursor.execute(f"DROP TRIGGER {name}_update")
                cursor.execute(f"DROP TRIGGER {name}_insert")


@pytest.mark.parametrize("kind", ["general", "person"])
def test_a_recount_names_the_vote_whose_ballots_were_tampered_with(council: Council, kind: str):
    right = closed(opened(council, kind=kind), agree=3, disagree=2)
    wrong = closed(opened(council, kind=kind), agree=3, disagree=2)
    forget_triggers()
    if kind == "general":
        Vote.objects.filter(elector__matter=wrong, choice="agree").update(choice="disagree")
    else:
        SecretVote.objects.filter(matter=wrong, choice="agree").update(choice="disagree")
    agrees, said = recounted()
    assert not agrees
    assert f"matter {wrong.pk}: counts, outcome" in said
    assert f"matter {right.pk}:" not in said


def test_a_recount_notices_a_ballot_without_a_voter(council: Council):
    matter = closed(opened(council, kind="person"), agree=3, disagree=2)
    forget_triggers()
    SecretVote.objects.create(matter=matter, choice="agree")
    assert "turn-out" in recounted()[1]


# --- What waits ---


def test_a_vote_waits_for_a_member_until_it_is_given(council: Council):
    now = timezone.now()
    treasurer = membership(council, Office.TREASURER)
    member = membership(council, Office.CHAIR)
    matter = opened(council, aside={treasurer.pk: "My cousin's plan."})
    closed(opened(council))
    (one,) = waiting_for(member, now + A_MINUTE)
    assert (one.title, one.due) == (matter.question, matter.closes_at)
    assert waiting_for(treasurer, now + A_MINUTE) == []
    vote(matter, [member.person])
    assert waiting_for(member, now + A_MINUTE) == []


def test_the_key_of_a_secret_vote_is_gone_once_it_is_counted(council: Council):
    matter = opened(council, kind="person")
    assert MatterKey.objects.filter(matter=matter).exists()
    closed(matter, agree=2)
    assert not MatterKey.objects.exists()
