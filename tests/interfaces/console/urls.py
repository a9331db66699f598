"""The console alone, for tests of its pages; the door of the providers is there to be pointed at."""

from django.urls import include, path

urlpatterns = [
    path("", include("keyholder.interfaces.console.urls")),
    path("", include("keyholder.interfaces.oidc.urls")),
]

handler400 = "keyholder.interfaces.http.errors.bad_request"
