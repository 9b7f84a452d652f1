"""The ledger: where every cent of a fund is, and how it came there.

Double entry in whole cents. A posting is a group of entries that sum to zero; its entries are
written first and the posting closes the group, so that a trigger can refuse a group that does not
sum to zero in both databases, and the deferred foreign key refuses entries without a posting.
Rows are only ever added.
"""

import uuid
from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .fund import Fund


class Account(models.TextChoices):
    """Where money of a fund is. All but the source hold zero or more."""

    SOURCE = "source", _("put in by the municipality")
    AVAILABLE = "available", _("still to give")
    RESERVED = "reserved", _("promised")
    PAID = "paid", _("paid")
    RETURNED = "returned", _("left over: on its way back")
    RECOVERED = "recovered", _("claimed back")


class Act(models.TextChoices):
    """What a posting does."""

    DEPOSIT = "deposit", _("money comes into the fund")
    RESERVE = "reserve", _("money is promised")
    RELEASE = "release", _("a promise falls away")
    PAY = "pay", _("money is paid")
    GIVE_BACK = "give_back", _("money is left over")
    RECEIVE_BACK = "receive_back", _("what was left over is back")
    CLAIM = "claim", _("money is claimed back")
    RECEIVE_CLAIM = "receive_claim", _("what was claimed is back")
    WRITE_OFF = "write_off", _("a claim is given up")
    REVERSAL = "reversal", _("an earlier posting is undone")


class AppendOnly(Exception):
    """Raised where code tries to change or delete what is on the ledger."""


class LedgerQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("The ledger is never changed: reverse the posting.")

    def delete(self) -> NoReturn:
        raise AppendOnly("Nothing leaves the ledger.")


class Posting(models.Model):
    """One act on the ledger: who did it, when and why, with its entries.

    ``key`` names the act, so that doing it twice is doing it once. ``made_by`` is empty where the
    clock or an import did it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    fund = models.ForeignKey(
        Fund, verbose_name=_("fund"), on_delete=models.PROTECT, related_name="postings"
    )
    application = models.ForeignKey(
        "budgets.Application",
        verbose_name=_("application"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="postings",
    )
    act = models.CharField(_("act"), max_length=15, choices=Act.choices)
    key = models.CharField(_("key"), max_length=100, unique=True)
    reverses = models.OneToOneField(
        "self",
        verbose_name=_("undoes"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        User,
        verbose_name=_("made by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = ("made_at", "pk")
        constraints = [
            models.CheckConstraint(name="posting_act_is_known", condition=Q(act__in=Act.values)),
            models.CheckConstraint(
                name="posting_reversal_names_what",
                condition=Q(act="reversal", reverses__isnull=False)
                | (~Q(act="reversal") & Q(reverses__isnull=True)),
            ),
        ]
        indexes = [models.Index(name="posting_of_fund", fields=["fund", "made_at", "id"])]

    def __str__(self) -> str:
        return self.key

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("The ledger is never changed: reverse the posting.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("Nothing leaves the ledger.")


class Entry(models.Model):
    """What a posting adds to one account, in cents; negative takes away."""

    posting = models.ForeignKey(
        Posting, verbose_name=_("posting"), on_delete=models.PROTECT, related_name="entries"
    )
    account = models.CharField(_("account"), max_length=10, choices=Account.choices)
    cents = models.BigIntegerField(_("cents"))

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.CheckConstraint(
                name="entry_account_is_known", condition=Q(account__in=Account.values)
            ),
            models.CheckConstraint(name="entry_is_not_nothing", condition=~Q(cents=0)),
            models.UniqueConstraint(name="one_entry_per_account", fields=["posting", "account"]),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.cents}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("The ledger is never changed: reverse the posting.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("Nothing leaves the ledger.")


class Balance(models.Model):
    """What an account of a fund holds, in cents: the sum of its entries, kept with each posting."""

    fund = models.ForeignKey(
        Fund, verbose_name=_("fund"), on_delete=models.PROTECT, related_name="balances"
    )
    account = models.CharField(_("account"), max_length=10, choices=Account.choices)
    cents = models.BigIntegerField(_("cents"), default=0)

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        constraints = [
            models.UniqueConstraint(name="one_balance_per_account", fields=["fund", "account"]),
            models.CheckConstraint(
                name="balance_is_not_below_zero", condition=Q(account="source") | Q(cents__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.cents}"
