"""The sample: neighbours who do not exist, the same ones each time, in every state and language."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F, Q
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import Role, User
from areas.models import Area
from contributions.models import Dossier, Picture, Status
from ideas import actions
from ideas.models import Comment, Initiative, OfficialAnswer, Progress, Support
from participatie import sampling
from participatie.drawings import MOTIFS, draw

NOW = timezone.now()
ACCOUNTS = (
    "bewoner",
    "ondernemer",
    "jongere",
    "contactpersoon",
    "moderator",
    "moderator2",
    "jongerenraadslid",
    "programmabureau",
    "stuurgroep",
    "beheerder",
)


def digest() -> list[Any]:
    """Return what a visitor sees of the sample, without the numbers that a database hands out."""
    initiatives = Initiative.objects.order_by("created_at", "title").values_list(
        "title", "status", "progress", "support_count", "comment_count", "published_at",
        "crossed_at", "closes_on", "author__email", "author__display_name", "author__pseudonym",
    )  # fmt: skip
    comments = Comment.objects.order_by("submitted_at", "text").values_list(
        "text", "status", "published_at", "author__email"
    )
    supports = Support.objects.order_by("created_at").values_list("created_at", "person__email")
    return [list(initiatives), list(comments), list(supports)]


def person(role: str) -> User:
    return User.objects.get(email=f"{role}@voorbeeld.test")


@pytest.fixture
def quick_drawings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw nothing: that takes longest, and has tests of its own."""

    def empty(motif: str, *, seed: int) -> Image.Image:
        assert motif in MOTIFS
        return Image.new("RGB", (64, 48))

    monkeypatch.setattr(sampling, "draw", empty)


def few_rows(name: str) -> list[dict[str, Any]]:
    """Return a part of the sample's files in which everybody with a password still has a place."""
    rows: list[dict[str, Any]] = json.loads((sampling.FOLDER / name).read_text(encoding="utf-8"))
    if name == "authors.json":
        return rows
    authors = few_rows("authors.json")
    if name == "initiatives.json":
        return [
            row
            for row in rows
            if row["status"] == "returned"
            or (authors[row["author"]]["kind"] == "entrepreneur" and row["days_ago"] < 60)
            or authors[row["author"]]["age_band"] == "12-15"
        ]
    kept = {row["key"] for row in few_rows("initiatives.json")}
    return [row for row in rows if row["initiative"] in kept]


@pytest.mark.usefixtures("quick_drawings")
@pytest.mark.django_db
def test_it_is_the_same_each_time(monkeypatch: pytest.MonkeyPatch):
    call_command("load_reference", verbosity=0)
    monkeypatch.setattr(sampling, "_rows", few_rows)
    seen = []
    for _time in range(2):
        with transaction.atomic():
            sampling.load(now=NOW)
            seen.append(digest())
            transaction.set_rollback(True)

    assert seen[0] == seen[1]
    assert all(seen[0])


@pytest.mark.parametrize("motif", MOTIFS)
def test_each_drawing_is_the_same_each_time(motif: str):
    assert draw(motif, seed=1).tobytes() == draw(motif, seed=1).tobytes()


def test_another_seed_draws_another_picture():
    assert len({draw("bench", seed=seed).tobytes() for seed in range(4)}) > 1


Statement = Callable[[], None]
STATEMENTS: list[Statement] = []


def told(statement: Statement) -> Statement:
    """Add a statement about the whole sample, which takes too long to load for each of them."""
    STATEMENTS.append(statement)
    return statement


@pytest.mark.usefixtures("quick_drawings")
@pytest.mark.django_db
def test_the_sample(subtests: pytest.Subtests, settings: Any):
    settings.DEMO = True
    call_command("load_reference", verbosity=0)
    sampling.load(now=NOW)
    for statement in STATEMENTS:
        with subtests.test(statement.__name__.replace("_", " ")):
            statement()


@told
def there_are_eighty_initiatives_in_every_state_and_language_and_area():
    initiatives = Initiative.objects.all()

    def all_of(field: str) -> set[str]:
        return set(initiatives.values_list(field, flat=True))

    assert initiatives.count() == 80
    assert all_of("status") == set(Status)
    assert all_of("progress") == set(Progress)
    assert all_of("language") == set(settings.LISTED_LANGUAGES)
    taking = Area.objects.accepting_contributions()
    assert all_of("area__slug") == set(taking.values_list("slug", flat=True))
    for area in taking:
        assert area.initiatives.filter(status=Status.PUBLISHED).exists(), area
    outcomes = OfficialAnswer.objects.values_list("outcome", flat=True)
    assert set(outcomes) == set(OfficialAnswer.Outcome)


@told
def nothing_happens_in_the_future_and_every_count_holds():
    for model in (Initiative, Comment, OfficialAnswer):
        later = Q(published_at__gt=NOW) | Q(submitted_at__gt=NOW)
        assert not model.objects.filter(later).exists()
    assert not Support.objects.filter(created_at__gt=NOW).exists()
    assert not Support.objects.filter(created_at__lt=F("initiative__published_at")).exists()
    for initiative in Initiative.objects.all():
        assert not actions.recount(initiative_pk=initiative.pk), initiative.title
    crossed = Initiative.objects.filter(crossed_at__isnull=False)
    assert crossed.exists()
    assert not crossed.filter(support_count__lt=F("threshold")).exists()
    reached = Initiative.objects.filter(support_count__gte=F("threshold"))
    assert not reached.filter(crossed_at__isnull=True).exists()


@told
def five_comments_and_several_ideas_wait_for_a_moderator_in_time():
    waiting = Dossier.objects.filter(review=Dossier.Review.BEFORE)

    comments = waiting.filter(kind="comment")
    assert comments.count() == 5
    assert set(comments.values_list("language", flat=True)) == set(settings.LISTED_LANGUAGES)
    assert not comments.filter(promised_date__lt=timezone.localdate(NOW)).exists()
    assert waiting.filter(kind="initiative").count() >= 3


@told
def somebody_reads_the_language_of_all_that_waits():
    waiting = Dossier.objects.filter(review=Dossier.Review.BEFORE)

    assert waiting.exists()
    for dossier in waiting:
        assert "language_unread" not in dossier.review_reasons, dossier.language


@told
def pictures_have_descriptions():
    pictures = Picture.objects.all()

    assert pictures.count() >= 20
    assert not pictures.filter(description="").exists()


@told
def each_account_signs_in_with_its_password():
    for role in ACCOUNTS:
        browser = Client()
        response = browser.post(
            "/nl/account/inloggen/wachtwoord/",
            {"email": f"{role}@voorbeeld.test", "password": f"voorbeeld-{role}"},
        )
        assert response.status_code == 302, role
        assert browser.session["_auth_user_id"] == str(person(role).pk)
        assert browser.get("/nl/account/").status_code == 200
        # The limits on signing in are another page's business.
        cache.clear()


@told
def the_accounts_are_who_their_names_say():
    assert person("contactpersoon").has_role(Role.MESSENGER, language="pl")
    assert person("programmabureau").has_role(Role.PROGRAMME_OFFICE)
    assert person("stuurgroep").has_role(Role.STEERING_GROUP)
    assert person("jongerenraadslid").has_role(Role.COUNCIL_MEMBER)
    assert person("beheerder").has_role(Role.ADMINISTRATOR)
    rijswijk = Area.objects.get(slug="rijswijk")
    the_hague = Area.objects.get(slug="den-haag")
    assert person("moderator").has_role(Role.MODERATOR, area=the_hague, language="bg")
    assert person("moderator2").has_role(Role.MODERATOR, area=rijswijk, language="nl")
    assert not person("moderator2").has_role(Role.MODERATOR, area=the_hague)
    assert person("ondernemer").business_name
    assert person("jongere").is_under_16
    assert person("jongere").public_name == person("jongere").pseudonym


@told
def of_those_under_16_nothing_tells_where_they_are():
    young = Initiative.objects.filter(author__age_band="12-15")

    assert young.exists()
    assert not young.exclude(latitude=None, address_line="").exists()


@told
def its_pages_open():
    for role, pages in (
        ("moderator", ["/nl/moderatie/", "/bg/initiatieven/?sort=push"]),
        ("bewoner", ["/nl/", "/nl/wijk/transvaal/"]),
        ("beheerder", ["/nl/beheer/"]),
    ):
        browser = Client()
        browser.force_login(person(role))
        for page in pages:
            assert browser.get(page).status_code == 200, page


@told
def every_initiative_has_a_page():
    for initiative in Initiative.objects.published():
        assert Client().get(initiative.get_absolute_url()).status_code == 200


@told
def loading_again_changes_nothing():
    before = User.objects.count()

    call_command("load_sample", verbosity=0)

    assert User.objects.count() == before


@pytest.mark.django_db
def test_it_is_loaded_on_ones_own_machine_alone():
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("load_sample")
