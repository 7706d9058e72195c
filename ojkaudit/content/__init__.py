"""From files to the vocabulary: configuration, rules, documents, profiles and cases."""

from __future__ import annotations

from ojkaudit.content.cases import RuleCase, RuleCases, load_cases
from ojkaudit.content.catalog import CatalogFiles, load_catalog, read_catalog
from ojkaudit.content.config import load_config
from ojkaudit.content.marked import Marked
from ojkaudit.content.profiles import (
    load_profile,
    load_profiles,
    select_rules,
    shipped_profiles,
)
from ojkaudit.content.rule_lint import lint
from ojkaudit.content.starter import starter_text
from ojkaudit.content.yaml_reader import parse_documents, read_document, read_documents
from ojkaudit.content.yaml_scalars import Scalars

__all__ = [
    "CatalogFiles",
    "Marked",
    "RuleCase",
    "RuleCases",
    "Scalars",
    "lint",
    "load_cases",
    "load_catalog",
    "load_config",
    "load_profile",
    "load_profiles",
    "parse_documents",
    "read_catalog",
    "read_document",
    "read_documents",
    "select_rules",
    "shipped_profiles",
    "starter_text",
]
