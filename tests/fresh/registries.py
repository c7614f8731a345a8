"""What this machine knows of the package registries, so that a bare one reaches them too: settings, nothing else."""

import ast
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

# Where the files that settings name lie in the bare machine: a package may write anew those of the system.
CARRIED = Path("/usr/local/share/registries")
_LOCAL_AUTHORITIES = Path("/usr/local/share/ca-certificates")
_OS_RELEASE = Path("/etc/os-release")
_PROXIES = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy")
_CERTIFICATES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO")
_PIP = ("index-url", "extra-index-url", "trusted-host", "cert", "client-cert", "proxy", "timeout", "retries")
# What apt fetches with; which lists it fetches besides, and how it packs them, is the machine's own taste.
_APT = re.compile(
    r'^(Acquire::(?:http|https|ftp|Check|Max|Min|Retries|Force|Allow)[^ ]*) "(.+)";$', re.MULTILINE
)


class NoRegistries(RuntimeError):
    """Nothing on this machine says where Debian's packages are to be had."""


@dataclass(frozen=True)
class Source:
    """A part of Debian's archive: its address, its suite (with `{}` for the release's name), its components."""

    address: str
    suite: str
    components: tuple[str, ...]


@dataclass
class Registries:
    """What reaches the registries: environment, apt's sources and settings, pip's settings, files these name."""

    sources: tuple[Source, ...]
    environment: dict[str, str] = field(default_factory=dict)
    apt: dict[str, str] = field(default_factory=dict)
    pip: dict[str, str] = field(default_factory=dict)
    carried: dict[Path, Path] = field(default_factory=dict)

    @property
    def mirror(self) -> str:
        """The address from which a release itself comes."""
        return next(source.address for source in self.sources if source.suite == "{}")

    def write(self, root: Path, *, release: str) -> None:
        """Write the settings into a machine that has this root folder."""
        for here, there in self.carried.items():
            _copy(here, root / there.relative_to("/"))
        for authority in _LOCAL_AUTHORITIES.rglob("*.crt"):
            _copy(authority, root / authority.relative_to("/"))
        _write(root / "etc/apt/sources.list", self._sources_of(release))
        _write(
            root / "etc/apt/apt.conf.d/90registries", "".join(f'{k} "{v}";\n' for k, v in self.apt.items())
        )
        settings = "".join(f"{key} = {value}\n" for key, value in self.pip.items())
        _write(root / "etc/pip.conf", f"[global]\n{settings}")
        _copy(Path("/etc/resolv.conf"), root / "etc/resolv.conf")

    def _sources_of(self, release: str) -> str:
        lines = [
            f"deb {source.address} {source.suite.format(release)} {' '.join(source.components)}\n"
            for source in self.sources
        ]
        return "".join(lines)


def known_here() -> Registries:
    """Collect what this machine knows.

    Raises:
        NoRegistries: apt names no archive of the release that runs here.
    """
    found = Registries(sources=_sources())
    for name in (*_PROXIES, *map(str.upper, _PROXIES)):
        if name in os.environ:
            found.environment[name] = os.environ[name]
    for name in _CERTIFICATES:
        if name in os.environ:
            found.environment[name] = _carried(os.environ[name], found)
    found.apt = {key: _carried(value, found) for key, value in _APT.findall(_said("apt-config", "dump"))}
    found.pip = {key: _carried(value, found) for key, value in _pip_settings().items()}
    return found


def _sources() -> tuple[Source, ...]:
    name = re.search(r"^VERSION_CODENAME=(\w+)", _OS_RELEASE.read_text(), re.MULTILINE)
    if name is None or shutil.which("apt-get") is None:
        raise NoRegistries("this is no Debian: nothing here says where its packages are to be had")
    form = "$(REPO_URI) $(RELEASE) $(COMPONENT)"
    components: dict[tuple[str, str], list[str]] = {}
    for line in _said("apt-get", "indextargets", "--format", form, "Identifier: Packages").splitlines():
        address, suite, component = line.split(" ", 2)
        if suite.partition("-")[0] == name[1]:
            places = components.setdefault((address, suite.replace(name[1], "{}", 1)), [])
            places.extend({component}.difference(places))
    found = tuple(Source(address, suite, tuple(parts)) for (address, suite), parts in components.items())
    if not any(source.suite == "{}" for source in found):
        raise NoRegistries(f"apt names no archive of {name[1]} (apt-get indextargets)")
    return found


def _pip_settings() -> dict[str, str]:
    """Return pip's settings from its files and environment; indexes in folders of this machine are not registries."""
    settings: dict[str, str] = {}
    for line in _said(sys.executable, "-m", "pip", "config", "list").splitlines():
        name, _, value = line.partition("=")
        key = name.rpartition(".")[2]
        if key in _PIP and name.startswith(("global.", "install.", ":env:.")):
            kept = [each for each in ast.literal_eval(value).split() if not each.startswith("file:")]
            settings |= {key: " ".join(kept)} if kept else {}
    return settings


def _carried(value: str, registries: Registries) -> str:
    """Return the setting as it has to be there: a file that it names is taken along."""
    here = Path(value)
    if not here.is_absolute() or not here.is_file():
        return value
    there = CARRIED / here.relative_to("/")
    registries.carried[here] = there
    return str(there)


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _copy(here: Path, there: Path) -> None:
    there.parent.mkdir(parents=True, exist_ok=True)
    there.unlink(missing_ok=True)
    there.write_bytes(here.read_bytes())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
