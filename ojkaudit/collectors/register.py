"""Reads the register: sites, certificates and records that people keep, with their files' digests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ojkaudit import canonical
from ojkaudit.collectors.interface import Check, CollectionContext
from ojkaudit.model.codec import encode
from ojkaudit.model.config import Register, Site
from ojkaudit.model.evidence import (
    Coverage,
    EvidenceSink,
    Payload,
    ResourceRef,
    TargetInfo,
    make_resource,
)
from ojkaudit.model.outcome import CoverageStatus

FAMILY = "register"

SECTIONS: Mapping[str, str] = {
    "register/AccessReview": "access_reviews",
    "register/ApprovedHost": "approved_hosts",
    "register/Assessment": "assessments",
    "register/Attestation": "attestations",
    "register/DrTest": "dr_tests",
    "register/KeyEscrow": "key_escrow",
    "register/Privacy": "privacy",
    "register/RestoreTest": "restore_tests",
    "register/Ropa": "ropa",
    "register/System": "systems",
    "register/Vendor": "vendors",
}
"""Kind → section of the configuration's `register:`; sites come from `sites:`."""

SITE_KIND = "register/Site"
ATTESTATION_KIND = "register/Attestation"

_LEGAL_FORM = frozenset({"pt", "perseroan", "terbatas", "tbk", "persero"})


class RegisterCollector:
    """Turns the checked configuration into evidence; the only files it reads are those it names."""

    def __init__(
        self,
        *,
        sites: tuple[Site, ...],
        register: Register,
        address: str,
        institution: str = "",
    ) -> None:
        """Keep what the configuration declares.

        Args:
            sites: The site register.
            register: The other records, with the folder their files are relative to.
            address: Name of the configuration file, as shown in reports.
            institution: Name of who is audited, against which holders are compared; empty: not
                compared.
        """
        self._sites = sites
        self._register = register
        self._address = address
        self._institution = institution

    @property
    def target_id(self) -> str:
        """Id of the one register."""
        return FAMILY

    @property
    def family(self) -> str:
        """Family of the kinds it yields."""
        return FAMILY

    def collect(self, context: CollectionContext, sink: EvidenceSink) -> None:
        """Record each wanted kind; a section that is not in the file is `absent`, not empty."""
        sink.target(TargetInfo(id=FAMILY, family=FAMILY, address=self._address))
        for kind in context.kinds:
            payloads = self._payloads(kind)
            for payload in payloads or ():
                ref = ResourceRef(target=FAMILY, kind=kind, name=str(payload["id"]))
                sink.resource(make_resource(ref, payload))
            context.progress(FAMILY, kind, len(payloads or ()))
            sink.coverage(self._coverage(kind, payloads, context))

    def check(self, context: CollectionContext) -> tuple[Check, ...]:
        """Return one line for each record whose file is missing or altered."""
        checks = tuple(
            _file_check(kind, payload)
            for kind in SECTIONS
            for payload in self._payloads(kind) or ()
            if payload.get("file") and not payload["evidence_ok"]
        )
        matching = Check(name="register files", ok=True, detail="every named file matches")
        return checks or (matching,)

    def _payloads(self, kind: str) -> tuple[Payload, ...] | None:
        if kind == SITE_KIND:
            return tuple(map(site_payload, self._sites))
        section = SECTIONS.get(kind)
        records = self._register.records.get(section) if section else None
        if records is None:
            return None
        payloads = tuple(record_payload(record, self._register.base_dir) for record in records)
        if kind != ATTESTATION_KIND or not self._institution:
            return payloads
        return tuple(
            {**payload, "holder_is_institution": self._is_holder(payload)} for payload in payloads
        )

    def _is_holder(self, payload: Payload) -> bool:
        return same_company(str(payload.get("holder", "")), self._institution)

    def _coverage(
        self, kind: str, payloads: tuple[Payload, ...] | None, context: CollectionContext
    ) -> Coverage:
        detail = ""
        if payloads is None:
            section = SECTIONS.get(kind)
            detail = (
                f"no section 'register.{section}' in the configuration"
                if section
                else "not a kind of the register"
            )
        return Coverage(
            target=FAMILY,
            kind=kind,
            status=CoverageStatus.ABSENT if payloads is None else CoverageStatus.COMPLETE,
            verb="READ",
            count=len(payloads or ()),
            read_at=context.clock(),
            detail=detail,
            requests=1,
        )


def site_payload(site: Site) -> Payload:
    """Return a site as evidence: its fields, with declared extras beside them."""
    data = encode(site)
    assert isinstance(data, dict)  # noqa: S101 - a dataclass encodes to an object
    extra = data.pop("extra")
    return {**extra, **{name: value for name, value in data.items() if value is not None}}


def record_payload(record: Payload, base_dir: Path) -> Payload:
    """Return a record with what its file really is: `file_sha256`, `file_ok`, `evidence_ok`.

    `file_ok` is true only when the file exists and the record declares exactly its SHA-256.
    """
    name = record.get("file")
    actual = file_sha256(base_dir / str(name)) if name else ""
    matches = bool(actual) and actual == str(record.get("sha256", "")).lower()
    return {**record, "file_sha256": actual, "file_ok": matches, "evidence_ok": matches}


def same_company(one: str, other: str) -> bool:
    """Return whether two names are one company's, whatever their case, stops and legal form."""
    names = [
        [word for word in re.findall(r"\w+", name.casefold()) if word not in _LEGAL_FORM]
        for name in (one, other)
    ]
    return names[0] == names[1] and bool(names[0])


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hex, or an empty string when it cannot be read."""
    try:
        return canonical.sha256_file(path)
    except OSError:
        return ""


def _file_check(kind: str, payload: Payload) -> Check:
    missing = not payload["file_sha256"]
    what = "is missing or unreadable" if missing else "is not the file the register describes"
    return Check(
        name=f"{kind} {payload['id']}",
        ok=False,
        detail=f"file {payload['file']} {what}",
        remedy="put the file back, or record the SHA-256 of the right one (sha256sum FILE)",
    )
