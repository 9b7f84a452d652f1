"""The sample: neighbours who do not exist, the same ones each time, in every state and language."""

import datetime
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F, Q, Sum
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import Role, User
from areas.models import Area
from budgets.models import (
    Account,
    Act,
    Application,
    Approval,
    Balance,
    Document,
    Fund,
    Posting,
    Stage,
    StageChange,
)
from contributions.models import Dossier, Mark, Picture, Report, Status, Telling
from ideas import actions
from ideas.models import Comment, Initiative, OfficialAnswer, Progress, Support, Update
from jongerenraad.actions.votes import recount
from jongerenraad.models import Council, Matter, Membership, Office, Outcome, Seat, Vote
from notifications.models import Delivery, Event, Notification
from participatie import (
    sampling,
    sampling_budget,
    sampling_experiences,
    sampling_queue,
    sampling_reports,
    sampling_rights,
    sampling_talks,
    sampling_translations,
)
from participatie.drawings import MOTIFS, draw
from participatie.drawings.faces import HAIRS, SKINS, STYLES, face

NOW = timezone.now()
ACCOUNTS = (
    "bewoner",
    "ondernemer",
    "jongere",
    "contactpersoon",
    "moderator",
    "moderator2",
    "jongerenraadslid",
    "voorzitter",
    "secretaris",
    "penningmeester",
    "mentor",
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
    applications = Application.objects.order_by("created_at").values_list(
        "title", "stage", "requested", "granted", "author__email", "stage_since"
    )
    votes = Vote.objects.order_by("cast_at").values_list(
        "cast_at", "choice", "word", "elector__membership__person__email"
    )
    postings = Posting.objects.order_by("made_at", "key").values_list("made_at", "act")
    return [list(rows) for rows in (initiatives, comments, supports, applications, votes, postings)]


def person(role: str) -> User:
    return User.objects.get(email=f"{role}@voorbeeld.test")


def member(role: str) -> Membership:
    return Membership.objects.get(person=person(role))


def vote_that_waits_for(voter: User) -> Matter:
    return Matter.objects.get(
        closed_at=None,
        electors__membership__person=voter,
        electors__has_voted=False,
        electors__stepped_aside=False,
    )


@pytest.fixture
def quick_drawings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw nothing: that takes longest, and has tests of its own."""

    def empty(motif: str, *, seed: int) -> Image.Image:
        assert motif in MOTIFS
        return Image.new("RGB", (64, 48))

    monkeypatch.setattr(sampling, "draw", empty)
    monkeypatch.setattr(sampling_budget, "draw", empty)


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


@pytest.mark.usefixtures("quick_drawings")
@pytest.mark.parametrize(
    "moment",
    [
        "2027-01-01T00:20:00+01:00",
        "2027-01-02T09:00:00+01:00",
        "2027-06-30T23:30:00+02:00",
        "2027-12-31T22:00:00+01:00",
    ],
)
@pytest.mark.django_db
def test_its_money_is_given_in_the_year_in_which_it_is_loaded(
    monkeypatch: pytest.MonkeyPatch, moment: str
):
    monkeypatch.setattr(sampling, "_rows", few_rows)
    monkeypatch.setattr(sampling, "_initiative", lambda _row, _cast, _now: None)
    monkeypatch.setattr(sampling, "_waiting_comment", lambda *_told: None)
    for other in (
        sampling_experiences,
        sampling_queue,
        sampling_reports,
        sampling_rights,
        sampling_talks,
        sampling_translations,
    ):
        monkeypatch.setattr(other, "load", lambda **_told: None)
    with time_machine.travel(datetime.datetime.fromisoformat(moment), tick=False):
        call_command("load_reference", verbosity=0)
        sampling.load(now=timezone.now())

        fund = Fund.objects.get()
        assert fund.year == 2027
        assert Counter(fund.applications.values_list("stage", flat=True)) == Counter(Stage.values)
        for made_at in Posting.objects.values_list("made_at", flat=True):
            assert timezone.localtime(made_at).year == 2027
            assert made_at <= timezone.now()
        assert not StageChange.objects.filter(at__gt=timezone.now()).exists()
        waiting = vote_that_waits_for(person("jongerenraadslid"))
        assert waiting.is_open_at(timezone.now())
        assert fund.gives_on(timezone.localdate(waiting.closes_at))
        call_command("ledger", verbosity=0)


@pytest.mark.parametrize("style", STYLES)
def test_each_face_is_the_same_each_time(style: str):
    def drawn(seed: str) -> bytes:
        return face(style, skin=next(iter(SKINS)), hair=next(iter(HAIRS)), seed=seed).tobytes()

    assert drawn("1") == drawn("1")
    assert len({drawn(str(seed)) for seed in range(6)}) > 1


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

    # And the one that the council shares in its own name, the double of another one, and the two
    # that were told to a contact person.
    assert initiatives.count() == 84
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
def some_ideas_have_news_and_one_was_shared_twice_and_joined():
    assert Update.objects.published().count() == 3
    assert Picture.objects.filter(dossier__kind="update").count() == 2
    double = Initiative.objects.get(merged_into__isnull=False)
    assert double.status == Status.PUBLISHED
    assert double.mergers.get().reason
    into = double.merged_into
    assert into
    moved = Support.objects.filter(initiative=into, given_to=double).count()
    # Some support both, and count once.
    assert 0 < moved < 9
    assert Comment.objects.filter(initiative=into, written_under=double).exists()


@told
def two_neighbours_told_something_in_romanian_and_one_of_them_is_called_back():
    tellings = Telling.objects.select_related("session").order_by("pk")
    assert [one.call_back for one in tellings] == ["", Telling.CallBack.WAITING]
    assert {one.session.held_by for one in tellings} == {person("contactpersoon")}
    told = Initiative.objects.filter(dossier__telling__in=tellings)
    assert set(told.values_list("status", "author", "language")) == {
        (Status.PUBLISHED, None, "ro"),
        (Status.SUBMITTED, None, "ro"),
    }


@told
def seven_comments_and_several_ideas_wait_for_a_moderator_in_time():
    waiting = Dossier.objects.filter(review=Dossier.Review.BEFORE)

    comments = waiting.filter(kind="comment")
    assert comments.count() == 7
    assert set(comments.values_list("language", flat=True)) == set(settings.LISTED_LANGUAGES)
    assert not comments.filter(promised_date__lt=timezone.localdate(NOW)).exists()
    assert waiting.filter(kind="initiative").count() >= 3


@told
def checks_found_an_address_and_a_cry_for_help():
    marked = {mark.check_name: mark.dossier for mark in Mark.objects.select_related("dossier")}

    assert set(marked) == {"email", "help"}
    assert marked["help"] == Dossier.objects.waiting().first()


def some_texts_are_reported_and_one_report_was_answered():
    assert Report.objects.open().count() == 3
    assert Report.objects.get(closed_at__isnull=False).outcome == Report.Outcome.KEPT
    assert not Report.objects.filter(created_at__gt=NOW).exists()


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
    assert not person("jongerenraadslid").current_grants
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
def its_council_has_22_seats_in_all_neighbourhoods_and_two_are_vacant():
    council = Council.objects.get(slug="jongerenraad")
    seats = Seat.objects.filter(council=council)
    taken = Membership.objects.current(NOW).voting().filter(term__council=council)

    assert seats.count() == 22
    taking = Area.objects.accepting_contributions()
    assert set(seats.values_list("area", flat=True)) == set(taking.values_list("pk", flat=True))
    assert seats.exclude(pk__in=taken.values("seat")).count() == 2
    assert all(one.seat and one.person.area == one.seat.area for one in taken)


@told
def its_council_has_a_chair_a_secretary_a_treasurer_members_and_mentors():
    current = Membership.objects.current(NOW)

    assert Counter(current.values_list("office", flat=True)) == {
        Office.CHAIR: 1,
        Office.SECRETARY: 1,
        Office.TREASURER: 1,
        Office.MEMBER: 17,
        Office.MENTOR: 2,
    }
    for role, office in (
        ("voorzitter", Office.CHAIR),
        ("secretaris", Office.SECRETARY),
        ("penningmeester", Office.TREASURER),
        ("jongerenraadslid", Office.MEMBER),
        ("mentor", Office.MENTOR),
    ):
        assert member(role).office == office


@told
def two_members_are_under_16_and_show_a_pseudonym_and_no_picture():
    young = Membership.objects.filter(person__age_band="12-15")

    assert young.count() == 2
    for one in young.select_related("person"):
        assert one.shown_name == one.person.pseudonym
        assert not one.portrait
    pictured = [one for one in Membership.objects.select_related("person") if one.shows_portrait]
    assert 5 <= len(pictured) < 20
    for one in pictured:
        with Image.open(one.portrait.open()) as picture:
            assert picture.format == "WEBP"


@told
def there_is_an_application_in_each_stage_and_language():
    applications = Application.objects.select_related("author", "initiative")

    assert Counter(applications.values_list("stage", flat=True)) == Counter(Stage.values)
    languages = set(applications.values_list("language", flat=True))
    assert languages == set(settings.LISTED_LANGUAGES)
    amounts = [one.requested for one in applications if one.requested]
    assert (min(amounts), max(amounts)) == (85_00, 2_500_00)
    assert len({one.author_id for one in applications}) == len(applications)
    tied = [one for one in applications if one.initiative]
    assert len(tied) == 2
    for one in tied:
        assert one.initiative is not None
        assert one.initiative.author_id == one.author_id
    for one in applications.filter(author__age_band__in=["12-15", "16-17"]):
        assert one.recipient != Application.Recipient.APPLICANT


@told
def those_with_a_password_apply_too():
    for role, stage in (("jongere", Stage.IN_DELIBERATION), ("bewoner", Stage.RETURNED)):
        assert Application.objects.get(author=person(role)).stage == stage


@told
def its_fund_has_40_000_euros_and_four_rounds():
    fund = Fund.objects.get()

    assert fund.year == timezone.localdate(NOW).year
    assert -Balance.objects.get(fund=fund, account=Account.SOURCE).cents == 40_000_00
    deposit = Posting.objects.get(fund=fund, act=Act.DEPOSIT)
    assert deposit.made_by == person("programmabureau")
    closing = list(fund.closing_dates.values_list("date", flat=True))
    assert len(closing) == 4
    assert closing[-1] == datetime.date(fund.year, 12, 31)


@told
def its_ledger_agrees_to_the_cent_and_its_votes_are_as_the_ballots_say():
    call_command("ledger", verbosity=0)
    call_command("recount_votes", verbosity=0)
    assert not recount()


@told
def one_grant_was_given_by_the_fast_lane_and_one_flowed_back_in_part():
    fast = Approval.objects.filter(purpose=Approval.Purpose.FAST_LANE)
    assert set(fast.values_list("office", flat=True)) == {Office.CHAIR, Office.TREASURER}
    assert fast.values("application").distinct().count() == 1
    closed = Application.objects.get(stage=Stage.CLOSED)
    spent = closed.receipts.aggregate(total=Sum("cents"))["total"]
    back = Posting.objects.get(application=closed, act=Act.RECEIVE_BACK)
    cents = back.entries.get(account=Account.AVAILABLE).cents
    assert cents == closed.granted - spent > 0


@told
def who_got_money_told_of_it_with_pictures_and_receipts():
    for stage in (Stage.REPORTED, Stage.CLOSED):
        application = Application.objects.select_related("report").get(stage=stage)
        assert application.report.status == Status.PUBLISHED
        assert Picture.objects.filter(dossier=application.report.dossier_id).current().exists()
        assert application.receipts.count() >= 3
    kinds = Counter(Document.objects.values_list("kind", flat=True))
    assert kinds[Document.Kind.QUOTE] >= 3
    assert kinds[Document.Kind.RECEIPT] >= 6


@told
def members_step_aside_where_it_is_theirs_or_of_their_household():
    own = Application.objects.get(author__memberships__isnull=False)
    matter = own.deliberations.get().matter
    assert matter.electors.get(stepped_aside=True).membership.person == own.author
    for recusal in Application.objects.get(stage=Stage.CLOSED).recusals.all():
        assert recusal.ground == "household"
        elector = recusal.application.deliberations.get().matter.electors.get(stepped_aside=True)
        assert elector.membership.person == recusal.person


@told
def three_votes_besides_those_on_money_are_closed_and_one_on_money_is_open():
    matters = Matter.objects.exclude(kind="money")

    assert matters.closed().count() == matters.count() == 3
    assert matters.get(is_secret=True).kind == "person"
    assert matters.filter(minority_view__isnull=False).count() == 1
    assert matters.filter(outcome=Outcome.NO_QUORUM).count() == 1
    waiting = Matter.objects.open_on(NOW).get()
    assert waiting.deliberation.application.stage == Stage.IN_DELIBERATION
    assert Vote.objects.filter(elector__matter=waiting).exists()
    assert vote_that_waits_for(person("jongerenraadslid")) == waiting
    assert Vote.objects.exclude(word="").count() >= 10


@told
def of_the_council_nothing_happened_in_the_future():
    assert not StageChange.objects.filter(at__gt=NOW).exists()
    assert not Vote.objects.filter(cast_at__gt=NOW).exists()
    assert not Posting.objects.filter(made_at__gt=NOW).exists()


@told
def its_pictures_get_their_sizes():
    sampling.make_all_sizes()

    assert not Picture.objects.without_sizes().exists()


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
def everybody_was_told_on_the_site_and_nothing_waits_to_go_out():
    assert not Event.objects.filter(told_at__isnull=True).exists()
    assert not Delivery.objects.exists()
    own = Notification.objects.filter(recipient=person("bewoner"))
    assert own.unread().exists()
    assert own.filter(read_at__isnull=False).exists()
    assert not Notification.objects.filter(created_at__gt=NOW).exists()


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
