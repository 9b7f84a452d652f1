"""Addresses under /<language>/account/. Names without a namespace are the ones allauth looks up."""

from django.urls import include, path

import areas.converters  # noqa: F401  (registers <number:…>)

from . import card_views, safety_views, step_views, views
from .openid import views as openid_views

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
    path("inloggen/stap-twee/", step_views.step_two, name="account_second_step"),
    path("inloggen/passkey/", step_views.sign_in_with_passkey, name="account_passkey"),
    path("inloggen/passkey/vraag/", step_views.passkey_options, name="account_passkey_options"),
    path("inloggen/met/", openid_views.start, name="account_openid"),
    path("inloggen/met/adres/", openid_views.address, name="account_openid_address"),
    path("inloggen/met/los/", openid_views.unlink, name="account_openid_unlink"),
    path("bevestigen/", step_views.confirm_who, name="account_confirm_who"),
    path("veiligheid/", safety_views.safety, name="account_safety"),
    path("veiligheid/app/", safety_views.add_app, name="account_add_app"),
    path("veiligheid/app/weg/", safety_views.remove_app, name="account_remove_app"),
    path("veiligheid/passkey/", safety_views.add_passkey, name="account_add_passkey"),
    path(
        "veiligheid/passkey/<number:pk>/weg/",
        safety_views.remove_passkey,
        name="account_remove_passkey",
    ),
    path("veiligheid/herstelcodes/", safety_views.recovery_codes, name="account_recovery_codes"),
    path(
        "veiligheid/apparaat/<number:pk>/uit/", safety_views.end_device, name="account_end_device"
    ),
    path("veiligheid/apparaten/uit/", safety_views.end_devices, name="account_end_devices"),
    path("inloggen/wachtwoord/", views.sign_in_with_password, name="account_login_password"),
    path("inloggen/pasje/", card_views.sign_in, name="account_card"),
    path("inloggen/pasje/nieuw/", card_views.first_pin, name="account_card_first_pin"),
    path("pasje/pin/", card_views.change_pin, name="account_change_pin"),
    path("pasjes/", card_views.give, name="account_give_card"),
    path("pasjes/vervangen/", card_views.replace, name="account_replace_card"),
    path("uitloggen/", views.sign_out, name="account_logout"),
    path("gesloten/", views.inactive, name="account_inactive"),
    path("e-mail/", views.change_address, name="account_email"),
    path("e-mail/codes/", views.confirm_address, name="account_confirm_email_change"),
    path("wachtwoord/", views.change_password, name="account_change_password"),
    path("wachtwoord/kiezen/", views.choose_password, name="account_set_password"),
    path("wachtwoord/vergeten/", views.forgotten_password, name="account_reset_password"),
]
