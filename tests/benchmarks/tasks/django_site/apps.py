"""How Django knows this package."""

from __future__ import annotations

from django.apps import AppConfig


class School(AppConfig):
    name = "tests.benchmarks.tasks.django_site"
    label = "school"
    default_auto_field = "django.db.models.BigAutoField"
