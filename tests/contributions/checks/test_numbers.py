"""Telephone, bank account and citizen service numbers are found; what looks like them is not."""

import pytest

from contributions.checks.found import FOUND_AT_MOST, Piece
from contributions.checks.numbers import (
    look_for_bsn,
    look_for_iban,
    look_for_telephone,
    without_bsn,
)


def found(look, text: str, *language: str) -> list[str]:
    return [one.excerpt for one in look(Piece("Story", text), *language)]


@pytest.mark.parametrize(
    "number",
    [
        "0612345678",
        "06-12345678",
        "06 12 34 56 78",
        "06 - 12 34 56 78",
        "06.12.34.56.78",
        "070-3533000",
        "070 353 30 00",
        "(070) 353 30 00",
        "0174-632145",
        "+31612345678",
        "+31 6 1234 5678",
        "+31 (0)6 12345678",
        "0031 6 12345678",
        "+48 601 234 567",
        "+359 88 812 3456",
        "+40 721 234 567",
        "+32 470 12 34 56",
        "٠٦١٢٣٤٥٦٧٨",
        "０６１２３４５６７８",
    ],
)
def test_telephone_numbers_are_found_however_they_are_written(number: str):
    for text in (number, f"Bel mij op {number}.", f"Bel {number} of kom langs op 12 mei"):
        assert len(found(look_for_telephone, text)) == 1, text


def test_two_numbers_with_a_space_between_are_two():
    text = "Bel 06-12345678 070-3533000"
    assert found(look_for_telephone, text) == ["06-12345678", "070-3533000"]


@pytest.mark.parametrize(
    ("language", "number"), [("pl", "601 234 567"), ("bg", "0888 123 456"), ("ro", "0721 234 567")]
)
def test_numbers_without_a_code_of_the_country_are_those_of_the_language(
    language: str, number: str
):
    assert found(look_for_telephone, f"Tel. {number}", language) == [number]


def test_nine_digits_are_a_telephone_number_only_in_a_language_that_writes_it_so():
    assert found(look_for_telephone, "601 234 567 meldingen", "nl") == []


@pytest.mark.parametrize(
    "text",
    [
        "Bel 112 of 113",
        "Bel de gemeente: 14070",
        "Veilig Thuis: 0800-2000",
        "Een 088-nummer: 088-0112233",
        "In 2024, 2025 en 2026",
        "Het kost € 0,10 per dag, dus 1.250.000 euro",
        "op 06-12-2024 15:30 uur",
        "op 01-02-2024 10 uur",
        "06-07-2026 18 tot 20 uur",
        "06 / 07 / 2026 18",
        "de score was 10-0 en 3-1",
        "2512 AB Den Haag",
        "NL91 ABNA 0417 1643 00",
        "meting 0.123456789",
        "1 2 3 4 5 6 7 8 9 10",
    ],
)
def test_dates_prices_accounts_and_services_are_no_telephone(text: str):
    assert found(look_for_telephone, text) == []


@pytest.mark.parametrize(
    "account",
    [
        "NL91ABNA0417164300",
        "NL91 ABNA 0417 1643 00",
        "nl91abna0417164300",
        "NL91.ABNA.0417.1643.00",
        "PL61109010140000071219812874",
        "BG80 BNBG 9661 1020 3456 78",
        "RO49 AAAA 1B31 0075 9384 0000",
    ],
)
def test_bank_accounts_are_found_by_their_check_digits(account: str):
    assert found(look_for_iban, f"Stort op {account} op naam van mij") == [account]
    assert found(look_for_bsn, f"Stort op {account}") == []


@pytest.mark.parametrize("text", ["NL92ABNA0417164300", "NL91 ABNA 0417", "XX12ABCD", "A12"])
def test_what_fails_the_check_digits_is_no_account(text: str):
    assert found(look_for_iban, text) == []


@pytest.mark.parametrize("number", ["111222333", "123456782", "111.222.333", "1112.22.333"])
def test_a_number_that_passes_the_eleven_test_is_found_and_not_told(number: str):
    for text in (number, f"Mijn bsn is {number}.", f"({number})"):
        assert found(look_for_bsn, text) == ["•" * 9], text


@pytest.mark.parametrize(
    "text",
    [
        "111222334",
        "1112223334",
        "0111222333",
        "+48111222333",
        "€ 111.222.333,00",
        "NL20INGB0001112223",
        "06-11222333 4",
        "a111222333",
    ],
)
def test_other_numbers_are_no_citizen_service_number(text: str):
    assert found(look_for_bsn, text) == []


def test_part_of_a_telephone_number_is_no_citizen_service_number():
    assert found(look_for_bsn, "tel. +31 612 345 678", "nl") == []
    assert found(look_for_bsn, "zadzwoń 601 234 567", "pl") == []


def test_no_excerpt_holds_a_citizen_service_number():
    assert (
        without_bsn("https://voorbeeld.nl/?bsn=111222333") == f"https://voorbeeld.nl/?bsn={'•' * 9}"
    )


def test_of_many_the_first_few_are_named_and_none_twice():
    many = " en ".join(f"06-123456{number:02}" for number in range(40))
    assert len(found(look_for_telephone, many)) == FOUND_AT_MOST
    assert found(look_for_telephone, "06-12345678, ik zei 06-12345678") == ["06-12345678"]
