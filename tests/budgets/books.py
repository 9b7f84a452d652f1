"""Scenes of a ledger: a fund with money, applications that are names on it, and acts."""

import datetime
import itertools
from typing import Any

from budgets.ledger import post
from budgets.models import Act, Application, Fund, Posting
from contributions.models import Dossier
from tests import councils, scenes

_keys = itertools.count(1)


def key() -> str:
    """Return a key that names no act yet."""
    return f"act-{next(_keys)}"


def filled(cents: int = 1_000_00) -> Fund:
    """Return a fund with money in it."""
    made = councils.fund(councils.council(members=3))
    if cents:
        post(fund=made, act=Act.DEPOSIT, cents=cents, key=key())
    return made


def application(to: Fund, **fields: Any) -> Application:
    """Return an application that never went through the council: only a name on the ledger."""
    return Application.objects.create(
        fund=to,
        author=scenes.person(),
        dossier=Dossier.objects.create(kind=Application.kind),
        language="nl",
        title="Football on Sunday",
        what="We play football.",
        recipient="applicant",
        starts_date=datetime.date(2026, 5, 1),
        ends_date=datetime.date(2026, 5, 2),
        requested=500_00,
        **fields,
    )


def act_on(request: Application, act: str, cents: int, **told: Any) -> Posting:
    """Do an act on the ledger about an application (a deposit: about its fund)."""
    about = None if act == Act.DEPOSIT else request
    told.setdefault("key", key())
    return post(fund=request.fund, act=act, cents=cents, application=about, **told)
