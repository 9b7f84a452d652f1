"""Asking for money: when, by whom, and what a form takes."""

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from budgets import documents
from budgets.actions import applying
from budgets.actions.applying import (
    Cost,
    DaysAreOver,
    NoFund,
    NotByAMinor,
    RoundsAreOver,
    TooManyQuotes,
    Unfinished,
)
from budgets.forms import (
    AsideForm,
    ClaimForm,
    CostsForm,
    PlanForm,
    ReasonForm,
    ReceiptForm,
    RecipientForm,
    SettleForm,
    VoteForm,
)
from budgets.models import Application, ClosingDate, Fund, Stage
from contributions.actions import AgeUnknown, NotAllowed, NotPossibleNow
from jongerenraad.models import Council, Office
from tests import councils, money, scenes
from tests.budgets import doing

pytestmark = [pytest.mark.django_db, pytest.mark.either]

#: What nobody can mean as an amount.
NO_AMOUNTS = [
    "-1", "−5,00", "NaN", "Infinity", "1e9", "999999999999", "1.250", "1,00,00", "12,345", "een",
    "0", "0,00", "١٢", "0x1F", "1_000", "1;2", "'1", "<b>1</b>", "9" * 5000, "\0", "=1+1",
]  # fmt: skip


@pytest.fixture
def council() -> Council:
    return councils.council()


@pytest.fixture
def fund(council: Council) -> Fund:
    return money.filled(council)


def hand_in(of: Application, **told: Any) -> None:
    applying.hand_in(application=of, by=of.author, **told)


def at(date: datetime.date, hour: int = 12, minute: int = 0) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(date, datetime.time(hour, minute)))


# --- When ---


def test_without_a_fund_of_this_year_there_is_nothing_to_apply_for(council: Council) -> None:
    councils.fund(council, year=timezone.localdate().year + 1)
    with pytest.raises(NoFund):
        applying.start(council=council, by=scenes.person(), language="nl")


def test_the_closing_date_is_open_until_the_end_of_its_day_in_amsterdam(
    council: Council, fund: Fund
) -> None:
    application = money.draft(council)
    today = timezone.localdate()
    ClosingDate.objects.update(date=today)
    midnight = at(today + datetime.timedelta(days=1), 0)
    with pytest.raises(RoundsAreOver):
        hand_in(application, now=midnight)
    with pytest.raises(RoundsAreOver):
        applying.start(council=council, by=scenes.person(), language="nl", now=midnight)
    hand_in(application, now=midnight - datetime.timedelta(seconds=1))


def test_after_the_last_closing_date_nothing_new_comes_but_what_came_back_may(
    council: Council, fund: Fund
) -> None:
    back = money.application(council, Stage.RETURNED)
    draft = money.draft(council)
    ClosingDate.objects.update(date=timezone.localdate() - datetime.timedelta(days=1))
    with pytest.raises(RoundsAreOver):
        hand_in(draft)
    hand_in(back)


def test_after_the_last_day_of_giving_nothing_comes(council: Council, fund: Fund) -> None:
    back = money.application(council, Stage.RETURNED)
    Fund.objects.update(last_grant_date=timezone.localdate() - datetime.timedelta(days=1))
    for application in (back, money_draft_of(back)):
        with pytest.raises(RoundsAreOver):
            hand_in(application)


def money_draft_of(of: Application) -> Application:
    """Return a draft that was begun while one could."""
    Fund.objects.update(last_grant_date=timezone.localdate())
    made = money.draft(of.fund.council)
    Fund.objects.update(last_grant_date=timezone.localdate() - datetime.timedelta(days=1))
    return made


def test_what_was_begun_last_year_asks_for_money_of_this_year(council: Council, fund: Fund) -> None:
    draft = money.draft(council)
    day = datetime.date(fund.year + 1, 3, 1)
    User.objects.update(age_confirmed_at=at(day))
    with pytest.raises(NoFund):
        hand_in(draft, now=at(day))
    councils.fund(council, year=fund.year + 1)
    with pytest.raises(DaysAreOver):
        hand_in(draft, now=at(day))
    applying.write(
        application=draft, by=draft.author, values={"starts_date": day, "ends_date": day}
    )
    hand_in(draft, now=at(day))
    assert doing.fresh(draft).fund.year == fund.year + 1


# --- What ---


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""},
        {"what": ""},
        {"area": None},
        {"starts_date": None},
        {"ends_date": None},
        {"ends_date": datetime.date(2020, 1, 1)},
        {"recipient": ""},
        {"recipient_name": ""},
    ],
)
def test_what_misses_something_is_not_handed_in(
    council: Council, fund: Fund, values: dict[str, Any]
) -> None:
    draft = money.draft(council, **values)
    with pytest.raises(Unfinished):
        hand_in(draft)
    assert doing.fresh(draft).stage == Stage.DRAFT
    assert doing.fresh(draft).status == "draft"


def test_what_costs_nothing_is_not_handed_in(council: Council, fund: Fund) -> None:
    draft = money.draft(council)
    applying.write(application=draft, by=draft.author, values={}, costs=[])
    with pytest.raises(Unfinished):
        hand_in(draft)


def test_it_asks_what_its_lines_add_up_to(council: Council, fund: Fund) -> None:
    draft = money.draft(council)
    costs = [Cost("Ballen", 1), Cost("Net", 99_99), Cost("Water", 50_00)]
    applying.write(application=draft, by=draft.author, values={}, costs=costs)
    hand_in(draft)
    assert doing.fresh(draft).requested == 150_00


def test_a_plan_that_was_yesterday_is_too_late(council: Council, fund: Fund) -> None:
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    draft = money.draft(council, starts_date=yesterday)
    with pytest.raises(DaysAreOver):
        hand_in(draft)


def test_another_person_changes_nothing_and_hands_nothing_in(council: Council, fund: Fund) -> None:
    draft = money.draft(council)
    other = scenes.person(age_band="18-26")
    for act in (
        lambda: applying.write(application=draft, by=other, values={"title": "Mijn plan"}),
        lambda: applying.hand_in(application=draft, by=other),
        lambda: applying.add_quote(
            application=draft, by=other, drawn=documents.Drawn(b"x", "digest")
        ),
        lambda: applying.take_back(application=draft, by=other),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_ten_quotes_are_enough_and_the_same_one_counts_once(council: Council, fund: Fund) -> None:
    draft = money.draft(council)

    def add(digest: str) -> None:
        drawn = documents.Drawn(b"x", digest)
        applying.add_quote(application=draft, by=draft.author, drawn=drawn)

    for number in range(applying.MAX_QUOTES):
        add(str(number))
        add(str(number))
    with pytest.raises(TooManyQuotes):
        add("another")
    add("3")
    assert draft.documents.count() == applying.MAX_QUOTES
    hand_in(draft)
    with pytest.raises(NotPossibleNow):
        applying.take_quote_away(quote=draft.documents.first(), by=draft.author)


# --- Who ---


@pytest.mark.parametrize("age_band", ["12-15", "16-17"])
def test_under_18_nobody_receives_the_money_themselves(
    council: Council, fund: Fund, age_band: str
) -> None:
    person = scenes.person(age_band=age_band)
    draft = money.draft(council, author=person, recipient="applicant")
    with pytest.raises(NotByAMinor):
        hand_in(draft)
    applying.write(application=draft, by=person, values={"recipient": "adult"})
    hand_in(draft)


@pytest.mark.parametrize("age_band", ["18-26", "27-54", "55+"])
def test_from_18_on_they_do(council: Council, fund: Fund, age_band: str) -> None:
    person = scenes.person(age_band=age_band)
    hand_in(money.draft(council, author=person, recipient="applicant", recipient_name=""))


def test_an_age_that_nobody_told_or_told_long_ago_is_asked_first(
    council: Council, fund: Fund
) -> None:
    silent = scenes.person(age_band="")
    draft = money.draft(council, author=silent)
    with pytest.raises(AgeUnknown):
        hand_in(draft)
    person = scenes.person(age_band="18-26")
    draft = money.draft(council, author=person)
    long_ago = timezone.now() - datetime.timedelta(days=400)
    User.objects.filter(pk=person.pk).update(age_confirmed_at=long_ago)
    person.refresh_from_db()
    with pytest.raises(AgeUnknown):
        applying.hand_in(application=draft, by=person)


@pytest.mark.parametrize(
    ("age_band", "agrees", "is_shown"),
    [
        ("", True, False),
        ("12-15", True, False),
        ("16-17", True, True),
        ("16-17", False, False),
        ("18-26", True, True),
        ("18-26", False, False),
    ],
)
def test_a_name_stands_there_where_it_was_agreed_to_and_never_under_16(
    council: Council, fund: Fund, age_band: str, agrees: bool, is_shown: bool
) -> None:
    person = scenes.person("Sanne", age_band=age_band)
    draft = money.draft(council, author=person, shows_name=agrees)
    assert draft.shown_name == (person.public_name if is_shown else "")


# --- The forms ---


def costs(*rows: tuple[str, str], **more: str) -> CostsForm:
    data = dict(more)
    for number, (description, amount) in enumerate(rows, start=1):
        data |= {f"description_{number}": description, f"amount_{number}": amount}
    return CostsForm(data)


@pytest.mark.parametrize("amount", [*NO_AMOUNTS, ""])
def test_a_line_with_no_amount_is_refused_and_the_good_ones_are_kept(amount: str) -> None:
    form = costs(("Ballen", "10,00"), ("Net", amount), ("Water", "5"))
    assert not form.is_valid()
    assert list(form.errors) == ["amount_2"]
    assert form.costs() == [Cost("Ballen", 10_00), Cost("Water", 5_00)]


def test_an_amount_without_a_word_is_asked_what_it_is_for() -> None:
    form = costs((" \u202e", "10,00"))
    assert list(form.errors) == ["description_1"]
    assert form.costs() == []


def test_twenty_lines_are_read_and_what_a_browser_makes_up_is_not() -> None:
    form = costs(*[("Bal", "1")] * 25)
    assert form.is_valid(), form.errors
    assert len(form.costs()) == applying.MAX_LINES
    assert costs(("x" * 121, "1")).errors
    assert not costs().errors


@settings(deadline=None, max_examples=50)
@given(
    rows=st.lists(st.tuples(st.text(max_size=200), st.text(max_size=60)), max_size=6),
    own=st.text(max_size=900),
)
def test_whatever_is_typed_about_costs_is_read_or_refused(
    rows: list[tuple[str, str]], own: str
) -> None:
    form = costs(*rows, own_contribution=own)
    form.is_valid()
    for cost in form.costs():
        assert cost.cents > 0
        assert 0 < len(cost.description) <= 120
        assert "\0" not in cost.description


def test_a_quote_that_is_no_picture_is_refused_beside_its_field() -> None:
    sent = SimpleUploadedFile("offerte.pdf", b"%PDF-1.4 <html>")
    form = CostsForm({}, {"quote": sent})
    assert list(form.errors) == ["quote"]


def recipient(person: User, **data: str) -> RecipientForm:
    return RecipientForm(data, person=person)


@pytest.mark.parametrize("age_band", ["", "12-15", "16-17"])
def test_the_form_does_not_offer_a_minor_to_receive_it(age_band: str) -> None:
    person = scenes.person(age_band=age_band)
    assert "applicant" not in dict(recipient(person).fields["recipient"].choices)
    assert "recipient" in recipient(person, recipient="applicant").errors


def test_the_form_does_not_ask_somebody_under_16_for_their_name() -> None:
    form = recipient(
        scenes.person(age_band="12-15"),
        recipient="adult",
        recipient_name="Tante Noor",
        recipient_email="noor@voorbeeld.test",
        shows_name="on",
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["shows_name"] is False


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({}, ["recipient"]),
        ({"recipient": "nobody"}, ["recipient"]),
        ({"recipient": "adult"}, ["recipient_email", "recipient_name"]),
        ({"recipient": "adult", "recipient_name": "N"}, ["recipient_email"]),
        ({"recipient": "adult", "recipient_name": "N", "recipient_email": "x"},
         ["recipient_email"]),
        ({"recipient": "adult", "recipient_name": "N" * 121, "recipient_email": "a@b.nl"},
         ["recipient_name"]),
        ({"recipient": "applicant"}, []),
    ],
)  # fmt: skip
def test_who_receives_it_can_be_reached(data: dict[str, str], wrong: list[str]) -> None:
    assert sorted(recipient(scenes.person(), **data).errors) == wrong


def plan(**told: str) -> PlanForm:
    day = timezone.localdate().isoformat()
    area = scenes.area()
    data = {
        "title": "Voetbal",
        "what": "Wij spelen.",
        "area": str(area.pk),
        "starts_date": day,
        "ends_date": day,
        **told,
    }
    return PlanForm(data)


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({}, []),
        ({"title": " \u2066\u202e"}, ["title"]),
        ({"title": "x" * 121}, ["title"]),
        ({"what": "x" * 3001}, ["what"]),
        ({"area": "0"}, ["area"]),
        ({"area": "x"}, ["area"]),
        ({"starts_date": "2026-02-30"}, ["starts_date"]),
        ({"ends_date": "2020-01-01"}, ["ends_date"]),
        ({"starts_date": "9999-12-31", "ends_date": "9999-12-31"}, ["ends_date", "starts_date"]),
        ({"ends_date": "9999-12-31"}, ["ends_date"]),
        ({"language": "xx"}, ["language"]),
    ],
)
def test_a_plan_has_words_a_place_and_days_that_can_be(
    told: dict[str, str], wrong: list[str]
) -> None:
    assert sorted(plan(**told).errors) == wrong


def vote_form(of: Application, **told: str) -> VoteForm:
    data = {"cents": "100", "closes_on": "2027-01-31", "closes_time": "20:00", **told}
    return VoteForm(data, application=of, person=councils.holder(of.fund.council))


@pytest.mark.parametrize("amount", [*NO_AMOUNTS, ""])
def test_a_vote_is_about_an_amount(council: Council, fund: Fund, amount: str) -> None:
    application = money.application(council, Stage.CHECKED)
    assert list(vote_form(application, cents=amount).errors) == ["cents"]


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"closes_on": ""}, ["closes_on"]),
        ({"closes_on": "morgen"}, ["closes_on"]),
        ({"closes_on": "2027-02-29"}, ["closes_on"]),
        ({"closes_time": "25:00"}, ["closes_time"]),
        ({"closes_time": ""}, ["closes_time"]),
        ({"text": "x" * 2001}, ["text"]),
        # There is no half past two in the night that summer time begins.
        ({"closes_on": "2027-03-28", "closes_time": "02:30"}, []),
    ],
)
def test_a_vote_closes_at_a_moment_that_can_be(
    council: Council, fund: Fund, told: dict[str, str], wrong: list[str]
) -> None:
    application = money.application(council, Stage.CHECKED)
    assert sorted(vote_form(application, **told).errors) == wrong


@pytest.mark.parametrize("date", ["0001-01-01", "1700-01-01", "9999-12-31"])
def test_a_vote_that_closes_in_no_time_of_ours_is_refused(
    council: Council, fund: Fund, date: str
) -> None:
    application = money.application(council, Stage.CHECKED)
    form = vote_form(application, closes_on=date, closes_time="00:00")
    if form.is_valid():
        told = {**form.cleaned_data, "language": "nl"}

        def act(of: Application, by: User) -> None:
            from budgets.actions.deciding import put_to_vote

            put_to_vote(application=of, by=by, **told)

        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(doing.ACTS, "put_to_vote", act)
            refused = doing.try_it("put_to_vote", application, councils.holder(council))
        assert refused is not None


def test_the_vote_form_proposes_what_can_be_given(council: Council) -> None:
    fund = money.filled(council, 1_000_00, share_per_area_percent=40)
    money.application(council, Stage.IN_DELIBERATION, cents=300_00)
    form = VoteForm(
        application=doing.fresh(money.application(council, Stage.CHECKED, cents=500_00)),
        person=councils.holder(council),
    )
    assert (form.free, form.left_for_area, form.most) == (700_00, 100_00, 100_00)
    assert form.is_short
    assert fund.largest_grant == 2_500_00


def receipt(files: dict[str, Any] | None = None, **data: str) -> ReceiptForm:
    return ReceiptForm(data, files or {})


def photo() -> dict[str, Any]:
    return {"file": scenes.picture_file()}


@pytest.mark.parametrize("amount", NO_AMOUNTS)
def test_a_receipt_has_an_amount(amount: str) -> None:
    # A browser sends no file twice, so the photo is asked for again.
    form = receipt(photo(), description="Bal", amount=amount)
    assert list(form.errors) == ["amount", "file"]


@pytest.mark.parametrize(
    ("data", "with_photo", "wrong"),
    [
        ({}, False, []),
        ({"description": "Bal"}, False, ["amount", "file"]),
        ({"amount": "1"}, False, ["description", "file"]),
        ({}, True, ["amount", "description", "file"]),
        ({"description": "Bal", "amount": "1"}, True, []),
        ({"description": "x" * 121, "amount": "1"}, True, ["description", "file"]),
    ],
)
def test_a_receipt_is_whole_or_nothing(
    data: dict[str, str], with_photo: bool, wrong: list[str]
) -> None:
    form = receipt(photo() if with_photo else {}, **data)
    assert sorted(form.errors) == wrong
    if not wrong:
        assert form.is_empty is not with_photo


@pytest.mark.parametrize("words", ["", " ", "\u202e\n", "x" * 2001])
def test_a_reason_is_words(council: Council, fund: Fund, words: str) -> None:
    application = money.application(council)
    form = ReasonForm({"reason": words}, application=application, person=councils.holder(council))
    assert list(form.errors) == ["reason"]


@pytest.mark.parametrize("amount", NO_AMOUNTS)
def test_a_claim_and_what_came_in_are_amounts(council: Council, fund: Fund, amount: str) -> None:
    application = money.application(council, Stage.OVERDUE)
    told = {"application": application, "person": councils.holder(council)}
    assert "cents" in ClaimForm({"cents": amount, "reason": "x"}, **told).errors
    settled = SettleForm({"received": amount}, **told)
    # Nothing is what came in often enough.
    assert settled.is_valid() is (amount in ("0", "0,00"))


def test_a_member_steps_aside_themselves_and_the_chair_says_it_of_members_of_this_council(
    council: Council, fund: Fund
) -> None:
    application = money.application(council)
    member = councils.holder(council, Office.MEMBER)
    form = AsideForm({"ground": "household"}, application=application, person=member)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["person"] is None
    elsewhere = councils.holder(councils.council("partnerraad")).memberships.get()
    for data, wrong in (
        ({"ground": "other", "person_aside": str(member.memberships.get().pk)}, ["reason"]),
        ({"ground": "household", "person_aside": str(elsewhere.pk)}, ["person_aside"]),
        ({"ground": "applicant", "person_aside": ""}, ["ground", "person_aside"]),
    ):
        chair = councils.holder(council)
        assert sorted(AsideForm(data, application=application, person=chair).errors) == wrong


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(amount=st.text(max_size=50), language=st.sampled_from(["nl", "en", "pl", "ar"]))
def test_whatever_is_typed_as_an_amount_is_cents_or_a_sentence(amount: str, language: str) -> None:
    with translation.override(language):
        form = receipt(description="Bal", amount=amount)
        form.is_valid()
        cents = form.cleaned_data.get("amount")
        assert cents is None or 1 <= cents <= 100_000_000_00
