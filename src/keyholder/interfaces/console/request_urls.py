"""The addresses of the pages that ask for access, decide about it, and say what went wrong."""

from django.urls import path

from keyholder.interfaces.console.views import asking, requests

urlpatterns = [
    path("ask/", asking.ask, name="ask"),
    path("ask/sent/", asking.sent, name="ask-sent"),
    path("what-went-wrong/", asking.went_wrong, name="what-went-wrong"),
    path("help/access/", asking.help_access, name="help-access"),
    path("requests/", requests.index, name="requests"),
    path("requests/<int:pk>/", requests.decide, name="request"),
    path("requests/<int:pk>/withdraw/", requests.withdraw, name="request-withdraw"),
]
