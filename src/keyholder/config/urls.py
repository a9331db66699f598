"""Which door answers at which address."""

from django.urls import URLPattern, URLResolver, path

from keyholder.interfaces.http import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
