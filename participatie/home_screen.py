"""What a phone needs to put the site on its home screen: iPhones show messages from there alone."""

import functools
import io

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw

#: What Android (192, 512) and iPhones (180) ask for, in pixels.
SIZES = (180, 192, 512)
#: The houses of the site's sign, each a shape and a colour, on a field of 48.
FIELD = 48
HOUSES = (
    (((5, 39), (5, 22), (14, 13), (23, 22), (23, 39)), "#a63a1e"),
    (((21, 39), (21, 18), (25, 18), (25, 13), (35, 13), (35, 18), (39, 18), (39, 39)), "#0b5d57"),
    (((34, 39), (34, 27), (44, 27), (44, 39)), "#ffc845"),
    (((11, 25), (17, 25), (17, 32), (11, 32)), "#fffaf2"),
    (((27, 22), (33, 22), (33, 29), (27, 29)), "#fffaf2"),
)
PAPER = "#fffaf2"
#: Drawn so much larger and made smaller, so that slanted edges are smooth.
SMOOTH = 4
#: A phone cuts off the corners: a tenth on each side stays empty.
MARGIN = 0.1


@login_not_required
@require_safe
@cache_control(max_age=86_400)
def manifest(request: HttpRequest) -> HttpResponse:
    """Say how the site is called and looks among the programs of a phone."""
    return JsonResponse(
        {
            "name": settings.SITE_NAME,
            "short_name": settings.SITE_NAME,
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": [
                {
                    "src": reverse("home_screen_icon", args=[size]),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": "any maskable",
                }
                for size in SIZES
            ],
        },
        content_type="application/manifest+json",
    )


@login_not_required
@require_safe
@cache_control(max_age=86_400)
def icon(request: HttpRequest, size: int) -> HttpResponse:
    """Send the site's sign in one of the sizes that phones ask for."""
    if size not in SIZES:
        raise Http404
    return HttpResponse(drawn(size), content_type="image/png")


@functools.cache
def drawn(size: int) -> bytes:
    """Return the sign as a PNG of a number of pixels wide and high."""
    large = size * SMOOTH
    picture = Image.new("RGB", (large, large), PAPER)
    pencil = ImageDraw.Draw(picture)
    start, step = large * MARGIN, large * (1 - 2 * MARGIN) / FIELD
    for shape, colour in HOUSES:
        pencil.polygon([(start + x * step, start + y * step) for x, y in shape], fill=colour)
    file = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
    return file.getvalue()
