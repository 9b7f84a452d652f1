"""Short addresses of initiatives, for posters and messages, and their codes to scan.

The code is drawn here: nobody else learns who scans or shares what.
"""

import qrcode
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from qrcode.constants import ERROR_CORRECT_M

from ideas.joined import goes_on_at
from ideas.listing import on_the_site
from ideas.models import Initiative
from participatie.entry import best_language

#: White around the code, in modules (ISO/IEC 18004: four).
QUIET_ZONE = 4


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


def draw(text: str) -> str:
    """Return a QR code as SVG, black on white; dots are drawn in runs along each row."""
    made = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    made.add_data(text)
    rows = made.get_matrix()
    runs = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            x += 1
    side = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'width="{side * 8}" height="{side * 8}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{"".join(runs)}"/></svg>'
    )
