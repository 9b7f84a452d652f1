"""Whatever people do in whatever order: what had to be read and was not, nobody else reads."""

import datetime
from collections.abc import Sequence
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from contributions import actions
from contributions.actions import Refused
from contributions.actions.reporting import key_of_reporter
from contributions.actions.undoing import is_undoable
from contributions.audio import Encoded
from contributions.models import (
    Appeal,
    Decision,
    Dossier,
    Measure,
    Picture,
    Report,
    Revision,
    SpokenText,
    Status,
)
from contributions.pictures import NewPicture, encode
from ideas.models import Initiative
from tests import scenes
from tests.contributions.changing import add_picture

pytestmark = pytest.mark.django_db

STEPS = (
    "submit", "withdraw", "edit", "revise", "publish", "keep", "return", "reject", "hide",
    "restore", "accept", "return change", "undo", "undo of another", "claim", "pass on", "later",
    "warn", "pause", "end", "agree", "hide picture", "show picture", "report", "appeal", "grant",
    "speak", "hide recording", "play recording",
)  # fmt: skip
Outcome = Decision.Outcome
#: How each outcome that can be undone comes about.
LEADS_TO: dict[str, tuple[str, ...]] = {
    Outcome.PUBLISHED: ("submit", "publish"),
    Outcome.KEPT: ("submit", "publish", "report", "keep"),
    Outcome.RETURNED: ("submit", "return"),
    Outcome.REJECTED: ("submit", "reject", "pause"),
    Outcome.HIDDEN: ("submit", "publish", "revise", "hide", "pause"),
    Outcome.RESTORED: ("submit", "publish", "hide", "restore"),
    Outcome.REVISION_ACCEPTED: ("submit", "publish", "revise", "accept"),
    Outcome.REVISION_RETURNED: ("submit", "publish", "revise", "return change"),
    Outcome.PICTURE_HIDDEN: ("submit", "publish", "report", "hide picture"),
    Outcome.PICTURE_RESTORED: ("submit", "publish", "hide picture", "show picture"),
    Outcome.RECORDING_HIDDEN: ("submit", "publish", "speak", "hide recording"),
    Outcome.RECORDING_RESTORED: (
        *("submit", "publish", "speak", "keep", "hide recording", "play recording"),
    ),
    Outcome.WARNED: ("submit", "publish", "report", "warn", "end", "agree"),
}


class Street:
    """A text with a picture, whose author is new here, three moderators, and a clock.

    The third only judges what the others decided.
    """

    def __init__(self) -> None:
        self.author = scenes.person()
        self.readers = [scenes.moderator(), scenes.moderator()]
        self.judge = scenes.moderator()
        self.rule = scenes.house_rule()
        self.now = timezone.now()
        self.words = 0
        self.text = scenes.draft("Words 0", author=self.author)
        add_picture(self.text, size=(40, 40))
        self.new_picture = NewPicture(encode(scenes.picture_file(size=(40, 40))), "Another")

    def does(self, step: str, who: int) -> None:  # noqa: C901 (a line for each act)
        reader = self.readers[who]
        text = Initiative.objects.get(pk=self.text.pk)
        dossier = Dossier.objects.get(pk=text.dossier_id)
        by: dict[str, Any] = {"dossier": dossier, "by": reader, "now": self.now}
        why = {"rule": self.rule, "reason": "Not kind."}
        self.now += datetime.timedelta(minutes=11 if step == "later" else 1)
        match step:
            case "submit":
                actions.submit(contribution=text, by=self.author, now=self.now)
            case "withdraw":
                actions.withdraw(contribution=text, by=self.author, now=self.now)
            case "edit":
                with actions.editing(text, by=self.author, now=self.now) as locked:
                    locked.set_title(self.new_words())
            case "revise":
                data = {**text.fields_of_revision(), "title": self.new_words()}
                actions.propose_revision(
                    contribution=text,
                    by=self.author,
                    data=data,
                    new_pictures=[self.new_picture],
                    now=self.now,
                )
            case "publish":
                actions.publish(**by)
            case "keep":
                actions.keep(**by)
            case "return":
                actions.send_back(**by, **why)
            case "reject":
                actions.reject(**by, **why)
            case "hide":
                actions.hide(**by, **why)
            case "restore":
                actions.restore(**by)
            case "accept":
                actions.accept_revision(**by)
            case "return change":
                actions.return_revision(**by, **why)
            case "undo" | "undo of another":
                mine = Decision.objects.filter(dossier=dossier).last()
                other = Decision.objects.filter(dossier=dossier).first()
                decision = mine if step == "undo" else other
                if decision is not None:
                    actions.undo(decision=decision, by=reader, now=self.now)
            case "claim":
                actions.claim(**by)
            case "pass on":
                actions.pass_on(**by, text="Look", to=None)
            case "warn":
                actions.warn(**by, **why)
            case _:
                self.does_more(step, text, by, why)

    def does_more(
        self, step: str, text: Initiative, by: dict[str, Any], why: dict[str, Any]
    ) -> None:
        """What hangs on decisions: measures, pictures, reports, another look."""
        mine = Decision.objects.filter(dossier=text.dossier, decided_by=by["by"]).last()
        pictures = Picture.objects.filter(dossier=text.dossier)
        shown, hidden = pictures.shown().first(), pictures.filter(hidden_at__isnull=False).first()
        against = Decision.objects.filter(dossier=text.dossier, outcome__in=Decision.AGAINST).last()
        asked, appeal = Measure.objects.asked().first(), Appeal.objects.waiting().first()
        match step:
            case "pause" if mine:
                actions.pause(decision=mine, by=by["by"], days=7, now=self.now)
            case "end" if mine:
                actions.end(decision=mine, by=by["by"], now=self.now)
            case "agree" if asked:
                actions.agree(measure=asked, by=self.judge, now=self.now)
            case "hide picture" if shown:
                actions.hide_picture(**by, **why, picture=shown)
            case "show picture" if hidden:
                actions.show_picture(**by, picture=hidden)
            case "report":
                self.words += 1
                actions.report(
                    contribution=text,
                    picture=shown if self.words % 2 else None,
                    by=None,
                    key=key_of_reporter(None, str(self.words)),
                    category="hate",
                    words="",
                    email="",
                    language="nl",
                    now=self.now,
                )
            case "speak" | "hide recording" | "play recording":
                self.speaks(step, text, by, why)
            case "appeal" if against:
                actions.appeal(
                    about=against, by=self.author, words="I meant it well.", now=self.now
                )
            case "grant" if appeal:
                actions.judge(
                    appeal=appeal,
                    by=self.judge,
                    granted=True,
                    reason="You are right.",
                    now=self.now,
                )

    def speaks(self, step: str, text: Initiative, by: dict[str, Any], why: dict[str, Any]) -> None:
        """What hangs on the text as somebody reads it aloud."""
        recordings = SpokenText.objects.judged().filter(dossier=text.dossier)
        heard = recordings.filter(hidden_at__isnull=True).first()
        silent = recordings.filter(hidden_at__isnull=False).first()
        match step:
            case "speak":
                actions.speak(
                    contribution=text,
                    by=self.author,
                    language=text.language,
                    encoded=Encoded(b"sound", 1),
                    now=self.now,
                )
            case "hide recording" if heard:
                actions.hide_recording(**by, **why, recording=heard)
            case "play recording" if silent:
                actions.play_recording(**by, recording=silent)

    def new_words(self) -> str:
        self.words += 1
        return f"Words {self.words}"


#: What stands on the site after a decision: its words, and its pictures by their keys.
Seen = tuple[str, frozenset[int]]


def said_yes_to(decisions: list[Decision], seen_at: dict[int, Seen]) -> list[Seen]:
    """Return the words and pictures that a person agreed to, without what was undone."""
    undone = {one.undoes_id for one in decisions}
    return [
        seen_at[one.pk]
        for one in decisions
        if one.outcome in {"published", "kept", "revision_accepted"}
        and not one.automatic
        and one.pk not in undone
    ]


def test_there_is_a_path_to_each_outcome_that_can_be_undone():
    assert set(LEADS_TO) == {one for one in Outcome if is_undoable(one)}


@pytest.mark.parametrize("outcome", LEADS_TO)
def test_each_outcome_is_undone_at_the_end_of_its_path(outcome: str):
    street = walk([(step, 0) for step in (*LEADS_TO[outcome], "undo")])

    newest = Decision.objects.filter(dossier=street.text.dossier).last()
    assert newest is not None
    assert newest.undoes is not None
    assert newest.undoes.outcome == outcome


WALKS = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1)), max_size=14)


@given(first=st.sampled_from([(), *LEADS_TO.values()]), steps=WALKS)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_path_shows_what_had_to_be_read_and_was_not(
    first: tuple[str, ...], steps: list[tuple[str, int]]
):
    with transaction.atomic():
        walk([*((step, 0) for step in first), *steps])
        transaction.set_rollback(True)


def walk(steps: Sequence[tuple[str, int]]) -> Street:
    street = Street()
    seen_at: dict[int, Seen] = {}
    for step, who in steps:
        try:
            with transaction.atomic():
                street.does(step, who)
        except Refused:
            pass
        text = Initiative.objects.select_related("dossier").get(pk=street.text.pk)
        decisions = list(Decision.objects.filter(dossier=text.dossier))
        pictures = Picture.objects.filter(dossier=text.dossier)
        shown = frozenset(pictures.shown().values_list("pk", flat=True))
        not_gone = frozenset(
            pictures.exclude(revision__state__in=["waiting", "returned", "dropped"]).values_list(
                "pk", flat=True
            )
        )
        for one in decisions:
            seen_at.setdefault(one.pk, (text.title, not_gone))
        seen = Initiative.objects.visible_to(AnonymousUser()).filter(pk=text.pk)
        neighbours = Initiative.objects.visible_to(User.objects.get(pk=street.author.pk))
        assert neighbours.filter(pk=text.pk).exists()
        if seen.exists():
            read = said_yes_to(decisions, seen_at)
            assert text.title in [words for words, _pictures in read], (step, steps)
            assert shown <= frozenset().union(*(pictures for _words, pictures in read))
        check_queue(text)
        check_pictures(text)
        check_what_was_undone(text, street.now)
    return street


def check_queue(text: Initiative) -> None:
    """What must be read waits for it, and what nobody has to read does not."""
    waiting = Revision.objects.filter(dossier=text.dossier, state=Revision.State.WAITING).exists()
    assert waiting == (text.dossier.review == Dossier.Review.REVISION)
    assert (text.status == Status.SUBMITTED) == (text.dossier.review == Dossier.Review.BEFORE)
    if text.status != Status.PUBLISHED and text.status != Status.SUBMITTED:
        assert text.dossier.waiting_since is None


def check_pictures(text: Initiative) -> None:
    """A picture is hidden by the last decision about it that stands, and by nothing else."""
    for picture in Picture.objects.filter(dossier=text.dossier):
        last = Decision.objects.filter(picture=picture, undone_by__isnull=True).last()
        is_hidden = last is not None and last.outcome == Outcome.PICTURE_HIDDEN
        assert (picture.hidden_at is not None) == is_hidden


def check_what_was_undone(text: Initiative, now: datetime.datetime) -> None:
    """Nothing rests on a decision that was undone; what is reported waits to be read."""
    undone = Decision.objects.filter(dossier=text.dossier, undone_by__isnull=False)
    held = Measure.objects.in_force(now) | Measure.objects.asked()
    assert not held.filter(decision__in=undone).exists()
    assert not Report.objects.filter(decision__in=undone).exists()
    if Report.objects.open().filter(dossier=text.dossier).exists():
        assert text.status == Status.PUBLISHED
        assert text.dossier.waiting_since is not None
