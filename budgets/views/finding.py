"""How views find what they are about; what may not be seen is not there."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404

from accounts.models import User
from budgets.models import Application, Stage
from contributions.models import Contribution, Decision, Status
from jongerenraad.models import Council


def council_named(slug: str) -> Council:
    return get_object_or_404(Council, slug=slug)


def application_of(council: str, pk: int, user: User | AnonymousUser) -> Application:
    """Return an application that a user may see."""
    found: Application = get_object_or_404(
        Application.objects.visible_to(user)
        .filter(fund__council__slug=council)
        .select_related("fund__council", "area", "author", "initiative", "dossier", "order"),
        pk=pk,
    )
    return found


def last_decision(contribution: Contribution) -> Decision | None:
    """Return what a moderator decided last about a text, as its author reads it."""
    return contribution.dossier.decisions.filter(automatic=False).select_related("rule").last()


def own_application(council: str, pk: int, user: User, **more: Any) -> Application:
    """Return an application of a user's own."""
    found: Application = get_object_or_404(
        Application.objects.filter(author=user, fund__council__slug=council, **more)
        .exclude(status=Status.HIDDEN)
        .select_related("fund__council", "area", "author", "initiative", "dossier"),
        pk=pk,
    )
    return found


def asked_to_change(application: Application) -> str:
    """Return what the council asked to change, where it came back."""
    if application.stage != Stage.RETURNED:
        return ""
    change = application.changes.filter(to_stage=Stage.RETURNED).order_by("-pk").first()
    return change.reason if change else ""
