"""What happens around every request: the gate, forged and oversized requests, headers, error pages, logs, static files."""
