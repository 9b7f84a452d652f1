"""Departments of the municipalities, to which the programme office hands the work over."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from areas.models import Area


class Department(models.Model):
    """A part of a municipality that does the work; the contact is for staff alone."""

    name = models.CharField(_("name"), max_length=120)
    municipality = models.ForeignKey(
        Area,
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"kind": Area.Kind.MUNICIPALITY},
        related_name="departments",
        help_text=_("Empty: it works for all of them."),
    )
    contact = models.TextField(
        _("whom to call or mail"),
        blank=True,
        max_length=500,
        help_text=_("Only the programme office sees this."),
    )
    is_in_use = models.BooleanField(_("work can be handed over to it"), default=True)

    objects: ClassVar[models.Manager["Department"]] = models.Manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
