"""The one sentence each finding says of itself, in both languages."""

from __future__ import annotations

from ojkaudit.model.catalog import Rule
from ojkaudit.model.evidence import Coverage
from ojkaudit.model.outcome import CoverageStatus, OnEmpty
from ojkaudit.model.text import Text


def passed(rule: Rule) -> Text:
    """Say that the subject is as the rule expects."""
    return Text(
        id=f"Sesuai: {_sentence(rule.expected.id)}",
        en=f"As expected: {_sentence(rule.expected.en)}",
    )


def failed(rule: Rule) -> Text:
    """Say that the subject is not as the rule expects."""
    return Text(
        id=f"Tidak terpenuhi: {_sentence(rule.expected.id)}",
        en=f"Not met: {_sentence(rule.expected.en)}",
    )


def not_applicable(rule: Rule) -> Text:
    """Say why the rule does not speak of the subject."""
    return rule.applies_reason or Text(
        id="Aturan ini tidak berlaku bagi objek ini.", en="The rule does not apply to this object."
    )


def weak_evidence(rule: Rule) -> Text:
    """Say what is missing before the subject can be judged."""
    return rule.unknown_reason or Text(
        id="Bukti terlalu lemah untuk dinilai.", en="The evidence is too weak to judge."
    )


def expression_error(expression: str, detail: str, place: str, path: str) -> Text:
    """Say which expression could not be evaluated, where, and which field is missing."""
    at = f" ({place})" if place else ""
    missing = f" [{path}]" if path and path not in detail else ""
    return Text(
        id=f"Ungkapan '{expression}' tidak dapat dinilai{at}: {detail}{missing}. Periksa apakah"
        " bukti lengkap dan hak baca cukup.",
        en=f"Expression '{expression}' has no value{at}: {detail}{missing}. Check that the"
        " evidence is complete and the right to read it is held.",
    )


def internal_fault(name: str) -> Text:
    """Say that judging this subject met a fault of the program itself."""
    return Text(
        id=f"Kesalahan program saat menilai objek ini ({name}); laporkan kepada pembuat ojkaudit.",
        en=f"A fault of the program while judging this object ({name}); report it to its makers.",
    )


def in_list(label: str, text: Text) -> Text:
    """Say which resource of a list a sentence speaks of."""
    return Text(id=f"{label}: {text.id}", en=f"{label}: {text.en}")


def contradicting(kind: str) -> Text:
    """Say that the evidence holds one resource twice, with different content."""
    return Text(
        id=f"Bukti memuat {kind} ini lebih dari sekali dengan isi berbeda; kumpulkan ulang.",
        en=f"The evidence holds this {kind} more than once with different content; collect again.",
    )


def no_collector(kind: str, family: str) -> Text:
    """Say that this release cannot read the kind."""
    return Text(
        id=f"Rilis ini belum dapat membaca {kind}: tidak ada pengumpul untuk '{family}'.",
        en=f"This release cannot read {kind}: there is no collector for '{family}'.",
    )


def no_target(kind: str, family: str) -> Text:
    """Say that no target of the family was collected."""
    return Text(
        id=f"{kind} tidak dibaca: tidak ada target '{family}'. Tambahkan di bagian targets"
        " ojkaudit.yaml lalu kumpulkan ulang.",
        en=f"{kind} was not read: there is no '{family}' target. Add one to the targets of"
        " ojkaudit.yaml and collect again.",
    )


def not_collected(target: str, kind: str) -> Text:
    """Say that the snapshot does not tell whether the kind was read."""
    return Text(
        id=f"{kind} tidak dikumpulkan dari {target}. Kumpulkan ulang dengan profil yang sama.",
        en=f"{kind} was not collected from {target}. Collect again with the same profile.",
    )


def absent(target: str, kind: str, detail: str) -> Text:
    """Say that the target does not serve the kind at all."""
    return Text(
        id=f"{target} tidak memiliki {kind}{_detail(detail)}.",
        en=f"{target} does not have {kind}{_detail(detail)}.",
    )


def incomplete(coverage: Coverage) -> Text:
    """Say how reading the kind went wrong, and what would mend it."""
    kind, target = coverage.kind, coverage.target
    detail = _detail(
        coverage.detail or (f"HTTP {coverage.http_status}" * bool(coverage.http_status))
    )
    match coverage.status:
        case CoverageStatus.DENIED:
            right = coverage.missing_right or f"read {kind}"
            return Text(
                id=f"{kind} pada {target} tidak boleh dibaca{detail}. Berikan hak: {right}.",
                en=f"Reading {kind} on {target} is denied{detail}. Grant: {right}.",
            )
        case CoverageStatus.PARTIAL:
            return Text(
                id=f"{kind} pada {target} hanya terbaca sebagian{detail}. Kumpulkan ulang.",
                en=f"{kind} on {target} was read only in part{detail}. Collect again.",
            )
        case CoverageStatus.STALE:
            return Text(
                id=f"{kind} pada {target} sudah usang{detail}. Kumpulkan ulang.",
                en=f"{kind} on {target} is stale{detail}. Collect again.",
            )
        case _:
            return Text(
                id=f"{kind} pada {target} gagal dibaca{detail}. Perbaiki lalu kumpulkan ulang.",
                en=f"Reading {kind} on {target} failed{detail}. Mend it and collect again.",
            )


def miscounted(target: str, kind: str, promised: int, held: int) -> Text:
    """Say that evidence is missing from, or was added to, what was read."""
    return Text(
        id=f"Bukti {kind} dari {target} tidak utuh: {promised} terbaca, {held} tersimpan."
        " Kumpulkan ulang.",
        en=f"Evidence of {kind} from {target} is not whole: {promised} read, {held} kept."
        " Collect again.",
    )


def too_old(target: str, kind: str, read_at: str, hours: int) -> Text:
    """Say that the evidence is older than the rule allows."""
    return Text(
        id=f"{kind} dari {target} dibaca pada {read_at}, lebih dari {hours} jam yang lalu."
        " Kumpulkan ulang.",
        en=f"{kind} of {target} was read at {read_at}, more than {hours} hours ago. Collect again.",
    )


def from_the_future(target: str, kind: str, read_at: str) -> Text:
    """Say that the evidence claims to be read after the time of judging."""
    return Text(
        id=f"{kind} dari {target} tercatat dibaca pada {read_at}, setelah waktu penilaian."
        " Periksa jam komputer lalu kumpulkan ulang.",
        en=f"{kind} of {target} claims to be read at {read_at}, after the time of judging."
        " Check the clocks and collect again.",
    )


def empty(rule: Rule, target: str, kinds: str) -> Text:
    """Say that a complete listing held no subject, and what that means for the rule."""
    found_id = f"Tidak ada {kinds} yang dinilai aturan ini pada {target}; daftar terbaca lengkap"
    found_en = f"No {kinds} on {target} is a subject of this rule; the listing was complete"
    match rule.on_empty:
        case OnEmpty.PASS if rule.empty_ok_because is not None:
            return Text(
                id=f"{found_id}. {_sentence(rule.empty_ok_because.id)}",
                en=f"{found_en}. {_sentence(rule.empty_ok_because.en)}",
            )
        case OnEmpty.FAIL:
            return Text(
                id=f"{found_id}. Diharapkan: {_sentence(rule.expected.id)}",
                en=f"{found_en}. Expected: {_sentence(rule.expected.en)}",
            )
        case _:
            return Text(id=f"{found_id}.", en=f"{found_en}.")


def together(texts: tuple[Text, ...], shown: int = 3) -> Text:
    """Return the first few sentences in one text, with the number of those left out."""
    more = len(texts) - shown
    tail_id, tail_en = (f" (+{more} lagi)", f" (+{more} more)") if more > 0 else ("", "")
    return Text(
        id=" ".join(text.id for text in texts[:shown]) + tail_id,
        en=" ".join(text.en for text in texts[:shown]) + tail_en,
    )


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _detail(detail: str) -> str:
    detail = detail.strip().rstrip(".")
    return f" ({detail})" if detail else ""
