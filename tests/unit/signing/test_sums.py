import subprocess
from pathlib import Path

import pytest

from ojkaudit.errors import UsageError
from ojkaudit.signing import write_sums
from ojkaudit.signing.sums import parse_sums
from tests.support.needs import need_program


def test_sums_are_what_sha256sum_prints_and_checks(tmp_path: Path) -> None:
    program = need_program("sha256sum", "coreutils")
    names = ("b.json", "a.pdf", "evidence.zip")
    for name in names:
        (tmp_path / name).write_bytes(name.encode() * 1000)
    sums = write_sums(tmp_path, names)
    printed = subprocess.run(
        [program, *sorted(names)], cwd=tmp_path, capture_output=True, check=True
    )
    assert sums == printed.stdout
    assert list(parse_sums(sums)) == sorted(names)
    (tmp_path / "SHA256SUMS").write_bytes(sums)
    subprocess.run(
        [program, "--check", "--strict", "SHA256SUMS"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )


@pytest.mark.parametrize(
    "name",
    ["", "..", ".", "a/b", "../a", "a b", "-rf", ".tersembunyi", "a\nb", "a\\b", "é", "a" * 101],
)
def test_odd_names_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        write_sums(tmp_path, [name])


def test_no_name_and_a_name_twice_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(UsageError):
        write_sums(tmp_path, [])
    with pytest.raises(UsageError):
        write_sums(tmp_path, ["a", "a"])


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="hilang cannot be read"):
        write_sums(tmp_path, ["hilang"])
