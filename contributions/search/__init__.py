"""Finding texts by their words, the same on both databases: see docs/adr/0022."""
