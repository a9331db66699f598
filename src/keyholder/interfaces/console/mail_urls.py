"""The addresses of the pages about the instance's mail."""

from django.urls import path

from keyholder.interfaces.console.views import mail_settings, outbox

urlpatterns = [
    path("settings/mail/", mail_settings.show, name="mail"),
    path("settings/mail/test/", mail_settings.test, name="mail-test"),
    path("settings/mail/remove/", mail_settings.remove, name="mail-remove"),
    path("settings/mail/outbox/", outbox.index, name="mail-outbox"),
]
