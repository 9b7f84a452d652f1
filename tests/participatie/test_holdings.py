"""What is held of people is declared, model by model and column by column."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models

from accounts import holdings
from accounts.holdings import Holding
from accounts.models import User

TEXT = (models.CharField, models.TextField, models.JSONField, models.FileField)
MODELS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.app_label != "django_migration_linter"
]
DECLARED = {holding.model: holding for holding in holdings.all_holdings()}


def names_people(field: Any) -> bool:
    return field.related_model is User


def holds_words(field: Any) -> bool:
    """Say whether somebody's words can stand in a column; a choice from a list is none."""
    return isinstance(field, TEXT) and not field.choices


def columns(model: type[models.Model]) -> Iterator[Any]:
    return (field for field in model._meta.concrete_fields if not field.generated)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_every_model_says_what_it_holds_of_people(model: type[models.Model]) -> None:
    label = model._meta.label_lower
    declared = model in DECLARED
    assert declared != (label in holdings.holds_nothing()), (
        f"{label}: say in its app's privacy.py what it holds of people, or why nothing."
    )
    if not declared:
        assert not any(map(names_people, columns(model))), (
            f"{label} points at people: it needs a Holding."
        )


@pytest.mark.parametrize("holding", DECLARED.values(), ids=lambda one: one.model._meta.label_lower)
def test_every_column_says_what_becomes_of_it_when_somebody_leaves(holding: Holding) -> None:
    here = {field.name for field in columns(holding.model)}
    people = {field.name for field in columns(holding.model) if names_people(field)}
    words = {field.name for field in columns(holding.model) if holds_words(field)}
    assert people == {*holding.own, *holding.numbers}, "Whose is it, or whose number stays?"
    told = {*holding.words, *holding.kept, *holding.secret}
    assert words <= told, f"What becomes of {sorted(words - told)}?"
    assert told <= here, f"There is no {sorted(told - here)}."
    assert not set(holding.words) & set(holding.kept)
    keys = {f.name for f in columns(holding.model) if f.related_model is Session}
    assert keys <= set(holding.secret), "Whoever has the key of a session is in."
    assert all(holding.kept.values()), "Say why it stays."


def test_what_is_declared_exists() -> None:
    labels = {model._meta.label_lower for model in MODELS}
    assert set(holdings.holds_nothing()) <= labels
    assert {model._meta.label_lower for model in DECLARED} <= labels


def test_the_persons_own_row_goes_last_since_others_are_found_by_it() -> None:
    assert holdings.all_holdings()[-1].model is User
