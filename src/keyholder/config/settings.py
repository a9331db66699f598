"""Django's settings, made from the environment (:mod:`keyholder.config.environment`)."""

from pathlib import Path
from urllib.parse import urlsplit

from keyholder.config import environment
from keyholder.interfaces.http import policy

HERE = Path(__file__).resolve().parent.parent
CONSOLE = HERE / "interfaces" / "console"
MAILS = HERE / "interfaces" / "jobs" / "templates"

DATABASES = {"default": environment.database(environment.setting("DATABASE_URL"))}
OWNER_DATABASE = environment.database(environment.setting("OWNER_URL")) if environment.setting("OWNER_URL") else None
SECRET_KEY, *SECRET_KEY_FALLBACKS = environment.secret_keys(DATABASES["default"])
DEBUG = False

PUBLIC_URL = environment.setting("PUBLIC_URL").rstrip("/")
_public = urlsplit(PUBLIC_URL)
SECURE = _public.scheme == "https"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *([_public.hostname] if _public.hostname else []), *environment.listed("ALLOWED_HOSTS")]
TRUSTED_PROXIES = frozenset(environment.listed("TRUSTED_PROXIES"))
SUPPORT_EMAIL = environment.setting("SUPPORT_EMAIL")
BLUEPRINTS_FOLDER = environment.setting("BLUEPRINTS")
ACCOUNTS_BY_OPERATOR = environment.choice("ACCOUNTS", ("anyone", "operator")) == "operator"
COPIED_LINKS = environment.choice("COPIED_LINKS", ("on", "off")) == "on"
SIGN_IN_ATTEMPTS = environment.number("SIGN_IN_ATTEMPTS")
OIDC_PROVIDERS = environment.oidc_providers()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "keyholder.storage.apps.StorageConfig",
    "keyholder.interfaces.console.apps.ConsoleConfig",
]
MIDDLEWARE = policy.MIDDLEWARE
ROOT_URLCONF = "keyholder.config.urls"
WSGI_APPLICATION = "keyholder.config.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CONSOLE / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"context_processors": policy.CONTEXT_PROCESSORS, "builtins": policy.TEMPLATE_BUILTINS},
    },
    *(
        {
            "NAME": name,
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [MAILS],
            "APP_DIRS": False,
            "OPTIONS": {"builtins": policy.MAIL_BUILTINS, "autoescape": escapes},
        }
        for name, escapes in (("mail", True), ("mail-text", False))
    ),
]

AUTH_USER_MODEL = "storage.User"
AUTHENTICATION_BACKENDS = ["keyholder.interfaces.http.authentication.SignInBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "console:sign-in"

SESSION_ENGINE = "keyholder.storage.session_rows"
SESSION_HOURS = environment.number("SESSION_HOURS")
SESSION_LONGEST_HOURS = environment.number("SESSION_LONGEST_HOURS")
PROOF_MINUTES = environment.number("PROOF_MINUTES")
SESSION_COOKIE_AGE = SESSION_LONGEST_HOURS * 3600
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "keyholder.interfaces.http.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = policy.CONTENT_SECURITY_POLICY
DATA_UPLOAD_MAX_MEMORY_SIZE = policy.BODY_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = policy.BODY_FIELDS
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский"), ("pl", "Polski"), ("lv", "Latviešu"), ("cs", "Čeština")]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SECURE

STATIC_URL = "/static/"
STATICFILES_DIRS = [CONSOLE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

LOGGING_CONFIG = "keyholder.config.logging.configure"
LOGGING = {"level": environment.choice("LOG_LEVEL", ("debug", "info", "warning", "error"))}
ENVIRONMENT = (*environment.SETTINGS, *environment.provider_settings())
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
