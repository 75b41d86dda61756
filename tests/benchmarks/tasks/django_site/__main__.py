"""Makes the database in a folder, fills it, and serves the admin at a port."""

from __future__ import annotations

import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.http import HttpResponse
from django.urls import path


def configure(folder: Path) -> None:
    """Sets Django up as `startproject` does, with the database in `folder`."""
    templates = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
    settings.configure(
        DEBUG=True,  # the static files of the admin come from its package
        SECRET_KEY="only for made-up rows on this machine",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "django.sqlite3"}},
        INSTALLED_APPS=[
            *("django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes"),
            *("django.contrib.sessions", "django.contrib.messages", "django.contrib.staticfiles"),
            "tests.benchmarks.tasks.django_site.apps.School",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[templates],
        STATIC_URL="static/",
        USE_TZ=True,
    )
    django.setup()


def main(folder: str, port: str) -> None:
    configure(Path(folder))
    call_command("migrate", run_syncdb=True, verbosity=0)
    from tests.benchmarks.tasks.django_site import people  # noqa: PLC0415 - models can be had once Django is set up

    people.fill()
    urlpatterns.extend([path("healthz", lambda request: HttpResponse()), path("admin/", admin.site.urls)])
    call_command("runserver", f"127.0.0.1:{port}", "--noreload", verbosity=0)


urlpatterns: list[object] = []

if __name__ == "__main__":
    main(*sys.argv[1:])
