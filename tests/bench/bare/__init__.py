"""A bare Django project: what a page costs at the least."""
