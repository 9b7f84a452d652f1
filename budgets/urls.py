"""Addresses of a council's money, under /<language>/<council>/werkbudget/."""

from django.urls import include, path

import areas.converters  # noqa: F401  (registers <number:…>)
from budgets.views import application, applying, overview, payments, reporting

app_name = "budgets"

application_patterns = [
    path("", application.detail, name="application"),
    path("plan/", applying.plan, name="plan"),
    path("kosten/", applying.costs, name="costs"),
    path("ontvanger/", applying.recipient, name="recipient"),
    path("controle/", applying.check, name="check"),
    path("weggooien/", applying.discard, name="discard"),
    path("tekst/", applying.words, name="words"),
    path("verslag/", reporting.report, name="report"),
    path("verslag/inleveren/", reporting.hand_in, name="hand_in_report"),
    path("doen/<slug:name>/", application.act, name="act"),
]

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("boekingen-<number:year>.csv", overview.ledger_sheet, name="ledger_sheet"),
    path("storten/", payments.deposit, name="deposit"),
    path("betalingen/", payments.payments, name="payments"),
    path("betalingen/opdrachten.csv", payments.orders_sheet, name="orders_sheet"),
    path("aanvragen/", application.applications, name="applications"),
    path("aanvragen/nieuw/", applying.new, name="new"),
    path("aanvragen/<number:pk>/", include(application_patterns)),
    path("stukken/<uuid:key>/", application.document, name="document"),
]
