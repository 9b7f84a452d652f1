"""Funds and their ledger, applications for money, payments and reports."""

from .application import (
    Application,
    Approval,
    CostLine,
    Deliberation,
    Document,
    Recusal,
    Stage,
    StageChange,
)
from .fund import ClosingDate, Fund
from .ledger import Account, Act, Balance, Entry, Posting
from .payment import PaymentImport, PaymentOrder
from .report import GrantReport, Receipt

__all__ = [
    "Account",
    "Act",
    "Application",
    "Approval",
    "Balance",
    "ClosingDate",
    "CostLine",
    "Deliberation",
    "Document",
    "Entry",
    "Fund",
    "GrantReport",
    "PaymentImport",
    "PaymentOrder",
    "Posting",
    "Receipt",
    "Recusal",
    "Stage",
    "StageChange",
]
