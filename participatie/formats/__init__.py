"""How dates and numbers are written, where Django writes them as its readers here do not."""
