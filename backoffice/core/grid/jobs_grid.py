"""Long work: every job in a list, how far each is, and the ways to stop it and to begin it again."""

from __future__ import annotations

from typing import Any, ClassVar

from flask.typing import ResponseReturnValue
from flask_admin import expose

from backoffice.core.access import Verb
from backoffice.core.grid import job_notices, job_pages
from backoffice.core.grid.changes import noun
from backoffice.core.grid.grid import Grid
from backoffice.core.grid.own_work import ONE, OwnWorkGrid, own_rights, own_rows
from backoffice.core.jobs.models import Job
from backoffice.core.text import capital

MORE = ("progress_view", "notices_view", "cancel_view", "again_view")


class JobGrid(OwnWorkGrid):
    """Read-only. Each person sees their own jobs, administrators all."""

    model = Job
    name = "jobs"
    columns = ("queued_at", "title", "author_name", "state", "rows", "started_at", "finished_at")
    filters = ("queued_at", "author_name", "state", "kind", "entity_type")
    default_sort = "-id"
    sections: ClassVar[dict[str, tuple[str, ...]]] = {
        "What": ("title", "rows", "total", "state", "error"),
        "Who and when": ("author_name", "queued_at", "run_at", "started_at", "finished_at", "attempts"),
    }
    shows: ClassVar[dict[str, Any]] = {"entity_type": lambda kind: capital(noun(kind, 2))}
    rights: ClassVar[Any] = own_rights(own_rows(Job.author_id))
    unlisted: ClassVar[frozenset[str]] = frozenset({*ONE, *MORE})
    verbs: ClassVar[dict[str, Verb]] = Grid.verbs | dict.fromkeys(MORE, Verb.VIEW)

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One job: how far it is, or what became of it, with a link to its operation and "Undo"."""
        return job_pages.show(self)

    @expose("/progress/")
    def progress_view(self) -> ResponseReturnValue:
        """How far it is, as JSON."""
        return job_pages.progress(self)

    @expose("/notices/")
    def notices_view(self) -> ResponseReturnValue:
        """What the person has not been told yet about their jobs, as JSON with a piece of a page."""
        return job_notices.answer()

    @expose("/cancel/", methods=("POST",))
    def cancel_view(self) -> ResponseReturnValue:
        """Stops a job; nothing of it remains."""
        return job_pages.cancel(self)

    @expose("/again/", methods=("POST",))
    def again_view(self) -> ResponseReturnValue:
        """Begins a job again that failed or was cancelled."""
        return job_pages.again(self)


GRIDS = (JobGrid,)
