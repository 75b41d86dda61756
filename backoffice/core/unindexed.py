"""Keeps SQLite, which has no statistics to go by, from choosing an index."""

from __future__ import annotations

from typing import Any

from sqlalchemy import SQLColumnExpression
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Unindexed(FunctionElement[Any]):
    """An expression by which SQLite, which knows no statistics, is not to choose an index."""

    name = "unindexed"
    inherit_cache = True

    def __init__(self, expression: SQLColumnExpression[Any]) -> None:
        super().__init__(expression)
        self.type = self.clauses.clauses[0].type


@compiles(Unindexed)
def _as_it_is(element: Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)})"


@compiles(Unindexed, "sqlite")
def _with_a_plus(element: Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return f"+({compiler.process(element.clauses, **options)})"
