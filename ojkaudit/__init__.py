"""ojkaudit: a compliance auditor for Indonesian fintech lenders."""

__version__ = "0.1.0"
