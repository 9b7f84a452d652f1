"""Which status may follow which, and that nothing but the actions writes one."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from contributions import actions
from contributions.actions import TRANSITIONS, Refused, moving
from contributions.models import Contribution, Decision, Dossier, Status
from ideas.models import Comment, Initiative
from tests import scenes

pytestmark = pytest.mark.django_db

Attempt = Callable[[Contribution], Any]


def dossier_of(contribution: Contribution) -> Dossier:
    return Dossier.objects.get(pk=contribution.dossier_id)


def attempts_at(to: str) -> list[Attempt]:
    """Return every way in which somebody could try to bring a text to a status."""

    def decide(verb: Callable[..., Decision], **because: Any) -> Attempt:
        return lambda text: verb(dossier=dossier_of(text), by=scenes.moderator(), **because)

    def appealed(text: Contribution) -> Any:
        decision = Decision.objects.filter(dossier=text.dossier_id).last()
        if decision is None:
            raise Refused
        made = actions.appeal(about=decision, by=text.author, words="No.")
        return actions.judge(
            appeal=made, by=scenes.moderator(), granted=True, reason="You were right."
        )

    why = {"rule": scenes.house_rule(), "reason": "Not kind."}
    ways: dict[str, list[Attempt]] = {
        Status.DRAFT: [],
        Status.SUBMITTED: [lambda text: actions.submit(contribution=text, by=text.author)],
        Status.PUBLISHED: [
            decide(actions.publish),
            decide(actions.restore),
            decide(actions.keep),
            decide(actions.accept_revision),
            appealed,
        ],
        Status.RETURNED: [
            decide(actions.send_back, reason="Which street?"),
            decide(actions.return_revision, reason="Which street?"),
        ],
        Status.REJECTED: [decide(actions.reject, **why)],
        Status.HIDDEN: [decide(actions.hide, **why)],
        Status.WITHDRAWN: [lambda text: actions.withdraw(contribution=text, by=text.author)],
    }
    return ways[to]


def make(kind: str, status: str) -> Contribution:
    if kind == Initiative.kind:
        return scenes.initiative(status=status)
    return scenes.comment(scenes.initiative(), status=status)


@pytest.mark.parametrize("to", Status.values)
@pytest.mark.parametrize("before", Status.values)
@pytest.mark.parametrize("kind", [Initiative.kind, Comment.kind])
def test_a_status_follows_another_only_where_the_table_says_so(kind: str, before: str, to: str):
    text = make(kind, before)
    assert text.status == before
    decided = Decision.objects.filter(dossier=text.dossier).count()
    arrived = False

    for attempt in attempts_at(to):
        try:
            attempt(text)
        except Refused:
            continue
        arrived = True
        break

    text.refresh_from_db()
    if to in TRANSITIONS[Status(before)]:
        assert arrived
        assert text.status == to
    else:
        assert not arrived
        assert text.status == before
        assert Decision.objects.filter(dossier=text.dossier).count() == decided


@pytest.mark.parametrize("status", [Status.RETURNED, Status.REJECTED])
def test_what_was_sent_back_or_rejected_comes_on_the_site_by_another_look_alone(status: str):
    text = make(Initiative.kind, status)

    for attempt in attempts_at(Status.PUBLISHED)[:-1]:
        with pytest.raises(Refused):
            attempt(text)


def test_every_status_has_its_line_in_the_table():
    assert set(TRANSITIONS) == set(Status)
    assert set().union(*TRANSITIONS.values()) == set(Status) - {Status.DRAFT}


def test_what_a_trusted_neighbour_hands_in_passes_both_steps_at_once():
    neighbour = scenes.trusted(scenes.person())
    scenes.moderator()
    text = scenes.draft(author=neighbour)

    actions.submit(contribution=text, by=neighbour)

    text.refresh_from_db()
    assert text.status == Status.PUBLISHED
    decision = Decision.objects.get(dossier=text.dossier)
    assert (decision.from_status, decision.to_status) == (Status.SUBMITTED, Status.PUBLISHED)
    assert decision.automatic


def test_each_decision_stands_beside_the_status_that_it_gave():
    text = scenes.initiative(status=Status.SUBMITTED)
    reader, rule = scenes.moderator(), scenes.house_rule()

    actions.publish(dossier=dossier_of(text), by=reader)
    actions.hide(dossier=dossier_of(text), by=reader, rule=rule, reason="A name stands in it.")
    actions.restore(dossier=dossier_of(text), by=reader)

    steps = Decision.objects.filter(dossier=text.dossier).values_list("from_status", "to_status")
    assert list(steps) == [
        ("submitted", "published"),
        ("published", "hidden"),
        ("hidden", "published"),
    ]


def test_a_decision_that_cannot_be_recorded_leaves_the_status_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
):
    text = scenes.initiative(status=Status.SUBMITTED)

    def fails(*_arguments: Any, **_options: Any) -> Decision:
        raise IntegrityError("no room")

    monkeypatch.setattr(moving, "record", fails)
    with pytest.raises(IntegrityError):
        actions.publish(dossier=dossier_of(text), by=scenes.moderator())

    text.refresh_from_db()
    assert text.status == Status.SUBMITTED
    assert text.published_at is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "approved"},
        {"status": "submitted", "submitted_at": None},
        {"status": "published", "published_at": None},
        {"status": "submitted", "title": ""},
        {"author": None, "channel": "web"},
    ],
    ids=["unknown", "submitted-never", "published-never", "without-title", "of-nobody"],
)
def test_the_database_itself_refuses_a_row_that_cannot_be(wrong: dict[str, Any]):
    text = scenes.draft()

    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.filter(pk=text.pk).update(**wrong)


# --- Nothing else writes a status -----------------------------------------------------------------

ROOMS = ("participatie", "moderation", "ideas", "contributions", "indicators", "accounts", "areas")
THE_ACTIONS = "contributions/actions/moving.py"
WRITERS = {"update", "create", "acreate", "get_or_create", "update_or_create", "bulk_update"}
KINDS = {"Initiative", "Comment", "OfficialAnswer", "Contribution"}


def written_statuses(source: str) -> Iterator[int]:
    """Yield the lines on which code writes a contribution's status."""
    for node in ast.walk(ast.parse(source)):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr == "status":
                yield node.lineno
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        named = {keyword.arg for keyword in node.keywords}
        constants = {part.value for part in ast.walk(node) if isinstance(part, ast.Constant)}
        if (
            ("status" in named and (name in WRITERS or name in KINDS))
            or (name in {"setattr", "bulk_update", "update_or_create"} and "status" in constants)
            or any("SET status" in str(constant) for constant in constants)
        ):
            yield node.lineno


def test_nothing_but_the_actions_writes_a_status():
    found = []
    for room in ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            where = path.relative_to(settings.BASE_DIR).as_posix()
            if "/migrations/" in where or where == THE_ACTIONS:
                continue
            found += [f"{where}:{line}" for line in written_statuses(path.read_text())]

    assert found == []


def test_the_actions_write_it_in_one_place():
    source = Path(settings.BASE_DIR / THE_ACTIONS).read_text()

    assert len(list(written_statuses(source))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "text.status = 'published'",
        "Initiative.objects.filter(pk=1).update(status='published')",
        "Initiative.objects.create(status='published')",
        "Initiative(status='published')",
        "setattr(text, 'status', 'published')",
        "Initiative.objects.bulk_update(rows, ['status'])",
        "cursor.execute('UPDATE ideas_initiative SET status = 1')",
    ],
)
def test_a_status_written_elsewhere_would_be_found(line: str):
    assert list(written_statuses(line)) == [1]


@pytest.mark.parametrize(
    "line",
    [
        "render(request, 'page.html', {}, status=422)",
        "Initiative.objects.filter(status='published')",
        "if text.status == 'draft': pass",
    ],
)
def test_reading_a_status_is_free(line: str):
    assert list(written_statuses(line)) == []
