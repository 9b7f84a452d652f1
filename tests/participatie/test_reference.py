"""What the platform starts from: loaded by one command, safe to load again, in every language."""

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.utils import translation

from areas.models import Area
from contributions.checks.word_lists import tidied
from contributions.models import HouseRule, PolicyWord, SavedReply, WordList
from ideas.models import Department
from indicators.models import (
    BudgetLine,
    Indicator,
    Intervention,
    Measurement,
    Target,
    TargetGroup,
    Theme,
)
from jongerenraad.models import Council
from participatie.loading import SLUGS
from participatie.models import Page

pytestmark = pytest.mark.django_db

MODELS: tuple[type[models.Model], ...] = (
    Area,
    Theme,
    TargetGroup,
    Intervention,
    BudgetLine,
    Indicator,
    HouseRule,
    SavedReply,
    Page,
    Council,
)
#: Those that hold numbers, with words at some of them only.
NUMBERS = (Measurement, Target)
#: Those that have a row of their own for each language.
LISTS = (WordList, PolicyWord)
#: Every text that staff keep, by model.
TEXTS = {
    Area: ("name",),
    Theme: ("short_name", "name", "aim"),
    TargetGroup: ("name",),
    Intervention: ("name",),
    BudgetLine: ("name",),
    Indicator: ("name", "sentence", "explanation", "source"),
    HouseRule: ("title", "text"),
    SavedReply: ("title", "text"),
    Page: ("title", "body"),
    Council: ("name", "intro"),
}


@pytest.fixture
def loaded() -> None:
    call_command("load_reference", verbosity=0)


def rows() -> dict[str, list[dict[str, Any]]]:
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in (*MODELS, *NUMBERS, *LISTS)
    }


@pytest.mark.usefixtures("loaded")
def test_loading_twice_changes_nothing(capsys: pytest.CaptureFixture[str]):
    before = rows()
    capsys.readouterr()

    call_command("load_reference")

    assert rows() == before
    said = capsys.readouterr().out
    assert said.count(" 0 added") == len(MODELS) + len(NUMBERS) + len(LISTS)


@pytest.mark.usefixtures("loaded")
def test_what_staff_wrote_is_kept_and_what_they_left_empty_is_filled():
    page = Page.objects.get(slug="contact")
    page.title_nl, page.body_nl, page.title_pl = "Bel ons", "Onze woorden.", ""
    page.save()
    Area.objects.filter(slug="transvaal").update(support_threshold=40, name_en="Transvaal quarter")
    rule = HouseRule.objects.order_by("pk")[0]
    HouseRule.objects.filter(pk=rule.pk).update(title_nl="Wees lief")

    call_command("load_reference", verbosity=0)

    page.refresh_from_db()
    assert (page.title_nl, page.body_nl) == ("Bel ons", "Onze woorden.")
    assert page.title_pl
    area = Area.objects.get(slug="transvaal")
    assert (area.support_threshold, area.name_en) == (40, "Transvaal quarter")
    rule.refresh_from_db()
    assert rule.title_nl == "Wees lief"


@pytest.mark.usefixtures("loaded")
def test_a_list_of_words_that_staff_changed_or_emptied_stays_theirs():
    WordList.objects.filter(purpose="rude", language="nl").update(words="oliebol")
    WordList.objects.filter(purpose="help", language="pl").update(words="")

    call_command("load_reference", verbosity=0)

    assert WordList.objects.get(purpose="rude", language="nl").words == "oliebol"
    assert WordList.objects.get(purpose="help", language="pl").words == ""


@pytest.mark.usefixtures("loaded")
def test_there_is_a_list_of_each_purpose_in_every_listed_language():
    lists = set(WordList.objects.exclude(words="").values_list("purpose", "language"))
    listed = ("nl", "en", "pl", "bg", "ro")
    assert lists == {(purpose, code) for purpose in ("rude", "help") for code in listed}
    for row in WordList.objects.all():
        assert tidied(row.words) == row.words


@pytest.mark.usefixtures("loaded")
def test_a_house_rule_that_staff_ended_does_not_come_back():
    rule = HouseRule.objects.order_by("pk")[0]
    HouseRule.objects.filter(pk=rule.pk).update(valid_until=rule.valid_from)

    call_command("load_reference", verbosity=0)

    assert HouseRule.objects.filter(code=rule.code).count() == 1


@pytest.mark.usefixtures("loaded")
def test_the_thirteen_neighbourhoods_of_the_deal_take_contributions():
    taking = Area.objects.accepting_contributions()

    assert taking.count() == 13
    assert set(taking.values_list("kind", flat=True)) == {Area.Kind.NEIGHBOURHOOD}
    for city, count in (("den-haag", 8), ("rijswijk", 5)):
        root = Area.objects.get(slug=city)
        assert root.kind == Area.Kind.MUNICIPALITY
        assert taking.filter(pk__in=Area.objects.ids_within([root.pk])).count() == count
    assert not taking.filter(latitude__isnull=True).exists()


@pytest.mark.usefixtures("loaded")
def test_three_themes_three_groups_and_their_interventions():
    assert Theme.objects.count() == 3
    assert set(Theme.objects.values_list("colour_key", flat=True)) == {"home", "health", "work"}
    assert TargetGroup.objects.count() == 3
    assert all(theme.interventions.exists() for theme in Theme.objects.all())


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_text_is_there_in_the_five_languages(model: type[models.Model]):
    missing = [
        (row.pk, f"{field}_{language}")
        for row in model._default_manager.all()
        for field in TEXTS[model]
        for language in settings.LISTED_LANGUAGES
        if not (getattr(row, f"{field}_{language}") or "").strip()
    ]

    assert model._default_manager.exists()
    assert not missing


@pytest.mark.usefixtures("loaded")
def test_the_printed_figures_are_there_and_what_was_not_printed_is_not() -> None:
    assert Indicator.objects.count() == 30
    assert Measurement.objects.count() == 63
    assert not Measurement.objects.filter(value=0).exists()
    assert Indicator.objects.filter(measurements__isnull=True).count() == 5
    for row in (*Indicator.objects.all(), *Measurement.objects.select_related("indicator")):
        row.clean()
    told = Measurement.objects.exclude(note_nl="").exclude(note_nl=None)
    assert told.count() > 20
    for measurement in told:
        for language in settings.LISTED_LANGUAGES:
            assert getattr(measurement, f"note_{language}"), (measurement, language)


@pytest.mark.usefixtures("loaded")
def test_each_neighbourhood_has_its_page_of_figures_in_every_language(client: Client) -> None:
    for area in Area.objects.accepting_contributions():
        for language in settings.LISTED_LANGUAGES:
            response = client.get(f"/{language}/wijk/{area.slug}/")
            assert response.status_code == 200
            assert b"{value}" not in response.content


def test_no_model_with_staff_texts_is_forgotten_here():
    translated = {
        model
        for model in apps.get_models()
        if any(field.name == "name_nl" or field.name == "title_nl" for field in model._meta.fields)
    }

    # A municipality's departments are its own: they are kept in the admin.
    assert translated - {Department} == set(MODELS)


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_says_its_own_thing_in_each_language_under_one_title(client: Client, slug: str):
    bodies = set()
    for language in settings.LISTED_LANGUAGES:
        with translation.override(language):
            response = client.get(f"/{language}/over/{slug}/")
        assert response.status_code == 200
        page = response.content.decode()
        assert page.count("<h1") == 1
        assert f'<html lang="{language}"' in page
        bodies.add(page.partition('<div class="prose">')[2].partition("</div>")[0])
    assert len(bodies) == len(settings.LISTED_LANGUAGES)


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("language", settings.LISTED_LANGUAGES)
def test_help_names_the_numbers_that_matter_in_every_language(client: Client, language: str):
    page = client.get(f"/{language}/over/hulp/").content.decode()

    for known in ("112", "113", "Veilig Thuis"):
        assert known in page


@pytest.mark.usefixtures("loaded")
def test_the_page_of_house_rules_lists_those_in_force(client: Client):
    rule = HouseRule.objects.order_by("pk")[0]
    HouseRule.objects.filter(pk=rule.pk).update(valid_until=rule.valid_from)

    page = client.get("/nl/over/huisregels/").content.decode()

    assert rule.title_nl not in page
    for other in HouseRule.objects.filter(valid_until__isnull=True):
        assert f'id="{other.code}"' in page
