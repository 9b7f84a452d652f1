"""Amounts as people read and type them."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from budgets.models.fund import MOST_CENTS
from budgets.money import EuroField, cents_of, in_euros

LANGUAGES = ["nl", "en", "pl", "bg", "ro", "ar"]


def said(text: str, **options: object) -> str:
    """Return why a field refuses a text, in English."""
    with translation.override("en"):
        with pytest.raises(ValidationError) as refused:
            EuroField(**options).clean(text)
        (message,) = refused.value.messages
    return message


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("nl", "€ 1.250,50"),
        ("en", "€ 1,250.50"),
        ("pl", "1 250,50 €"),
        ("ro", "1.250,50 €"),
    ],
)
def test_an_amount_is_written_as_its_language_does_and_never_breaks(
    language: str, shown: str
) -> None:
    with translation.override(language):
        assert in_euros(1_250_50) == shown.replace(" ", "\u00a0")


def test_an_amount_is_exact_to_the_cent() -> None:
    assert in_euros(1) == "€\u00a00,01"
    assert in_euros(0) == "€\u00a00,00"
    assert in_euros(-5) == "€\u00a0-0,05"
    assert in_euros(MOST_CENTS - 1) == "€\u00a099.999.999,99"


def test_a_template_shows_an_amount_and_nothing_where_there_is_none() -> None:
    template = Template("{% load money %}{{ cents|euros }}|{{ none|euros }}")
    assert template.render(Context({"cents": 250_00, "none": None})) == "€\u00a0250,00|"


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12", 12_00),
        ("12,5", 12_50),
        ("12,50", 12_50),
        ("12.50", 12_50),
        ("€ 12", 12_00),
        ("€12,50", 12_50),
        ("12 €", 12_00),
        ("EUR 12", 12_00),
        ("12,-", 12_00),
        ("€ 12,--", 12_00),
        ("1250", 1250_00),
        ("1.250,50", 1250_50),
        ("1,250.50", 1250_50),
        ("1 250,50", 1250_50),
        ("1\u00a0250,50", 1250_50),
        ("1\u202f250", 1250_00),
        ("1.250.000", 1_250_000_00),
        ("  12  ", 12_00),
        ("0,01", 1),
        ("007", 7_00),
        ("99999999,99", MOST_CENTS - 1),
        ("100000000", MOST_CENTS),
    ],
)
def test_an_amount_is_read_the_way_people_type_it(text: str, cents: int) -> None:
    assert EuroField().clean(text) == cents


@pytest.mark.parametrize("text", ["", "   ", "\u00a0", None])
def test_nothing_is_no_amount(text: str) -> None:
    assert said(text) == "Fill in an amount."
    assert EuroField(required=False).clean(text) is None


@pytest.mark.parametrize("text", ["-1", "-12,50", "− 3", "€ -5", "-€5", "–7"])
def test_an_amount_below_zero_is_refused(text: str) -> None:
    assert said(text) == "An amount is never below zero. Leave out the minus."


@pytest.mark.parametrize("text", ["0", "0,00", "0.0", "000"])
def test_zero_is_refused_unless_it_means_something(text: str) -> None:
    assert said(text) == "Fill in an amount of more than zero."
    assert EuroField(zero_allowed=True).clean(text) == 0


@pytest.mark.parametrize("text", ["1.250", "1,250", "€ 12.500", "999,999"])
def test_a_thousand_that_may_be_one_is_asked_again(text: str) -> None:
    whole = text.strip("€ ").replace(".", "").replace(",", "")
    assert said(text) == f"Write thousands without a point or comma: {whole} or {whole}.00."
    assert EuroField().clean(f"{whole},00") == EuroField().clean(whole) == int(whole) * 100


@pytest.mark.parametrize("text", ["0.125", "12,0000", "1250.999"])
def test_more_than_cents_is_refused(text: str) -> None:
    assert said(text) == "Write two digits for the cents, such as 12.50."


@pytest.mark.parametrize(
    "text",
    [
        "NaN", "nan", "inf", "Infinity", "1e9", "1E3", "0x10", "1_000", "twelve", "12 euro and 50",
        "1,250.5.0", "1.25,0.5", "12,5,0", "1.2.3", "12,", ",50", ".", ",", "€", "--", "+12",
        "1 25", "12 50", "1.25 0", "1.2500,00", "12..50", "£12", "$ 12", "12%", "1/2",
        "١٢", "१२", "１２", "12٫50", "²", "Ⅻ", "1\u200b2", "<b>12</b>", "9" * 5000,
        "1." * 30 + "1",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_an_example(text: str) -> None:
    assert said(text) == "Write an amount in digits, such as 12 or 12.50."


@pytest.mark.parametrize("text", ["123456789012", "100000000,01", "100000001", "9" * 30])
def test_more_than_any_budget_is_refused(text: str) -> None:
    assert said(text) == "Fill in €\u00a0100,000,000.00 at most."


def test_a_field_can_have_a_limit_of_its_own() -> None:
    assert said("250,01", max_cents=250_00) == "Fill in €\u00a0250.00 at most."
    assert EuroField(max_cents=250_00).clean("250") == 250_00


def test_the_field_brings_up_digits_and_shows_again_what_was_typed() -> None:
    class OneForm(forms.Form):
        amount = EuroField(initial=1250_50)

    assert 'value="1250,50"' in str(OneForm()["amount"])
    assert 'inputmode="decimal"' in str(OneForm()["amount"])
    assert 'value="1.250"' in str(OneForm({"amount": "1.250"})["amount"])
    assert not OneForm({"amount": "1.250,50"}).has_changed()
    assert OneForm({"amount": "1.250,51"}).has_changed()


@given(cents=st.integers(1, MOST_CENTS), language=st.sampled_from(LANGUAGES))
def test_what_is_shown_can_be_typed_again(cents: int, language: str) -> None:
    with translation.override(language):
        field = EuroField()
        assert field.clean(in_euros(cents)) == cents
        assert field.clean(field.prepare_value(cents)) == cents


@given(st.text(alphabet="0123456789.,- €eE+NaNinf٣ \u00a0", max_size=50) | st.text())
def test_no_text_breaks_the_field_or_becomes_more_or_less_than_may_be(text: str) -> None:
    try:
        cents = cents_of(text)
    except ValidationError:
        pass
    else:
        assert isinstance(cents, int)
        assert cents >= 0
