"""Translation by a machine: what it is asked, what never leaves for it, and what it may cost."""
