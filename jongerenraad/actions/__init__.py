"""Every write on councils that has a rule: who sits in them, and what they vote."""
