"""Whether the ledger is right: its balances, its groups, and each application's stage.

Only reads. What it finds are sentences for a treasurer, in plain English as all commands speak.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, F, Q, Sum

from .ledger import OF_AN_APPLICATION, Amounts, differences
from .models import Account, Application, Entry, Fund, Posting, Stage
from .money import in_euros

#: A promise stands and nothing is paid.
_PROMISED = (Stage.GRANTED, Stage.PARTLY_GRANTED, Stage.AGREED, Stage.ORDERED)
#: All that was promised is paid, and none of it is on its way back.
_PAID = (Stage.PAID, Stage.REPORT_DUE, Stage.OVERDUE)


class Audit(NamedTuple):
    """What the ledger of a fund says, and each thing that is wrong with it."""

    fund: Fund
    counted: Amounts
    postings: int
    faults: list[str]


def audit(fund: Fund) -> Audit:
    """Recompute everything about a fund from its entries and compare.

    The fund is locked meanwhile, so that nothing is seen half done.
    """
    with transaction.atomic():
        Fund.objects.select_for_update(no_key=True).get(pk=fund.pk)
        held = _held(fund)
        counted = {account: sum(one[account] for one in held.values()) for account in Account}
        return Audit(
            fund=fund,
            counted=counted,
            postings=Posting.objects.filter(fund=fund).count(),
            faults=[
                *_balance_faults(fund),
                *_group_faults(fund),
                *_application_faults(fund, held),
            ],
        )


def stage_fault(stage: str, granted: int, held: Amounts) -> str:
    """Return what an application's money should be at its stage where it is not, else nothing."""
    reserved, paid = held[Account.RESERVED], held[Account.PAID]
    returned, recovered = held[Account.RETURNED], held[Account.RECOVERED]
    if stage in _PROMISED:
        right = (reserved, paid, returned, recovered) == (granted, 0, 0, 0)
        return "" if right else "exactly what was granted should be promised"
    if stage in _PAID:
        right = (reserved, paid, returned, recovered) == (0, granted, 0, 0)
        return "" if right else "exactly what was granted should be paid"
    if stage == Stage.REPORTED:
        right = reserved == recovered == 0 and paid + returned == granted
        return "" if right else "what is paid and what is left over should be what was granted"
    if stage == Stage.RECOVERY:
        right = reserved == 0 and paid + returned + recovered == granted
        return "" if right else "what is paid, left over and claimed should be what was granted"
    if stage == Stage.CLOSED:
        right = reserved == returned == recovered == 0 and paid <= granted
        return "" if right else "nothing should be open, and no more paid than was granted"
    return "nothing should be held" if reserved or paid or returned or recovered else ""


def _held(fund: Fund) -> dict[int | None, Amounts]:
    """Return what each application of a fund holds by its entries; None is what is of no one's."""
    rows = (
        Entry.objects.filter(posting__fund=fund)
        .values_list("posting__application", "account")
        .annotate(Sum("cents"))
    )
    held: dict[int | None, Amounts] = {}
    for application, account, cents in rows:
        held.setdefault(application, dict.fromkeys(Account, 0))[Account(account)] = cents
    return held


def _balance_faults(fund: Fund) -> Iterator[str]:
    for account, kept, counted in differences(fund):
        yield f"{account}: the balance is {in_euros(kept)}, its entries say {in_euros(counted)}"


def _group_faults(fund: Fund) -> Iterator[str]:
    groups = (
        Posting.objects.filter(fund=fund)
        .annotate(number=Count("entries"), total=Sum("entries__cents"))
        .filter(Q(number__lt=2) | ~Q(total=0))
        .order_by("made_at", "pk")
    )
    for posting in groups:
        total = in_euros(posting.total or 0)
        yield f"posting {posting.key}: {posting.number} entries that sum to {total}"
    astray = Posting.objects.filter(fund=fund).exclude(
        Q(application=None) | Q(application__fund=F("fund"))
    )
    for posting in astray.order_by("made_at", "pk"):
        yield f"posting {posting.key}: about an application for another fund"


def _application_faults(fund: Fund, held: dict[int | None, Amounts]) -> Iterator[str]:
    nothing: Amounts = dict.fromkeys(Account, 0)
    loose = held.get(None, nothing)
    if any(loose[account] for account in OF_AN_APPLICATION):
        yield f"of no application: {_said(loose)}; everything promised should be of one"
    for pk, stage, granted in (
        Application.objects.filter(fund=fund).order_by("pk").values_list("pk", "stage", "granted")
    ):
        one = held.get(pk, nothing)
        if below := [account for account in OF_AN_APPLICATION if one[account] < 0]:
            yield f"application {pk} ({stage}): {', '.join(below)} below zero"
        if fault := stage_fault(stage, granted or 0, one):
            yield (
                f"application {pk} ({stage}), granted {in_euros(granted or 0)}: "
                f"{_said(one)}; {fault}"
            )


def _said(held: Amounts) -> str:
    return ", ".join(f"{account} {in_euros(held[account])}" for account in OF_AN_APPLICATION)
