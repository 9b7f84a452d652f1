"""Amounts as people read and write them. Inside the site every amount is whole cents."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contributions.text import clean_line

from .models.fund import MOST_CENTS

#: More characters than any amount takes; what is longer is not looked at one by one.
LONGEST_AMOUNT = 40

_SIGN = r"(?:€|EUR)"
_AMOUNT = re.compile(rf"(?:{_SIGN} ?)?([0-9][0-9., ]*)(?:{_SIGN})?")
_BELOW_ZERO = re.compile(rf"(?:{_SIGN} ?)?[-−–] ?(?:{_SIGN} ?)?[0-9]")
#: The ways of writing euros and cents, each with the mark between its thousands.
_WRITTEN = (
    (re.compile(r"([0-9]+)(?:[.,]([0-9]{1,2}))?"), ""),
    (re.compile(r"([0-9]{1,3}(?: [0-9]{3})+)(?:[.,]([0-9]{1,2}))?"), " "),
    (re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]{1,2})"), "."),
    (re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+)\.([0-9]{1,2})"), ","),
    (re.compile(r"([0-9]{1,3}(?:\.[0-9]{3}){2,})()"), "."),
    (re.compile(r"([0-9]{1,3}(?:,[0-9]{3}){2,})()"), ","),
)
#: "1.250": to one reader more than a thousand, to the next little more than one.
_AMBIGUOUS = re.compile(r"([1-9][0-9]{0,2})[.,]([0-9]{3})")
_TOO_FINE = re.compile(r"[0-9]+[.,][0-9]{3,}")
#: How the Dutch write that there are no cents: "12,-".
_NO_CENTS = re.compile(r",(?:-{1,2}|[–—])$")


def in_euros(cents: int) -> str:
    """Return an amount of cents, exact, as the active language writes it: "€ 1.250,50"."""
    amount = number_format(Decimal(cents) / 100, 2, force_grouping=True)
    # The sign never stands alone at the end of a line.
    return (_("€ %(amount)s") % {"amount": amount}).replace(" ", "\N{NO-BREAK SPACE}")


def cents_of(text: str) -> int:
    """Return the cents that a text of digits, comma and point stands for.

    Raises:
        ValidationError: it stands for no amount, or for two; the message says how to write it.
    """
    text = clean_line(text[: LONGEST_AMOUNT + 1])
    if _BELOW_ZERO.match(text):
        raise ValidationError(_("An amount is never below zero. Leave out the minus."), "negative")
    found = _AMOUNT.fullmatch(_NO_CENTS.sub("", text))
    digits = found[1].strip() if found and len(text) <= LONGEST_AMOUNT else ""
    for written, grouping in _WRITTEN:
        if read := written.fullmatch(digits):
            euros = read[1].replace(grouping, "") if grouping else read[1]
            return int(euros) * 100 + int((read[2] or "0").ljust(2, "0"))
    if read := _AMBIGUOUS.fullmatch(digits):
        whole = read[1] + read[2]
        raise ValidationError(
            _("Write thousands without a point or comma: %(whole)s or %(exact)s.")
            % {"whole": whole, "exact": number_format(Decimal(whole), 2)},
            "ambiguous",
        )
    if _TOO_FINE.fullmatch(digits):
        raise ValidationError(
            _("Write two digits for the cents, such as %(example)s.")
            % {"example": number_format(Decimal("12.50"), 2)},
            "too_fine",
        )
    raise ValidationError(
        _("Write an amount in digits, such as %(whole)s or %(exact)s.")
        % {"whole": "12", "exact": number_format(Decimal("12.50"), 2)},
        "unreadable",
    )


class EuroField(forms.Field):
    """An amount in euros, as people type it; its value is in cents.

    Args:
        max_cents: the most that can be filled in.
        zero_allowed: whether nothing at all is an amount here.
    """

    widget = forms.TextInput
    default_error_messages = {
        "required": gettext_lazy("Fill in an amount."),
        "zero": gettext_lazy("Fill in an amount of more than zero."),
        "too_much": gettext_lazy("Fill in %(most)s at most."),
    }

    def __init__(
        self, *, max_cents: int = MOST_CENTS, zero_allowed: bool = False, **kwargs: Any
    ) -> None:
        self.max_cents = max_cents
        self.zero_allowed = zero_allowed
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        text = str(value or "")
        return cents_of(text) if text.strip() else None

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if value == 0 and not self.zero_allowed:
            raise ValidationError(self.error_messages["zero"], "zero")
        if value > self.max_cents:
            raise ValidationError(
                self.error_messages["too_much"], "too_much", {"most": in_euros(self.max_cents)}
            )

    def prepare_value(self, value: Any) -> Any:
        """Return cents as they are typed; what somebody typed stays as it is."""
        return number_format(Decimal(value) / 100, 2) if isinstance(value, int) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "dir": "ltr"}
