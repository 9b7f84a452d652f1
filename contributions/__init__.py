"""Owns what every participant's text shares: status, review, decisions, pictures, revisions."""
