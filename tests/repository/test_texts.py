"""What no file may name: this machine, a package registry, documents that are not here."""

import re
from pathlib import Path

import pytest

# Split, so that the rule does not find itself.
REGISTRIES = [
    f"{host}.{domain}"
    for host, domain in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("download.pytorch", "org"),
        ("anaconda", "org"),
        ("registry.npmjs", "org"),
        ("proxy.golang", "org"),
    ]
]
MACHINE = re.compile(r"(?<![\w.~}])/(?:root|home|Users|work|opt|mnt)/\w")
DOCUMENT = re.compile(r"(?<![\w/*.-])(?:\.\./)?(?:[a-z][\w-]*/)*[a-z][a-z-]+\.md\b")

# Attacks name the places that they attack; the sandbox has a home of its own.
ELSEWHERE = ("tests/threats/", "nbclassroom/engine/", "tests/nbclassroom/engine/")
SHIPPED = "openllms/models/shipped/"  # their checksums stand in the registry
QUOTED = ("openllms/catalog/", "tests/submissions/")  # other repositories' documents; answers


@pytest.fixture(scope="module")
def texts(root: Path, files: list[str]) -> dict[str, str]:
    """Every text file by name."""
    found = {}
    for name in files:
        try:
            found[name] = (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


def test_no_package_registry_is_named(texts: dict[str, str]):
    """Packages come through the client's own settings, so that mirrors work."""
    found = [
        f"{name}: {host}" for name, text in texts.items() for host in REGISTRIES if host in text
    ]
    assert not found


def test_no_path_of_a_machine_is_named(texts: dict[str, str]):
    found = [
        f"{name}: {match[0]}"
        for name, text in texts.items()
        if not name.startswith(ELSEWHERE)
        for match in [MACHINE.search(text)]
        if match
    ]
    assert not found


def test_every_document_that_is_named_is_here(texts: dict[str, str]):
    here = {name.rpartition("/")[2] for name in texts}
    found = [
        f"{name}: {document}"
        for name, text in texts.items()
        if not name.startswith(QUOTED)
        for document in DOCUMENT.findall(text)
        if document.rpartition("/")[2] not in here
    ]
    assert not found


def test_every_text_is_unix_text(texts: dict[str, str]):
    odd = [name for name, text in texts.items() if "\r" in text or (text and text[-1] != "\n")]
    assert not [name for name in odd if not name.startswith((*QUOTED, SHIPPED))]
