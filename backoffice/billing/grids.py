"""What staff see of invoices, their lines, and payments."""

from __future__ import annotations

from backoffice.billing import standing, status  # noqa: F401 - what follows from the money is computed there
from backoffice.billing.models import Invoice, InvoiceLine, Payment
from backoffice.core.access import Role, right
from backoffice.core.clock import today
from backoffice.core.grid import Grid, Lines, Panel

FOR_REGISTRAR = (
    *("reference", "number", "student", "state", "billing_status", "due_date", "total", "balance", "currency"),
    *("lines", "payments"),
)


class InvoiceGrid(Grid):
    """What students are asked to pay."""

    model = Invoice
    name = "invoices"
    group = "Money"
    columns = (
        *("reference", "student", "state", "billing_status", "issue_date", "due_date"),
        *("total", "settled", "balance", "currency"),
    )
    form = (
        *("student", "bill_to", "currency", "state", "issue_date", "due_date"),
        *("reminder_count", "last_reminder_at", "void_reason"),
    )
    create_form = ("student", "bill_to", "currency", "due_date")
    not_copied = ("due_date",)
    filters = (
        *("state", "billing_status", "currency", "issue_date", "due_date", "total", "settled", "balance"),
        *("reminder_count", "disagrees"),
    )
    default_sort = "-id"
    sections = {
        "Invoice": ("reference", "student", "bill_to", "state", "billing_status", "void_reason"),
        "Amounts": ("total", "settled", "balance", "currency"),
        "Dates": ("issue_date", "due_date", "reminder_count", "last_reminder_at"),
        "Record": ("created_at", "updated_at"),
    }
    panels = (
        Panel("Lines", "lines", ("line_no", "kind", "description", "quantity", "unit", "amount"), sort="line_no"),
        Panel("Payments", "payments", ("received_on", "kind", "method", "status", "amount", "reference")),
    )
    steps = {"Issue": {"state": lambda: "issued"}}
    each_gets = {"payments": ("method", "received_on", "kind", "reference", "note")}
    lines = (Lines(InvoiceLine, ("kind", "description", "enrollment", "quantity", "unit"), "Lines", "line"),)
    instead = (
        "An invoice that was issued is kept: set its state to void, with a reason.",
        "state",
    )
    rights = {
        Role.ADMIN: right("VCEDBX"),
        Role.REGISTRAR: right("V", fields=FOR_REGISTRAR),
        Role.FINANCE: right("VCEDBX"),
        Role.SUPPORT: right("V"),
        Role.READ_ONLY: right("V"),
    }


class LineGrid(Grid):
    """What the invoices are made of."""

    model = InvoiceLine
    name = "lines"
    title = "Invoice lines"
    nouns = ("invoice line", "invoice lines")
    group = "Money"
    columns = ("invoice", "line_no", "kind", "description", "quantity", "unit", "amount", "currency", "enrollment")
    form = (
        *("invoice", "line_no", "kind", "description", "enrollment", "discount_code"),
        *("quantity", "unit", "currency"),
    )
    follows = {"invoice": {"currency": "currency"}}
    filters = ("kind", "discount_code", "amount", "currency", "invoice.state", "invoice.issue_date")
    default_sort = "-id"
    rights = {
        Role.ADMIN: right("VCEDBX"),
        Role.REGISTRAR: right("V", hidden=("discount_code",)),
        Role.FINANCE: right("VCEDBX"),
        Role.SUPPORT: right("V"),
        Role.READ_ONLY: right("V"),
    }


class PaymentGrid(Grid):
    """The ledger."""

    model = Payment
    name = "payments"
    group = "Money"
    columns = (
        *("received_on", "student", "invoice", "kind", "method", "status", "amount", "currency"),
        *("reference", "recorded_by"),
    )
    form = (
        *("student", "invoice", "kind", "method", "status", "amount", "currency", "received_on"),
        *("reference", "gateway", "gateway_ref", "refund_of", "note"),
    )
    not_copied = ("reference", "gateway", "note", "refund_of")
    starts = {"status": lambda: "succeeded", "received_on": lambda: today().isoformat()}
    follows = {"invoice": {"student": "student", "currency": "currency", "amount": "balance"}}
    filters = ("kind", "method", "status", "amount", "currency", "received_on", "recorded_by", "invoice")
    default_sort = "-received_on"
    sections = {
        "Payment": ("student", "invoice", "kind", "method", "status", "refund_of", "note"),
        "Amount": ("amount", "currency", "received_on"),
        "Origin": ("reference", "gateway", "gateway_ref", "idempotency_key", "recorded_by"),
        "Record": ("created_at", "updated_at"),
    }
    panels = (Panel("Refunds", "payments", ("received_on", "status", "amount", "currency", "note"), by="refund_of"),)
    instead = (
        "A payment is kept: set its status to void, or enter a refund.",
        "status",
    )
    rights = {
        Role.ADMIN: right("VCEDBX"),
        Role.REGISTRAR: right(
            "V", fields=("student", "invoice", "kind", "status", "amount", "currency", "received_on")
        ),
        Role.FINANCE: right("VCEDBX"),
        Role.SUPPORT: right("V"),
        Role.READ_ONLY: right("V"),
    }


GRIDS = (InvoiceGrid, LineGrid, PaymentGrid)
