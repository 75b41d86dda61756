"""Invoices, their lines and the ledger of payments."""
