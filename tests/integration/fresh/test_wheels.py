"""Pins without a wheel are named, whichever Python it is that has none."""

import io
import tarfile
import zipfile

import pytest

from tests.fresh import wheels


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A folder that is the only place where pip looks."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def lock(tmp_path):
    """A lock file with these lines."""

    def write(*lines):
        path = tmp_path / "some.lock"
        path.write_text("\n".join(["--only-binary :all:", *lines, ""]))
        return (path,)

    return write


def wheel(folder, name, tag):
    """Put a wheel into the index."""
    with zipfile.ZipFile(folder / f"{name}-1.0-{tag}.whl", "w") as packed:
        packed.writestr(
            f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        )
        packed.writestr(
            f"{name}-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n"
        )
        packed.writestr(f"{name}-1.0.dist-info/RECORD", "")


def source(folder, name):
    """Put a source distribution into the index."""
    with tarfile.open(folder / f"{name}-1.0.tar.gz", "w:gz") as packed:
        told = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode()
        entry = tarfile.TarInfo(f"{name}-1.0/PKG-INFO")
        entry.size = len(told)
        packed.addfile(entry, io.BytesIO(told))


def test_pins_with_wheels_are_found_and_not_asked_for_again(index, lock, tmp_path):
    wheel(index, "plain", "py3-none-any")
    for python in ("311", "312", "313"):
        wheel(index, "compiled", f"cp{python}-cp{python}-manylinux_2_28_x86_64")
    locks = lock("plain==1.0", "compiled==1.0")
    assert wheels.check(locks, stamp=tmp_path / "stamp") == []
    for file in index.iterdir():
        file.unlink()
    assert wheels.check(locks, stamp=tmp_path / "stamp") == []
    assert wheels.check(locks, stamp=tmp_path / "other") != []


def test_a_pin_that_is_source_alone_is_named(index, lock, tmp_path):
    wheel(index, "plain", "py3-none-any")
    source(index, "compiled")
    said = wheels.check(lock("plain==1.0", "compiled==1.0"), stamp=tmp_path / "stamp")
    assert any(line.startswith("Python 3.11: ") and "compiled==1.0" in line for line in said)


def test_a_pin_without_a_wheel_for_the_newest_python_alone_is_named(index, lock, tmp_path):
    wheel(index, "plain", "py3-none-any")
    wheel(index, "compiled", "cp311-cp311-manylinux_2_28_x86_64")
    wheel(index, "compiled", "cp312-cp312-manylinux_2_28_x86_64")
    said = wheels.check(lock("plain==1.0", "compiled==1.0"), stamp=tmp_path / "stamp")
    assert said
    assert all(line.startswith("Python 3.13: ") for line in said)


def test_a_wheel_for_a_newer_glibc_than_the_oldest_debian_has_is_none(index, lock, tmp_path):
    wheel(index, "compiled", "cp311-abi3-manylinux_2_38_x86_64")
    assert wheels.check(lock("compiled==1.0"), stamp=tmp_path / "stamp")
