"""Posters and pocket cards: made on paper in the languages of a street, and how far they reach."""
