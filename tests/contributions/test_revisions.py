"""Changes: a published text stays as it was approved until a moderator agrees to the new one."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from contributions import actions
from contributions.actions import (
    EditedElsewhere,
    NotAllowed,
    NotPossibleNow,
    ReasonMissing,
    TextChanged,
    TooManyPictures,
    version_of,
)
from contributions.models import Contribution, Decision, Dossier, Picture, Revision, Status
from contributions.pictures import NewPicture, encode
from contributions.revisions import version_of_words
from ideas.actions import change_comment, rework, write
from ideas.models import Initiative
from tests import scenes
from tests.contributions.changing import add_picture, pictures_form, revise, with_picture
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db


def dossier_of(contribution: Contribution) -> Dossier:
    return Dossier.objects.get(pk=contribution.dossier_id)


def seen(contribution: Contribution) -> str:
    """Return what a moderator who opens the page now has read."""
    return version_of(type(contribution)._default_manager.get(pk=contribution.pk))


def fresh(initiative: Initiative) -> Initiative:
    return Initiative.objects.get(pk=initiative.pk)


def accept(initiative: Contribution, **options: Any) -> Decision:
    return actions.accept_revision(dossier=dossier_of(initiative), by=scenes.moderator(), **options)


def shown(initiative: Initiative) -> list[str]:
    """Return the descriptions of the pictures that stand with the approved text."""
    pictures = Picture.objects.filter(dossier=initiative.dossier_id).shown()
    return [picture.description for picture in pictures]


class TestWaiting:
    def test_the_approved_text_stays_while_a_change_waits(self):
        initiative = scenes.initiative()

        revise(initiative, title="Two benches", text="We need two.")

        assert fresh(initiative).title == "A bench on the square"
        assert fresh(initiative).status == Status.PUBLISHED
        dossier = dossier_of(initiative)
        assert dossier.review == "revision"
        assert dossier.promised_date is not None

    def test_a_change_waits_also_where_the_author_is_trusted(self):
        author = scenes.trusted(scenes.person())
        initiative = scenes.initiative("Fourth", author=author)

        revise(initiative, title="Buy my things")

        assert fresh(initiative).title == "Fourth"

    def test_a_second_change_takes_the_place_of_the_first(self):
        initiative = scenes.initiative()
        first = revise(initiative, title="Two benches")

        second = revise(initiative, title="Three benches")

        first.refresh_from_db()
        assert (first.state, first.data["title"]) == ("dropped", "Two benches")
        assert (second.state, second.data["title"]) == ("waiting", "Three benches")

    def test_the_same_change_sent_twice_is_one(self):
        initiative = scenes.initiative()

        first, again = (revise(initiative, title="Two benches") for _time in range(2))

        assert first == again
        assert Revision.objects.get().state == "waiting"

    def test_a_change_keeps_what_it_would_replace(self):
        initiative = scenes.initiative()

        revision = revise(initiative, title="Two benches")

        assert revision.before["title"] == "A bench on the square"

    def test_the_database_lets_one_change_wait_at_a_time(self):
        revision = revise(scenes.initiative(), title="Two benches")

        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.create(
                dossier=revision.dossier, created_by=revision.created_by, data={}
            )

    @pytest.mark.parametrize("closed", [True, False])
    def test_a_change_waits_or_has_a_moment_when_it_was_closed(self, closed: bool):
        revision = revise(scenes.initiative(), title="Two benches")

        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.filter(pk=revision.pk).update(
                state="waiting" if closed else "accepted",
                closed_at=timezone.now() if closed else None,
            )

    def test_changing_again_and_again_never_moves_a_text_back_in_the_queue(self):
        scenes.moderator()
        initiative = scenes.initiative(author=scenes.trusted(scenes.person()))
        before = dossier_of(initiative)
        later = timezone.now() + datetime.timedelta(days=9)

        for day in range(2):
            actions.propose_revision(
                contribution=initiative,
                by=initiative.author,
                data=initiative.fields_of_revision(),
                now=later + datetime.timedelta(days=day),
            )

        after = dossier_of(initiative)
        assert after.review == "revision"
        assert after.waiting_since == before.waiting_since
        assert after.promised_date == before.promised_date

    def test_nobody_changes_someone_elses_text(self):
        initiative = scenes.initiative()

        with pytest.raises(NotAllowed):
            actions.propose_revision(
                contribution=initiative, by=scenes.person(), data=initiative.fields_of_revision()
            )

    @pytest.mark.parametrize(
        "status", [status for status in Status.values if status != Status.PUBLISHED]
    )
    def test_only_what_is_on_the_site_gets_a_change_that_waits(self, status: str):
        initiative = scenes.initiative(status=status)

        with pytest.raises(NotPossibleNow):
            revise(initiative, title="Two benches")

        assert not Revision.objects.exists()


class TestAccepting:
    def test_every_field_takes_its_new_value(self):
        young, old = scenes.target_group("jongeren"), scenes.target_group("ouderen")
        initiative = scenes.initiative(groups=[young])
        there, other_theme = scenes.area("daar"), scenes.theme("veilig", "home")
        revise(
            initiative,
            title="Две пейки",
            text="Трябват ни две.",
            language="bg",
            area=there,
            theme=other_theme,
            target_groups=[old],
            address_line="By the tree",
            latitude="52.07000",
            longitude="4.30000",
            help_wanted="Wood",
        )
        moment = timezone.now()

        accept(initiative, now=moment)

        changed = fresh(initiative)
        assert changed.title == "Две пейки"
        assert changed.slug == "dve-peyki"
        assert changed.text == "Трябват ни две."
        assert (changed.language, changed.area, changed.theme) == ("bg", there, other_theme)
        assert list(changed.target_groups.all()) == [old]
        assert (str(changed.latitude), str(changed.longitude)) == ("52.07000", "4.30000")
        assert (changed.address_line, changed.help_wanted) == ("By the tree", "Wood")
        assert changed.changed_at == moment
        assert changed.published_at == initiative.published_at

    def test_the_dossier_follows_to_the_new_area_and_language(self):
        initiative, there = scenes.initiative(), scenes.area("daar")
        revise(initiative, area=there, language="pl")

        accept(initiative)

        dossier = dossier_of(initiative)
        assert (dossier.area, dossier.language) == (there, "pl")
        assert dossier.waiting_since is None

    def test_the_record_says_so(self):
        initiative = scenes.initiative()
        revision = revise(initiative, title="Two benches")

        decision = accept(initiative)

        revision.refresh_from_db()
        assert revision.state == "accepted"
        assert revision.closed_at is not None
        assert decision.outcome == "revision_accepted"
        assert (decision.from_status, decision.to_status) == ("published", "published")

    def test_the_terms_for_support_stay_as_they_were(self):
        initiative = scenes.initiative()
        there = scenes.area("daar", support_threshold=3, support_days=5)
        revise(initiative, area=there)

        accept(initiative)

        changed = fresh(initiative)
        assert changed.threshold == initiative.threshold
        assert changed.closes_on == initiative.closes_on

    def test_a_comment_is_changed_in_the_same_way(self):
        remark = scenes.comment(scenes.initiative(), stance="for")
        change_comment(
            comment=remark,
            by=remark.author,
            draft_key="",
            values={"text": "Not so good", "stance": "against"},
        )
        remark.refresh_from_db()
        assert remark.text == "What a good idea"

        accept(remark)

        remark.refresh_from_db()
        assert (remark.text, remark.stance) == ("Not so good", "against")

    def test_without_a_change_there_is_nothing_to_accept(self):
        initiative = scenes.initiative()

        with pytest.raises(NotPossibleNow):
            accept(initiative)

    def test_a_change_that_was_replaced_while_it_was_read_is_read_again(self):
        initiative = scenes.initiative()
        revise(initiative, text="Two benches")
        read = seen(initiative)
        revise(initiative, text="Buy my things")

        with pytest.raises(TextChanged):
            accept(initiative, seen=read)

        assert fresh(initiative).text != "Buy my things"

    def test_a_change_that_came_while_the_text_was_read_is_not_decided_about_unread(self):
        scenes.moderator()
        initiative = scenes.initiative(author=scenes.trusted(scenes.person()))
        read = seen(initiative)
        revise(initiative, text="Buy my things")

        with pytest.raises(NotPossibleNow):
            accept(initiative, seen=read)
        with pytest.raises(NotPossibleNow):
            actions.keep(dossier=dossier_of(initiative), by=scenes.moderator(), seen=read)

    def test_nobody_accepts_their_own_change(self):
        author = scenes.moderator()
        initiative = scenes.initiative(author=author)
        revise(initiative, text="Two benches")

        with pytest.raises(NotAllowed):
            actions.accept_revision(dossier=dossier_of(initiative), by=author)


class TestReturning:
    def test_a_change_that_is_not_taken_over_leaves_the_text_as_it_was(self):
        initiative = scenes.initiative()
        revision = revise(initiative, title="Buy my things")

        decision = actions.return_revision(
            dossier=dossier_of(initiative), by=scenes.moderator(), reason="This is advertising."
        )

        revision.refresh_from_db()
        assert revision.state == "returned"
        assert fresh(initiative).title == "A bench on the square"
        assert fresh(initiative).status == Status.PUBLISHED
        assert decision.reason == "This is advertising."
        assert dossier_of(initiative).waiting_since is None

    def test_the_author_can_ask_again(self):
        initiative = scenes.initiative()
        revise(initiative, title="Buy my things")
        actions.return_revision(
            dossier=dossier_of(initiative), by=scenes.moderator(), reason="This is advertising."
        )

        revise(initiative, title="Two benches")
        accept(initiative)

        assert fresh(initiative).title == "Two benches"

    def test_it_says_why(self):
        initiative = scenes.initiative()
        revise(initiative, title="Buy my things")

        with pytest.raises(ReasonMissing):
            actions.return_revision(
                dossier=dossier_of(initiative), by=scenes.moderator(), reason=" "
            )


class TestOvertaken:
    @pytest.mark.parametrize("status", [Status.HIDDEN, Status.WITHDRAWN])
    def test_a_text_that_leaves_the_site_drops_the_change_that_waited(self, status: str):
        initiative = scenes.initiative()
        revision = revise(initiative, title="Two benches")

        scenes.bring(initiative, status)

        revision.refresh_from_db()
        assert revision.state == "dropped"
        assert revision.closed_at is not None
        assert dossier_of(initiative).waiting_since is None

    def test_a_text_that_comes_back_comes_back_without_it(self):
        initiative = scenes.initiative()
        revise(initiative, title="Two benches", pictures=with_picture())
        scenes.bring(initiative, Status.HIDDEN)

        actions.restore(dossier=dossier_of(initiative), by=scenes.moderator())

        assert fresh(initiative).title == "A bench on the square"
        assert shown(initiative) == []
        with pytest.raises(NotPossibleNow):
            accept(initiative)


class TestPictures:
    def test_a_new_picture_waits_with_the_change(self):
        initiative = scenes.initiative()

        revise(initiative, pictures=with_picture("The tree"))
        assert shown(initiative) == []

        accept(initiative)
        assert shown(initiative) == ["The tree"]

    def test_a_new_picture_is_not_shown_when_the_change_is_not_taken_over(self):
        initiative = scenes.initiative()
        revise(initiative, pictures=with_picture("The tree"))

        actions.return_revision(
            dossier=dossier_of(initiative), by=scenes.moderator(), reason="Somebody stands in it."
        )

        assert shown(initiative) == []
        assert not Picture.objects.current().exists()

    def test_a_picture_stays_until_its_removal_is_accepted(self):
        initiative = with_pictures("The tree", "The road")
        tree = Picture.objects.get(description="The tree")

        revise(initiative, pictures={"data": {f"remove_{tree.key}": "on"}})
        assert shown(initiative) == ["The tree", "The road"]

        accept(initiative)
        assert shown(initiative) == ["The road"]
        tree.refresh_from_db()
        assert tree.removed_at is not None

    def test_a_description_stays_until_the_new_one_is_accepted(self):
        initiative = with_pictures("The tree")
        tree = Picture.objects.get()

        revise(initiative, pictures={"data": {f"description_{tree.key}": "The old oak"}})
        assert shown(initiative) == ["The tree"]

        accept(initiative)
        assert shown(initiative) == ["The old oak"]

    def test_nobody_removes_or_describes_a_picture_of_another_text(self):
        mine, theirs = scenes.initiative(), with_pictures("The tree")
        tree = Picture.objects.get()
        data = {
            **mine.fields_of_revision(),
            "pictures_removed": [str(tree.key)],
            "picture_descriptions": {str(tree.key): "Buy my things"},
        }
        actions.propose_revision(contribution=mine, by=mine.author, data=data)

        accept(mine)

        assert shown(theirs) == ["The tree"]

    def test_a_change_cannot_bring_a_sixth_picture(self):
        initiative = with_pictures(*[f"Picture {number}" for number in range(5)])
        new = NewPicture(encode(scenes.picture_file()), "One more")

        with pytest.raises(TooManyPictures):
            actions.propose_revision(
                contribution=initiative,
                by=initiative.author,
                data=initiative.fields_of_revision(),
                new_pictures=[new],
            )

        assert not Revision.objects.exists()
        assert dossier_of(initiative).waiting_since is None


def with_pictures(*descriptions: str) -> Initiative:
    """Return a published initiative with pictures."""
    draft = scenes.draft()
    for description in descriptions:
        add_picture(draft, description)
    actions.submit(contribution=draft, by=draft.author)
    scenes.bring(draft, Status.PUBLISHED)
    return fresh(draft)


class TestEditingInPlace:
    @pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED])
    def test_what_nobody_else_reads_yet_is_changed_in_place_and_says_when(self, status: str):
        initiative = scenes.initiative(status=status)

        write(initiative=initiative, by=initiative.author, draft_key="", values={"text": "Two."})

        changed = fresh(initiative)
        assert changed.text == "Two."
        assert changed.changed_at > initiative.changed_at
        assert changed.status == status

    def test_the_queue_follows_a_waiting_text_to_another_area_and_language(self):
        initiative = scenes.initiative(status=Status.SUBMITTED)
        waiting_since = dossier_of(initiative).waiting_since
        there = scenes.area("daar")

        write(
            initiative=initiative,
            by=initiative.author,
            draft_key="",
            values={"area": there, "language": "pl"},
        )

        dossier = dossier_of(initiative)
        assert (dossier.area, dossier.language) == (there, "pl")
        assert dossier.waiting_since == waiting_since

    @pytest.mark.parametrize("status", [Status.RETURNED, Status.WITHDRAWN])
    def test_a_text_that_came_back_goes_in_again_when_it_is_mended(self, status: str):
        initiative = scenes.initiative(status=status)

        rework(
            initiative=initiative,
            by=initiative.author,
            values={"text": "On the corner of our street."},
            form=pictures_form(initiative),
        )

        assert fresh(initiative).status == Status.SUBMITTED
        assert dossier_of(initiative).review == "before"

    @pytest.mark.parametrize("status", [Status.PUBLISHED, Status.REJECTED, Status.HIDDEN])
    def test_what_was_decided_in_the_meantime_is_not_changed_in_place(self, status: str):
        initiative = scenes.initiative(status=Status.SUBMITTED)
        scenes.bring(initiative, status)

        with pytest.raises(NotPossibleNow):
            write(
                initiative=initiative,
                by=initiative.author,
                draft_key="",
                values={"text": "Buy my things"},
            )

        assert fresh(initiative).text != "Buy my things"

    def test_a_picture_taken_from_a_withdrawn_text_stays_on_the_record(self):
        initiative = with_pictures("The tree")
        tree = Picture.objects.get()
        scenes.bring(initiative, Status.WITHDRAWN)

        rework(
            initiative=initiative,
            by=initiative.author,
            values={},
            form=pictures_form(initiative, data={f"remove_{tree.key}": "on"}),
        )

        tree.refresh_from_db()
        assert tree.removed_at is not None
        assert shown(initiative) == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_of_many_changes_at_once_one_waits_and_none_fails(self):
        initiative = scenes.initiative()

        outcomes = at_once(
            [
                lambda number=number: actions.propose_revision(
                    contribution=initiative,
                    by=initiative.author,
                    data={**initiative.fields_of_revision(), "title": f"Version {number}"},
                )
                for number in range(CALLERS)
            ]
        )

        assert all(isinstance(outcome, Revision) for outcome in outcomes), outcomes
        states = list(Revision.objects.values_list("state", flat=True))
        assert sorted(states) == ["dropped"] * (CALLERS - 1) + ["waiting"]

    def test_of_many_windows_that_began_with_the_same_words_one_is_first(self):
        initiative = scenes.initiative()
        began_with = version_of_words(initiative)

        outcomes = at_once(
            [
                lambda number=number: actions.propose_revision(
                    contribution=initiative,
                    by=initiative.author,
                    data={**initiative.fields_of_revision(), "title": f"Version {number}"},
                    started_from=began_with,
                )
                for number in range(CALLERS)
            ]
        )

        others = [outcome for outcome in outcomes if not isinstance(outcome, Revision)]
        assert all(isinstance(outcome, EditedElsewhere) for outcome in others), others
        assert len(others) == CALLERS - 1
        assert Revision.objects.get().state == "waiting"

    def test_of_many_windows_on_a_text_that_waits_one_is_first(self):
        initiative = scenes.initiative(status=Status.SUBMITTED)
        began_with = version_of_words(initiative)

        outcomes = at_once(
            [
                lambda number=number: write(
                    initiative=initiative,
                    by=initiative.author,
                    draft_key="",
                    values={"title": f"Version {number}"},
                    started_from=began_with,
                )
                for number in range(CALLERS)
            ]
        )

        others = [outcome for outcome in outcomes if not isinstance(outcome, Initiative)]
        assert all(isinstance(outcome, EditedElsewhere) for outcome in others), others
        assert len(others) == CALLERS - 1
        assert Revision.objects.get().data["title"] == fresh(initiative).title

    def test_no_change_slips_in_beside_the_acceptance_of_another(self):
        initiatives = [scenes.initiative() for _pair in range(CALLERS // 2)]
        reader = scenes.moderator()
        for initiative in initiatives:
            revise(initiative, text="Two benches")

        def propose(initiative: Initiative) -> Any:
            data = {**initiative.fields_of_revision(), "text": "Buy my things"}
            return lambda: actions.propose_revision(
                contribution=initiative, by=initiative.author, data=data
            )

        def take_over(initiative: Initiative, read: str) -> Any:
            dossier = dossier_of(initiative)
            return lambda: actions.accept_revision(dossier=dossier, by=reader, seen=read)

        calls = [
            call
            for initiative in initiatives
            for call in (propose(initiative), take_over(initiative, seen(initiative)))
        ]
        outcomes = at_once(calls)

        for number, initiative in enumerate(initiatives):
            proposed, accepted = outcomes[2 * number : 2 * number + 2]
            assert isinstance(proposed, Revision), proposed
            assert fresh(initiative).text != "Buy my things", accepted
            # The last change waits, whichever came first.
            assert dossier_of(initiative).review == "revision"
            waiting = Revision.objects.get(dossier=initiative.dossier_id, state="waiting")
            assert waiting.data["text"] == "Buy my things"
