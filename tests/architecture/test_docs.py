"""Documents lead somewhere: links, anchors, paths they name, and an index of the decisions that has them all."""

import os
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from deploy.local.hall import PAGES
from deploy.local.hall import main as hall
from tests.shared import ROOT

# What no clone has, or what others wrote.
_NOT_OURS = {
    ".git",
    ".venv",
    ".run",
    "node_modules",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
}
# It tells what was, also of what has another name by now.
_HISTORY = "CHANGELOG.md"
_DECISIONS = ROOT / "docs" / "decisions"
_PARTS = ("**What", "**Why", "**Revisit when**", "**Rests on.**")

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`")
_LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^()\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_INDEXED = re.compile(r"\[(?P<title>[^\]]+)\]\(docs/decisions/(?P<file>[^)]+)\)")
# A path is told by a folder and the end of a file's name.
_PATH = re.compile(
    r"`((?:[\w.-]+/)+[\w.-]*\.(?:py|js|css|html|sql|csv|json|yml|toml|md|sh|env|conf|png|po))`"
)

# `GET /reports/{kind}` or `/api/v1/imports/{id}`, up to a question mark or a body.
_API = re.compile(r"`(?:(?:GET|POST|PATCH|PUT|DELETE) (?:/api/v1)?|/api/v1)(/(?:[a-z0-9_./-]|\{[^}: ]+\})+)")


@cache
def files() -> list[str]:
    """Return every file of the repository, by its path below the root."""
    found = []
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name not in _NOT_OURS]
        found += [str((Path(folder) / name).relative_to(ROOT)) for name in names]
    return sorted(found)


def documents() -> list[str]:
    """Return the documents, by their paths below the root."""
    return [name for name in files() if name.endswith(".md")]


@cache
def anchors(path: Path) -> frozenset[str]:
    """Return what a link may name in a document, by GitHub's rule: lower case, hyphens, no punctuation."""
    found: set[str] = set()
    for heading in _HEADING.findall(_FENCE.sub("", path.read_text("utf-8"))):
        text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        again = sum(1 for each in found if each == slug or re.fullmatch(rf"{re.escape(slug)}-\d+", each))
        found.add(f"{slug}-{again}" if again else slug)
    return frozenset(found)


def broken(name: str) -> Iterator[str]:
    """Yield the links of a document that lead nowhere."""
    text = _CODE.sub("", _FENCE.sub("", (ROOT / name).read_text("utf-8")))
    for target in _LINK.findall(text):
        where, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", where):
            continue
        path = ((ROOT / name).parent / where).resolve() if where else ROOT / name
        if not path.exists():
            yield target
        elif anchor and anchor not in anchors(path):
            yield f"{target} (no such heading)"


def test_there_are_documents_and_they_link() -> None:
    assert {"README.md", "README.zh-CN.md", "ARCHITECTURE.md", "docs/operators/settings.md"} <= set(
        documents()
    )
    assert len(_LINK.findall((ROOT / "README.md").read_text("utf-8"))) > 10


@pytest.mark.parametrize("name", documents())
def test_every_link_leads_somewhere(name: str) -> None:
    assert list(broken(name)) == []


@pytest.mark.parametrize("name", [each for each in documents() if each != _HISTORY])
def test_every_path_that_is_named_is_there(name: str) -> None:
    """A path is whole, or its end says enough: `chassis/lots.py`."""
    text = _FENCE.sub("", (ROOT / name).read_text("utf-8"))
    known = [f"/{each}" for each in files()]
    missing = [path for path in _PATH.findall(text) if not any(each.endswith(f"/{path}") for each in known)]
    assert missing == []


def test_every_picture_is_shown() -> None:
    shown = "".join((ROOT / name).read_text("utf-8") for name in documents())
    pictures = [name for name in files() if name.startswith("docs/images/")]
    assert pictures
    assert [name for name in pictures if Path(name).name not in shown] == []


def pages() -> set[str]:
    """Return the addresses of the pages that one can open without knowing more."""
    routes = "".join(path.read_text("utf-8") for path in (ROOT / "gateway" / "pages").rglob("*.py"))
    return set(re.findall(r'\.get\("(/[a-z]+)"', routes))


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_readme_names_every_page(name: str) -> None:
    assert len(pages()) > 15
    assert pages() - set(re.findall(r"`(/[a-z]+)`", (ROOT / name).read_text("utf-8"))) == set()


def test_a_hall_that_starts_prints_every_page() -> None:
    assert pages() | {"/", "/docs"} == set(PAGES)


def routes() -> list[str]:
    """Return a pattern for each path of the API."""
    text = "".join(path.read_text("utf-8") for path in (ROOT / "gateway" / "api").rglob("*.py"))
    return [
        re.sub(r"<[^>]+>|\{[^}]+\}", "[^/]+", path)
        for path in re.findall(r'@routes\.\w+\(\s*f?"(/[^"]+)"', text)
    ]


@pytest.mark.parametrize("name", [each for each in documents() if each != _HISTORY])
def test_every_path_of_the_api_that_is_named_is_there(name: str) -> None:
    named = _API.findall((ROOT / name).read_text("utf-8"))
    known = [*routes(), *pages(), "/healthz", "/readyz"]
    assert len(known) > 150
    missing = [path for path in named if not any(re.fullmatch(each, path.rstrip("/")) for each in known)]
    assert missing == []


@pytest.mark.parametrize("name", [each for each in documents() if each != _HISTORY])
def test_every_command_that_is_named_is_there(name: str) -> None:
    """`make up` and `hall logs` stand in the Makefile and in the `hall` command."""
    text = (ROOT / name).read_text("utf-8")
    code = "\n".join([*_CODE.findall(text), *(each.group() for each in _FENCE.finditer(text))])
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"^\W*make ([a-z][a-z-]+)", code, re.MULTILINE)) - targets == set()
    assert set(re.findall(r"^\W*hall ([a-z]+)", code, re.MULTILINE)) - set(hall.commands) == set()


def decisions() -> list[Path]:
    """Return the files of the decisions."""
    return sorted(_DECISIONS.glob("*.md"))


@pytest.mark.parametrize("path", decisions(), ids=lambda path: path.stem)
def test_a_decision_says_what_why_when_to_look_again_and_what_it_rests_on(path: Path) -> None:
    text = path.read_text("utf-8")
    number = re.match(r"(\d{4})-[a-z0-9-]+\.md\Z", path.name)
    assert number, "a decision is called NNNN-title.md"
    assert text.startswith(f"# {int(number[1])}. "), "its heading has its number"
    places = [
        [each.start() for each in re.finditer(rf"^{re.escape(part)}", text, re.MULTILINE)] for part in _PARTS
    ]
    assert all(len(each) == 1 for each in places), f"each once: {_PARTS}"
    assert all(one < next_one for (one,), (next_one,) in pairwise(places)), f"in this order: {_PARTS}"
    ends = [each for (each,) in places[1:]] + [len(text)]
    said = [text[begin:end].partition(" ")[2].strip() for (begin,), end in zip(places, ends, strict=True)]
    assert all(said), "each part says something"


def test_no_two_decisions_have_one_number() -> None:
    numbers = [path.name[:4] for path in decisions()]
    assert len(numbers) > 80
    assert sorted({each for each in numbers if numbers.count(each) > 1}) == []


def test_the_index_has_every_decision_by_its_title() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    indexed = [(each["file"], each["title"]) for each in _INDEXED.finditer(text)]
    titled = [
        (path.name, path.read_text("utf-8").partition("\n")[0].partition(". ")[2]) for path in decisions()
    ]
    assert sorted(indexed) == titled
