"""The addresses of the console."""

from django.urls import path

from keyholder.interfaces.console import (
    access_urls,
    asset_urls,
    group_urls,
    identity_urls,
    mail_urls,
    main_urls,
    organization_urls,
    provider_urls,
    request_urls,
)
from keyholder.interfaces.console.views import invitation_page, preferences, signing_in

app_name = "console"
urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("invitation/", invitation_page.show, name="invitation"),
    path("invitation/<str:secret>/", invitation_page.open_link, name="invitation-link"),
    path("language/", preferences.set_language, name="set-language"),
    path("theme/", preferences.set_theme, name="set-theme"),
    *identity_urls.urlpatterns,
    *main_urls.urlpatterns,
    *mail_urls.urlpatterns,
    *organization_urls.urlpatterns,
    *group_urls.urlpatterns,
    *request_urls.urlpatterns,
    *provider_urls.urlpatterns,
    *access_urls.urlpatterns,
    *asset_urls.urlpatterns,
    *main_urls.node_urlpatterns,
]
