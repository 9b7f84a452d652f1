"""A poster of an initiative, to hang in the street."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contributions.models import Picture
from ideas.forms import PosterForm
from ideas.models import Initiative

#: More do not fit beside the code on one sheet.
LANGUAGES_AT_MOST = 5


@require_safe
@login_not_required
def poster(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Show a sheet with the idea and its code, in the languages that the street reads."""
    initiative = get_object_or_404(
        Initiative.objects.visible_to(request.user).published().for_cards(), pk=pk
    )
    names = dict(settings.CONTENT_LANGUAGES)
    listed = settings.LISTED_LANGUAGES
    # An unknown language is left out; without any choice it is the reader's and the idea's own.
    codes = [code for code in request.GET.getlist("taal") if code in listed] or [
        translation.get_language(),
        initiative.language,
    ]
    chosen = [code for code in listed if code in codes][:LANGUAGES_AT_MOST]
    return render(
        request,
        "ideas/poster.html",
        {
            "initiative": initiative,
            "picture": Picture.objects.filter(dossier=initiative.dossier_id).shown().first(),
            "calls": [_call(code) for code in chosen],
            "form": PosterForm(
                initial={"taal": chosen}, choices=[(code, names[code]) for code in listed]
            ),
        },
    )


def _call(code: str) -> dict[str, str]:
    with translation.override(code):
        return {
            "code": code,
            "question": _("Do you want this too?"),
            "what_to_do": _("Scan the code. Read more, say what you think, or support it."),
        }
