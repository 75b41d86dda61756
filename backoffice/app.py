"""The application factory: a table of contents. The only module, beside the commands, that knows every feature."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme

from backoffice.billing import grids as billing_grids
from backoffice.billing import services as billing_services
from backoffice.billing import summaries as billing_summaries
from backoffice.config import Settings, load
from backoffice.core import access, database, jobs, summaries
from backoffice.core.grid import (
    approval_notices,
    approvals_grid,
    find_page,
    job_notices,
    jobs_grid,
    operations_grid,
    view_notices,
    view_rules,
    views_grid,
)
from backoffice.core.operations import committed, guard, rulebook
from backoffice.core.operations.approvals import rules as approval_rules
from backoffice.core.web import (
    assets,
    brand,
    compression,
    errors,
    gate,
    headers,
    health,
    icons,
    locale,
    logs,
    outages,
    shell,
    sql_panel,
)
from backoffice.core.web.templating import Environment
from backoffice.courses import grids as courses_grids
from backoffice.courses import services as courses_services
from backoffice.courses import summaries as courses_summaries
from backoffice.dashboard.views import DashboardView
from backoffice.enrollments import grids as enrollments_grids
from backoffice.enrollments import services as enrollments_services
from backoffice.enrollments import summaries as enrollments_summaries
from backoffice.extensions import bootstrap, cache, csrf, db, limiter, login_manager, migrate
from backoffice.staff import grids as staff_grids
from backoffice.staff import services as staff_services
from backoffice.staff import views as staff_views
from backoffice.staff.rights import RightsLink
from backoffice.staff.style import StyleLink
from backoffice.students import grids as students_grids
from backoffice.students import services as students_services
from backoffice.students import summaries as students_summaries

ROOT = Path(__file__).resolve().parent.parent

# In the order of the menu.
GRIDS = (
    *students_grids.GRIDS,
    *courses_grids.GRIDS,
    *enrollments_grids.GRIDS,
    *billing_grids.GRIDS,
    *staff_grids.GRIDS,
    *operations_grid.GRIDS,
    *jobs_grid.GRIDS,
    *approvals_grid.GRIDS,
    *views_grid.GRIDS,
)
SERVICES = (
    staff_services,
    students_services,
    courses_services,
    enrollments_services,
    billing_services,
    approval_rules,
    view_rules,
)
FIGURES = (
    *students_summaries.FIGURES,
    *courses_summaries.FIGURES,
    *enrollments_summaries.FIGURES,
    *billing_summaries.FIGURES,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Returns the whole back-office. Raises config.SettingError when a setting is missing or wrong."""
    settings = settings or load()
    app = Flask(
        "backoffice",
        root_path=str(ROOT / "backoffice"),
        instance_path=str(Path(settings.INSTANCE_PATH).resolve()),
        template_folder=str(ROOT / "templates"),
    )
    app.jinja_environment = Environment
    app.config.from_mapping(settings.flask())
    Path(app.instance_path).mkdir(mode=0o700, parents=True, exist_ok=True)
    _bind_extensions(app)
    _open_the_gate(app)
    _teach_the_rules(app)
    _add_the_pages(app)
    return app


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    for extension in (bootstrap, cache, csrf, limiter, login_manager):
        extension.init_app(app)
    locale.init_app(app)
    with app.app_context():
        database.configure_engine(db.engine)
        guard.protect(db.engine)


def _open_the_gate(app: Flask) -> None:
    """What happens around every request, in this order."""
    for part in (logs, gate, headers, errors, outages, compression, assets, sql_panel):
        part.init_app(app)


def _teach_the_rules(app: Flask) -> None:
    for grid in GRIDS:
        access.declare(grid.model, grid.rights)
    for services in SERVICES:
        rulebook.add(services.RULES, services.EFFECTS)
    summaries.init_app(app, FIGURES)
    committed.connect(_renew_figures)


def _renew_figures(operation: int, tables: set[str]) -> None:
    summaries.renew(tables)


def _add_the_pages(app: Flask) -> None:
    for part in (
        health,
        brand,
        icons,
        jobs,
        job_notices,
        approval_notices,
        view_notices,
        shell,
        find_page,
        staff_views,
    ):
        part.init_app(app)
    admin = Admin(app, name=app.config["ORGANISATION"], index_view=DashboardView(), theme=Bootstrap4Theme())
    for grid in GRIDS:
        admin.add_view(grid())
    admin.add_link(RightsLink())
    admin.add_link(StyleLink())
