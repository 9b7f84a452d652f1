"""Owns councils: their terms, seats and members, and what they vote on."""
