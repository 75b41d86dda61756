"""What the twelve tasks are, and the script for each in both products."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.tasks import ours, theirs
from tests.benchmarks.tasks.desk import Script


@dataclass(frozen=True)
class Task:
    """`theirs` is a sentence where Django's admin has nothing that leads there."""

    words: str
    ours: Script
    theirs: Script | str


TASKS = {
    "email": Task("find a student by a fragment, correct the e-mail", ours.correct_an_email, theirs.correct_an_email),
    "undo": Task("undo that", ours.undo, theirs.undo),
    "enroll": Task("enroll five students into a section", ours.enroll_five, theirs.enroll_five),
    "withdraw": Task("withdraw a cohort", ours.withdraw_a_cohort, theirs.withdraw_a_cohort),
    "paid": Task("mark twenty invoices paid", ours.mark_twenty_paid, theirs.mark_twenty_paid),
    "export": Task(
        "export a filtered list with chosen columns", ours.export_chosen_columns, "not there: it exports nothing"
    ),
    "view": Task(
        "build a two-level filter, save it as the team's view",
        ours.save_a_view_for_the_team,
        "not there: no OR between filters, no saved views",
    ),
    "history": Task("find who changed a field last month", ours.who_changed_it, theirs.who_changed_it),
    "paste": Task("fix ten cells by pasting (Django: one by one)", ours.paste_ten_cells, theirs.fix_ten_cells),
    "print": Task("print a roster", ours.print_a_roster, theirs.print_a_roster),
    "invoice": Task("find an invoice by its number from anywhere", ours.find_an_invoice, theirs.find_an_invoice),
    "question": Task(
        "how many active students last term against this", ours.answer_a_question, theirs.answer_a_question
    ),
}
