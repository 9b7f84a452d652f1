"""The kinds of notifications about what was done with what people told."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from areas.models import Area
from contributions.notices import on_the_site, said
from feedback.models import Experience, Response
from notifications.kinds import (
    About,
    Category,
    NotificationKind,
    OnPaper,
    Place,
    Telling,
    register,
)


def _responses(pks: Collection[int], language: str) -> Mapping[int, Telling]:
    found = on_the_site(Response, pks, language, "indicator", "area")
    return {pk: _telling(response, language) for pk, response in found.items()}


def _telling(response: Response, language: str) -> Telling:
    told = said(response, language, "not_doing" if response.state == "not" else "doing")
    about = About(
        path=response.get_absolute_url(),
        values={
            "figure": response.indicator.name,
            "area": response.area.name if response.area else "",
            "state": str(response.get_state_display()),
        },
        quote=told.quote,
        quote_language=told.language,
        quote_label=told.label,
    )

    def tell(_reader: User) -> About | None:
        # Everybody may read it.
        return about

    return tell


def _who_told_it(pk: int) -> Q:
    """Return the condition on who told something beside the figure, in the area or within it."""
    response = Response.objects.filter(pk=pk).first()
    if response is None or response.area_id is None:
        return Q(pk__in=[])
    told = Experience.objects.filter(
        person=OuterRef("pk"),
        indicator=response.indicator_id,
        area__in=Area.objects.ids_within([response.area_id]),
    )
    return Q(Exists(told))


def _holds_there(place: Place) -> Q:
    """Return the condition on events about responses that hold in a place, or somewhere in it."""
    areas = [*place.around, *place.within]
    return Q(Exists(Response.objects.filter(pk=OuterRef("subject_id"), area__in=areas)))


RESPONSE = NotificationKind(
    name="response",
    label=_("What is done with what you told"),
    category=Category.ABOUT_YOU,
    concerns=_("Whoever told what they see, beside the same figure in the same neighbourhood."),
    subject=_("What we do with what you told about %(area)s"),
    sentence=_("You told something about “%(figure)s”. Now there is an answer: %(state)s."),
    load=_responses,
    audience=_who_told_it,
    on_paper=OnPaper(
        _holds_there, _("What neighbours of %(area)s told about “%(figure)s”: %(state)s")
    ),
    sample={
        "figure": _("People who feel safe in their neighbourhood"),
        "area": "Moerwijk",
        "state": _("promised"),
    },
)
RESPONSE_MOVED = replace(
    RESPONSE,
    name="response_moved",
    label=_("What happens with what you told"),
    subject=_("What happens with what you told about %(area)s"),
    sentence=_("You told something about “%(figure)s”. This is how far it is: %(state)s."),
)


def declare() -> None:
    """Declare the kinds, at start-up."""
    register(RESPONSE, RESPONSE_MOVED)
