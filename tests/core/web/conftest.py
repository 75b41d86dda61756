"""Accounts and applications with other settings, as the tests of signing in have them."""

from __future__ import annotations

from tests.staff.conftest import account, other_app, signed_in

__all__ = ["account", "other_app", "signed_in"]
