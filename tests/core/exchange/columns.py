"""Columns for files in tests, without a model behind them."""

from __future__ import annotations

from backoffice.core.selection import Field, Kind


def columns(**kinds: Kind) -> dict[str, Field]:
    """Returns columns by name; a money column has its currency in the column "currency"."""
    return {
        name: Field(name, name, kind, object, name, currency="currency" if kind is Kind.MONEY else None)
        for name, kind in kinds.items()
    }
