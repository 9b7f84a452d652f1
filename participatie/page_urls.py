"""Addresses under /<language>/ of the pages that bring several apps together."""

from django.urls import include, path

import areas.converters  # noqa: F401  (registers <number:…>)
from participatie import views
from participatie.privacy import views as privacy

urlpatterns = [
    path("", views.home, name="home"),
    path("zoeken/", views.search, name="search"),
    path("voorbeeld.png", views.site_preview, name="site_preview"),
    path("wijk/", views.areas, name="areas"),
    path("wijk/<slug:slug>/", views.area, name="area"),
    path("wijk/<slug:slug>/cijfers.csv", views.area_sheet, name="area_sheet"),
    path("wijk/<slug:slug>/nieuws.txt", views.area_news, name="area_news"),
    path("organisatie/<number:pk>/", views.organisation, name="organisation"),
    path("poster/", include("participatie.posters.urls")),
    path("over/<slug:slug>/", views.page, name="page"),
    path("account/", views.my_page, name="account_home"),
    path("account/gegevens/", privacy.own_data, name="own_data"),
    path("account/gegevens/meenemen/", privacy.take_out, name="take_out"),
    path("account/gegevens/<uuid:key>/", privacy.take_out_file, name="take_out_file"),
    path("account/vertrekken/", privacy.leave_page, name="leave"),
    path("account/vertrekken/code/", privacy.leave_confirm, name="leave_confirm"),
    path("account/vertrokken/", privacy.left, name="left"),
]
