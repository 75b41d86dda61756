"""For the machines that watch: /healthz says that the process lives, /readyz that it can do its work."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from secrets import token_hex

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, current_app, jsonify, make_response
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from backoffice.core.web.gate import public
from backoffice.extensions import cache, db

blueprint = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    """Adds the two addresses."""
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """Answers 200 as long as the process serves requests. Asks nothing of the database."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def ready() -> Response:
    """Answers 200 when every part works, else 503; names the parts and nothing else."""
    parts = {name: "ok" if _works(check) else "failing" for name, check in CHECKS.items()}
    failing = "failing" in parts.values()
    answer = make_response(jsonify(status="failing" if failing else "ok", **parts), 503 if failing else 200)
    if failing:
        answer.headers["Retry-After"] = "5"
    return answer


def _works(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (SQLAlchemyError, RedisError, sqlite3.Error, OSError):  # the queue's file is not behind SQLAlchemy
        current_app.logger.exception("The readiness check %s failed", check.__name__)
        db.session.rollback()
        return False


def database_answers() -> bool:
    """Says whether the database answers a query."""
    return db.session.execute(text("SELECT 1")).scalar() == 1


def schema_is_current() -> bool:
    """Says whether the last migration has been applied."""
    config = Config()
    config.set_main_option("script_location", current_app.extensions["migrate"].directory)
    applied = MigrationContext.configure(db.session.connection()).get_current_heads()
    return set(applied) == set(ScriptDirectory.from_config(config).get_heads())


def cache_answers() -> bool:
    """Says whether the cache gives back what was put into it."""
    value = token_hex(8)
    cache.set("readyz", value, timeout=60)
    return bool(cache.get("readyz") == value)


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "migrations": schema_is_current,
    "cache": cache_answers,
}
