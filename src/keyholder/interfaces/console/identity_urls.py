"""The addresses of the pages about proving who one is: links, second factors, sessions."""

from django.urls import path

from keyholder.interfaces.console.views import (
    address_changes,
    factors,
    lost_factors,
    provider_rules,
    proving,
    reset_link,
    resets,
    second_factor_rules,
    sessions,
    sign_in_steps,
)

urlpatterns = [
    path("sign-in/second/", sign_in_steps.second, name="sign-in-second"),
    path("sign-in/enrol/", sign_in_steps.enrol, name="sign-in-enrol"),
    path("sign-in/passkey/", sign_in_steps.passkey, name="sign-in-passkey"),
    path("reset/", resets.ask, name="reset"),
    path("reset/choose/", resets.choose, name="reset-choose"),
    path("reset/<str:secret>/", resets.open_link, name="reset-open"),
    path("verify/confirm/", address_changes.confirm, name="verify-confirm"),
    path("verify/<str:secret>/", address_changes.open_link, name="verify-open"),
    path("people/<int:pk>/reset-link/", reset_link.make, name="person-reset-link"),
    path("people/<int:pk>/factors/remove/", lost_factors.remove, name="person-factors-remove"),
    path("people/<int:pk>/sessions/end/", sessions.end_of, name="person-sessions-end"),
    path("organizations/<int:pk>/second-factor/", second_factor_rules.choose, name="organization-second-factor"),
    path("organizations/<int:pk>/sign-in/", provider_rules.choose, name="organization-sign-in"),
    path("me/prove/", proving.prove, name="prove"),
    path("me/address/", address_changes.change, name="me-address"),
    path("me/address/verify/", address_changes.verify, name="me-address-verify"),
    path("me/address/drop/", address_changes.drop, name="me-address-drop"),
    path("me/sessions/end/", sessions.end_one, name="me-session-end"),
    path("me/sessions/end-others/", sessions.end_others, name="me-sessions-end-others"),
    path("me/factors/authenticator/", factors.add_authenticator, name="factor-authenticator"),
    path("me/factors/passkey/", factors.add_passkey, name="factor-passkey"),
    path("me/factors/codes/", factors.recovery_codes, name="factor-codes"),
    path("me/factors/<str:kind>/<int:number>/name/", factors.rename, name="factor-rename"),
    path("me/factors/<str:kind>/<int:number>/remove/", factors.remove, name="factor-remove"),
]
