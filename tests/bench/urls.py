"""The addresses of the site, and the bare pages that everything is compared with."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from areas.models import Area
from participatie.urls import urlpatterns as site


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    """Answer with next to nothing, through all the middleware of the site."""
    return HttpResponse("<!doctype html><title>Bare</title><p>Nothing here.")


@login_not_required
def bare_query(request: HttpRequest) -> HttpResponse:
    """Answer with one row found by its primary key."""
    area = Area.objects.order_by("pk").first()
    return HttpResponse(f"<!doctype html><title>Bare</title><p>{area}")


urlpatterns = [path("bare/", bare), path("bare-query/", bare_query), *site]
