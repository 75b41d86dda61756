"""How migrations run: each in its own transaction, numbered in order, never waiting long for a lock.

Revisions are numbered 0001, 0002, ...; what autogenerate writes names only SQLAlchemy's own types, so that a migration
goes on working when the models have moved on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import JSON, BigInteger, Connection, DateTime, String, TypeDecorator
from sqlalchemy.types import TypeEngine

LOCK_SECONDS = 5
TEXT_INDEX = re.compile(r"\w+_text(_config|_data|_docsize|_idx)?")

migrate = current_app.extensions["migrate"]
target_metadata = migrate.db.metadata


def number_and_skip_empty(_: MigrationContext, __: Any, directives: list[MigrationScript]) -> None:
    """Numbers a new revision; writes none where autogenerate found no difference."""
    script = directives[0]
    asked = getattr(context.config.cmd_opts, "autogenerate", False)
    if asked and script.upgrade_ops is not None and script.upgrade_ops.is_empty():
        directives.clear()
        return
    head = ScriptDirectory.from_config(context.config).get_current_head()
    script.rev_id = f"{int(head or 0) + 1:04}"


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | bool:
    """Writes our column types as what they are in the database."""
    return (kind == "type" and _plain_type(item, autogen)) or False


def _plain_type(item: TypeEngine[Any], autogen: AutogenContext) -> str | None:
    if isinstance(item, TypeDecorator):
        item = item.impl_instance
    if isinstance(item, JSON) and item._variant_mapping:
        autogen.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return "sa.JSON().with_variant(JSONB(), 'postgresql')"
    if isinstance(item, DateTime):
        return "sa.DateTime(timezone=True)" if item.timezone else "sa.DateTime()"
    if isinstance(item, BigInteger):
        return "sa.BigInteger().with_variant(sa.Integer(), 'sqlite')" if item._variant_mapping else "sa.BigInteger()"
    if isinstance(item, String) and type(item).__module__.startswith("backoffice"):
        return f"sa.String({item.length})"
    return None


def include_object(item: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Leaves out what a model wants on another database only, and the tables in which SQLite keeps its text indexes."""
    if kind == "table" and reflected and TEXT_INDEX.fullmatch(name or ""):
        return False
    if kind == "index" and str(name).endswith(
        "_amount"
    ):  # of an expression, which databases tell in words of their own
        return False
    condition = getattr(item, "_ddl_if", None)
    return condition is None or condition.dialect == context.get_context().dialect.name


def prepare(connection: Connection) -> None:
    """Sets the connection up outside of any transaction, where SQLite allows its foreign keys to be switched off."""
    if connection.dialect.name == "sqlite":
        execute(connection, ["PRAGMA foreign_keys=OFF"])  # else rebuilding a table would delete what refers to it
    else:
        execute(connection, [f"SET lock_timeout = '{LOCK_SECONDS}s'", "SET statement_timeout = 0"])
        connection.connection.dbapi_connection.commit()  # type: ignore[union-attr]


def execute(connection: Connection, statements: Iterable[str]) -> None:
    """Runs statements on the driver's own connection: no transaction is begun for them."""
    cursor = connection.connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()


def run_offline() -> None:
    """Prints the SQL instead of running it."""
    url = migrate.db.engine.url.render_as_string(hide_password=False)
    context.configure(url=url, target_metadata=target_metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Runs the migrations on a connection that is thrown away afterwards, with the settings that it was given."""
    options = {"render_item": render_item, "include_object": include_object, **migrate.configure_args}
    options["process_revision_directives"] = number_and_skip_empty
    with migrate.db.engine.connect().execution_options(unrecorded=True, writing=True) as connection:
        prepare(connection)
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            transaction_per_migration=True,
            transactional_ddl=True,
            **options,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.detach()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
