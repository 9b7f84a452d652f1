from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<number:pk>/", views.open_one, name="open"),
    path("<number:pk>/gelezen/", views.read, name="read"),
    path("alles-gelezen/", views.read_all, name="read_all"),
    path("voorkeuren/", views.preferences, name="preferences"),
    path("voorkeuren/<str:token>/", views.preferences_by_mail, name="preferences_by_mail"),
    path("stop/<str:token>/", views.stop, name="stop"),
    path("volgen/<slug:kind>/<number:subject_id>/", views.follow, name="follow"),
    path("volgen/<slug:kind>/<number:subject_id>/stop/", views.unfollow, name="unfollow"),
]
