"""Drafts: written first, signed in last, kept for thirty days."""

import datetime

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from contributions import actions
from contributions.actions import NotAllowed, NotPossibleNow
from contributions.models import Dossier, Picture, Status
from contributions.pictures import make_sizes
from contributions.retention import delete_draft, forget_old_drafts
from contributions.tasks import forget_old_drafts as forget_old_drafts_task
from ideas.actions import hand_in_comment, write, write_comment
from ideas.models import Comment, Initiative
from tests import scenes
from tests.contributions.changing import add_picture
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db

KEY = "k" * 43
OTHER_KEY = "x" * 43
MONTH = datetime.timedelta(days=30)


class TestClaiming:
    def test_a_draft_becomes_the_persons_who_holds_its_key(self):
        draft, neighbour = scenes.draft(draft_key=KEY), scenes.person()

        claimed = actions.claim_draft(draft=draft, by=neighbour, draft_key=KEY)

        draft.refresh_from_db()
        assert claimed.author == draft.author == neighbour
        assert draft.draft_key == ""
        assert draft.title == "A bench on the square"

    def test_claiming_twice_is_no_error(self):
        draft, neighbour = scenes.draft(draft_key=KEY), scenes.person()
        actions.claim_draft(draft=draft, by=neighbour, draft_key=KEY)

        assert actions.claim_draft(draft=draft, by=neighbour, draft_key=KEY).author == neighbour

    @pytest.mark.parametrize("key", ["", OTHER_KEY, KEY.upper(), KEY[:-1]])
    def test_another_key_claims_nothing(self, key: str):
        draft = scenes.draft(draft_key=KEY)

        with pytest.raises(NotAllowed):
            actions.claim_draft(draft=draft, by=scenes.person(), draft_key=key)

        draft.refresh_from_db()
        assert draft.author is None

    @pytest.mark.parametrize("key", ["", KEY])
    def test_someone_elses_draft_stays_theirs(self, key: str):
        draft, owner = scenes.draft(draft_key=KEY), scenes.person()
        actions.claim_draft(draft=draft, by=owner, draft_key=KEY)

        with pytest.raises(NotAllowed):
            actions.claim_draft(draft=draft, by=scenes.person(), draft_key=key)

        draft.refresh_from_db()
        assert draft.author == owner

    def test_after_the_claim_the_key_opens_nothing_any_more(self):
        draft = scenes.draft(draft_key=KEY)
        actions.claim_draft(draft=draft, by=scenes.person(), draft_key=KEY)

        with pytest.raises(NotAllowed):
            write(initiative=draft, by=User(), draft_key=KEY, values={"text": "Mine now"})

    def test_a_comment_is_claimed_where_it_is_handed_in(self):
        on, neighbour = scenes.initiative(), scenes.person()
        remark = write_comment(
            initiative=on, author=None, draft_key=KEY, text="Good idea", language="nl"
        )

        with pytest.raises(NotAllowed):
            hand_in_comment(comment=remark, by=neighbour, draft_key=OTHER_KEY)
        hand_in_comment(comment=remark, by=neighbour, draft_key=KEY)

        remark.refresh_from_db()
        assert remark.author == neighbour
        assert remark.status == Status.SUBMITTED

    @pytest.mark.postgresql
    @pytest.mark.django_db(transaction=True)
    def test_of_many_people_with_one_key_exactly_one_gets_the_draft(self):
        draft = scenes.draft(draft_key=KEY)
        people = [scenes.person() for _caller in range(CALLERS)]

        outcomes = at_once(
            [lambda by=by: actions.claim_draft(draft=draft, by=by, draft_key=KEY) for by in people]
        )

        claimed = [outcome for outcome in outcomes if isinstance(outcome, Initiative)]
        assert len(claimed) == 1, outcomes
        draft.refresh_from_db()
        assert draft.author == claimed[0].author


class TestWriting:
    def test_a_browser_writes_on_the_draft_that_it_holds(self):
        draft = scenes.draft(draft_key=KEY)

        write(initiative=draft, by=User(), draft_key=KEY, values={"text": "With a back"})

        draft.refresh_from_db()
        assert draft.text == "With a back"

    @pytest.mark.parametrize("key", ["", OTHER_KEY])
    def test_another_browser_writes_nothing(self, key: str):
        draft = scenes.draft(draft_key=KEY)

        with pytest.raises(NotAllowed):
            write(initiative=draft, by=User(), draft_key=key, values={"text": "Mine"})

    def test_a_visitor_without_a_key_is_not_the_author_of_what_has_none(self):
        draft = scenes.draft(draft_key=KEY)

        with pytest.raises(NotAllowed):
            write(initiative=draft, by=User(), draft_key="", values={"text": "Mine"})

    def test_nobody_writes_on_someone_elses_draft(self):
        draft = scenes.draft(author=scenes.person())

        with pytest.raises(NotAllowed):
            write(initiative=draft, by=scenes.person(), draft_key="", values={"text": "Mine"})


class TestForgetting:
    def test_a_draft_that_nobody_touched_for_thirty_days_is_gone_with_all_it_had(
        self, django_capture_on_commit_callbacks
    ):
        draft = scenes.draft(draft_key=KEY, groups=[scenes.target_group()])
        picture = add_picture_by_key(draft)
        make_sizes(picture=picture)
        files = [picture.image.name, picture.size_path(320), picture.size_path(640)]
        assert all(default_storage.exists(file) for file in files)
        draft.refresh_from_db()

        with django_capture_on_commit_callbacks(execute=True):
            late = draft.changed_at + MONTH + datetime.timedelta(seconds=1)
            assert forget_old_drafts(now=late) == 1

        assert not Initiative.objects.exists()
        assert not Picture.objects.exists()
        assert not Dossier.objects.exists()
        assert not any(default_storage.exists(file) for file in files)

    def test_thirty_days_are_full_days(self):
        draft = scenes.draft(draft_key=KEY)
        draft.refresh_from_db()

        assert forget_old_drafts(now=draft.changed_at + MONTH) == 0

    def test_every_touch_begins_the_thirty_days_anew(self):
        draft = scenes.draft(draft_key=KEY)
        Initiative.objects.update(changed_at=timezone.now() - MONTH * 2)
        write(initiative=draft, by=User(), draft_key=KEY, values={"text": "Still here"})

        assert forget_old_drafts(now=timezone.now()) == 0

    @pytest.mark.parametrize(
        "status", [status for status in Status.values if status != Status.DRAFT]
    )
    def test_what_was_handed_in_is_never_forgotten(self, status: str):
        scenes.initiative(status=status)
        Initiative.objects.update(changed_at=timezone.now() - MONTH * 20)

        assert forget_old_drafts(now=timezone.now()) == 0
        assert Initiative.objects.count() == 1

    def test_all_kinds_are_swept_and_the_task_says_how_many(self):
        on = scenes.initiative()
        scenes.comment(on, status=Status.DRAFT)
        scenes.draft(author=scenes.person())
        Initiative.objects.update(changed_at=timezone.now() - MONTH * 2)
        Comment.objects.update(changed_at=timezone.now() - MONTH * 2)

        assert forget_old_drafts_task() == 2
        assert forget_old_drafts_task() == 0
        assert Initiative.objects.get() == on

    def test_a_draft_that_was_handed_in_just_before_stays(self):
        author = scenes.person()
        draft = scenes.draft(author=author)
        actions.submit(contribution=Initiative.objects.get(pk=draft.pk), by=author)

        assert not delete_draft(draft=draft)

        draft.refresh_from_db()
        assert draft.status == Status.SUBMITTED

    def test_a_draft_that_was_taken_up_again_just_before_stays(self):
        draft = scenes.draft(draft_key=KEY)

        assert not delete_draft(draft=draft, untouched_since=timezone.now() - MONTH)
        assert delete_draft(draft=draft)

    @pytest.mark.postgresql
    @pytest.mark.django_db(transaction=True)
    def test_of_handing_in_and_throwing_away_at_once_one_wins_and_nothing_is_half_gone(self):
        authors = [scenes.person() for _pair in range(CALLERS // 2)]
        drafts = [scenes.draft(author=author) for author in authors]

        calls = [
            call
            for draft, author in zip(drafts, authors, strict=True)
            for call in (
                lambda draft=draft, author=author: actions.submit(contribution=draft, by=author),
                lambda draft=draft: delete_draft(draft=draft),
            )
        ]
        outcomes = at_once(calls)

        for number, draft in enumerate(drafts):
            submitted, deleted = outcomes[2 * number : 2 * number + 2]
            left = Initiative.objects.filter(pk=draft.pk).first()
            if deleted is True:
                assert left is None
                assert isinstance(submitted, Initiative.DoesNotExist | NotPossibleNow)
                assert not Dossier.objects.filter(pk=draft.dossier_id).exists()
            else:
                assert isinstance(submitted, Initiative), (submitted, deleted)
                assert left is not None
                assert left.status == Status.SUBMITTED


def add_picture_by_key(draft: Initiative) -> Picture:
    draft.author = User()
    return add_picture(draft)
