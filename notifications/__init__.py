"""Owns what people are told: kinds, preferences, inbox, outbox, weekly letter, follows."""
