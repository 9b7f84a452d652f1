"""Every write about a council's money that has a rule, by who does it."""
