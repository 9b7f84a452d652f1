"""Addresses under /<language>/initiatieven/."""

from django.urls import include, path

import areas.converters  # noqa: F401  (registers <number:…>)
from ideas.views import (
    commenting,
    feeds,
    helping,
    keeping,
    mapping,
    merging,
    news,
    office,
    posting,
    reading,
    sharing,
    support,
    together,
    work,
)

app_name = "ideas"

draft_patterns = [
    path("wat/", posting.what, name="draft_what"),
    path("waar/", posting.where, name="draft_where"),
    path("wie/", posting.who, name="draft_who"),
    path("controle/", posting.check, name="draft_check"),
    path("weggooien/", posting.discard, name="discard"),
]

initiative_patterns = [
    path("", reading.detail, name="detail"),
    path("voorbeeld.png", feeds.preview, name="preview"),
    path("steun/", support.support, name="support"),
    path("steun/intrekken/", support.take_back, name="take_back_support"),
    path("reacties/", commenting.comments, name="comments"),
    path("reacties/<number:comment_pk>/", commenting.comment, name="comment"),
    path(
        "reacties/<number:comment_pk>/intrekken/",
        commenting.take_comment_away,
        name="take_comment_away",
    ),
    path("wijzigen/", keeping.edit, name="edit"),
    path("intrekken/", keeping.take_away, name="take_away"),
    path("antwoord/", office.answer, name="answer"),
    path("nieuws/", news.news, name="news"),
    path("nieuws/nieuw/", news.write, name="write_news"),
    path("nieuws/<number:update_pk>/", news.update, name="update"),
    path("nieuws/<number:update_pk>/intrekken/", news.take_update_away, name="take_update_away"),
    path("poster/", sharing.poster, name="poster"),
    path("samenvoegen/", merging.merge, name="merge"),
    path("samenvoegen/ongedaan/", merging.undo, name="undo_merger"),
    path("meehelpen/", helping.offer_help, name="offer_help"),
    path("samen/", together.together, name="together"),
    path("samen/hulp/", together.switch_help, name="switch_help"),
    path(
        "samen/uitnodigingen/<number:invitation_pk>/intrekken/",
        together.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("samen/<number:joined_pk>/stoppen/", together.end_co_initiator, name="end_co_initiator"),
    path("antwoord/wijzigen/", office.change_answer, name="change_answer"),
    path("voortgang/", work.begin, name="begin_work"),
    path("mijlpalen/nieuw/", work.plan, name="plan_milestone"),
    path("mijlpalen/<number:milestone_pk>/", work.milestone, name="milestone"),
    path("verslag/", work.report, name="report"),
    path("overdragen/", work.hand_over, name="hand_over"),
]

urlpatterns = [
    path("", reading.index, name="list"),
    path("kaart/", mapping.map_page, name="map"),
    path("kaart/punten.json", mapping.points, name="map_points"),
    path("kaart/wijken.json", mapping.borders, name="map_borders"),
    path("atom/", feeds.atom, name="atom"),
    path("lijst.csv", reading.sheet, name="list_sheet"),
    path("nieuw/", posting.new, name="new"),
    path("nieuw/<number:pk>/", include(draft_patterns)),
    path("<number:pk>-<slug:slug>/", include(initiative_patterns)),
]
