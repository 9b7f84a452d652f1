"""manage.py ledger: whether every balance is what the entries say, to the cent."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from budgets.audit import Audit, audit
from budgets.models import Account, Fund
from budgets.money import in_euros


class Command(BaseCommand):
    help = (
        "Recompute the balances of every fund from its entries and compare them, and each "
        "application's money with its stage. Fails where anything differs; changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--council", help="only the funds of this council (its address)")
        parser.add_argument("--year", type=int, help="only the funds of this year")

    def handle(self, *args: Any, **options: Any) -> None:
        funds = Fund.objects.select_related("council").order_by("council__slug", "year")
        if options["council"]:
            funds = funds.filter(council__slug=options["council"])
        if options["year"] is not None:
            funds = funds.of_year(options["year"])
        if not funds and (options["council"] or options["year"] is not None):
            raise CommandError("There is no such fund.")
        with translation.override("en"):
            faults = sum(self._tell(audit(fund)) for fund in funds)
        if faults:
            raise CommandError(f"{faults} differences.")

    def _tell(self, found: Audit) -> int:
        """Write what was found about a fund and return how much of it is wrong."""
        held = found.counted
        amounts = ", ".join(
            f"{account} {in_euros(held[account])}" for account in Account if account != "source"
        )
        faults = len(found.faults)
        self.stdout.write(
            f"{found.fund}: {in_euros(-held[Account.SOURCE])} put in = {amounts} "
            f"({found.postings} postings): {f'{faults} differences' if faults else 'agrees'}"
        )
        for fault in found.faults:
            self.stdout.write(f"  - {fault}")
        return faults
