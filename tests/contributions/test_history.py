"""The history of a text: who did what, and when, for its author and for moderators."""

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Role
from accounts.records import AppendOnly
from contributions import actions
from contributions.history import PAGE_SIZE, changes_since_it_was_read, history_of
from contributions.models import AuthorAct, Contribution, Decision, Dossier, Revision, Status
from contributions.revisions import version_of_words
from ideas.actions import change_comment, hand_in, rework, write
from ideas.models import Initiative
from tests import scenes
from tests.contributions.changing import pictures_form, revise, with_picture
from tests.ideas import crowd
from tests.pages import words

pytestmark = pytest.mark.django_db


def dossier_of(contribution: Contribution) -> Dossier:
    return Dossier.objects.get(pk=contribution.dossier_id)


def address(contribution: Contribution) -> str:
    with translation.override("en"):
        return reverse("contributions:history", args=[contribution.dossier_id])


def read(contribution: Contribution, reader: Any) -> str:
    """Return the words of the history as somebody reads it, in English."""
    client = Client()
    client.force_login(reader)
    response = client.get(address(contribution))
    assert response.status_code == 200
    return words(response)


def titles(contribution: Contribution, **options: Any) -> list[str]:
    fresh = type(contribution)._default_manager.get(pk=contribution.pk)
    with translation.override("en"):
        found = history_of(fresh, **{"reader": contribution.author, **options})
    return [str(entry.title) for entry in found.entries]


def accept(contribution: Contribution, by: Any = None) -> Decision:
    return actions.accept_revision(dossier=dossier_of(contribution), by=by or scenes.moderator())


def test_everything_that_happened_stands_there_the_newest_first():
    initiative = scenes.initiative(status=Status.RETURNED)
    rework(
        initiative=initiative,
        by=initiative.author,
        values={"text": "Mended."},
        form=pictures_form(initiative),
    )
    scenes.bring(initiative, Status.PUBLISHED)
    initiative.refresh_from_db()
    revise(initiative, title="Two benches")
    accept(initiative)
    scenes.bring(initiative, Status.WITHDRAWN)

    assert titles(initiative) == [
        "taken off the site by its author",
        "change accepted",
        "change asked for by its author",
        "published",
        "sent in by its author",
        "text changed by its author",
        "returned to the author",
        "sent in by its author",
    ]


def test_who_and_when_stand_beside_each_of_them():
    moderator, author = scenes.moderator(), scenes.person("Zoë Verzonnen")
    moderator.display_name = "Mila Moderator"
    moderator.save()
    initiative = scenes.initiative(author=author)
    revise(initiative, title="Two benches")
    accept(initiative, by=moderator)

    for_moderators = read(initiative, scenes.moderator())
    for_the_author = read(initiative, author)

    assert "Zoë Verzonnen" in for_moderators
    assert moderator.public_name in for_moderators
    assert "Zoë Verzonnen" in for_the_author
    assert moderator.public_name not in for_the_author
    assert "A moderator" in for_the_author
    assert str(timezone.localdate().year) in for_the_author


def test_a_decision_stands_there_with_its_rule_and_reason():
    initiative = scenes.initiative()
    actions.hide(
        dossier=dossier_of(initiative),
        by=scenes.moderator(),
        rule=scenes.house_rule(),
        reason="Somebody's name is in it.",
        facts="the second line",
    )

    page = read(initiative, initiative.author)

    for told in ("Hidden", "Rule respect", "Somebody's name is in it.", "the second line"):
        assert told in page


def test_a_change_is_read_as_a_difference_long_after_it_became_the_text():
    initiative = scenes.initiative()
    other = scenes.area("daar")
    group = scenes.target_group("jongeren")
    revise(
        initiative,
        title="A bench and a lamp",
        area=other,
        target_groups=[group],
        pictures=with_picture("The old tree"),
    )
    accept(initiative)
    initiative.refresh_from_db()
    revise(initiative, title="Something else")
    accept(initiative)

    client = Client()
    client.force_login(initiative.author)
    html = client.get(address(initiative)).content.decode()

    page = " ".join(html.split())
    assert "and a lamp" in page
    # Names and no numbers.
    assert "Daar" in page
    assert "jongeren" in page
    assert "The old tree" in page
    assert page.count("<ins>") >= 4


def test_a_change_that_was_overtaken_stays_on_the_record():
    initiative = scenes.initiative()
    revise(initiative, title="Two benches")
    revise(initiative, title="Three benches")

    page = read(initiative, initiative.author)

    assert "Overtaken" in page
    assert "Two benches" in page
    assert "Three benches" in page


def test_a_change_from_before_this_was_kept_says_so_and_shows_its_own_words():
    initiative = scenes.initiative()
    revision = revise(initiative, title="Two benches")
    accept(initiative)
    Revision.objects.filter(pk=revision.pk).update(before=None)

    page = read(initiative, initiative.author)

    assert "was not kept at that time" in page
    assert "Two benches" in page


def test_a_change_that_waited_when_this_came_is_set_beside_the_text():
    initiative = scenes.initiative()
    revision = revise(initiative, title="Two benches")
    Revision.objects.filter(pk=revision.pk).update(before=None)

    page = read(initiative, scenes.moderator())

    assert "was not kept" not in page
    assert "removed: A bench" in page


def test_words_that_were_taken_out_leave_who_and_when():
    initiative = scenes.initiative()
    revision = revise(initiative, title="Two benches")
    accept(initiative)
    Revision.objects.filter(pk=revision.pk).update(data={}, before=None)

    page = read(initiative, scenes.moderator())

    assert "The words of this change are gone" in page
    assert "Change asked for by its author" in page


def test_a_text_from_before_acts_were_written_down_says_so():
    (initiative,) = crowd.initiatives(1, author=scenes.person(), area=scenes.area())

    assert "Of the time before this" in read(initiative, initiative.author)


def test_a_place_stays_hidden_where_its_author_is_under_16():
    author = scenes.person()
    initiative = scenes.initiative(author=author, address_line="Zqstreet 1")
    revise(initiative, address_line="Zqstreet 2")
    author.age_band = "12-15"
    author.save()
    initiative.refresh_from_db()

    for reader in (author, scenes.moderator()):
        assert "Zqstreet" not in read(initiative, reader)


def test_a_change_by_somebody_under_16_keeps_no_place():
    author = scenes.person()
    initiative = scenes.initiative(author=author, address_line="Zqstreet 1")
    author.age_band = "12-15"
    author.save()
    initiative.refresh_from_db()

    revision = revise(initiative, title="Two benches")

    assert "Zqstreet" not in f"{revision.data} {revision.before}"


def test_a_long_history_has_pages_that_lose_and_repeat_nothing():
    initiative = scenes.initiative()
    moment = timezone.now()
    for number in range(PAGE_SIZE + 5):
        actions.propose_revision(
            contribution=initiative,
            by=initiative.author,
            data={**initiative.fields_of_revision(), "title": f"Version {number}"},
            now=moment + datetime.timedelta(seconds=number),
        )
    first = history_of(initiative, reader=initiative.author)
    second = history_of(initiative, reader=initiative.author, before=first.next_cursor)

    moments = [entry.at for entry in [*first.entries, *second.entries]]
    assert len(first.entries) == PAGE_SIZE
    assert moments == sorted(moments, reverse=True)
    assert len(moments) == PAGE_SIZE + 5 + 2
    assert not second.next_cursor


@pytest.mark.parametrize("cursor", ["x", "0", "2026-99-99", "9" * 500, "2026-01-01", "\0"])
def test_a_cursor_that_says_nothing_gives_the_first_page(cursor: str):
    initiative = scenes.initiative()
    client = Client()
    client.force_login(initiative.author)

    response = client.get(address(initiative), {"before": cursor})

    assert response.status_code == 200
    assert 'class="box"' in response.content.decode()


def test_the_page_costs_as_much_for_many_changes_of_everything_as_for_a_few():
    initiative = scenes.initiative()
    places, groups = [scenes.area(f"wijk{n}") for n in range(3)], [scenes.target_group("ouders")]
    client = Client()
    client.force_login(initiative.author)

    def change(times: int) -> None:
        for number in range(times):
            initiative.refresh_from_db()
            values = {"area": places[number % 3], "target_groups": groups[: number % 2]}
            revise(initiative, **values, title=f"V {number}")
            accept(initiative)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(initiative)).status_code == 200
        return len(queries)

    change(2)
    client.get(address(initiative))
    few = cost()
    change(7)

    assert cost() == few
    assert few <= 14


class TestTheRecord:
    def test_acts_of_authors_are_never_changed_or_deleted(self):
        act = AuthorAct.objects.filter(dossier=scenes.initiative().dossier_id).get()

        with pytest.raises(AppendOnly):
            act.save()
        with pytest.raises(AppendOnly):
            act.delete()
        with pytest.raises(AppendOnly):
            AuthorAct.objects.update(done_at=timezone.now())
        with pytest.raises(AppendOnly):
            AuthorAct.objects.all().delete()

    def test_the_database_refuses_it_too(self):
        scenes.initiative()

        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE contributions_authoract SET act = 'withdrawn'")

    @pytest.mark.parametrize(
        "altered",
        [{"state": "dropped"}, {"closed_at": timezone.now()}, {"created_at": timezone.now()}],
    )
    def test_what_became_of_a_closed_change_stays_as_it_was(self, altered: dict[str, Any]):
        initiative = scenes.initiative()
        revise(initiative, title="Two benches")
        accept(initiative)

        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            Revision.objects.update(**altered)

    @pytest.mark.postgresql
    @pytest.mark.parametrize("table", ["authoract", "revision"])
    def test_postgresql_lets_none_of_it_be_deleted(self, table: str):
        revise(scenes.initiative(), title="Two benches")

        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM contributions_{table}")

    def test_a_draft_leaves_no_trace_of_how_it_was_written(self):
        draft = scenes.draft()
        write(initiative=draft, by=draft.author, draft_key="", values={"text": "Another."})

        assert not AuthorAct.objects.exists()
        assert not Revision.objects.exists()

    def test_a_text_that_was_changed_without_other_words_has_no_change(self):
        initiative = scenes.initiative(status=Status.SUBMITTED)

        write(
            initiative=initiative,
            by=initiative.author,
            draft_key="",
            values={"text": initiative.text},
        )

        assert not Revision.objects.exists()


class TestComingInAgain:
    def test_a_moderator_reads_what_changed_since_the_text_went_back(self):
        initiative = scenes.initiative(status=Status.RETURNED)
        for text in ("Mended a little.", "Mended."):
            initiative.refresh_from_db()
            write(initiative=initiative, by=initiative.author, draft_key="", values={"text": text})
        hand_in(initiative=Initiative.objects.get(pk=initiative.pk), by=initiative.author)
        client = Client()
        client.force_login(scenes.moderator())

        with translation.override("en"):
            page = words(client.get(reverse("moderation:item", args=[initiative.dossier_id])))

        assert "What the author changed since it was read" in page
        assert "Mended." in page
        assert "Mended a little." not in page

    def test_of_a_text_that_nobody_read_yet_there_is_nothing_to_compare(self):
        initiative = scenes.initiative(status=Status.SUBMITTED)

        write(initiative=initiative, by=initiative.author, draft_key="", values={"text": "New."})

        assert changes_since_it_was_read(Initiative.objects.get(pk=initiative.pk)) == []


class TestWhoReadsIt:
    def test_a_moderator_of_another_language_does_not(self):
        initiative = scenes.initiative()
        client = Client()
        client.force_login(scenes.granted(Role.MODERATOR, language="pl"))

        assert client.get(address(initiative)).status_code == 404

    def test_the_way_there_stands_on_the_page_of_ones_own_text_alone(self):
        initiative = scenes.initiative()
        link = f"/bericht/{initiative.dossier_id}/geschiedenis/"
        own = Client()
        own.force_login(initiative.author)

        assert link in own.get(initiative.get_absolute_url()).content.decode()
        assert link not in Client().get(initiative.get_absolute_url()).content.decode()

    def test_the_author_sees_on_the_page_what_their_change_alters(self):
        initiative = scenes.initiative()
        revise(initiative, title="A lamp on the square")
        own = Client()
        own.force_login(initiative.author)

        html = own.get(initiative.get_absolute_url()).content.decode()

        assert "<del>" in html
        assert "<ins>" in html
        assert "<ins>" not in Client().get(initiative.get_absolute_url()).content.decode()

    def test_a_comment_has_a_history_too(self):
        comment = scenes.comment(scenes.initiative(), "What a good idea", stance="for")
        change_comment(
            comment=comment,
            by=comment.author,
            draft_key="",
            values={"text": "What a bad idea", "stance": "against"},
            started_from=version_of_words(comment),
        )

        page = read(comment, comment.author)

        assert "removed: good" in page
        assert "added: bad" in page
