"""What people are told of: kinds, preferences, inbox, outbox, weekly letter, what they follow."""
