"""Short addresses of initiatives, for posters and messages, and their codes to scan.

The code is drawn here: nobody else learns who scans or shares what.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from contributions.codes import draw
from ideas.joined import goes_on_at
from ideas.listing import on_the_site
from ideas.models import Initiative
from participatie.entry import best_language


def _found(pk: int) -> Initiative:
    """Return an initiative that everybody may read; of a double the one it was joined with."""
    found = on_the_site().filter(pk=pk).first() or goes_on_at(pk, AnonymousUser())
    if found is None:
        raise Http404
    return found


@login_not_required
@require_safe
def short(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from ``/i/12/`` to an initiative, in the language that the visitor reads best."""
    found = _found(pk)
    with translation.override(best_language(request)):
        response = HttpResponseRedirect(found.get_absolute_url())
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@login_not_required
@require_safe
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the code that leads to an initiative's short address."""
    _found(pk)
    address = settings.SITE_URL + reverse("short", args=[pk])
    response = HttpResponse(draw(address), content_type="image/svg+xml")
    response["Cache-Control"] = "no-cache"
    return response
