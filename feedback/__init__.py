"""Owns what people see in their street beside the figures, and what was done with it."""
