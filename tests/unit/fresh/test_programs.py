"""What is called is found in the texts, and compared with the table of packages."""

import shutil
import subprocess
from pathlib import PurePath

import pytest

from tests.fresh import programs, shell_words
from tests.fresh.programs import Program
from tests.fresh.python_calls import Module

TABLE = {
    each.name: each
    for each in (
        Program("cat", "coreutils", "base"),
        Program("make", "make", "first"),
        Program("postgres", "postgresql", "hall"),
        Program("curl", "curl", "tests"),
    )
}
BOOTSTRAP = "has_postgres || echo postgresql\n"


def test_this_repository_calls_nothing_that_would_be_missing():
    assert programs.check() == []


def test_a_program_of_no_known_package_is_named():
    (said,) = programs.complaints({"deploy/local/hall.py": {"dig", "cat"}}, TABLE, BOOTSTRAP)
    assert said.startswith("deploy/local/hall.py calls dig: ")


@pytest.mark.parametrize(
    ("path", "name"),
    [("deploy/local/bootstrap.sh", "postgres"), ("Makefile", "curl"), ("services/chassis/child.py", "curl")],
)
def test_a_program_that_is_installed_later_or_for_others_is_named(path, name):
    (said,) = programs.complaints({path: {name}}, TABLE, BOOTSTRAP)
    assert said.startswith(f"{path} calls {name}: ")


def test_what_tests_call_may_come_with_any_package_that_is_installed_for_them():
    assert programs.complaints({"tests/conftest.py": set(TABLE)}, TABLE, BOOTSTRAP) == []


def test_a_package_that_is_said_to_be_installed_and_is_not_is_named():
    (said,) = programs.complaints({}, TABLE, "has_postgres || echo nothing\n")
    assert said.startswith("postgres is said to come with postgresql")


def test_a_script_calls_what_stands_where_a_command_may_stand():
    script = """
    say() { printf '%s' "$*"; }
    say "it is $(date -u), $(basename "$0")" | tee log >/dev/null
    case $1 in a | b) as_root apt-get install "$@" ;; esac
    DEBUG=1 "$python" -m venv .venv || exec sleep 5   # not this: curl
    cat <<TEXT
    nor this: wget
TEXT
    """
    assert shell_words.of_script(script) == {"date", "basename", "tee", "as_root", "apt-get", "sleep", "cat"}


def test_a_script_that_cannot_be_read_is_not_passed_over():
    with pytest.raises(ValueError, match="cannot be read as shell"):
        shell_words.of_script("if true; then (")


def test_a_recipe_calls_programs_and_what_variables_of_make_name():
    recipes = "up: ## Start\n\t@$(BIN)/hall up\n\t@-awk '{ print $$1 }' file | sort\nBIN := curl\n"
    assert shell_words.of_makefile(recipes) == {"awk", "sort"}


def test_a_document_calls_what_its_command_blocks_call():
    text = "```json\n{}\n```\nwords\n```sh\ngit clone <this repository>\n```\n```\nmake up\n```\n```python\nx\n```\n"
    assert shell_words.of_document(text) == {"git", "make"}


@pytest.mark.parametrize(
    "command",
    [
        'subprocess.run(["dig", "-x"])',
        'subprocess.Popen(("/usr/bin/dig", name))',
        'words = ["dig"] + more\nsubprocess.run(words, check=True)',
        'subprocess.run([str(folder() / "dig"), "-x"])',
        'SERVER = Path("/usr/bin/dig")\nsubprocess.run([str(SERVER)])',
        'APART = ["dig", "-x"]\nsubprocess.run([*APART, "y"])',
        'os.execvp("dig", ["dig", "x"])',
        'def command(self):\n    return ["dig"]\nsubprocess.run(self.command)',
        'browser.launch(executable_path="/usr/bin/dig")',
    ],
)
def test_a_module_calls_the_first_word_of_its_commands(command):
    module = Module(command)
    assert (module.programs, module.untold) == ({"dig"}, [])


def test_this_python_is_no_program_that_could_be_missing():
    module = Module('subprocess.run([sys.executable, "-m", "dig"])')
    assert (module.programs, module.untold) == (set(), [])


def test_a_program_behind_one_that_calls_what_it_is_given_is_found():
    assert Module('run(["setpriv", "--pdeathsig", "TERM", "dig"])').handed_on(frozenset({"dig"})) == {"dig"}


def test_a_module_whose_text_does_not_tell_what_it_calls_has_to_say_it():
    text = "def start(command):\n    subprocess.run(command)\n"
    with pytest.raises(ValueError, match="line 2 calls something"):
        programs.calls_of("tests/some.py", text, TABLE)
    assert programs.calls_of("loadtests/postgres.py", text, TABLE) == {"pgbench"}
    with pytest.raises(ValueError, match="does not belong"):
        programs.calls_of("loadtests/postgres.py", "subprocess.run(['cat'])", TABLE)


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="the table is about Debian")
def test_what_the_table_calls_base_is_in_packages_that_every_debian_has():
    base = [each for each in programs.table().values() if each.purpose == "base"]
    for package in {each.package for each in base}:
        form = "${Essential} ${Priority}"
        told = subprocess.run(
            ["dpkg-query", "-W", "-f", form, package], check=True, capture_output=True, text=True
        )
        assert told.stdout.startswith("yes") or told.stdout.endswith((" required", " important")), package
        files = subprocess.run(
            ["dpkg-query", "-L", package], check=True, capture_output=True, text=True
        ).stdout.split()
        brought = {PurePath(file).name for file in files if "bin/" in file}
        # It is a choice between several programs; mawk is the one that every Debian has.
        brought |= {"awk"} if "mawk" in brought else set()
        assert {each.name for each in base if each.package == package} <= brought
