"""The only writer of the ledger. Amounts are whole cents.

Each act takes money from one account to another under the lock of its fund, and is named by a key:
doing it twice is doing it once. An action calls ``post`` inside its own transaction.
"""

import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.actions import Refused

from .models import Account, Act, Application, Balance, Entry, Fund, Posting
from .models.fund import MOST_CENTS

#: From which account to which each act takes money. A reversal goes the way back of another.
MOVES: dict[Act, tuple[Account, Account]] = {
    Act.DEPOSIT: (Account.SOURCE, Account.AVAILABLE),
    Act.RESERVE: (Account.AVAILABLE, Account.RESERVED),
    Act.RELEASE: (Account.RESERVED, Account.AVAILABLE),
    Act.PAY: (Account.RESERVED, Account.PAID),
    Act.GIVE_BACK: (Account.PAID, Account.RETURNED),
    Act.RECEIVE_BACK: (Account.RETURNED, Account.AVAILABLE),
    Act.CLAIM: (Account.PAID, Account.RECOVERED),
    Act.RECEIVE_CLAIM: (Account.RECOVERED, Account.AVAILABLE),
    Act.WRITE_OFF: (Account.RECOVERED, Account.PAID),
}
#: What is on these belongs to one application; the others are of the whole fund.
OF_AN_APPLICATION = (Account.RESERVED, Account.PAID, Account.RETURNED, Account.RECOVERED)

LONGEST_KEY = 100
LONGEST_NOTE = 300

Amounts = dict[Account, int]


class NotEnough(Refused):
    message = _("There is not enough money left in the fund for this.")


class NotEnoughHeld(NotEnough):
    message = _("This application does not have that much money at this step.")


class KeyReused(Refused):
    message = _("This was done before with other details. Look at the page again.")


class CannotReverse(Refused):
    message = _("This was undone already, or it undoes something itself.")


class Difference(NamedTuple):
    """An account whose kept balance is not what its entries sum to, in cents."""

    account: Account
    kept: int
    counted: int


def post(
    *,
    fund: Fund,
    act: str,
    cents: int,
    key: str,
    application: Application | None = None,
    by: User | None = None,
    note: str = "",
    now: datetime.datetime | None = None,
) -> Posting:
    """Do an act on the ledger of a fund, once per key.

    Every act but a deposit is about an application, and takes no more than that holds.

    Raises:
        NotEnough: the account that the money comes from holds less.
        KeyReused: the key names another act, amount, fund or application.
        ValueError: the amount, the key or the application cannot be meant.
    """
    act = Act(act)
    if act not in MOVES:
        raise ValueError("A reversal is made with reverse().")
    if type(cents) is not int or not 1 <= cents <= MOST_CENTS:
        raise ValueError(f"Not an amount of cents: {cents!r}")
    if (application is None) != (act == Act.DEPOSIT):
        raise ValueError("A deposit is of no application, everything else of one.")
    if application is not None and application.fund_id != fund.pk:
        raise ValueError("The application is for another fund.")
    origin, destination = MOVES[act]
    return _write(
        Posting(
            fund=fund,
            application=application,
            act=act,
            key=key,
            note=note,
            made_by=by,
            made_at=now or timezone.now(),
        ),
        {origin: -cents, destination: cents},
    )


def reverse(
    *,
    posting: Posting,
    by: User | None,
    note: str,
    key: str,
    now: datetime.datetime | None = None,
) -> Posting:
    """Undo a posting by its opposite, once.

    Raises:
        NotEnough: the money has gone on already.
        KeyReused: the key names something else.
        CannotReverse: it was undone before, or is itself a reversal.
    """
    entries = Entry.objects.filter(posting=posting).values_list("account", "cents")
    return _write(
        Posting(
            fund_id=posting.fund_id,
            application_id=posting.application_id,
            act=Act.REVERSAL,
            reverses=posting,
            key=key,
            note=note,
            made_by=by,
            made_at=now or timezone.now(),
        ),
        {Account(account): -cents for account, cents in entries},
    )


def _write(posting: Posting, changes: Amounts) -> Posting:
    """Write a posting and what it changes, or return the one that its key names already."""
    if not 1 <= len(posting.key) <= LONGEST_KEY or len(posting.note) > LONGEST_NOTE:
        raise ValueError("The key or the note of a posting is too long, or there is no key.")
    try:
        with transaction.atomic():
            posting.fund = Fund.objects.select_for_update(no_key=True).get(pk=posting.fund_id)
            if (done := Posting.objects.filter(key=posting.key).first()) is not None:
                return _same(done, posting, changes)
            _check(posting, changes)
            Entry.objects.bulk_create(
                Entry(posting_id=posting.pk, account=account, cents=cents)
                for account, cents in changes.items()
            )
            posting.save(force_insert=True)
            _keep(posting.fund_id, changes)
    except IntegrityError:
        # Another fund's lock does not stop its posting from taking the key first.
        if Posting.objects.filter(key=posting.key).exists():
            raise KeyReused from None
        raise
    return posting


def _same(done: Posting, wanted: Posting, changes: Amounts) -> Posting:
    names = ("fund_id", "application_id", "act", "reverses_id")
    written = dict(done.entries.values_list("account", "cents"))
    if written != changes or any(getattr(done, name) != getattr(wanted, name) for name in names):
        raise KeyReused
    return done


def _check(posting: Posting, changes: Amounts) -> None:
    reverses = posting.reverses
    if reverses is not None and (
        reverses.act == Act.REVERSAL or Posting.objects.filter(reverses=reverses).exists()
    ):
        raise CannotReverse
    less = {account: cents for account, cents in changes.items() if cents < 0}
    less.pop(Account.SOURCE, None)
    kept = balances(posting.fund)
    if any(kept[account] + cents < 0 for account, cents in less.items()):
        raise NotEnough if Account.AVAILABLE in less else NotEnoughHeld
    if posting.application is not None and less.keys() & set(OF_AN_APPLICATION):
        held = held_for(posting.application)
        if any(held[account] + cents < 0 for account, cents in less.items() if account in held):
            raise NotEnoughHeld


def _keep(fund_id: int, changes: Amounts) -> None:
    """Add what changed to the balances. The fund is locked."""
    for account, cents in changes.items():
        row = Balance.objects.filter(fund_id=fund_id, account=account)
        if not row.update(cents=F("cents") + cents):
            Balance.objects.create(fund_id=fund_id, account=account, cents=cents)


def balances(fund: Fund) -> Amounts:
    """Return what each account of a fund holds, as kept."""
    kept = dict(Balance.objects.filter(fund=fund).values_list("account", "cents"))
    return {account: kept.get(account, 0) for account in Account}


def held_for(application: Application) -> Amounts:
    """Return what the accounts hold for an application, by its entries."""
    counted = _sums(Entry.objects.filter(posting__application=application))
    return {account: counted[account] for account in OF_AN_APPLICATION}


def recompute(fund: Fund) -> Amounts:
    """Return what each account of a fund holds, by its entries."""
    return _sums(Entry.objects.filter(posting__fund=fund))


def differences(fund: Fund) -> list[Difference]:
    """Return where the kept balances of a fund and its entries do not agree."""
    kept, counted = balances(fund), recompute(fund)
    return [
        Difference(account, kept[account], counted[account])
        for account in Account
        if kept[account] != counted[account]
    ]


def _sums(entries: QuerySet[Entry]) -> Amounts:
    summed = dict(entries.values_list("account").annotate(Sum("cents")))
    return {account: summed.get(account, 0) for account in Account}
