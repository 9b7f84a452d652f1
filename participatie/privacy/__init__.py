"""One's own data: taking it out, and leaving."""
