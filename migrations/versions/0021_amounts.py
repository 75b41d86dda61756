"""The indexes of amounts compare one code after the other: SQLite put the list of an IN together again at each row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

AMOUNTS = {
    "course": ("list_price",),
    "invoice": ("total", "settled", "balance"),
    "invoice_line": ("unit", "amount"),
    "payment": ("amount",),
}
PLACES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
UNITS = {code: f"{10.0**places}" for places, codes in PLACES.items() for code in codes.split()}
_CASES = " ".join(f"WHEN '{code}' THEN {units}" for code, units in sorted(UNITS.items()))
BY_CODE = f"CASE currency {_CASES} ELSE 100.0 END"
BY_LIST = (
    "CASE "
    + " ".join(
        "WHEN (currency IN ({})) THEN {}".format(", ".join(f"'{code}'" for code in codes.split()), 10.0**places)
        for places, codes in PLACES.items()
    )
    + " ELSE 100.0 END"
)
AMOUNT = {
    "sqlite": "CAST({name}_minor AS DOUBLE) / ({units} + 0.0)",
    "postgresql": "(CAST({name}_minor AS DOUBLE PRECISION) / CAST({units} AS DOUBLE PRECISION))",
}


def upgrade() -> None:
    _make_anew(BY_CODE)


def downgrade() -> None:
    _make_anew(BY_LIST)


def _make_anew(units: str) -> None:
    amount = AMOUNT[op.get_context().dialect.name]
    for table, names in AMOUNTS.items():
        for name in names:
            index = f"ix_{table}_{name}_amount"
            op.drop_index(index, table)
            op.create_index(index, table, [sa.text(amount.format(name=name, units=units)), "id"])
