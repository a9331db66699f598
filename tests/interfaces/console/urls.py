"""The console alone, for tests of its pages."""

from django.urls import include, path

urlpatterns = [path("", include("keyholder.interfaces.console.urls"))]
