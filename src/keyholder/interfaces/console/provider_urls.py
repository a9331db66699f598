"""The addresses of the pages about identity providers, and of one's own links with them."""

from django.urls import path

from keyholder.interfaces.console.views import me, providers

urlpatterns = [
    path("providers/", providers.index, name="providers"),
    path("providers/new/", providers.create, name="provider-create"),
    path("providers/<str:key>/", providers.provider, name="provider"),
    path("providers/<str:key>/on/", providers.switch, {"on": True}, name="provider-enable"),
    path("providers/<str:key>/off/", providers.switch, {"on": False}, name="provider-disable"),
    path("providers/<str:key>/remove/", providers.remove, name="provider-remove"),
    path("me/identities/<int:pk>/unlink/", me.unlink, name="me-unlink"),
]
