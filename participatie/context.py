"""What every page can say about the site around it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates the name of the site."""
    return {"site_name": settings.SITE_NAME, "demo": settings.DEMO}
