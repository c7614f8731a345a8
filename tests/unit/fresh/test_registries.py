"""A bare machine gets what reaches the registries, and nothing else of this one."""

from pathlib import Path

import pytest

from tests.fresh import registries
from tests.fresh.registries import Registries, Source

ARCHIVE = "http://archive.example/debian/"
OS_RELEASE = "VERSION_CODENAME=bookworm\n"
SAID = {
    ("apt-get", "indextargets"): (
        f"{ARCHIVE} bookworm main\n{ARCHIVE} bookworm contrib\n{ARCHIVE} bookworm-updates main\n"
        "http://packages.example/tool/ stable main\n"
    ),
    ("apt-config", "dump"): (
        'Acquire::http::Proxy "http://proxy.example:3128";\nAcquire::IndexTargets::deb::Packages "";\n'
        'APT::Install-Recommends "1";\n'
    ),
    ("-m", "pip"): (
        ":env:.timeout='60'\nglobal.index-url='https://index.example/simple'\n"
        "global.extra-index-url='file:///srv/index https://second.example/simple'\nglobal.find-links='/srv/wheels'\n"
        "global.require-virtualenv='true'\n"
    ),
}


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine whose programs answer as told; its folder."""

    def said(*command: str) -> str:
        return next(text for words, text in SAID.items() if set(words) <= set(command))

    os_release = tmp_path / "os-release"
    os_release.write_text(OS_RELEASE)
    monkeypatch.setattr(registries, "_said", said)
    monkeypatch.setattr(registries, "_OS_RELEASE", os_release)
    monkeypatch.setattr(registries.shutil, "which", lambda name: f"/usr/bin/{name}")
    for name in (*registries._PROXIES, *map(str.upper, registries._PROXIES), *registries._CERTIFICATES):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_sources_are_those_of_the_release_and_go_for_any_release(machine: Path) -> None:
    known = registries.known_here()
    assert known.sources == (
        Source(ARCHIVE, "{}", ("main", "contrib")),
        Source(ARCHIVE, "{}-updates", ("main",)),
    )
    assert known.mirror == ARCHIVE
    known.write(machine / "root", release="trixie")
    written = (machine / "root/etc/apt/sources.list").read_text()
    assert written == f"deb {ARCHIVE} trixie main contrib\ndeb {ARCHIVE} trixie-updates main\n"


def test_settings_that_have_to_do_with_fetching_are_taken_and_no_others(machine: Path) -> None:
    known = registries.known_here()
    assert known.apt == {"Acquire::http::Proxy": "http://proxy.example:3128"}
    assert known.pip == {
        "timeout": "60",
        "index-url": "https://index.example/simple",
        "extra-index-url": "https://second.example/simple",
    }


def test_a_file_that_a_setting_names_is_taken_to_where_no_package_writes(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = machine / "authorities.crt"
    bundle.write_text("an authority")
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    known = registries.known_here()
    there = registries.CARRIED / bundle.relative_to("/")
    assert known.environment == {"SSL_CERT_FILE": str(there), "HTTPS_PROXY": "http://proxy.example:3128"}
    known.write(machine / "root", release="bookworm")
    assert (machine / "root" / there.relative_to("/")).read_text() == "an authority"


def test_without_an_archive_of_its_own_release_there_is_nothing_to_go_by(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SAID, ("apt-get", "indextargets"), "http://packages.example/tool/ stable main\n")
    with pytest.raises(registries.NoRegistries, match="bookworm"):
        registries.known_here()


def test_nothing_is_written_that_is_not_known(tmp_path: Path) -> None:
    Registries(sources=()).write(tmp_path, release="trixie")
    assert (tmp_path / "etc/pip.conf").read_text() == "[global]\n"
