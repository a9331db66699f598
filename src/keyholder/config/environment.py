"""Settings of an instance: each is one environment variable, read here and nowhere else (``keyholder settings`` lists them)."""

import os
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from keyholder.domain.names import clean_name
from keyholder.domain.providers import USUAL_SCOPES, clean_credential, clean_issuer, clean_provider_key
from keyholder.domain.refusals import Invalid


class SettingError(ImproperlyConfigured):
    """A setting has a value that can't be used; the message names the variable and the reason."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: its name without the prefix, its default, what it means, and whether its value is kept secret."""

    name: str
    default: str
    meaning: str
    secret: bool = False

    @property
    def variable(self) -> str:
        """The environment variable."""
        return f"KEYHOLDER_{self.name}"

    @property
    def value(self) -> str:
        """The value in force."""
        return os.environ.get(self.variable, self.default)

    @property
    def is_default(self) -> bool:
        """Whether the variable is not set."""
        return self.variable not in os.environ


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "DATABASE_URL", "sqlite:///keyholder.db", "The database: sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME.", secret=True
    ),
    Setting(
        "OWNER_URL", "", "What `keyholder migrate` connects by, where the schema has another owner than the server's role.", secret=True
    ),
    Setting(
        "SECRET_KEY",
        "",
        "Signs sessions and links; several parted by spaces, newest first. SQLite keeps a generated one beside the database.",
        secret=True,
    ),
    Setting("PUBLIC_URL", "http://127.0.0.1:8000", "Where people reach the console: links are made from it, never from a request."),
    Setting(
        "ALLOWED_HOSTS",
        "",
        "More host names that requests may carry, parted by commas; the public address, localhost and 127.0.0.1 always may.",
    ),
    Setting("TRUSTED_PROXIES", "", "Addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, parted by commas."),
    Setting("BLUEPRINTS", "", "A folder with more blueprints (*.toml), beside the three that are built in."),
    Setting("SUPPORT_EMAIL", "", "Shown to people who can't get in; where it is an address, answers to mails go there."),
    Setting("ACCOUNTS", "anyone", "Who may create an account: `anyone` who is signed in, or only the `operator`."),
    Setting("COPIED_LINKS", "on", "Whether links of invitations are shown to be handed over by hand (`on`), or are mailed only (`off`)."),
    Setting("SESSION_HOURS", "12", "A session ends after this many hours without a request."),
    Setting("SESSION_LONGEST_HOURS", "168", "A session ends after this many hours even if it is used."),
    Setting("PROOF_MINUTES", "10", "For so long after proving who one is, what is dangerous is done without being asked again."),
    Setting("SIGN_IN_ATTEMPTS", "10", "Attempts to sign in to one account within fifteen minutes before the next must wait."),
    Setting("LOG_LEVEL", "info", "How much is logged: debug, info, warning or error."),
)


PROVIDER_VARIABLE = re.compile(r"KEYHOLDER_OIDC_([A-Z0-9_]+)_(ISSUER|CLIENT_ID|CLIENT_SECRET|NAME)")
PROVIDER_MEANINGS = {
    "ISSUER": "The issuer of an identity provider, exactly as the provider writes it.",
    "CLIENT_ID": "The id that the provider knows this instance by.",
    "CLIENT_SECRET": "The secret that goes with that id.",
    "NAME": "What the button to sign in with the provider says.",
}


def provider_settings() -> tuple[Setting, ...]:
    """Return the variables of identity providers that are set."""
    found = [(name, part) for name in sorted(os.environ) if (part := PROVIDER_VARIABLE.fullmatch(name))]
    return tuple(
        Setting(name.removeprefix("KEYHOLDER_"), "", PROVIDER_MEANINGS[part[2]], secret=part[2] == "CLIENT_SECRET") for name, part in found
    )


def oidc_providers() -> Mapping[str, Mapping[str, str]]:
    """Return the identity providers of the environment by their keys; raises SettingError for one that is not whole (R-OIDC-7)."""
    words = {part[1] for name in os.environ if (part := PROVIDER_VARIABLE.fullmatch(name))}
    return dict(_provider(word) for word in sorted(words))


def _provider(word: str) -> tuple[str, Mapping[str, str]]:
    given = {part: os.environ.get(f"KEYHOLDER_OIDC_{word}_{part}", "") for part in PROVIDER_MEANINGS}
    try:
        return clean_provider_key(word.lower().replace("_", "-")), {
            "name": clean_name(given["NAME"] or word.title()),
            "issuer": clean_issuer(given["ISSUER"]),
            "client": clean_credential(given["CLIENT_ID"], "CLIENT_ID"),
            "secret": clean_credential(given["CLIENT_SECRET"], "CLIENT_SECRET"),
            "scopes": USUAL_SCOPES,
        }
    except Invalid as refusal:
        message = f"KEYHOLDER_OIDC_{word}: {refusal}"
        raise SettingError(message) from refusal


def setting(name: str) -> str:
    """Return the value of a setting by its name without the prefix; raises KeyError for a stranger."""
    return {s.name: s for s in SETTINGS}[name].value


def number(name: str) -> int:
    """Return a setting that is a positive whole number; raises SettingError where it is none."""
    text = setting(name)
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        message = f"KEYHOLDER_{name}: {text!r} is not a positive whole number"
        raise SettingError(message)
    return int(text)


def choice(name: str, words: Collection[str]) -> str:
    """Return a setting that is one of a few words; raises SettingError where it is none of them."""
    text = setting(name)
    if text not in words:
        message = f"KEYHOLDER_{name}: {text!r} is none of {', '.join(words)}"
        raise SettingError(message)
    return text


def listed(name: str) -> list[str]:
    """Return a setting that is a list parted by commas."""
    return [part.strip() for part in setting(name).split(",") if part.strip()]


def database(url: str) -> dict[str, object]:
    """Return Django's description of a database from its address; raises SettingError where the address can't be used."""
    try:
        parts, port = urlsplit(url), urlsplit(url).port
    except ValueError as error:
        message = f"KEYHOLDER_DATABASE_URL: {error}"
        raise SettingError(message) from error
    if parts.scheme == "sqlite":
        path = unquote(parts.path.removeprefix("/")) if not parts.netloc else ""
        if not path:
            message = "KEYHOLDER_DATABASE_URL: sqlite:///FILE names a file"
            raise SettingError(message)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "CONN_MAX_AGE": 600,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": "PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL;"},
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.removeprefix("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    message = f"KEYHOLDER_DATABASE_URL: {parts.scheme or 'no scheme'!r} is neither sqlite nor postgresql"
    raise SettingError(message)


def secret_keys(described: Mapping[str, object]) -> list[str]:
    """Return the secret keys, newest first: given, or for SQLite generated once into a file beside the database (mode 600)."""
    given = setting("SECRET_KEY").split()
    if given:
        return given
    if "sqlite" not in str(described["ENGINE"]):
        message = "KEYHOLDER_SECRET_KEY: PostgreSQL needs it set, so that every server has the same"
        raise SettingError(message)
    file = Path(f"{described['NAME']}.key")
    if not file.parent.is_dir():
        return [secrets.token_urlsafe(48)]  # there is no database to sign anything for: whoever connects will say so
    if not file.exists():
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        except OSError as error:
            message = f"KEYHOLDER_SECRET_KEY: not set, and {file} can't be made: {error.strerror}"
            raise SettingError(message) from error
        else:
            with os.fdopen(descriptor, "w") as out:
                out.write(secrets.token_urlsafe(48))
    return [file.read_text().strip()]
