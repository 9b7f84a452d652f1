"""Undoing: within ten minutes, by who decided, while nothing else happened since."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from contributions import actions
from contributions.audio import Encoded
from contributions.models import (
    Contribution,
    Decision,
    Dossier,
    Mark,
    Picture,
    Revision,
    SearchDocument,
    SpokenText,
    Status,
)
from ideas.actions import hand_in
from ideas.models import Initiative
from tests import scenes
from tests.contributions.changing import add_picture, revise, with_picture

pytestmark = pytest.mark.django_db

SOON = datetime.timedelta(minutes=10)


def why() -> dict[str, Any]:
    return {"rule": scenes.house_rule(), "reason": "Not kind."}


def dossier_of(text: Contribution) -> Dossier:
    return Dossier.objects.get(pk=text.dossier_id)


def place(text: Contribution) -> tuple[Any, ...]:
    dossier = dossier_of(text)
    return (
        dossier.review,
        dossier.review_reasons,
        dossier.waiting_since,
        dossier.promised_date,
        dossier.is_urgent,
        dossier.passed_to,
        dossier.passed_to_office,
    )


def submitted() -> Initiative:
    return scenes.initiative(status=Status.SUBMITTED)


def at_once() -> Initiative:
    scenes.moderator()
    return scenes.initiative(author=scenes.trusted(scenes.person()))


def changed() -> Initiative:
    text = scenes.initiative()
    revise(text, title="Two benches")
    return text


def hidden() -> Initiative:
    return scenes.initiative(status=Status.HIDDEN)


def pictured(status: str = Status.PUBLISHED) -> Initiative:
    text = scenes.draft()
    add_picture(text)
    text = hand_in(initiative=text, by=text.author)
    scenes.bring(text, status)
    text.refresh_from_db()
    return text


def without_its_picture() -> Initiative:
    text = pictured()
    hide_picture(dossier=dossier_of(text), by=scenes.moderator(), **why())
    return text


def picture_of(dossier: Dossier) -> Picture:
    return Picture.objects.get(dossier=dossier)


def hide_picture(*, dossier: Dossier, **told: Any) -> Decision:
    return actions.hide_picture(dossier=dossier, picture=picture_of(dossier), **told)


def show_picture(*, dossier: Dossier, **told: Any) -> Decision:
    return actions.show_picture(dossier=dossier, picture=picture_of(dossier), **told)


def spoken() -> Initiative:
    text = scenes.initiative()
    actions.speak(
        contribution=text, by=text.author, language=text.language, encoded=Encoded(b"sound", 1)
    )
    return text


def without_its_recording() -> Initiative:
    text = spoken()
    hide_recording(dossier=dossier_of(text), by=scenes.moderator(), **why())
    return text


def hide_recording(*, dossier: Dossier, **told: Any) -> Decision:
    recording = SpokenText.objects.get(dossier=dossier)
    return actions.hide_recording(dossier=dossier, recording=recording, **told)


def play_recording(*, dossier: Dossier, **told: Any) -> Decision:
    recording = SpokenText.objects.get(dossier=dossier)
    return actions.play_recording(dossier=dossier, recording=recording, **told)


def marks_of(text: Contribution) -> list[tuple[Any, ...]]:
    """Return what checks found, and whether in the text or in the change of it that waits."""
    marks = Mark.objects.filter(dossier=text.dossier_id)
    found = marks.values_list("check_name", "found", "found_at", "revision__state")
    return sorted(found, key=str)


def changed_with_marks() -> Initiative:
    text = scenes.initiative("Mail bench@voorbeeld.test")
    revise(text, title="Call 06 12345678")
    return text


CASES: dict[str, tuple[Callable[[], Initiative], Callable[..., Decision], bool]] = {
    "published": (submitted, actions.publish, False),
    "kept": (at_once, actions.keep, False),
    "returned": (submitted, actions.send_back, True),
    "rejected": (submitted, actions.reject, True),
    "hidden": (at_once, actions.hide, True),
    "hidden with a change": (changed, actions.hide, True),
    "hidden by the way": (scenes.initiative, actions.hide, True),
    "shown again": (hidden, actions.restore, False),
    "change accepted": (changed, actions.accept_revision, False),
    "change not taken over": (changed, actions.return_revision, True),
    "marked change accepted": (changed_with_marks, actions.accept_revision, False),
    "marked change not taken over": (changed_with_marks, actions.return_revision, True),
    "hidden with a marked change": (changed_with_marks, actions.hide, True),
    "warned": (at_once, actions.warn, True),
    "warned by the way": (scenes.initiative, actions.warn, True),
    "picture hidden": (pictured, hide_picture, True),
    "picture of what waits hidden": (lambda: pictured(Status.SUBMITTED), hide_picture, True),
    "picture of what is hidden hidden": (lambda: pictured(Status.HIDDEN), hide_picture, True),
    "picture shown again": (without_its_picture, show_picture, False),
    "recording heard": (spoken, actions.keep, False),
    "recording that waits hidden": (spoken, hide_recording, True),
    "recording played again": (without_its_recording, play_recording, False),
}


def decided(case: str, **told: Any) -> tuple[Initiative, Decision]:
    make, verb, with_reason = CASES[case]
    text = make()
    because = why() if with_reason else {}
    decision = verb(dossier=dossier_of(text), by=scenes.moderator(), **because, **told)
    return text, decision


@pytest.mark.parametrize("case", CASES)
def test_all_is_as_it_was_before_the_decision(case: str):
    make, verb, with_reason = CASES[case]
    text, reader = make(), scenes.moderator()
    text.refresh_from_db()
    before = (text.status, text.fields_of_revision(), text.published_at, text.changed_at)
    waited = place(text)
    seen = actions.version_of(text)
    found = SearchDocument.objects.filter(dossier=text.dossier_id).values_list("title", flat=True)
    documents = list(found)
    marks = marks_of(text)
    pictures = Picture.objects.filter(dossier=text.dossier_id).values()
    looked = list(pictures)
    verb(dossier=dossier_of(text), by=reader, **(why() if with_reason else {}))
    decision = Decision.objects.filter(dossier=text.dossier_id).last()

    undone = actions.undo(decision=decision, by=reader)

    text = Initiative.objects.select_related("dossier").get(pk=text.pk)
    assert (text.status, text.fields_of_revision(), text.published_at, text.changed_at) == before
    assert place(text) == waited
    assert list(found.all()) == documents
    assert marks_of(text) == marks
    assert list(pictures.all()) == looked
    assert actions.version_of(text) == seen
    assert undone.undoes == decision
    assert (undone.outcome, undone.decided_by) == ("undone", reader)
    assert (undone.from_status, undone.to_status) == (decision.to_status, decision.from_status)


@pytest.mark.parametrize("case", CASES)
def test_after_ten_minutes_it_is_too_late(case: str):
    _text, decision = decided(case)
    last = decision.decided_at + SOON

    with pytest.raises(actions.UndoneTooLate):
        actions.undo(decision=decision, by=decision.decided_by, now=last)

    assert actions.undoable_by(decision.decided_by, last) is None
    just = last - datetime.timedelta(microseconds=1)
    assert actions.undoable_by(decision.decided_by, just) == decision
    actions.undo(decision=decision, by=decision.decided_by, now=just)


@pytest.mark.parametrize("case", CASES)
def test_a_colleague_does_not_undo_it(case: str):
    text, decision = decided(case)

    for person in (scenes.moderator(), text.author):
        with pytest.raises(actions.NotAllowed):
            actions.undo(decision=decision, by=person)

    text.refresh_from_db()
    assert text.status == decision.to_status


def test_whose_role_is_over_does_not_undo_anything():
    _text, decision = decided("published")
    decision.decided_by.grants.update(ends_at=timezone.now())

    over = User.objects.get(pk=decision.decided_by_id)

    with pytest.raises(actions.NotAllowed):
        actions.undo(decision=decision, by=over)


@pytest.mark.parametrize("case", CASES)
def test_it_is_undone_once(case: str):
    _text, decision = decided(case)
    actions.undo(decision=decision, by=decision.decided_by)

    with pytest.raises(actions.GoneOnSince):
        actions.undo(decision=decision, by=decision.decided_by)

    assert actions.undoable_by(decision.decided_by, timezone.now()) is None


@pytest.mark.parametrize("case", CASES)
def test_what_was_undone_can_be_decided_anew_and_undone_again(case: str):
    _make, verb, with_reason = CASES[case]
    text, decision = decided(case)
    reader = decision.decided_by
    actions.undo(decision=decision, by=reader)
    before = place(text)

    again = verb(dossier=dossier_of(text), by=reader, **(why() if with_reason else {}))
    actions.undo(decision=again, by=reader)

    assert place(text) == before


def withdraw(text: Initiative) -> None:
    actions.withdraw(contribution=text, by=text.author)


def hand_in_again(text: Initiative) -> None:
    actions.submit(contribution=text, by=text.author)


def write(text: Initiative) -> None:
    with actions.editing(text, by=text.author) as locked:
        locked.text = "Other words."


def change(text: Initiative) -> None:
    revise(text, title="Three benches")


def decide_anew(text: Initiative) -> None:
    actions.hide(dossier=dossier_of(text), by=scenes.moderator(), **why())


@pytest.mark.parametrize(
    ("case", "happens"),
    [
        ("published", withdraw),
        ("published", change),
        ("published", decide_anew),
        ("kept", change),
        ("kept", withdraw),
        ("returned", hand_in_again),
        ("returned", write),
        ("change accepted", change),
        ("change accepted", decide_anew),
        ("change not taken over", change),
        ("shown again", withdraw),
    ],
)
def test_what_went_on_since_stays_as_it_is(case: str, happens: Callable[[Initiative], None]):
    text, decision = decided(case)
    text.refresh_from_db()
    happens(text)
    text.refresh_from_db()
    before = (text.status, text.title, place(text))

    with pytest.raises(actions.GoneOnSince):
        actions.undo(decision=decision, by=decision.decided_by)

    text.refresh_from_db()
    assert (text.status, text.title, place(text)) == before


def test_what_stood_by_itself_still_has_to_be_read_after_its_reading_was_undone():
    text, decision = decided("kept")
    actions.undo(decision=decision, by=decision.decided_by)
    revise(text, title="Two benches")

    actions.return_revision(dossier=dossier_of(text), by=decision.decided_by, reason="One.")

    assert dossier_of(text).review == Dossier.Review.AFTER


def test_pictures_of_a_change_go_back_with_it():
    text = scenes.draft()
    gone = add_picture(text)
    text = hand_in(initiative=text, by=text.author)
    scenes.bring(text, Status.PUBLISHED)
    text.refresh_from_db()
    told = with_picture()
    told["data"][f"remove_{gone.key}"] = "on"
    change = revise(text, title="Two benches", pictures=told)
    new = change.pictures.get()
    reader = scenes.moderator()
    decision = actions.accept_revision(dossier=dossier_of(text), by=reader)
    assert list(Picture.objects.filter(dossier=text.dossier_id).shown()) == [new]

    actions.undo(decision=decision, by=reader)

    assert list(Picture.objects.filter(dossier=text.dossier_id).shown()) == [gone]
    new.refresh_from_db()
    assert new.revision.state == Revision.State.WAITING


def test_what_the_office_decided_it_can_undo_and_has_again():
    text, reader = submitted(), scenes.moderator()
    office = scenes.granted("programme_office")
    actions.pass_on(dossier=dossier_of(text), by=reader, text="Look", to=None)
    waited = place(text)
    decision = actions.publish(dossier=dossier_of(text), by=office)

    actions.undo(decision=decision, by=office)

    assert place(text) == waited


def test_a_decision_without_a_person_is_undone_by_nobody():
    text = at_once()
    decision = Decision.objects.get(dossier=text.dossier_id, automatic=True)

    with pytest.raises(actions.NotAllowed):
        actions.undo(decision=decision, by=scenes.moderator())
