"""Figures about wellbeing: what is measured, what was measured where, and what is aimed at."""

from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from areas.models import Area
from indicators.periods import check_period

from .deal import Intervention, TargetGroup, Theme

#: Where the number stands in an indicator's sentence.
PLACE_OF_VALUE = "{value}"


#: The longest name of a class, in letters.
MAX_CLASS = 120


class Indicator(models.Model):
    """What is measured: one of the wellbeing figures of the deal.

    ``sentence`` says it in words, with the number at ``{value}``: of every 100 households, {value}
    have trouble making ends meet. A range ("between 27 and 46") may stand there too.
    """

    class Unit(models.TextChoices):
        PERCENT = "percent", _("of every 100 (percent)")
        SCORE = "score", _("mark from 1 to 10")
        PER_1000 = "per_1000", _("per 1,000 inhabitants")
        EURO_PER_YEAR = "euro_per_year", _("euros a year")
        CLASS = "class", _("class, in words")

    class Better(models.TextChoices):
        """Which way is an improvement."""

        HIGHER = "higher", _("higher is better")
        LOWER = "lower", _("lower is better")
        CONTEXT = "context", _("neither: it gives context")

    slug = models.SlugField(_("address on the site"), max_length=60, unique=True)
    theme = models.ForeignKey(
        Theme, verbose_name=_("theme"), on_delete=models.PROTECT, related_name="indicators"
    )
    name = models.CharField(_("name"), max_length=120)
    sentence = models.CharField(
        _("sentence"),
        max_length=300,
        help_text=_("The figure in words a neighbour understands, with {value} for the number."),
    )
    explanation = models.TextField(_("what it means"), max_length=2000, blank=True)
    unit = models.CharField(_("unit"), max_length=20, choices=Unit.choices)
    better = models.CharField(_("improvement"), max_length=10, choices=Better.choices)
    source = models.CharField(_("source"), max_length=120)
    source_year = models.PositiveSmallIntegerField(_("year of the source"), null=True, blank=True)
    target_groups = models.ManyToManyField(
        TargetGroup, verbose_name=_("for whom"), blank=True, related_name="indicators"
    )
    interventions = models.ManyToManyField(
        Intervention, verbose_name=_("what is done"), blank=True, related_name="indicators"
    )
    may_be_asked = models.BooleanField(
        _("residents may be asked about it"),
        default=False,
        help_text=_("Nobody is asked whether a group of neighbours is a problem."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects: ClassVar[models.Manager["Indicator"]] = models.Manager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ("theme__order", "order", "pk")
        constraints = [
            models.CheckConstraint(
                name="indicator_unit_is_known",
                condition=Q(unit__in=["percent", "score", "per_1000", "euro_per_year", "class"]),
            ),
            models.CheckConstraint(
                name="indicator_better_is_known",
                condition=Q(better__in=["higher", "lower", "context"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        for field in self._meta.fields:
            if not field.name.startswith("sentence"):
                continue
            sentence = getattr(self, field.name) or ""
            if sentence and sentence.count(PLACE_OF_VALUE) != 1:
                raise ValidationError(
                    {field.name: _("Write {value} once, where the number has to stand.")}
                )


#: The lowest and highest that a unit's numbers can be; a class has none.
BOUNDS: dict[str, tuple[Decimal, Decimal]] = {
    Indicator.Unit.PERCENT: (Decimal(0), Decimal(100)),
    Indicator.Unit.SCORE: (Decimal(1), Decimal(10)),
    Indicator.Unit.PER_1000: (Decimal(0), Decimal(100_000)),
    Indicator.Unit.EURO_PER_YEAR: (Decimal(0), Decimal(10_000_000)),
}


class Measurement(models.Model):
    """What was measured in an area over a period: a number, a range, or a class in words.

    With a ``value``, ``low`` and ``high`` are its margins; without one they are the range that the
    source prints, open on the side that is not told. What is missing says so with its status, or
    has no row at all: it is never 0.
    """

    class Status(models.TextChoices):
        FINAL = "final", _("final")
        PROVISIONAL = "provisional", _("provisional")
        ESTIMATE = "estimate", _("an estimate")
        MISSING = "missing", _("not measured")

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("figure"), on_delete=models.PROTECT, related_name="measurements"
    )
    area = models.ForeignKey(
        Area, verbose_name=_("area"), on_delete=models.PROTECT, related_name="measurements"
    )
    period = models.CharField(
        _("period"),
        max_length=7,
        blank=True,
        help_text=_("A year, or a quarter as 2023-Q4. Empty where the source tells none."),
    )
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=3, null=True, blank=True)
    low = models.DecimalField(_("at least"), max_digits=12, decimal_places=3, null=True, blank=True)
    high = models.DecimalField(_("at most"), max_digits=12, decimal_places=3, null=True, blank=True)
    text = models.CharField(_("class, in words"), max_length=MAX_CLASS, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.FINAL
    )
    note = models.CharField(
        _("note"),
        max_length=400,
        blank=True,
        help_text=_("What readers must know of this number, such as that a source disagrees."),
    )

    objects: ClassVar[models.Manager["Measurement"]] = models.Manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ("indicator", "area", "-period")
        constraints = [
            # A period that is not told is one too: an empty text binds, where null would not.
            models.UniqueConstraint(
                name="one_measurement_per_period", fields=["indicator", "area", "period"]
            ),
            models.CheckConstraint(
                name="measurement_range_goes_up",
                condition=(
                    (Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")))
                    & (Q(low__isnull=True) | Q(value__isnull=True) | Q(low__lte=F("value")))
                    & (Q(high__isnull=True) | Q(value__isnull=True) | Q(value__lte=F("high")))
                ),
            ),
            models.CheckConstraint(
                name="measurement_missing_has_no_number",
                condition=~Q(status="missing")
                | Q(value__isnull=True, low__isnull=True, high__isnull=True),
            ),
            models.CheckConstraint(
                name="measurement_status_is_known",
                condition=Q(status__in=["final", "provisional", "estimate", "missing"]),
            ),
        ]
        indexes = [
            models.Index(name="measurement_of_area", fields=["area", "indicator", "-period"]),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.area_id}/{self.period}"

    def clean(self) -> None:
        check_period(self.period)
        if self.indicator_id:
            check_numbers(
                unit=self.indicator.unit,
                status=self.status,
                value=self.value,
                low=self.low,
                high=self.high,
                text=self.text,
            )


def check_numbers(
    *,
    unit: str,
    status: str,
    value: Decimal | None,
    low: Decimal | None,
    high: Decimal | None,
    text: str,
) -> None:
    """Refuse a measurement that its unit does not allow, or that says nothing.

    Raises:
        ValidationError: with a sentence that says what is wrong.
    """
    numbers = [number for number in (low, value, high) if number is not None]
    if status == Measurement.Status.MISSING:
        if numbers or text:
            raise ValidationError(_("It is called missing, and yet has a number or words."))
        return
    if unit == Indicator.Unit.CLASS:
        if numbers:
            raise ValidationError(_("This figure is a class in words: it has no numbers."))
        if not text:
            raise ValidationError(_("The class is missing: write it in words."))
        return
    if not numbers:
        raise ValidationError(_("There is no number. If it was not measured, say “missing”."))
    lowest, highest = BOUNDS[unit]
    for number in numbers:
        if not number.is_finite() or not lowest <= number <= highest:
            raise ValidationError(
                _("%(number)s can't be: this figure lies between %(lowest)s and %(highest)s.")
                % {"number": number, "lowest": lowest, "highest": highest}
            )
    if numbers != sorted(numbers):
        raise ValidationError(_("The lowest, the value and the highest are not in that order."))


class Target(models.Model):
    """What is aimed at in an area and all that lies in it, for a target group or for everybody."""

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("figure"), on_delete=models.PROTECT, related_name="targets"
    )
    area = models.ForeignKey(
        Area, verbose_name=_("area"), on_delete=models.PROTECT, related_name="targets"
    )
    target_group = models.ForeignKey(
        TargetGroup,
        verbose_name=_("for whom"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
    )
    year = models.PositiveSmallIntegerField(_("to be reached in"))
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=3)
    note = models.CharField(_("note"), max_length=400, blank=True)

    objects: ClassVar[models.Manager["Target"]] = models.Manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ("indicator", "area", "year")
        constraints = [
            # Two, since a group that is left out is null, and null never equals null.
            models.UniqueConstraint(
                name="one_target_for_everybody",
                fields=["indicator", "area", "year"],
                condition=Q(target_group__isnull=True),
            ),
            models.UniqueConstraint(
                name="one_target_per_group",
                fields=["indicator", "area", "year", "target_group"],
                condition=Q(target_group__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.area_id}/{self.year}"

    def clean(self) -> None:
        if self.indicator_id and self.value is not None:
            if self.indicator.unit == Indicator.Unit.CLASS:
                raise ValidationError(_("This figure is a class in words: it has no numbers."))
            values: dict[str, Any] = {"value": self.value, "low": None, "high": None, "text": ""}
            check_numbers(unit=self.indicator.unit, status=Measurement.Status.FINAL, **values)
