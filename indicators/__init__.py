"""Owns what the deal is about and what is measured: themes, interventions, figures, charts."""
