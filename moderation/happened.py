"""What happened to a text in the meantime, in a sentence for the colleague who came too late."""

import datetime

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from contributions.dates import in_words_with_year
from contributions.models import AuthorAct, Decision, Dossier


def what_happened(dossier: Dossier) -> str:
    """Return who did what last, and when; empty where nobody did anything yet."""
    decision = (
        Decision.objects.filter(dossier=dossier)
        .select_related("decided_by")
        .order_by("-decided_at", "-pk")
        .first()
    )
    act = AuthorAct.objects.filter(dossier=dossier).order_by("-done_at", "-pk").first()
    if act is not None and (decision is None or act.done_at > decision.decided_at):
        if act.act == AuthorAct.Act.WITHDRAWN:
            return _("Its author took it off the site on %(date)s at %(time)s.") % _moment(
                act.done_at
            )
        return _("Its author sent it in on %(date)s at %(time)s.") % _moment(act.done_at)
    if decision is None:
        return ""
    told = {"outcome": decision.get_outcome_display(), **_moment(decision.decided_at)}
    if decision.decided_by is None:
        return _("It was decided by itself on %(date)s at %(time)s: %(outcome)s.") % told
    return _("%(name)s decided on %(date)s at %(time)s: %(outcome)s.") % {
        "name": decision.decided_by.public_name,
        **told,
    }


def _moment(at: datetime.datetime) -> dict[str, str]:
    local = timezone.localtime(at)
    return {"date": in_words_with_year(local), "time": time_format(local, "H:i")}
