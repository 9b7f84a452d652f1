"""All kinds of notifications: each whole in each language, and no other list of them."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from notifications.kinds import (
    Category,
    Followable,
    NotificationKind,
    all_followable,
    all_kinds,
    kind_named,
)
from tests import scenes

pytestmark = pytest.mark.django_db

ROOT = Path(settings.BASE_DIR)
KINDS = {kind.name: kind for kind in all_kinds()}
FOLLOWABLE = {thing.name: thing for thing in all_followable()}
NOBODYS = 987_654_321
APPS = (
    *("accounts", "areas", "budgets", "contributions", "feedback", "ideas", "indicators"),
    *("jongerenraad", "moderation", "notifications", "participatie"),
)


@pytest.mark.parametrize("language", settings.LISTED_LANGUAGES)
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_has_its_words_in_every_language(kind: NotificationKind, language: str) -> None:
    with translation.override(language):
        for words in (kind.subject, kind.sentence):
            written = str(words) % kind.sample
            assert written.strip()
            assert "%(" not in written
        assert str(kind.label)
        assert str(kind.concerns)
        if kind.many is not None:
            assert "12" in str(kind.many) % {"count": 12}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_copes_with_what_is_not_there(kind: NotificationKind) -> None:
    assert not kind.load([1, NOBODYS], "nl")
    assert not kind.load([], "nl")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_audience_of_what_is_not_there_is_nobody(kind: NotificationKind) -> None:
    if kind.audience is None:
        return
    person = scenes.person()

    found = type(person).objects.filter(kind.audience(NOBODYS))

    assert not found.exists()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_must_be_told_is_about_oneself(kind: NotificationKind) -> None:
    assert len(kind.name) <= 40
    if kind.must_be_told:
        assert kind.category == Category.ABOUT_YOU
        # It goes out at once, on whatever day.
        assert not kind.in_letter


@pytest.mark.parametrize("thing", FOLLOWABLE.values(), ids=FOLLOWABLE)
def test_what_can_be_followed_copes_with_what_is_not_there(thing: Followable) -> None:
    assert not thing.load([NOBODYS], scenes.person())
    assert not thing.load([], scenes.person())


def test_initiatives_areas_and_themes_can_be_followed_and_people_never() -> None:
    assert set(FOLLOWABLE) == {"initiative", "area", "theme"}


def test_what_can_be_followed_is_named_with_its_page() -> None:
    reader, initiative = scenes.person(), scenes.initiative("Bankjes")
    hidden = scenes.initiative("Weg", status="hidden")

    found = FOLLOWABLE["initiative"].load([initiative.pk, hidden.pk], reader)

    assert {pk: one.label for pk, one in found.items()} == {initiative.pk: "Bankjes"}
    area = FOLLOWABLE["area"].load([initiative.area_id or 0], reader)
    assert area[initiative.area_id or 0].path == "/nl/wijk/testwijk/"
    theme = FOLLOWABLE["theme"].load([initiative.theme_id or 0], reader)
    assert theme[initiative.theme_id or 0].path == "/nl/initiatieven/?theme=gezond"
    assert AnonymousUser().pk is None


def _sources() -> dict[str, ast.Module]:
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text())
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    }


def test_there_is_no_other_list_of_kinds() -> None:
    """A kind is made where it is declared, and named besides only where it happens."""
    made, asked = set(), set()
    for name, tree in _sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NotificationKind":
                made.add(name)
            if isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict):
                items = node.keys if isinstance(node, ast.Dict) else node.elts
                values = [one.value for one in items if isinstance(one, ast.Constant)]
                named = [one for one in values if isinstance(one, str) and one in KINDS]
                if len(named) > 2:
                    asked.add(name)
    assert {Path(name).name for name in made} == {"notifications.py"}
    assert not asked


def test_every_kind_that_is_told_is_declared() -> None:
    told = set()
    for tree in _sources().values():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("notify", "tell_leaders")
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                told.add(node.args[0].value)
    assert told
    assert all(kind_named(str(name)) for name in told)
