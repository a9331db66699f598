"""Policy of the HTTP doors, as data for the settings: the order of the middleware, what a page may load, how much a request may hold."""

from csp.constants import NONCE, NONE, SELF

BODY_BYTES = 1024 * 1024
"""The longest body of a request, in bytes (R-DOS-1); decisions are asked through a door of their own."""
BODY_FIELDS = 2000
"""The most fields of a form: a page of rows with a tick each, and some."""
HEADER_BYTES = 16 * 1024
"""The longest head of a request, in bytes."""
HEADER_COUNT = 100
"""The most headers of a request."""

MIDDLEWARE = [
    "keyholder.interfaces.http.request_ids.RequestIdMiddleware",
    "keyholder.interfaces.http.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "keyholder.interfaces.http.limits.LimitsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "keyholder.interfaces.http.sessions.SessionLimitsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "keyholder.interfaces.http.languages.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "keyholder.interfaces.http.callers.CallerMiddleware",
    "keyholder.interfaces.http.refusals.RefusalMiddleware",
]
"""Outermost first. Who is not signed in gets no further than LoginRequiredMiddleware, unless a view says that it needs nobody."""

CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.messages.context_processors.messages",
    "csp.context_processors.nonce",
    "keyholder.interfaces.console.frame.frame",
]

TEMPLATE_BUILTINS = [
    "django.templatetags.i18n",
    "django.templatetags.static",
    "keyholder.interfaces.console.templatetags.console",
]

MAIL_BUILTINS = ["django.templatetags.i18n", "keyholder.interfaces.jobs.templatetags.mail"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
"""No inline script, no inline style, nothing from elsewhere (R-XSS-1)."""

HEADERS = {
    "Cache-Control": "no-store, private",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Permitted-Cross-Domain-Policies": "none",
}
"""What every answer says unless it says something else: pages about people are kept by nobody."""
