"""Doubles: joined by the programme office, and everybody's support counts once."""

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from accounts.records import AppendOnly
from contributions import actions as review
from contributions.models import Dossier, Status
from ideas import actions
from ideas.models import Comment, Initiative, Merger, Progress, Support
from tests import scenes
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> User:
    return scenes.granted(Role.PROGRAMME_OFFICE)


def signed_in(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def joined(double: Initiative, into: Initiative, office: User, **options: Any) -> Merger:
    merger = actions.merge(double=double, into=into, by=office, reason="The same bench.", **options)
    double.refresh_from_db()
    into.refresh_from_db()
    return merger


def apart(double: Initiative, office: User, **options: Any) -> None:
    actions.undo_merger(double=double, by=office, **options)
    double.refresh_from_db()


def merge_url(initiative: Initiative, view: str = "merge") -> str:
    return reverse(f"ideas:{view}", args=[initiative.pk, initiative.address_slug])


def counts_are_true() -> bool:
    return not any(actions.recount(initiative_pk=pk) for pk in _all_pks())


def _all_pks() -> list[int]:
    return list(Initiative.objects.values_list("pk", flat=True))


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return what undoing has to bring back, row by row."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Initiative, Support, Comment)
    }


# --- Joining ---


def test_everybody_counts_once_when_two_ideas_become_one(office: User):
    double, into = scenes.initiative("A bench"), scenes.initiative("Benches")
    both = scenes.person()
    for idea in (double, into):
        actions.give_support(initiative_pk=idea.pk, person=both)
        scenes.supporters(3, of=idea)

    joined(double, into, office)

    assert into.support_count == 7
    assert into.supports.values("person").distinct().count() == 7
    assert counts_are_true()


def test_comments_go_along_and_say_under_which_title_they_were_written(
    client: Client, office: User
):
    double, into = scenes.initiative("A bench please"), scenes.initiative("Benches")
    first = scenes.comment(double, "My mother needs it")
    scenes.comment(double, "Mine too", parent=first)
    scenes.comment(into, "Good idea")

    joined(double, into, office)

    assert (double.comment_count, into.comment_count) == (0, 3)
    shown = client.get(into.get_absolute_url()).content.decode()
    assert "My mother needs it" in shown
    assert "Mine too" in shown
    assert shown.count("A bench please") >= 3
    assert counts_are_true()


def test_the_address_of_a_double_leads_everybody_to_the_other_one(office: User):
    author = scenes.person()
    double, into = scenes.initiative("A bench", author=author), scenes.initiative("Benches")
    address = double.get_absolute_url()
    joined(double, into, office)

    for person in (None, author, office, scenes.moderator(), scenes.person()):
        browser = signed_in(person) if person else Client()
        response = browser.get(f"{address}?after=3")
        assert response.status_code == 301
        assert response["Location"] == f"{into.get_absolute_url()}?after=3"
        assert response["Cache-Control"] == "no-cache"
    assert Client().get(merge_url(double, "support"))["Location"] == merge_url(into, "support")
    assert Client().get(merge_url(double, "comments"))["Location"] == merge_url(into, "comments")


def test_a_double_is_on_no_list_any_more(client: Client, office: User):
    double, into = scenes.initiative("Zqdouble"), scenes.initiative("Benches")
    pages = ["/en/", "/en/initiatieven/", "/en/initiatieven/?sort=support", "/en/wijk/testwijk/"]
    assert all("Zqdouble" in client.get(page).content.decode() for page in pages)

    joined(double, into, office)

    for page in pages:
        shown = client.get(page).content.decode()
        assert "Zqdouble" not in shown
        assert "Benches" in shown
    assert client.get("/en/initiatieven/").context["listing"].count == 1
    assert "Zqdouble" in client.get(into.get_absolute_url()).content.decode()


def test_supports_that_cross_the_threshold_together_start_the_clock_once(office: User):
    where = scenes.area("laak", support_threshold=4)
    double, into = scenes.initiative("A", where=where), scenes.initiative("B", where=where)
    for idea in (double, into):
        scenes.supporters(2, of=idea)
    now = timezone.now()

    joined(double, into, office, now=now)

    assert into.progress == Progress.IN_CONSIDERATION
    assert into.crossed_at == now
    due = into.answer_due_date
    third = scenes.initiative("C", where=where)
    scenes.supporters(1, of=third)
    joined(third, into, office, now=now + datetime.timedelta(days=9))
    assert (into.crossed_at, into.answer_due_date, into.support_count) == (now, due, 5)


def test_doubles_of_a_double_follow_in_one_step(client: Client, office: User):
    first, second, last = (scenes.initiative(title) for title in ("First", "Second", "Last"))
    everywhere, twice = scenes.person(), scenes.person()
    for idea in (first, second, last):
        actions.give_support(initiative_pk=idea.pk, person=everywhere)
        scenes.supporters(1, of=idea)
    for idea in (first, last):
        actions.give_support(initiative_pk=idea.pk, person=twice)
    scenes.comment(first, "Said first")

    joined(first, second, office)
    joined(second, last, office)

    first.refresh_from_db()
    assert first.merged_into == second.merged_into == last
    assert last.support_count == 5
    assert counts_are_true()
    assert client.get(first.get_absolute_url())["Location"] == last.get_absolute_url()
    assert b"Said first" in client.get(last.get_absolute_url()).content


def test_taking_support_back_takes_it_from_the_double_as_well(office: User):
    double, into = scenes.initiative("A"), scenes.initiative("B")
    person = scenes.person()
    for idea in (double, into):
        actions.give_support(initiative_pk=idea.pk, person=person)
    joined(double, into, office)

    actions.take_back_support(initiative_pk=into.pk, person=person)

    assert not Support.objects.exists()
    assert counts_are_true()
    apart(double, office)
    assert double.support_count == 0


def test_who_supports_or_comments_on_a_double_at_that_moment_loses_nothing(office: User):
    double, into = scenes.initiative("A"), scenes.initiative("B")
    person = scenes.person()
    browser = signed_in(person)
    support, comments = merge_url(double, "support"), merge_url(double, "comments")
    joined(double, into, office)

    response = browser.post(support)
    assert response["Location"] == merge_url(into, "support")
    response = browser.post(support, headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == merge_url(into, "support")
    assert not Support.objects.exists()

    response = browser.post(comments, {"text": "I will help to build it", "language": "en"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "I will help to build it" in page
    assert merge_url(into, "comments") in page
    assert not Comment.objects.exists()


def test_a_comment_that_waited_is_found_by_its_old_address_and_placed_at_the_other_one(
    office: User,
):
    double, into = scenes.initiative("A"), scenes.initiative("B")
    person = scenes.person()
    waiting = scenes.comment(double, "Wait for me", author=person, status=Status.DRAFT)
    old = waiting.get_edit_url()
    joined(double, into, office)

    browser = signed_in(person)
    assert b"Wait for me" in browser.get(old).content
    browser.post(old, {"text": "Wait for me", "language": "en"})

    waiting.refresh_from_db()
    assert waiting.initiative == into
    assert waiting.status == Status.SUBMITTED
    scenes.bring(waiting, Status.PUBLISHED)
    into.refresh_from_db()
    assert into.comment_count == 1


# --- What cannot be joined ---


def refused(double: Initiative, into: Initiative, by: User, **options: Any) -> type[Exception]:
    with pytest.raises(actions_refused) as caught:
        actions.merge(double=double, into=into, by=by, **{"reason": "Same.", **options})
    assert str(caught.value)
    return caught.type


actions_refused = review.Refused


def test_not_into_itself_nor_in_a_circle_nor_into_what_was_joined_itself(office: User):
    one, two, three = (scenes.initiative(title) for title in ("One", "Two", "Three"))
    assert refused(one, one, office).__name__ == "WithItself"
    joined(one, two, office)
    for double, into in ((two, one), (one, three), (three, one), (one, two)):
        assert refused(double, into, office).__name__ == "JoinedAlready"
    assert counts_are_true()


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.HIDDEN, Status.WITHDRAWN])
def test_only_what_is_on_the_site(office: User, status: str):
    shown, other = scenes.initiative("Shown"), scenes.initiative("Other", status=status)
    assert refused(shown, other, office).__name__ == "NotBothOnTheSite"
    assert refused(other, shown, office).__name__ == "NotBothOnTheSite"


def test_what_has_an_answer_or_a_date_for_it_goes_into_nothing(office: User):
    crossed = scenes.initiative("Crossed", where=scenes.area("laak", support_threshold=1))
    scenes.supporters(1, of=crossed)
    crossed.refresh_from_db()
    answered, shown = scenes.initiative("Answered"), scenes.initiative("Shown")
    actions.answer(initiative=answered, by=office, outcome="not", text="No.", language="en")
    late = scenes.initiative("Late", now=timezone.now() - datetime.timedelta(days=400))

    for double in (crossed, answered, late):
        assert refused(double, shown, office).__name__ == "NotGathering"
    for into in (answered, late):
        assert refused(shown, into, office).__name__ == "NotOpenForMore"
    joined(shown, crossed, office)


def test_only_the_programme_office_of_both_places_and_never_its_own(office: User):
    here, there = scenes.area("laak"), scenes.area("rijswijk")
    double, into = scenes.initiative("A", where=here), scenes.initiative("B", where=there)
    only_here = scenes.granted(Role.PROGRAMME_OFFICE, area=here)
    own = scenes.initiative("Own", author=office)
    for person in (
        scenes.person(),
        double.author,
        scenes.moderator(),
        scenes.granted(Role.ADMINISTRATOR),
        only_here,
    ):
        assert person
        assert refused(double, into, person).__name__ == "NotAllowed"
    assert refused(own, into, office).__name__ == "NotAllowed"
    assert refused(double, own, office).__name__ == "NotAllowed"


def test_not_without_a_reason(office: User):
    assert refused(scenes.initiative("A"), scenes.initiative("B"), office, reason=" ").__name__ == (
        "WhyMissing"
    )


# --- Taking it apart again ---


def test_undoing_brings_everything_back_as_it_was(office: User):
    double, into = scenes.initiative("A bench"), scenes.initiative("Benches")
    both = scenes.person()
    for idea in (double, into):
        actions.give_support(initiative_pk=idea.pk, person=both)
        scenes.supporters(2, of=idea)
        scenes.comment(idea, "Yes", parent=scenes.comment(idea, "Nice"))
    before = everything()

    joined(double, into, office)
    assert everything() != before
    apart(double, office)

    assert everything() == before
    assert counts_are_true()
    merger = Merger.objects.get()
    assert merger.undone_by == office
    # And once more, as often as the office likes.
    joined(double, into, office)
    assert Merger.objects.count() == 2


@pytest.mark.parametrize("order", [("second", "first"), ("first", "second")])
def test_a_chain_is_taken_apart_from_either_end(office: User, order: tuple[str, str]):
    ideas = {name: scenes.initiative(name) for name in ("first", "second", "last")}
    people = [scenes.person() for _number in range(7)]
    # Every way of supporting some of the three.
    for number, person in enumerate(people, start=1):
        for bit, idea in enumerate(ideas.values()):
            if number & (1 << bit):
                actions.give_support(initiative_pk=idea.pk, person=person)
    for idea in ideas.values():
        scenes.comment(idea, f"Said under {idea}")
    before = everything()
    joined(ideas["first"], ideas["second"], office)
    joined(ideas["second"], ideas["last"], office)
    assert ideas["last"].support_count == 7

    for name in order:
        apart(ideas[name], office)
        assert counts_are_true()

    assert everything() == before


def test_who_supports_two_doubles_still_counts_when_one_of_them_is_taken_apart(office: User):
    goes_on, first, second = (scenes.initiative(title=f"Idea {n}") for n in range(3))
    neighbour = scenes.person()
    for double in (first, second):
        actions.give_support(initiative_pk=double.pk, person=neighbour)
        joined(double, goes_on, office)

    apart(first, office)

    goes_on.refresh_from_db()
    first.refresh_from_db()
    assert (goes_on.support_count, first.support_count) == (1, 1)
    assert counts_are_true()
    actions.take_back_support(initiative_pk=goes_on.pk, person=neighbour)
    goes_on.refresh_from_db()
    assert goes_on.support_count == 0


def test_a_double_comes_back_when_the_other_one_left_the_site(office: User):
    goes_on, double = scenes.initiative(title="Goes on"), scenes.initiative(title="Double")
    now = timezone.now()
    joined(double, goes_on, office, now=now - datetime.timedelta(days=40))
    scenes.bring(goes_on, Status.HIDDEN)
    apart(double, office, now=now)
    double.refresh_from_db()
    assert double.merged_into_id is None


def test_what_people_did_since_stays_where_they_did_it(office: User):
    double, into = scenes.initiative("A"), scenes.initiative("B")
    scenes.supporters(1, of=double)
    said = scenes.comment(double, "Said there")
    joined(double, into, office)
    scenes.supporters(2, of=into)
    said.refresh_from_db()
    reply = scenes.comment(into, "Answered here", parent=said)
    scenes.comment(into, "Said here")

    apart(double, office)

    into.refresh_from_db()
    assert (double.support_count, into.support_count) == (1, 2)
    # An answer stays with what it answers.
    reply.refresh_from_db()
    assert reply.initiative == double
    assert (double.comment_count, into.comment_count) == (2, 1)
    assert counts_are_true()


def test_a_clock_that_began_goes_on_when_they_are_taken_apart(office: User):
    where = scenes.area("laak", support_threshold=2)
    double, into = scenes.initiative("A", where=where), scenes.initiative("B", where=where)
    for idea in (double, into):
        scenes.supporters(1, of=idea)
    joined(double, into, office)
    apart(double, office)
    into.refresh_from_db()
    assert (into.support_count, into.progress) == (1, Progress.IN_CONSIDERATION)
    assert double.progress == Progress.OPEN


def test_undoing_is_possible_for_thirty_days_and_until_the_answer(office: User):
    double, into = scenes.initiative("A"), scenes.initiative("B")
    now = timezone.now()
    joined(double, into, office, now=now)
    with pytest.raises(review.Refused, match="30 days"):
        apart(double, office, now=now + datetime.timedelta(days=30))
    with pytest.raises(review.NotAllowed):
        apart(double, scenes.person())
    actions.answer(initiative=into, by=office, outcome="adopted", text="Yes.", language="en")
    with pytest.raises(review.Refused, match="has its answer"):
        apart(double, office)
    with pytest.raises(review.Refused, match="not joined"):
        apart(into, office)


def test_the_record_of_what_was_joined_only_grows(office: User):
    double, into = scenes.initiative("A"), scenes.initiative("B")
    merger = joined(double, into, office)
    for change in (merger.save, merger.delete, Merger.objects.all().delete):
        with pytest.raises(AppendOnly):
            change()
    for values in ({"reason": "Another."}, {"made_at": timezone.now()}, {"into": double}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Merger.objects.filter(pk=merger.pk).update(**values)
    apart(double, office)
    with pytest.raises(DatabaseError), transaction.atomic():
        Merger.objects.filter(pk=merger.pk).update(undone_at=None, undone_by=None)


def test_the_database_refuses_an_initiative_that_is_its_own_double():
    one = scenes.initiative("A")
    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.filter(pk=one.pk).update(merged_into=one)


# --- What is hidden stays hidden ---


def test_of_a_hidden_one_of_the_two_nothing_is_told(office: User):
    double, into = scenes.initiative("Zqdouble"), scenes.initiative("Zqinto")
    scenes.comment(double, "Said there")
    joined(double, into, office)

    scenes.bring(double, Status.HIDDEN)
    page = Client().get(into.get_absolute_url()).content.decode()
    assert "Said there" in page
    assert "Zqdouble" not in page
    assert Client().get(double.get_absolute_url()).status_code == 404
    # Who decided about it, and who wrote it, still read why.
    author = double.author
    assert author
    assert signed_in(author).get(double.get_absolute_url()).status_code == 200

    other, target = scenes.initiative("Zqother"), scenes.initiative("Zqtarget")
    joined(other, target, office)
    scenes.bring(target, Status.HIDDEN)
    assert other.author
    for browser in (Client(), signed_in(other.author), signed_in(office)):
        for address in (
            other.get_absolute_url(),
            merge_url(other, "support"),
            merge_url(other, "comments"),
            f"/i/{other.pk}/",
        ):
            response = browser.get(address)
            assert response.status_code == 404
            assert "zqtarget" not in response.content.decode().lower()
    mine = signed_in(other.author).get("/en/account/").content.decode()
    assert "Zqother" in mine
    assert "Zqtarget" not in mine


def test_its_author_reads_on_their_own_page_what_happened_and_changes_nothing(office: User):
    author = scenes.person()
    double, into = scenes.initiative("A bench", author=author), scenes.initiative("Benches")
    joined(double, into, office)
    browser = signed_in(author)

    page = browser.get("/en/account/").content.decode()
    assert "The programme office joined this with “Benches”" in page
    assert "The same bench." in page
    assert "The same bench." in signed_in(into.author).get(into.get_absolute_url()).content.decode()  # type: ignore[arg-type]
    assert "The same bench." not in Client().get(into.get_absolute_url()).content.decode()

    whole = {"title": "X", "text": "Y", "area": double.area_id, "theme": double.theme_id}
    browser.post(merge_url(double, "edit"), {**whole, "language": "nl"})
    browser.post(merge_url(double, "take_away"))
    double.refresh_from_db()
    assert double.status == Status.PUBLISHED
    assert double.dossier.revisions.count() == 0


# --- The pages of the programme office ---


def test_the_office_looks_for_the_other_one_sees_what_happens_and_joins(office: User):
    double = scenes.initiative("A bench on the square", author=scenes.person())
    into = scenes.initiative("Benches for the square")
    scenes.initiative("Another light")
    both = scenes.person()
    for idea in (double, into):
        actions.give_support(initiative_pk=idea.pk, person=both)
    scenes.supporters(2, of=double)
    browser = signed_in(office)

    assert merge_url(double).encode() in browser.get(double.get_absolute_url()).content
    page = browser.get(merge_url(double))
    assert [found.pk for found in page.context["found"]] == [into.pk]
    for words in (str(into.pk), f"https://x.example/i/{into.pk}/", into.get_absolute_url()):
        found = browser.get(merge_url(double), {"zoek": words}).context["found"]
        assert [one.pk for one in found] == [into.pk], words

    shown = browser.get(merge_url(double), {"met": into.pk})
    told = shown.context["preview"]
    assert (told.supports, told.in_both, told.together, told.comments) == (3, 1, 3, 0)

    without = browser.post(merge_url(double), {"met": into.pk, "reason": " "})
    assert without.status_code == 422
    assert not Merger.objects.exists()
    done = browser.post(merge_url(double), {"met": into.pk, "reason": "The same."}, follow=True)
    assert done.status_code == 200
    into.refresh_from_db()
    assert into.support_count == 3

    undo = merge_url(double, "undo_merger")
    assert undo.encode() in done.content
    assert b"The same." in browser.get(undo).content
    browser.post(undo)
    double.refresh_from_db()
    assert double.merged_into is None
    assert browser.post(undo).status_code == 404


@pytest.mark.parametrize("met", ["0", "x", "9" * 30, "999999", "-1", "1 OR 1=1", "", "\x00"])
def test_a_number_that_is_no_idea_is_answered_with_a_sentence(office: User, met: str):
    double = scenes.initiative("A bench")
    browser = signed_in(office)
    assert browser.get(merge_url(double), {"met": met}).status_code in (200, 400)
    assert browser.post(merge_url(double), {"met": met, "reason": "x"}).status_code == 422
    assert not Merger.objects.exists()


def test_a_page_that_asks_for_the_impossible_says_why(office: User):
    double, into = scenes.initiative("A bench"), scenes.initiative("Benches")
    browser = signed_in(office)
    for met, sentence in ((double.pk, "with itself"), (into.pk, "on the site")):
        scenes.bring(into, Status.HIDDEN) if into.is_published and met == into.pk else None
        into.refresh_from_db()
        response = browser.post(merge_url(double), {"met": met, "reason": "x"})
        assert response.status_code == 422
        assert sentence in response.content.decode() or "can&#x27;t find" in (
            response.content.decode()
        )


def test_looking_for_ten_thousand_letters_or_signs_ends_well(office: User):
    double = scenes.initiative("A bench")
    browser = signed_in(office)
    for words in ("x" * 10_000, "%", "_", "'; --", "\x00\x01", "((((", "   "):
        assert browser.get(merge_url(double), {"zoek": words}).status_code in (200, 400)


# --- Many at once ---


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_joining_both_ways_while_support_comes_in_counts_everybody_once():
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    one, two = scenes.initiative("One"), scenes.initiative("Two")
    people = [scenes.person() for _number in range(CALLERS)]
    for idea in (one, two):
        for person in people[:8]:
            actions.give_support(initiative_pk=idea.pk, person=person)

    def merging(double: Initiative, into: Initiative):
        return lambda: actions.merge(double=double, into=into, by=office, reason="Same.")

    def supporting(number: int):
        idea = one if number % 2 else two
        return lambda: actions.give_support(initiative_pk=idea.pk, person=people[number])

    calls = [
        merging(one, two),
        merging(two, one),
        *(supporting(number) for number in range(8, CALLERS - 2)),
    ]
    outcomes = at_once(calls)

    done = [outcome for outcome in outcomes if isinstance(outcome, Merger)]
    assert len(done) == 1
    for outcome in outcomes:
        assert not isinstance(outcome, Exception) or isinstance(outcome, review.Refused), outcome
    into = done[0].into
    into.refresh_from_db()
    assert Initiative.objects.get(pk=done[0].double_id).merged_into_id == into.pk
    assert into.support_count == into.supports.count()
    assert into.support_count == into.supports.values("person").distinct().count()
    assert counts_are_true()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_who_join_the_same_two_join_them_once_and_many_who_undo_do_it_once():
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    double, into = scenes.initiative("One"), scenes.initiative("Two")
    scenes.supporters(3, of=double)
    merging = [lambda: actions.merge(double=double, into=into, by=office, reason="Same.")] * CALLERS
    outcomes = at_once(merging)
    assert sum(isinstance(outcome, Merger) for outcome in outcomes) == 1
    assert {type(o).__name__ for o in outcomes} == {"Merger", "JoinedAlready"}

    outcomes = at_once([lambda: actions.undo_merger(double=double, by=office)] * CALLERS)
    assert {type(o).__name__ for o in outcomes} == {"Initiative", "NotJoined"}
    assert sum(isinstance(outcome, Initiative) for outcome in outcomes) == 1
    double.refresh_from_db()
    assert double.support_count == 3
    assert counts_are_true()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_comments_that_come_in_while_two_are_joined_are_all_counted_where_they_stand():
    office, reader = scenes.granted(Role.PROGRAMME_OFFICE), scenes.moderator()
    double, into = scenes.initiative("One"), scenes.initiative("Two")
    waiting = [
        scenes.comment(double, f"Waiting {number}", status=Status.SUBMITTED)
        for number in range(CALLERS // 2)
    ]
    writers = [scenes.trusted(scenes.person()) for _number in range(4)]

    def publishing(comment: Comment):
        dossier = Dossier.objects.get(pk=comment.dossier_id)
        return lambda: review.publish(dossier=dossier, by=reader)

    def writing(author: User):
        return lambda: scenes.comment(double, "New", author=author)

    def merging():
        for _try in range(50):
            try:
                return actions.merge(double=double, into=into, by=office, reason="Same.")
            except review.NotPossibleNow:
                continue
        raise AssertionError("It never came to it.")

    outcomes = at_once([merging, *map(publishing, waiting), *map(writing, writers)])

    for outcome in outcomes:
        assert not isinstance(outcome, Exception) or isinstance(outcome, review.Refused), outcome
    assert isinstance(outcomes[0], Merger)
    assert not Comment.objects.filter(initiative=double).exists()
    into.refresh_from_db()
    assert into.comment_count == Comment.objects.published().filter(initiative=into).count()
    assert into.comment_count >= len(waiting)
    assert counts_are_true()
