"""The application factory: a table of contents. The only module that knows every feature."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from backoffice.config import Settings, load
from backoffice.extensions import cache, csrf, db, limiter, login_manager, migrate

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings | None = None) -> Flask:
    """Returns the whole back-office. Raises config.SettingError when a setting is missing or wrong."""
    settings = settings or load()
    app = Flask(
        "backoffice",
        root_path=str(ROOT / "backoffice"),
        instance_path=str(Path(settings.INSTANCE_PATH).resolve()),
        template_folder=str(ROOT / "templates"),
    )
    app.config.from_mapping(settings.flask())
    Path(app.instance_path).mkdir(mode=0o700, parents=True, exist_ok=True)
    _bind_extensions(app)
    return app


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    login_manager.init_app(app)
    cache.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
