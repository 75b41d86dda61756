"""Whoever started a job hears on whatever page they are how it ended: on the next page, or by script on this one."""

from __future__ import annotations

from flask import Flask, flash, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from backoffice.core import access, jobs
from backoffice.core.access import Verb
from backoffice.core.grid import job_pages, messages
from backoffice.core.jobs import Job
from backoffice.core.operations import Operation
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext
from backoffice.extensions import db

TONES = {"done": "success", "failed": "danger", "cancelled": "info"}


def init_app(app: Flask) -> None:
    """Gives templates `job_notices()`."""
    app.jinja_env.globals["job_notices"] = announce


def announce() -> str:
    """Adds to the page's messages how the person's jobs ended. Returns where to ask for more; "" if no job is open."""
    if not current_user.is_authenticated or not access.may(current_person(), Verb.VIEW, Job):
        return ""
    try:
        still_open = _flash()
    except SQLAlchemyError:  # the page that says so has its own words
        db.session.rollback()
        return ""
    return url_for("jobs.notices_view") if still_open else ""


def answer() -> ResponseReturnValue:
    """Answers with the messages of jobs that ended since, and how many are open."""
    still_open = _flash()
    return jsonify(open=still_open, messages=render_template("admin/parts/job_notices.html"))


def _flash() -> int:
    found = jobs.notices(current_person())
    for job in found.ended:
        flash(_message(job), TONES[job.state])  # type: ignore[arg-type]
    job_pages.tell(found.ended)
    return found.still_open


def _message(job: Job) -> dict[str, str]:
    text = job_pages.outcome(job)
    if job.state != "done":
        text = gettext("%(job)s: %(outcome)s", job=job.title, outcome=text)
    if not job.operation_id:
        return {"text": text, "operation_url": url_for("jobs.details_view", id=job.id)}
    operation = db.session.get_one(Operation, job.operation_id)
    done = messages.told(text, operation, url_for("jobs.index_view"))
    return {**done, "operation_url": url_for("jobs.details_view", id=job.id)}
