"""Settings from the environment, all with the prefix BACKOFFICE_. A wrong one stops the start with one line.

`load()` is the only reader of the environment. README.md lists every setting; a contract test keeps it so.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PREFIX = "BACKOFFICE_"
MODES = ("production", "development", "demo", "test")
DRIVERS = ("sqlite", "postgresql+psycopg")
REDIS_WAITS = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}  # seconds; then this process counts alone
POOL_SECONDS = 5  # how long a request waits for a free connection before it answers 503
SHORTEST_SECRET = 32  # bytes; OWASP ASVS 5.0, 13.3.1


class SettingError(Exception):
    """A setting is missing or wrong; the text says which one and what to do."""


@dataclass(frozen=True)
class Settings:
    """Every setting with its default. The names are those of the environment without the prefix."""

    MODE: str = "production"
    SECRET_KEY: str = ""
    SEAL_KEYS: str = ""
    INSTANCE_PATH: str = "instance"
    DATABASE_URI: str = ""
    REDIS_URL: str = ""
    ORGANISATION: str = "Course platform"
    LOGO: str = ""  # these two are read and judged by core.web.brand
    COLOUR: str = ""
    LOCALE: str = "en"  # judged by core.web.locale
    TIMEZONE: str = "Europe/London"
    CURRENCY: str = "GBP"
    TRUSTED_HOSTS: str = ""
    PROXIES: int = 0
    HTTPS: bool = True
    SESSION_IDLE_MINUTES: int = 30
    SESSION_HOURS: int = 12
    SIGN_IN_PER_ACCOUNT: str = "5 per minute; 40 per hour"
    SIGN_IN_PER_ADDRESS: str = "20 per minute; 200 per hour"
    MAX_BODY_MEGABYTES: int = 32
    FIGURE_SECONDS: int = 300
    JOB_ROWS: int = 20000
    RUN_LATER_AT: str = "02:00"

    def database_uri(self) -> str:
        """Returns DATABASE_URI, or the embedded SQLite file in INSTANCE_PATH."""
        return self.DATABASE_URI or f"sqlite:///{Path(self.INSTANCE_PATH).resolve() / 'backoffice.sqlite3'}"

    def _engine_options(self) -> dict[str, object]:
        # Values stay out of the log: they are people's names and addresses.
        options: dict[str, object] = {"hide_parameters": self.MODE in ("production", "demo")}
        if self.database_uri().startswith("postgresql"):
            options |= {"pool_pre_ping": True, "pool_timeout": POOL_SECONDS}  # a restarted server costs no error
        return options

    def flask(self) -> dict[str, object]:
        """Returns the settings as Flask and its extensions read them."""
        secure = self.HTTPS and self.MODE == "production"
        return asdict(self) | {
            "SQLALCHEMY_DATABASE_URI": self.database_uri(),
            "SQLALCHEMY_ENGINE_OPTIONS": self._engine_options(),
            "TESTING": self.MODE == "test",
            "MAX_CONTENT_LENGTH": self.MAX_BODY_MEGABYTES * 2**20,
            "MAX_FORM_PARTS": 10_000,
            "TRUSTED_HOSTS": self.TRUSTED_HOSTS.split() or None,
            "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
            "SESSION_COOKIE_SECURE": secure,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_PATH": "/",
            "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the session that it is bound to
            "RATELIMIT_STORAGE_URI": self.REDIS_URL or "memory://",
            "RATELIMIT_STORAGE_OPTIONS": REDIS_WAITS if self.REDIS_URL else {},
            "RATELIMIT_STRATEGY": "moving-window",
            "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
            "BOOTSTRAP_SERVE_LOCAL": True,
            "CACHE_TYPE": "backoffice.core.summaries.backend.backend",
            "CACHE_DEFAULT_TIMEOUT": self.FIGURE_SECONDS,
        }


def load(environment: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Returns the settings from `environment` (the process's own by default); `overrides` win.

    Raises SettingError with one line that names the setting and the next step.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, object] = {}
    for field in fields(Settings):
        text = environment.get(PREFIX + field.name)
        if text is not None:
            values[field.name] = _typed(field.name, field.default, text)
    settings = Settings(**(values | overrides))  # type: ignore[arg-type]
    _check(settings)
    return settings


def _typed(name: str, default: object, text: str) -> object:
    if isinstance(default, bool):
        if text.lower() not in ("0", "1", "true", "false", "yes", "no"):
            raise SettingError(f"{PREFIX}{name}={text!r} is neither yes nor no. Set it to 1 or 0.")
        return text.lower() in ("1", "true", "yes")
    if isinstance(default, int):
        if not re.fullmatch(r"\d{1,6}", text):
            raise SettingError(f"{PREFIX}{name}={text!r} is not a whole number. Set it to one, such as {default}.")
        return int(text)
    return text


def _check(settings: Settings) -> None:
    if settings.MODE not in MODES:
        raise SettingError(f"{PREFIX}MODE={settings.MODE!r} is unknown. Set it to one of {', '.join(MODES)}.")
    if settings.MODE == "production":
        _check_secret(settings.SECRET_KEY)
    if settings.database_uri().partition("://")[0] not in DRIVERS:
        raise SettingError(f"{PREFIX}DATABASE_URI must begin with one of: {', '.join(d + '://' for d in DRIVERS)}.")
    try:
        ZoneInfo(settings.TIMEZONE)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingError(
            f"{PREFIX}TIMEZONE={settings.TIMEZONE!r} is unknown. Set an IANA name such as Europe/Berlin."
        ) from error
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", settings.RUN_LATER_AT):
        raise SettingError(f"{PREFIX}RUN_LATER_AT={settings.RUN_LATER_AT!r} is no time of day. Set one such as 02:00.")
    if not re.fullmatch(r"[A-Z]{3}", settings.CURRENCY):
        raise SettingError(f"{PREFIX}CURRENCY={settings.CURRENCY!r} is not an ISO 4217 code. Set one such as EUR.")


def _check_secret(secret: str) -> None:
    if len(secret.encode()) < SHORTEST_SECRET or len(set(secret)) < 12:
        raise SettingError(
            f"{PREFIX}SECRET_KEY is missing or weak. Set it to the output of: "
            "python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )
