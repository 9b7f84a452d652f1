"""Addresses under /<language>/account/. Names without a namespace are the ones allauth looks up."""

from django.urls import include, path

from . import views

profile_patterns = (
    [
        path("profiel/", views.profile, name="profile"),
    ],
    "accounts",
)

urlpatterns = [
    path("", include(profile_patterns)),
    path("inloggen/", views.sign_in, name="account_login"),
    path("inloggen/code/", views.confirm_code, name="account_confirm_login_code"),
    path("inloggen/wachtwoord/", views.sign_in_with_password, name="account_login_password"),
    path("uitloggen/", views.sign_out, name="account_logout"),
    path("gesloten/", views.inactive, name="account_inactive"),
    path("e-mail/", views.change_address, name="account_email"),
    path("e-mail/codes/", views.confirm_address, name="account_confirm_email_change"),
    path("wachtwoord/", views.change_password, name="account_change_password"),
    path("wachtwoord/kiezen/", views.choose_password, name="account_set_password"),
    path("wachtwoord/vergeten/", views.forgotten_password, name="account_reset_password"),
]
