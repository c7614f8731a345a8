"""Which programs a Python module calls, as far as its text says."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePath

_STARTERS = frozenset({"Popen", "call", "check_call", "check_output", "run"})
# What they are given after their own options is called in its turn.
_CALLERS = frozenset({"env", "ip", "nsenter", "runuser", "setpriv", "sudo", "timeout", "unshare"})
_FOLDERS_OF_PROGRAMS = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/lib/rabbitmq/bin/")
PYTHON = "python3"


class Module:
    """The calls of a module: `programs`, and the lines of those whose program its text does not tell."""

    def __init__(self, text: str) -> None:
        tree = ast.parse(text)
        self._nodes = list(ast.walk(tree))
        self._values = _values(self._nodes)
        self.programs = set(self._named_by_path())
        self.untold: list[int] = []
        for line, command in self._commands():
            found = self._resolve(command)
            self.programs |= found
            if not found:
                self.untold.append(line)
        self.programs.discard(PYTHON)

    def handed_on(self, known: frozenset[str]) -> set[str]:
        """Return the known programs that stand behind one that calls what it is given: `setpriv … tail`."""
        lists = [
            node for node in self._nodes if isinstance(node, ast.List) and self._resolve(node) & _CALLERS
        ]
        words = {word.value for each in lists for word in each.elts if isinstance(word, ast.Constant)}
        return words & known

    def _commands(self) -> Iterator[tuple[int, ast.expr]]:
        """Return the first argument of each call that starts a program."""
        for node in self._nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                owner, name = _name(node.func.value), node.func.attr
                starts = (
                    name in _STARTERS if owner == "subprocess" else name.startswith(("exec", "posix_spawn"))
                )
                if owner in ("subprocess", "os") and starts:
                    yield node.lineno, node.args[0]

    def _named_by_path(self) -> Iterator[str]:
        for node in self._nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                folder, _, name = node.value.rpartition("/")
                if f"{folder}/" in _FOLDERS_OF_PROGRAMS and name.isprintable() and len(name.split()) == 1:
                    yield name

    def _resolve(self, node: ast.expr, depth: int = 8) -> set[str]:
        """Return the programs that an expression may name: a command's is its first word."""
        if depth == 0:
            return set()
        if isinstance(node, ast.Constant):
            return {PurePath(node.value).name} if isinstance(node.value, str) else set()
        if isinstance(node, ast.Attribute) and node.attr == "executable":
            return {PYTHON}
        return {found for part in self._parts(node) for found in self._resolve(part, depth - 1)}

    def _parts(self, node: ast.expr) -> list[ast.expr]:
        """Return the expressions one of which says what this one names."""
        if isinstance(node, ast.List | ast.Tuple):
            return node.elts[:1]
        if isinstance(node, ast.Starred):
            return [node.value]
        if isinstance(node, ast.BinOp):
            return [node.right if isinstance(node.op, ast.Div) else node.left]
        if isinstance(node, ast.IfExp):
            return [node.body, node.orelse]
        if isinstance(node, ast.Subscript):
            return self._parts(node.value) if isinstance(node.value, ast.List) else [node.value]
        if isinstance(node, ast.Call):
            return node.args[:1] if _name(node.func) in ("Path", "str") else self._values[_name(node.func)]
        return self._values[_name(node)]


def _values(nodes: list[ast.AST]) -> defaultdict[str, list[ast.expr]]:
    """Return what each name of a module is made equal to, and what each function returns."""
    values: defaultdict[str, list[ast.expr]] = defaultdict(list)
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                values[_name(target)].append(node.value)
        elif isinstance(node, ast.FunctionDef):
            returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
            values[node.name] += [value for value in returned if value is not None]
    return values


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
