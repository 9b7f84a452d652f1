"""Owns the places: municipalities, districts, neighbourhoods, and the terms that hold there."""
