"""Whatever people do in whatever order: what had to be read and was not, nobody else reads."""

import datetime
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
from contributions.models import Decision, Dossier, Revision, Status
from ideas.models import Initiative
from tests import scenes

pytestmark = pytest.mark.django_db

STEPS = (
    "submit", "withdraw", "edit", "revise", "publish", "keep", "return", "reject", "hide",
    "restore", "accept", "return change", "undo", "undo of another", "claim", "pass on", "later",
)  # fmt: skip


class Street:
    """A text whose author is new here, two moderators, and a clock."""

    def __init__(self) -> None:
        self.author = scenes.person()
        self.readers = [scenes.moderator(), scenes.moderator()]
        self.rule = scenes.house_rule()
        self.now = timezone.now()
        self.words = 0
        self.text = scenes.draft("Words 0", author=self.author)

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
                actions.propose_revision(contribution=text, by=self.author, data=data, now=self.now)
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

    def new_words(self) -> str:
        self.words += 1
        return f"Words {self.words}"


def said_yes_to(decisions: list[Decision], words_at: dict[int, str]) -> set[str]:
    """Return the words that a person agreed to, without what was undone."""
    undone = {one.undoes_id for one in decisions}
    return {
        words_at[one.pk]
        for one in decisions
        if one.outcome in {"published", "kept", "revision_accepted"}
        and not one.automatic
        and one.pk not in undone
    }


@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1)), max_size=14))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_path_shows_what_had_to_be_read_and_was_not(steps: list[tuple[str, int]]):
    with transaction.atomic():
        walk(steps)
        transaction.set_rollback(True)


def walk(steps: list[tuple[str, int]]) -> None:
    street = Street()
    words_at: dict[int, str] = {}
    for step, who in steps:
        try:
            with transaction.atomic():
                street.does(step, who)
        except Refused:
            pass
        text = Initiative.objects.select_related("dossier").get(pk=street.text.pk)
        decisions = list(Decision.objects.filter(dossier=text.dossier))
        for one in decisions:
            words_at.setdefault(one.pk, text.title)
        seen = Initiative.objects.visible_to(AnonymousUser()).filter(pk=text.pk)
        neighbours = Initiative.objects.visible_to(User.objects.get(pk=street.author.pk))
        assert neighbours.filter(pk=text.pk).exists()
        if seen.exists():
            assert text.title in said_yes_to(decisions, words_at), (step, steps)
        check_queue(text)


def check_queue(text: Initiative) -> None:
    """What must be read waits for it, and what nobody has to read does not."""
    waiting = Revision.objects.filter(dossier=text.dossier, state=Revision.State.WAITING).exists()
    assert waiting == (text.dossier.review == Dossier.Review.REVISION)
    assert (text.status == Status.SUBMITTED) == (text.dossier.review == Dossier.Review.BEFORE)
    if text.status != Status.PUBLISHED and text.status != Status.SUBMITTED:
        assert text.dossier.waiting_since is None
