"""What staff see of students, contacts, who is whose contact, and what staff wrote down about them."""

from __future__ import annotations

from backoffice.core.access import Role, right
from backoffice.core.grid import Grid, Lines, Panel
from backoffice.students.models import Contact, Note, Student, StudentContact
from backoffice.students.scopes import (
    notes_of_own_students,
    own_contacts,
    own_notes,
    own_relationships,
    own_students,
)

SECRETS = ("date_of_birth", "age", "hold_reason")
FOR_FINANCE = (
    *(
        "student_number",
        "full_name",
        "given_name",
        "family_name",
        "sort_name",
        "preferred_name",
        "email",
        "phone",
        "city",
        "country_code",
    ),
    *("status", "financial_hold", "hold_reason", "billing_status", "balance", "balance_currency", "merged_into"),
    *("studying", "first_enrolled_on"),
    *("contacts", "enrollments", "invoices", "payments", "merged_from", "notes"),
)
CONTACT_DATA = ("email", "phone", "city", "preferred_name", "locale", "timezone", "bio")
MONEY = ("billing_status", "balance", "balance_currency")
ADDRESS = ("address_line1", "address_line2", "city", "region", "postcode")


class StudentGrid(Grid):
    """Every person who learns, past and present."""

    model = Student
    name = "students"
    group = "People"
    columns = (
        *("student_number", "full_name", "email", "city", "age", "status", "financial_hold"),
        *("billing_status", "created_at"),
    )
    form = (
        *("student_number", "full_name", "given_name", "family_name", "preferred_name", "email", "phone"),
        *("date_of_birth", "city", "country_code", "locale", "timezone", "bio", "status"),
        *("financial_hold", "hold_reason", "sourced_id", "merged_into", "archived_at"),
    )
    create_form = (
        *("student_number", "full_name", "given_name", "family_name", "preferred_name", "email", "phone"),
        *("date_of_birth", "city", "country_code", "locale", "timezone", "bio", "status"),
    )
    filters = (
        *("status", "city", "country_code", "age", "financial_hold", "billing_status", "balance", "studying"),
        *("created_at", "archived_at"),
    )
    default_sort = "sort_name"
    sections = {
        "Person": (
            *("student_number", "full_name", "given_name", "family_name", "preferred_name"),
            *("date_of_birth", "age", "bio"),
        ),
        "Contact": ("email", "phone", "city", "country_code", "locale", "timezone"),
        "Standing": ("status", "studying", "financial_hold", "hold_reason", "billing_status", "balance"),
        "Record": ("sourced_id", "merged_into", "archived_at", "created_at", "updated_at"),
    }
    panels = (
        Panel("Notes", "notes", ("created_at", "author", "text"), adds="text", in_story=True),
        Panel(
            "Enrollments", "enrollments", ("section", "status", "start_date", "end_date", "final_result"), in_story=True
        ),
        Panel("Invoices", "invoices", ("reference", "billing_status", "due_date", "total", "balance"), in_story=True),
        Panel("Payments", "payments", ("received_on", "kind", "status", "amount", "invoice"), in_story=True),
        Panel(
            "Contacts",
            "relationships",
            ("contact", "relationship", "is_primary", "is_payer", "is_emergency"),
            in_story=True,
        ),
    )
    # Without an order of their own: whom to ask first says "Primary".
    lines = (
        Lines(
            StudentContact, ("contact", "relationship", "is_primary", "is_payer", "is_emergency"), "Contacts", "contact"
        ),
    )
    adds_to = ("contacts",)
    each_gets = {"enrollments": ("section", "status", "applied_on", "start_date")}
    instead = (
        "Whoever has a history is kept: archive them by a date in “Archived at”, or set the status to withdrawn.",
        "archived_at",
    )
    rights = {
        Role.ADMIN: right("VCEDBX"),
        Role.REGISTRAR: right("VCEDBX"),
        Role.FINANCE: right("V", fields=FOR_FINANCE),
        Role.COURSE_EDITOR: right("V", hidden=(*SECRETS, "bio", *MONEY), scope=own_students),
        Role.SUPPORT: right("VE", hidden=SECRETS, editable=CONTACT_DATA),
        Role.READ_ONLY: right("V", hidden=SECRETS),
    }


class ContactGrid(Grid):
    """Parents, guardians, employers, sponsors."""

    model = Contact
    name = "contacts"
    group = "People"
    columns = ("full_name", "kind", "email", "phone", "city", "country_code")
    form = ("kind", "full_name", "email", "phone", *ADDRESS, "country_code")
    filters = ("kind", "city", "country_code", "created_at")
    default_sort = "full_name"
    sections = {
        "Contact": ("kind", "full_name", "email", "phone"),
        "Address": (*ADDRESS, "country_code"),
        "Record": ("created_at", "updated_at"),
    }
    panels = (
        Panel("Students", "relationships", ("student", "relationship", "is_primary", "is_payer", "is_emergency")),
        Panel("Invoices", "invoices", ("reference", "student", "billing_status", "due_date", "balance")),
    )
    adds_to = ("students",)
    rights = {
        Role.ADMIN: right("VCEDBX"),
        Role.REGISTRAR: right("VCEDBX"),
        Role.FINANCE: right("V"),
        Role.COURSE_EDITOR: right("V", hidden=ADDRESS, scope=own_contacts),
        Role.SUPPORT: right("VE", editable=("email", "phone", *ADDRESS, "country_code")),
        Role.READ_ONLY: right("V", hidden=ADDRESS),
    }


class RelationshipGrid(Grid):
    """Who is whose contact, and what they may do."""

    model = StudentContact
    name = "relationships"
    nouns = ("relationship", "relationships")
    group = "People"
    columns = ("student", "contact", "relationship", "is_primary", "is_payer", "is_emergency", "may_view_records")
    form = columns
    filters = ("relationship", "is_primary", "is_payer", "is_emergency", "may_view_records")
    default_sort = "id"
    rights = {
        Role.ADMIN: right("VCEDBX"),
        Role.REGISTRAR: right("VCEDBX"),
        Role.FINANCE: right("V"),
        Role.COURSE_EDITOR: right("V", scope=own_relationships),
        Role.SUPPORT: right("V"),
        Role.READ_ONLY: right("V"),
    }


class NoteGrid(Grid):
    """What staff wrote down about students.

    Whoever works with students reads all notes of those that they see and adds to them, and changes only their own:
    what somebody else heard is not theirs to reword. Administrators may, say for a note that should never have been
    written. Free text can say what other fields keep from a role, so whoever only looks on does not read it.
    """

    model = Note
    name = "notes"
    group = "People"
    columns = ("student", "text", "author", "created_at")
    form = ("student", "text")
    filters = ("author", "created_at")
    default_sort = "-created_at"
    sections = {"Note": ("student", "text"), "Record": ("author", "created_at", "updated_at")}
    rights = {
        Role.ADMIN: right("VCEDBX"),
        Role.REGISTRAR: right("VCEDX", changes=own_notes),
        Role.FINANCE: right("VCED", changes=own_notes),
        Role.COURSE_EDITOR: right("VCED", scope=notes_of_own_students, changes=own_notes),
        Role.SUPPORT: right("VCED", changes=own_notes),
    }


GRIDS = (StudentGrid, ContactGrid, RelationshipGrid, NoteGrid)
