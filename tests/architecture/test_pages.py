"""A page stands in a folder of its own and uses that and `shared/` alone; `shared/` knows no page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.layout import SERVICES
from gateway.app import create_app
from services.chassis.container import service_class
from services.chassis.service import TOLD
from tests.shared import ROOT

PAGES = ROOT / "gateway" / "pages"
SHARED = PAGES / "shared"
NO_PAGES = {"shared", "translations", "__pycache__"}
FOLDERS = sorted(each for each in PAGES.iterdir() if each.is_dir() and each.name not in NO_PAGES)
NAMES = {folder.name for folder in FOLDERS}
# What the API and visitors call things too: a ticket has a field, a window a board.
NOUNS = {
    "accounts",
    "appointment",
    "board",
    "book",
    "catalogue",
    "closures",
    "field",
    "guide",
    "inbox",
    "joint",
    "kiosk",
    "messages",
    "operator",
    "setup",
    "ticket",
    "window",
    "workbook",
}
USES = re.compile(
    r"""(?:from|import)\s+"(?P<script>\.[^"]+)"|@import\surl\("(?P<sheet>[^"]+)"\)"""
    r"""|\{%\s(?:extends|import)\s"(?P<template>[^"]+)"|filename='(?P<file>[^']+)'|URL\("(?P<url>\./[^"]+)\""""
)
IMPORTS = re.compile(r"""(?:import|export)\s+\{([^}]*)\}\s+from\s+"(\.[^"]+)\"""")
EXPORTS = re.compile(
    r"^export\s+(?:(?:async\s+)?(?:function|const|class)\s+([\w$]+)|(?:const\s+)?\{([^}]*)\})", re.M
)
PARTS = sorted(
    path
    for path in PAGES.rglob("*")
    if path.suffix in {".js", ".css", ".html", ".svg"} and "vendor" not in path.parts
)


def _uses(part: Path) -> Iterator[Path]:
    """Yield the files that a part names: relative ones from where it stands, those of templates from the pages' own."""
    for found in USES.finditer(part.read_text("utf-8")):
        near = found["script"] or found["sheet"] or found["url"]
        used = part.parent / near if near else PAGES / (found["template"] or found["file"])
        yield used.resolve()


def _begins() -> dict[str, set[Path]]:
    """Return what each page's route names, by the page: `render("board/boards")`, `asset("field/worker.js")`."""
    begins: dict[str, set[Path]] = {}
    for folder in FOLDERS:
        text = (folder / "route.py").read_text("utf-8")
        begins[folder.name] = {PAGES / name for name in re.findall(r'asset\("([^"]+)"\)', text)} | {
            PAGES / f"{name}.{ending}"
            for name in re.findall(r'render\("([^"]+)"', text)
            for ending in ("html", "css", "js")
        }
    return begins


def _reached(begin: set[Path]) -> set[Path]:
    found: set[Path] = set()
    todo = list(begin)
    while todo:
        part = todo.pop()
        if part not in found and part.suffix in {".js", ".css", ".html", ".svg"} and part.exists():
            found.add(part)
            todo += [] if "vendor" in part.parts else list(_uses(part))
    return found


def _shown(part: Path) -> str:
    return str(part.relative_to(PAGES))


def test_what_a_part_uses_is_there() -> None:
    missing = {_shown(part): str(used) for part in PARTS for used in _uses(part) if not used.exists()}
    begun = [str(each) for begin in _begins().values() for each in begin if not each.exists()]
    assert (missing, begun) == ({}, [])


def _names(text: str) -> set[str]:
    return {name.strip() for name in text.split(",") if name.strip()}


def test_what_a_script_takes_from_another_is_given_there() -> None:
    scripts = {part.resolve(): part.read_text("utf-8") for part in PARTS if part.suffix == ".js"}
    given = {
        part: {name for single, several in EXPORTS.findall(text) for name in _names(single or several)}
        for part, text in scripts.items()
    }
    missing = [
        f"{_shown(part)}: {name} of {target}"
        for part, text in scripts.items()
        for names, target in IMPORTS.findall(text)
        if (used := (part.parent / target).resolve()) in scripts
        for name in sorted({each.split(" as ")[0] for each in _names(names)} - given[used])
    ]
    assert missing == []


def test_a_page_uses_its_own_folder_and_what_is_shared_and_what_is_shared_uses_no_page() -> None:
    strays = [
        f"{_shown(part)} uses {_shown(used)}"
        for part in PARTS
        for used in _uses(part)
        if SHARED not in used.parents and used.relative_to(PAGES).parts[0] != part.relative_to(PAGES).parts[0]
    ]
    assert strays == []


def test_every_part_is_used_and_what_is_shared_by_several_pages() -> None:
    reached = {page: _reached(begin) for page, begin in _begins().items()}
    users = {part: {page for page, parts in reached.items() if part in parts} for part in PARTS}
    assert [_shown(part) for part, pages in users.items() if not pages] == []
    alone = {
        _shown(part): pages for part, pages in users.items() if SHARED in part.parents and len(pages) == 1
    }
    assert alone == {}


def test_no_page_gives_its_name_to_what_is_shared() -> None:
    """Neither to a file, nor to a class or property of style; no word that is no noun of the hall is spoken of."""
    page = "|".join(sorted(NAMES))
    named = [
        _shown(part)
        for part in SHARED.rglob("*")
        if re.search(rf"\b({page})\b", str(part.relative_to(SHARED)))
    ]
    styled = [
        f"{_shown(sheet)}: {found[0]}"
        for sheet in SHARED.rglob("*.css")
        for found in re.finditer(rf"(?<![\w-])(\.|--)(?!field\b)({page})\b[\w-]*", sheet.read_text("utf-8"))
    ]
    told = [
        f"{_shown(part)}: {found[0]}"
        for part in PARTS
        if SHARED in part.parents
        for found in re.finditer(rf"\b({'|'.join(sorted(NAMES - NOUNS))})\b", part.read_text("utf-8"))
    ]
    assert (named, styled, told) == ([], [], [])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_page_has_its_parts_in_its_folder(folder: Path) -> None:
    assert {path.name for path in folder.iterdir() if path.suffix == ".py"} == {"__init__.py", "route.py"}
    endings = {path.suffix for path in folder.iterdir() if path.is_file()}
    assert endings == {".py", ".html", ".js", ".css"}
    assert {f"{folder.name}{ending}" for ending in (".html", ".js", ".css")} <= {
        path.name for path in folder.iterdir()
    }


def test_only_files_that_pages_are_made_of_are_given_away() -> None:
    ask = create_app().test_client().get
    with ask("/assets/kiosk/kiosk.js") as given:
        assert given.status_code == 200
    for hidden in (
        "kiosk/route.py",
        "kiosk/kiosk.html",
        "translations/en/LC_MESSAGES/messages.po",
        "../http/comeback.js",
    ):
        assert ask(f"/assets/{hidden}").status_code == 404, hidden


def test_the_trail_names_every_service() -> None:
    words = (PAGES / "audit" / "words.js").read_text("utf-8")
    named = words.partition("SERVICES = {")[2].partition("}")[0]

    assert sorted(re.findall(r"(\w+): t\(", named)) == sorted(SERVICES)


def test_the_trail_names_every_act_that_it_is_told() -> None:
    """Of identity, which tells nobody, by the actions of its entries."""
    for service in SERVICES:
        service_class(service)
    told = {name.partition(".")[2] for name in TOLD if name.partition(".")[0] in {*SERVICES} - {"identity"}}
    cases = ROOT / "services" / "identity" / "use_cases"
    entries = "".join(path.read_text("utf-8") for path in cases.glob("*.py"))
    own = set(
        re.findall(r'action="(\w+)"|_entry\(caller, "(\w+)"|_(?:note|told)\(store, caller, "(\w+)"', entries)
    )
    acts = told | {name for names in own for name in names if name}
    words = (PAGES / "audit" / "words.js").read_text("utf-8").partition("ACTS = {")[2]

    assert acts - set(re.findall(r"(\w+): t\(", words)) == set()
