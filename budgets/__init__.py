"""Owns a council's money: funds, their ledger, applications for it, payments and reports."""
