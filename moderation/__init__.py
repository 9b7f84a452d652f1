"""Owns the screens for reviewing: the queue and the decision. The rules are in contributions."""
