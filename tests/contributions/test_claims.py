"""Who reads what: a claim that ends, the next one in the queue, and passing on."""

import datetime
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Role, User
from contributions import actions
from contributions.models import Decision, Dossier, Note, Status
from ideas.models import Initiative
from tests import scenes
from tests.moderation import crowd
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db


def waiting(title: str = "A bench", **fields: Any) -> Dossier:
    text = scenes.initiative(title, status=Status.SUBMITTED, **fields)
    return Dossier.objects.get(pk=text.dossier_id)


class TestReading:
    def test_who_begins_to_read_has_it_for_a_quarter_of_an_hour(self):
        dossier, reader, now = waiting(), scenes.moderator(), timezone.now()

        actions.claim(dossier=dossier, by=reader, now=now)

        dossier.refresh_from_db()
        assert settings.CLAIM_MINUTES == 15
        last = now + datetime.timedelta(minutes=15)
        assert dossier.reader_at(last - datetime.timedelta(seconds=1)) == reader
        assert dossier.reader_at(last) is None

    def test_meanwhile_a_colleague_neither_begins_nor_decides(self):
        dossier, reader, other = waiting(), scenes.moderator(), scenes.moderator()
        actions.claim(dossier=dossier, by=reader)

        for verb in (actions.claim, actions.publish):
            with pytest.raises(actions.ReadByColleague, match=reader.public_name):
                verb(dossier=dossier, by=other)
        with pytest.raises(actions.ReadByColleague):
            actions.pass_on(dossier=dossier, by=other, text="Look", to=None)

        assert not Decision.objects.filter(dossier=dossier).exists()

    def test_after_that_a_colleague_can_do_both(self):
        dossier, reader, other = waiting(), scenes.moderator(), scenes.moderator()
        now = timezone.now()
        actions.claim(dossier=dossier, by=reader, now=now)
        later = now + datetime.timedelta(minutes=15)

        actions.claim(dossier=dossier, by=other, now=later)
        actions.publish(dossier=dossier, by=other, now=later)

    def test_who_reads_it_decides(self):
        dossier, reader = waiting(), scenes.moderator()
        actions.claim(dossier=dossier, by=reader)

        actions.publish(dossier=dossier, by=reader)

        dossier.refresh_from_db()
        assert dossier.claimed_by is None

    def test_what_is_put_back_is_free_at_once(self):
        dossier, reader, other = waiting(), scenes.moderator(), scenes.moderator()
        actions.claim(dossier=dossier, by=reader)

        actions.release(dossier=dossier, by=other)
        with pytest.raises(actions.ReadByColleague):
            actions.claim(dossier=dossier, by=other)
        actions.release(dossier=dossier, by=reader)

        actions.claim(dossier=dossier, by=other)

    def test_who_begins_with_another_lets_the_first_one_go(self):
        one, two, reader = waiting(), waiting(), scenes.moderator()
        actions.claim(dossier=one, by=reader)
        actions.claim(dossier=two, by=reader)

        actions.claim(dossier=one, by=scenes.moderator())

    def test_nobody_claims_what_is_not_theirs_to_decide_about(self):
        author = scenes.moderator()
        dossier = waiting(author=author)

        for person in (author, scenes.person(), scenes.moderator(language="bg")):
            with pytest.raises(actions.NotAllowed):
                actions.claim(dossier=dossier, by=person)

    def test_what_does_not_wait_is_not_claimed(self):
        text = scenes.initiative()

        with pytest.raises(actions.NotPossibleNow):
            actions.claim(dossier=text.dossier, by=scenes.moderator())


class TestNext:
    def test_the_next_one_is_the_longest_waiting_that_nobody_reads(self):
        first, second, third = crowd.waiting(3)
        actions.claim(dossier=first, by=scenes.moderator())
        reader = scenes.moderator()

        assert actions.claim_next(by=reader) == second
        assert actions.claim_next(by=reader, after=second) == third

    def test_after_the_last_it_begins_again(self):
        first, second = crowd.waiting(2)

        assert actions.claim_next(by=scenes.moderator(), after=second) == first

    def test_what_cannot_wait_comes_first(self):
        _first, second = crowd.waiting(2)
        Dossier.objects.filter(pk=second.pk).update(is_urgent=True)
        reader = scenes.moderator()

        assert actions.claim_next(by=reader) == second

    def test_ones_own_text_is_passed_over(self):
        reader = scenes.moderator()
        waiting("Mine", author=reader)
        other = waiting("Not mine")

        assert actions.claim_next(by=reader) == other

    def test_with_nothing_left_there_is_no_next(self):
        (only,) = crowd.waiting(1)
        reader = scenes.moderator()

        assert actions.claim_next(by=scenes.moderator(language="bg")) is None
        assert actions.claim_next(by=reader, after=only) is None
        assert actions.claim_next(by=scenes.person()) is None


class TestPassingOn:
    def test_a_colleague_gets_it_with_a_note(self):
        dossier, reader, other = waiting(), scenes.moderator(), scenes.moderator()
        actions.claim(dossier=dossier, by=reader)

        actions.pass_on(dossier=dossier, by=reader, text="Do you know this square?", to=other)

        dossier.refresh_from_db()
        note = Note.objects.get(dossier=dossier)
        assert (dossier.passed_to, dossier.passed_to_office) == (other, False)
        assert dossier.claimed_by is None
        assert (note.text, note.written_by, note.passed_to) == (
            "Do you know this square?",
            reader,
            other,
        )

    def test_it_keeps_its_place_and_its_promise(self):
        dossier, reader = waiting(), scenes.moderator()
        since, promised = dossier.waiting_since, dossier.promised_date

        actions.pass_on(dossier=dossier, by=reader, text="Look", to=None)

        dossier.refresh_from_db()
        assert (dossier.waiting_since, dossier.promised_date) == (since, promised)

    @pytest.mark.parametrize("who", ["nobody", "other language", "author", "oneself"])
    def test_only_somebody_who_may_decide_gets_it(self, who: str):
        author, reader = scenes.moderator(), scenes.moderator()
        dossier = waiting(author=author)
        to = {
            "nobody": scenes.person(),
            "other language": scenes.moderator(language="bg"),
            "author": author,
            "oneself": reader,
        }[who]

        with pytest.raises(actions.NotAReader):
            actions.pass_on(dossier=dossier, by=reader, text="Look", to=to)

        dossier.refresh_from_db()
        assert dossier.passed_to is None
        assert not Note.objects.exists()

    def test_without_words_it_is_not_passed_on(self):
        dossier, reader = waiting(), scenes.moderator()

        for text in ("", " \n"):
            with pytest.raises(actions.NoteMissing):
                actions.pass_on(dossier=dossier, by=reader, text=text, to=None)
            with pytest.raises(actions.NoteMissing):
                actions.write_note(dossier=dossier, by=reader, text=text)

    def test_a_note_is_for_who_may_decide(self):
        dossier = waiting()

        with pytest.raises(actions.NotAllowed):
            actions.write_note(dossier=dossier, by=scenes.person(), text="Look")

    def test_the_programme_office_decides_about_what_was_passed_to_it_alone(self):
        office = scenes.granted(Role.PROGRAMME_OFFICE)
        passed, other, reader = waiting(), waiting(), scenes.moderator()
        actions.pass_on(dossier=passed, by=reader, text="Look", to=None)

        with pytest.raises(actions.NotAllowed):
            actions.publish(dossier=other, by=office)
        decision = actions.publish(dossier=passed, by=office)

        assert decision.decided_by == office
        passed.refresh_from_db()
        assert not passed.passed_to_office
        with pytest.raises(actions.NotAllowed):
            actions.hide(dossier=passed, by=office, rule=scenes.house_rule(), reason="No.")

    def test_an_office_of_elsewhere_does_not(self):
        office = scenes.granted(Role.PROGRAMME_OFFICE, area=scenes.area("daar"))
        dossier = waiting()
        actions.pass_on(dossier=dossier, by=scenes.moderator(), text="Look", to=None)

        assert not Dossier.objects.reviewable_by(office).exists()
        assert not Initiative.objects.visible_to(office).exists()
        with pytest.raises(actions.NotAllowed):
            actions.publish(dossier=dossier, by=office)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_many_who_ask_for_the_next_one_get_one_each(self):
        dossiers = crowd.waiting(50)
        readers = [scenes.moderator() for _number in range(CALLERS)]

        given = at_once([partial(actions.claim_next, by=reader) for reader in readers])

        assert all(isinstance(one, Dossier) for one in given), given
        assert len({one.pk for one in given}) == CALLERS
        assert {one.pk for one in given} <= {dossier.pk for dossier in dossiers}

    def test_many_who_begin_with_the_same_one_are_one_reader(self):
        (dossier,) = crowd.waiting(1)
        readers = [scenes.moderator() for _number in range(CALLERS)]

        results = at_once([partial(actions.claim, dossier=dossier, by=one) for one in readers])

        assert sum(isinstance(one, Dossier) for one in results) == 1
        assert sum(isinstance(one, actions.ReadByColleague) for one in results) == CALLERS - 1

    def test_two_moderators_clear_fifty_and_none_is_judged_twice_or_lost(self):
        dossiers = crowd.waiting(50)
        readers = [scenes.moderator(), scenes.moderator()]

        def clear(reader: User) -> int:
            count = 0
            while (found := actions.claim_next(by=reader)) is not None:
                actions.publish(dossier=found, by=reader)
                count += 1
            return count

        counts = at_once([partial(clear, reader) for reader in readers])

        assert all(isinstance(count, int) for count in counts), counts
        assert sum(counts) == 50
        decided = Decision.objects.filter(decided_by__in=readers).values_list("dossier", flat=True)
        assert sorted(decided) == [dossier.pk for dossier in dossiers]
        assert not Dossier.objects.waiting().exists()
