"""Figures for Prometheus, for who shows the token; to all others the page does not exist."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from notifications.outbox import OutboxFigures

#: The site's own: of the process that happens to answer, nothing is told.
REGISTRY = CollectorRegistry(auto_describe=False)
REGISTRY.register(OutboxFigures())


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer the figures of the whole site, which are the same from each of its processes."""
    token = settings.METRICS_TOKEN
    told = request.headers.get("Authorization", "")
    if not token or not constant_time_compare(told, f"Bearer {token}"):
        raise Http404
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_PLAIN_0_0_4)
