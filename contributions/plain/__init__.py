"""Plain words: how hard a text of staff is to read, what makes it so, and why it may stay so."""
