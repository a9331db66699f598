"""The addresses of the door: where somebody goes to a provider, and where they come back."""

from django.urls import path

from keyholder.interfaces.oidc import views

app_name = "oidc"
urlpatterns = [
    path("oidc/<str:key>/start/", views.start, name="start"),
    path("oidc/<str:key>/callback/", views.callback, name="callback"),
]
