"""Which door answers at which address."""

from django.urls import URLPattern, URLResolver, include, path

from keyholder.interfaces.http import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("", include("keyholder.interfaces.oidc.urls")),
    path("", include("keyholder.interfaces.console.urls")),
]
handler400 = "keyholder.interfaces.http.errors.bad_request"
handler403 = "keyholder.interfaces.http.errors.forbidden"
handler404 = "keyholder.interfaces.http.errors.not_found"
handler500 = "keyholder.interfaces.http.errors.server_error"
