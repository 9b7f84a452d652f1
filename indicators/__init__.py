"""Owns what the deal is about: themes, target groups and interventions; later its figures."""
