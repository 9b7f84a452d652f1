"""Payment orders for the municipality's finance, and what it told about them.

We keep the order and its reference. There is no bank account here.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jongerenraad.models import Council

from .application import Application


class PaymentOrder(models.Model):
    """An order to pay a grant, in cents; finance pays it and tells the reference."""

    application = models.OneToOneField(
        Application, verbose_name=_("application"), on_delete=models.PROTECT, related_name="order"
    )
    number = models.CharField(_("order number"), max_length=80, unique=True)
    cents = models.BigIntegerField(_("amount"))
    recipient_name = models.CharField(_("paid to"), max_length=120)
    prepared_by = models.ForeignKey(
        User, verbose_name=_("prepared by"), on_delete=models.PROTECT, related_name="+"
    )
    prepared_at = models.DateTimeField(_("prepared at"), default=timezone.now)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    exported_at = models.DateTimeField(_("first handed to finance at"), null=True, blank=True)
    paid_date = models.DateField(_("paid on"), null=True, blank=True)
    paid_reference = models.CharField(_("reference of the payment"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("payment order")
        verbose_name_plural = _("payment orders")
        ordering = ("number",)
        constraints = [
            models.CheckConstraint(name="payment_order_pays", condition=Q(cents__gte=1)),
            models.CheckConstraint(
                name="payment_order_paid_is_whole",
                condition=Q(paid_date__isnull=True, paid_reference="")
                | (Q(paid_date__isnull=False, approved_at__isnull=False) & ~Q(paid_reference="")),
            ),
            models.UniqueConstraint(
                name="one_payment_per_reference",
                fields=["paid_reference"],
                condition=~Q(paid_reference=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PaymentImport(models.Model):
    """One file of paid references: how many fitted, and what did not and why."""

    council = models.ForeignKey(
        Council, verbose_name=_("council"), on_delete=models.PROTECT, related_name="payment_imports"
    )
    file_name = models.CharField(_("file"), max_length=100)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    rows_paid = models.PositiveIntegerField(_("paid"), default=0)
    rows_known = models.PositiveIntegerField(_("known already"), default=0)
    refused = models.JSONField(_("what did not fit"), default=list)
    read_by = models.ForeignKey(
        User, verbose_name=_("read by"), on_delete=models.PROTECT, related_name="+"
    )
    read_at = models.DateTimeField(_("read at"), default=timezone.now)

    class Meta:
        verbose_name = _("file of payments")
        verbose_name_plural = _("files of payments")
        ordering = ("-read_at", "-pk")

    def __str__(self) -> str:
        return self.file_name
