"""The deal's themes, the people it is for, what is done and for how much money."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Theme(models.Model):
    """One of the deal's themes, with the colour that marks it everywhere (beside its name)."""

    class Colour(models.TextChoices):
        HOME = "home", _("brick")
        HEALTH = "health", _("park green")
        WORK = "work", _("evening blue")

    slug = models.SlugField(_("address on the site"), max_length=60, unique=True)
    short_name = models.CharField(_("short name"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    aim = models.TextField(_("aim"), blank=True)
    colour_key = models.CharField(_("colour"), max_length=10, choices=Colour.choices)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    # The totals as the source prints them: its lines do not always add up to them.
    region_cents = models.PositiveBigIntegerField(
        _("budget from the region, in cents"), null=True, blank=True
    )
    state_cents = models.PositiveBigIntegerField(
        _("budget from the state, in cents"), null=True, blank=True
    )

    objects: ClassVar[models.Manager["Theme"]] = models.Manager()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.short_name

    @property
    def budget_cents(self) -> int | None:
        """Return what region and state bring together, in cents, or None where it is not known."""
        if self.region_cents is None or self.state_cents is None:
            return None
        return self.region_cents + self.state_cents


class TargetGroup(models.Model):
    """People whom the deal is for in particular."""

    slug = models.SlugField(_("address on the site"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects: ClassVar[models.Manager["TargetGroup"]] = models.Manager()

    class Meta:
        verbose_name = _("target group")
        verbose_name_plural = _("target groups")
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.name


class Intervention(models.Model):
    """What the municipalities and their partners do under a theme."""

    theme = models.ForeignKey(
        Theme, verbose_name=_("theme"), on_delete=models.PROTECT, related_name="interventions"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=200)

    objects: ClassVar[models.Manager["Intervention"]] = models.Manager()

    class Meta:
        verbose_name = _("intervention")
        verbose_name_plural = _("interventions")
        ordering = ("theme__order", "number")
        constraints = [
            models.UniqueConstraint(name="one_intervention_per_number", fields=["theme", "number"]),
        ]

    def __str__(self) -> str:
        return self.name


class BudgetLine(models.Model):
    """One line under a theme's budget: what was applied for, an indication of the spending."""

    theme = models.ForeignKey(
        Theme, verbose_name=_("theme"), on_delete=models.PROTECT, related_name="budget_lines"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=200)
    amount_cents = models.PositiveBigIntegerField(_("amount in cents"))

    objects: ClassVar[models.Manager["BudgetLine"]] = models.Manager()

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ("theme__order", "number")
        constraints = [
            models.UniqueConstraint(name="one_budget_line_per_number", fields=["theme", "number"]),
        ]

    def __str__(self) -> str:
        return self.name
