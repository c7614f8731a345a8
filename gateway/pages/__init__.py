"""The hall's pages, all clients of the public API.

A folder a page, named after its address: template, script modules, styles and route. `shared/` has what several use.
"""

from importlib import import_module

from gateway.pages.blueprint import FOLDER, blueprint

for _route in sorted(FOLDER.glob("*/route.py")):
    import_module(f"{__name__}.{_route.parent.name}.route")

__all__ = ["blueprint"]
