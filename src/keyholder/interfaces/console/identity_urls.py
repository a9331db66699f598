"""The addresses of the pages about proving who one is: links, second factors, sessions."""

from django.urls import path

from keyholder.interfaces.console.views import reset_link, resets

urlpatterns = [
    path("reset/", resets.ask, name="reset"),
    path("reset/choose/", resets.choose, name="reset-choose"),
    path("reset/<str:secret>/", resets.open_link, name="reset-open"),
    path("people/<int:pk>/reset-link/", reset_link.make, name="person-reset-link"),
]
