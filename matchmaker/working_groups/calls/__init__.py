"""Open calls (公募) that members answer with proposals."""
