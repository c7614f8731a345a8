"""Which programs shell scripts, make's recipes and the command blocks of documents call."""

import re
from collections.abc import Iterator

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_bash.language()))
# They are the shell's own: `compgen -b`.
_BUILTINS = """
. : [ alias bg bind break builtin cd command continue declare echo eval exec exit export false fg getopts hash help jobs
kill let local mapfile popd printf pushd pwd read readarray readonly return set shift shopt source test times trap true
type typeset ulimit umask unalias unset wait
"""
# What they are given is called in its turn.
_CALLERS = frozenset({"as_root", "exec", "sudo"})
# Each fence is read with the one that closes it, whatever its language: the next one opens a block again.
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_FILLED_IN = re.compile(r"<[^<>\n]+>")
_SHELLS = frozenset({"", "sh", "bash"})


def of_script(text: str) -> set[str]:
    """Return the programs that a script calls: neither the shell's own nor its functions."""
    tree = _PARSER.parse(text.encode())
    if tree.root_node.has_error:
        raise ValueError(f"cannot be read as shell: {_first_error(tree.root_node)!r}")
    nodes = list(_all_nodes(tree.root_node))
    own = {_text(node.child_by_field_name("name")) for node in nodes if node.type == "function_definition"}
    words = {word for node in nodes if node.type == "command" for word in _called(node)}
    # A path is a script's own, or what was made beside it; a variable's program is where it was given its value.
    return (
        {word for word in words if "/" not in word and not word.startswith("$")}
        - own
        - set(_BUILTINS.split())
    )


def of_makefile(text: str) -> set[str]:
    """Return the programs that make's recipes call; what a variable of make names is not among them."""
    recipes = [
        line.lstrip("\t@-") for line in text.replace("\\\n", " ").splitlines() if line.startswith("\t")
    ]
    plain = [re.sub(r"\$\((\w+)\)", r"./\1", line).replace("$$", "$") for line in recipes]
    return of_script("\n".join(plain))


def of_document(text: str) -> set[str]:
    """Return the programs that a document's command blocks call; what stands in <…> is for the reader to fill in."""
    blocks = [block for language, block in _FENCED.findall(text) if language in _SHELLS]
    return of_script(_FILLED_IN.sub("SOMETHING", "\n".join(blocks)))


def _called(command: Node) -> Iterator[str]:
    name = command.child_by_field_name("name")
    if name is None:
        return
    yield _text(name)
    if _text(name) in _CALLERS:
        words = [_text(node) for node in command.children_by_field_name("argument") if node.type == "word"]
        yield from [word for word in words if not word.startswith("-")][:1]


def _all_nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _all_nodes(child)


def _first_error(node: Node) -> str:
    return next(_text(each) for each in _all_nodes(node) if each.is_error or each.is_missing)


def _text(node: Node) -> str:
    return node.text.decode().strip("\"'")
