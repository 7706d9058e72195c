import logging

import pytest

from ojkaudit.errors import KeyMaterialError
from ojkaudit.signing import make_demo_key
from ojkaudit.signing.certificates import load_certificates, names_revocation
from ojkaudit.signing.quiet import quiet_libraries
from tests.support.pki import NOW


def test_demo_key_is_new_each_time_and_names_no_revocation() -> None:
    first, second = (make_demo_key(now=NOW, common_name="Peraga") for _ in range(2))
    assert first.root_pem != second.root_pem
    assert first.key.fingerprint_sha256 != second.key.fingerprint_sha256
    (leaf,) = load_certificates(first.key.certificate_pem)
    assert not names_revocation(leaf)
    assert first.key.not_before < NOW < first.key.not_after


@pytest.mark.parametrize("name", ["", "x" * 65])
def test_unusable_names_are_refused(name: str) -> None:
    with pytest.raises(KeyMaterialError):
        make_demo_key(now=NOW, common_name=name)


def test_libraries_are_quiet_only_inside_the_block(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("pyhanko.sign.validation")
    with caplog.at_level(logging.WARNING):
        with quiet_libraries():
            logger.error("hidden")
        logger.error("shown")
    assert caplog.messages == ["shown"]
