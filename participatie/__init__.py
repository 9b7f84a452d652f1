"""Owns the whole: settings, addresses, home and area pages, tasks of the house, health."""

from .celery import app as celery_app

__all__ = ["celery_app"]
