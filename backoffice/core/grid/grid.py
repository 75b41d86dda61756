"""The one base of every grid: what address leads where, and which right it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from flask import abort
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView

from backoffice.core import access
from backoffice.core.access import Verb
from backoffice.core.grid import (
    actions,
    adding,
    basket,
    bulk,
    cells,
    cells_page,
    checks,
    choice_counts,
    columns_page,
    comparing,
    creating,
    deleting,
    details,
    editing,
    exporting,
    field_check,
    filter_page,
    listing,
    lookup,
    pages,
    panels,
    pasting,
    printing,
    review,
    views_page,
)
from backoffice.core.grid.declaration import Declaration, RowButton
from backoffice.core.grid.doors import answered
from backoffice.core.web.gate import Need, current_person
from backoffice.extensions import db


class Grid(Declaration, ModelView):
    """A Flask-Admin view over one model, whose every page, form and file is bound to selections and operations.

    Flask-Admin gives the addresses, the endpoints and the menu. Which rows, which fields and what may be done to them is
    asked at each request, for the person who is signed in: nothing is scaffolded at the start and nothing is kept.
    """

    verbs: ClassVar[dict[str, Verb]] = {
        "index_view": Verb.VIEW,
        "complete_view": Verb.VIEW,
        "choices_view": Verb.VIEW,
        "columns_view": Verb.VIEW,
        "filter_view": Verb.VIEW,
        "views_view": Verb.VIEW,
        "details_view": Verb.VIEW,
        "compare_view": Verb.VIEW,
        "restore_view": Verb.EDIT,
        "create_view": Verb.CREATE,
        "edit_view": Verb.EDIT,
        "check_view": Verb.VIEW,  # a new row and an existing one each ask for their own right
        "ajax_update": Verb.EDIT,
        "ajax_lookup": Verb.VIEW,
        "delete_view": Verb.DELETE,
        "action_view": Verb.VIEW,  # each action asks for its own right
        "choose_view": Verb.BULK,
        "add_view": Verb.BULK,
        "review_view": Verb.VIEW,
        "basket_view": Verb.VIEW,
        "paste_view": Verb.VIEW,
        "cells_view": Verb.BULK,
        "lists_view": Verb.VIEW,
        "export": Verb.EXPORT,
        "print_view": Verb.EXPORT,
    }

    def __init__(self) -> None:
        checks.check(type(self))
        super().__init__(
            self.model,
            db,
            name=self.called(),
            endpoint=type(self).name,
            category=self.group,
            menu_icon_value=self.icon or type(self).name,
        )

    def _refresh_cache(self) -> None:
        """Nothing to keep: columns, filters and forms come from the field catalog at each request."""

    def scaffold_auto_joins(self) -> tuple[Any, ...]:
        """Returns no joins: a selection joins the relations that a page shows."""
        return ()

    def row_buttons(self, rows: Sequence[Mapping[str, Any]], here: str) -> Mapping[int, RowButton]:
        return panels.print_buttons(self, current_person(), rows, here)

    def need_of(self, name: str) -> Need | None:
        """Returns the right that the method behind an endpoint asks for; the gate refuses one that names none."""
        verb = self.verbs.get(name)
        return Need(verb=verb, model=self.model) if verb else None

    def _handle_view(self, name: str, **arguments: Any) -> ResponseReturnValue | None:
        """Refuses an endpoint that names no right, and a person who does not have it."""
        verb = self.verbs.get(name)
        if verb is None or not access.may(current_person(), verb, self.model):
            abort(403)
        return None

    def _run_view(self, view: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return answered(view, self, *arguments, **named)

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """The list: one selection gives the page, the count and everything that can be done with them."""
        return pages.index(self)

    @expose("/complete/")
    def complete_view(self) -> ResponseReturnValue:
        """Suggestions for the search box, as JSON."""
        return lookup.complete_search(self)

    @expose("/choices/")
    def choices_view(self) -> ResponseReturnValue:
        """How many rows the list would have with each choice of the filter panel, as JSON."""
        return choice_counts.show(self)

    @expose("/columns/")
    def columns_view(self) -> ResponseReturnValue:
        """The form that chooses the columns of the list, their order, the order of the rows and their height."""
        return columns_page.show(self)

    @expose("/filter/")
    def filter_view(self) -> ResponseReturnValue:
        """The query of the list as a form of conditions."""
        return filter_page.show(self)

    @expose("/views/")
    def views_view(self) -> ResponseReturnValue:
        """The saved views of the grid, with how many rows each has; as JSON for the menu of the list."""
        return views_page.show(self)

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """The form for a new row."""
        return creating.create(self)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """The form of one row; a save that meets another person's change shows both."""
        return editing.edit(self)

    @expose("/check/", methods=("POST",))
    def check_view(self) -> ResponseReturnValue:
        """What saving would say of a field of a form, as JSON."""
        return field_check.check(self)

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """Everything about one row: its fields, what belongs to it, its history."""
        return details.show(self)

    @expose("/compare/")
    def compare_view(self) -> ResponseReturnValue:
        """Two versions of one row, field by field."""
        return comparing.show(self)

    @expose("/restore/", methods=("POST",))
    def restore_view(self) -> ResponseReturnValue:
        """Leads to the review of putting one field, or the whole row, back to an earlier version."""
        return comparing.restore(self)

    @expose("/delete/", methods=("GET", "POST"))
    def delete_view(self) -> ResponseReturnValue:
        """What would go along with one row, then its deletion (POST)."""
        return deleting.delete_one(self)

    @expose("/action/", methods=("POST",))
    def action_view(self) -> ResponseReturnValue:
        """Bulk edit, bulk delete and export of ticked rows or of all that match."""
        return actions.act(self)

    @expose("/choose/")
    def choose_view(self) -> ResponseReturnValue:
        """The form of a bulk edit, with what was typed into it before."""
        return bulk.choose(self)

    @expose("/add/")
    def add_view(self) -> ResponseReturnValue:
        """The form of what new rows share that a bulk edit adds to many rows, with what was typed into it before."""
        return adding.show(self)

    @expose("/review/")
    def review_view(self) -> ResponseReturnValue:
        """What a plan would do, for whoever made it; afterwards, what became of it."""
        return review.show(self)

    @expose("/basket/", methods=("POST",))
    def basket_view(self) -> ResponseReturnValue:
        """Keeps ticks from page to page; answers in JSON."""
        return basket.tick(self)

    @expose("/paste/", methods=("GET", "POST"))
    def paste_view(self) -> ResponseReturnValue:
        """Rows by a pasted list of emails, numbers or ids."""
        return pasting.paste(self)

    @expose("/cells/", methods=("GET", "POST"))
    def cells_view(self) -> ResponseReturnValue:
        """A block of cells out of a spreadsheet, as edits of several rows with one review."""
        return cells_page.paste(self)

    @expose("/lists/", methods=("GET", "POST"))
    def lists_view(self) -> ResponseReturnValue:
        """Lists with a name: one's own and shared ones."""
        return listing.show(self)

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> ResponseReturnValue:
        """The rows and columns of the grid as a file."""
        return exporting.export(self, export_type)

    @expose("/print/")
    def print_view(self) -> ResponseReturnValue:
        """The rows and columns of the grid on one page, for paper."""
        return printing.show(self)

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> ResponseReturnValue:
        """Suggestions for a relation in a form, as JSON."""
        return lookup.suggest(self)

    @expose("/ajax/update/", methods=("POST",))
    def ajax_update(self) -> ResponseReturnValue:
        """Saves one cell, by the rules of the form; answers in JSON."""
        return cells.update(self)
