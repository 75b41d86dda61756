"""The base class of every business table and the column types they share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Index,
    Integer,
    String,
    Table,
    TypeDecorator,
    event,
)
from sqlalchemy.orm import Mapped, Mapper, declared_attr, mapped_column

from backoffice.core import text_index
from backoffice.core.money import amount
from backoffice.core.text import fold
from backoffice.extensions import db

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only for INTEGER


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware and in UTC in Python, timestamptz on PostgreSQL, naive UTC text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Choice(String):
    """A short text out of a fixed list. `one_of()` makes the CHECK that holds it in the database."""

    def __init__(self, *choices: str) -> None:
        super().__init__(max(map(len, choices), default=1))
        self.choices = choices


class Money(BigInteger):
    """Minor units; `currency` names the column of the same table that holds the ISO 4217 code."""

    def __init__(self, currency: str = "currency") -> None:
        super().__init__()
        self.currency = currency


def one_of(column: str, choices: tuple[str, ...]) -> CheckConstraint:
    """Returns the CHECK that holds `column` to `choices`, named ck_<table>_<column>_known."""
    listed = ", ".join(f"'{choice}'" for choice in choices)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def filled(column: str) -> CheckConstraint:
    """Returns the CHECK that a text is not blank, named ck_<table>_<column>_filled; NULL passes."""
    return CheckConstraint(f"trim({column}) <> ''", name=f"{column}_filled")


class Record(db.Model):  # type: ignore[name-defined]
    """A row that staff see and change, and that only an Operation may write.

    `version` is the number of the operation that last wrote the row. It is therefore unique to the row's
    state: an undo that brings a state back brings its version back, and a form opened on any other state is stale.
    """

    __abstract__ = True

    __key__: ClassVar[str] = "id"  # the column that people and import files name a row by
    __label__: ClassVar[str] = "id"  # the column that stands for the row on the screen
    __search__: ClassVar[tuple[str, ...]] = ()  # the columns folded into search_text
    __search_through__: ClassVar[tuple[str, ...]] = ()  # relations whose search_text is searched as well
    __amount__: ClassVar[str] = ""  # the money column that says how big a change of the row is; policies limit its sum
    __order__: ClassVar[str] = (
        ""  # the column that numbers the rows of one parent from 1; no two of them share a number
    )
    __sorted__: ClassVar[tuple[str, ...]] = ()  # columns that lists are sorted and filtered by: each has an index
    __computed__: ClassVar[tuple[str, ...]] = ()  # hybrids and column properties offered as fields

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        # The operation in progress assigns the number; a stale UPDATE or DELETE then finds no row and fails.
        return {"version_id_col": cls.__table__.c.version, "version_id_generator": False}

    @classmethod
    def derive(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        """Returns the stored columns that follow from the others in `row` (all columns by name).

        Subclasses extend it. It is a pure function, called for every way of writing a row; `derived_from()`
        names its inputs.
        """
        if not cls.__search__:
            return {}
        return {"search_text": fold(" ".join(str(row[name]) for name in cls.__search__ if row.get(name)))}

    @classmethod
    def derived_from(cls) -> frozenset[str]:
        """Returns the columns that `derive()` reads: a change of any of them derives the row anew."""
        return frozenset(cls.__search__)

    def __str__(self) -> str:
        return str(getattr(self, self.__label__))


@event.listens_for(Record, "instrument_class", propagate=True)
def _never_reuse_ids(mapper: Mapper[Any], model: type[Record]) -> None:
    """Without AUTOINCREMENT, SQLite gives a deleted row's id away, and undo could not bring the row back."""
    cast(Table, mapper.local_table).dialect_options["sqlite"]["autoincrement"] = True


@event.listens_for(Record, "instrument_class", propagate=True)
def _index_what_is_sorted(mapper: Mapper[Any], model: type[Record]) -> None:
    """Gives each column of `__sorted__` an index, with the id behind it: the order of a list, which no two rows share."""
    table = cast(Table, mapper.local_table)
    for name in model.__sorted__:
        column = table.c[name]
        if isinstance(column.type, Money):
            shown = amount(column, table.c[column.type.currency])
            Index(f"ix_{table.name}_{name.removesuffix('_minor')}_amount", shown, table.c.id)
        else:
            Index(f"ix_{table.name}_{name}_id", column, table.c.id)


class Searchable:
    """Adds the folded column that search reads, and its index; what goes in is the model's `__search__`."""

    search_text: Mapped[str] = mapped_column(String, default="")


@event.listens_for(Searchable, "instrument_class", propagate=True)
def _index_the_text(mapper: Mapper[Any], model: type[Searchable]) -> None:
    text_index.attach(cast(Table, mapper.local_table))
