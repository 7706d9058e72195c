import subprocess
import sys

_PROGRAM = """
import sys
import ojkaudit.signing
heavy = {"pyhanko", "pyhanko_certvalidator", "cryptography", "asn1crypto", "pikepdf"}
print(sorted(heavy & {name.split(".")[0] for name in sys.modules}))
"""


def test_importing_the_room_loads_no_cryptography() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
