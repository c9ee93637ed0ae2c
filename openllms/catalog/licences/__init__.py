"""The terms of model licences as data, and what they say about a use. No legal advice."""

from openllms.catalog.licences.loading import licence, licences
from openllms.catalog.licences.schema import Duty, Licence, Silence, Term, Terms
from openllms.catalog.licences.verdict import NOTE, Reason, Use, Verdict, may_use

__all__ = [
    "NOTE",
    "Duty",
    "Licence",
    "Reason",
    "Silence",
    "Term",
    "Terms",
    "Use",
    "Verdict",
    "licence",
    "licences",
    "may_use",
]
