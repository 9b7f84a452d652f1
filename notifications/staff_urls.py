"""Addresses under /<language>/beheer/seintjes/."""

from django.urls import path

from notifications.views import outbox

app_name = "outbox"

urlpatterns = [
    path("", outbox.index, name="list"),
    path("opnieuw/<slug:channel>/<number:pk>/", outbox.retry, name="retry"),
    path("opnieuw/<slug:channel>/soort/<slug:kind>/", outbox.retry_kind, name="retry_kind"),
    path("voorbeelden/", outbox.kinds, name="kinds"),
    path("voorbeelden/<slug:kind>/<slug:shown_in>/", outbox.preview, name="preview"),
    path("voorbeelden/<slug:kind>/<slug:shown_in>/mail/", outbox.preview_mail, name="mail"),
]
