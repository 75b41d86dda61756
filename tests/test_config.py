"""Settings: defaults are safe, and a wrong one stops the start with a line that says what to do."""

from __future__ import annotations

import pytest

from backoffice.config import SettingError, Settings, load

STRONG = "0123456789abcdef0123456789ABCDEF"


def test_production_is_the_default_and_needs_a_strong_secret() -> None:
    with pytest.raises(SettingError) as error:
        load({})
    assert str(error.value) == (
        "BACKOFFICE_SECRET_KEY is missing or weak. Set it to the output of: "
        "python3 -c 'import secrets; print(secrets.token_hex(32))'"
    )


@pytest.mark.parametrize("secret", ["", "short", "a" * 64, "development"])
def test_a_weak_secret_is_refused_in_production(secret: str) -> None:
    with pytest.raises(SettingError):
        load({"BACKOFFICE_SECRET_KEY": secret})


def test_settings_come_from_the_environment_with_their_types() -> None:
    settings = load(
        {
            "BACKOFFICE_SECRET_KEY": STRONG,
            "BACKOFFICE_SESSION_HOURS": "8",
            "BACKOFFICE_HTTPS": "no",
            "BACKOFFICE_TIMEZONE": "Asia/Tokyo",
        }
    )
    assert settings == Settings(SECRET_KEY=STRONG, SESSION_HOURS=8, HTTPS=False, TIMEZONE="Asia/Tokyo")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODE", "staging"),
        ("TIMEZONE", "Mars/Base"),
        ("TIMEZONE", "../etc/passwd"),
        ("CURRENCY", "euro"),
        ("DATABASE_URI", "oracle://x"),
        ("SESSION_HOURS", "twelve"),
        ("SESSION_HOURS", "-1"),
        ("HTTPS", "perhaps"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(name: str, value: str) -> None:
    with pytest.raises(SettingError) as error:
        load({"BACKOFFICE_SECRET_KEY": STRONG, f"BACKOFFICE_{name}": value})
    assert f"BACKOFFICE_{name}" in str(error.value)
    assert "\n" not in str(error.value)


def test_the_session_cookie_is_locked_to_the_host_under_tls() -> None:
    flask = load({"BACKOFFICE_SECRET_KEY": STRONG}).flask()
    assert {name: flask[name] for name in flask if name.startswith("SESSION_COOKIE")} == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
    }
