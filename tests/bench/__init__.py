"""Measures pages against a bare Django page on the same server in the same run (make bench)."""
