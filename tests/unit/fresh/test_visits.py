"""What is run on a bare machine are README's own lines."""

import re

from tests.fresh.__main__ import ROOT, start_of_readme, table


def test_readme_says_what_is_installed_first_then_how_to_clone_and_start():
    first, clone, up = start_of_readme()
    assert first.startswith("apt-get update && apt-get install git make")
    assert clone == "git clone <this repository> hallflow && cd hallflow"
    assert up == "make up"


def test_the_chinese_readme_says_the_same():
    block = re.search(r"## 启动一个大厅.*?```\n(.*?)```", (ROOT / "README.zh-CN.md").read_text(), re.DOTALL)[
        1
    ]
    lines = tuple(line.partition(" #")[0].rstrip() for line in block.strip().splitlines())
    assert lines == tuple(line.replace("<this repository>", "<本仓库>") for line in start_of_readme())


def test_the_table_has_the_columns_that_any_machine_has():
    rows = [{"Debian": "12", "make up": "60 s"}, {"Debian": "13", "make test": "900 s FAILED"}]
    assert table(rows).splitlines() == [
        "Debian  make up  make test   ",
        "12      60 s     –           ",
        "13      –        900 s FAILED",
    ]
