"""Currencies as ISO 4217 has them."""

from __future__ import annotations

from backoffice.core.money import CURRENCIES, unusual_currencies


def test_there_are_the_178_currencies_in_use() -> None:
    assert len(CURRENCIES) == 178
    assert {len(code) for code in CURRENCIES} == {3}


def test_every_currency_with_unusual_places_is_one_in_use() -> None:
    unusual = {code for codes in unusual_currencies().values() for code in codes}

    assert unusual - CURRENCIES == set()
