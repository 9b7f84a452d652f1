"""Owns people: their account, their roles, how they sign in and what they tell of themselves."""
