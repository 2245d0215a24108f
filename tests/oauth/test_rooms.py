"""The rooms of jwtlab.oauth: nobody imports in a circle, and what is declared once is in its tuple."""

from __future__ import annotations

import importlib
import pkgutil

import grimp
import pytest

from jwtlab.oauth import attacks, flows
from jwtlab.oauth.authorization_server import ENDPOINTS, GRANT_TYPES, endpoints
from jwtlab.oauth.authorization_server.token import grants

ROOT = "jwtlab.oauth"


@pytest.fixture(scope="module")
def imports():
    """Package or module → what it imports, within jwtlab.oauth; imports for type checking count too."""
    graph = grimp.build_graph("jwtlab", exclude_type_checking_imports=False)
    modules = {each for each in graph.modules if each.startswith(f"{ROOT}.")}
    return {each: graph.find_modules_directly_imported_by(each) & modules for each in modules}


def circle(edges):
    """A circle, if there is one."""
    done, under_way = set(), []

    def visit(name):
        if name in under_way:
            return under_way[under_way.index(name) :]
        if name in done:
            return None
        under_way.append(name)
        for each in sorted(edges[name]):
            found = visit(each)
            if found:
                return found
        under_way.pop()
        done.add(name)
        return None

    return next((found for found in map(visit, sorted(edges)) if found), None)


def test_no_module_imports_itself_by_a_detour(imports):
    assert circle(imports) is None


@pytest.mark.parametrize("inside", [ROOT, f"{ROOT}.authorization_server", f"{ROOT}.client", f"{ROOT}.http"])
def test_no_room_imports_itself_by_a_detour(imports, inside):
    depth = inside.count(".") + 2

    def room(module):
        return ".".join(module.split(".")[:depth])

    edges = {}
    for module, found in imports.items():
        if module.startswith(f"{inside}."):
            others = {room(each) for each in found if each.startswith(f"{inside}.")}
            edges.setdefault(room(module), set()).update(others - {room(module)})
    assert circle(edges) is None


def test_the_search_finds_a_circle():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c"]


def modules(package):
    for each in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package.__name__}.{each.name}")


def rows(package, *names):
    """Every row that a file of this package declares under one of these names."""
    for module in modules(package):
        for name in names:
            found = getattr(module, name, ())
            yield from found if isinstance(found, tuple) else (found,)


def test_no_grant_is_forgotten():
    assert set(map(id, GRANT_TYPES)) == set(map(id, rows(grants, "GRANT_TYPE")))
    assert len(GRANT_TYPES) == len(list(modules(grants)))


def test_no_endpoint_is_forgotten():
    assert set(map(id, ENDPOINTS)) == set(map(id, rows(endpoints, "ENDPOINT", "ENDPOINTS")))


def test_no_attack_on_a_flow_is_forgotten():
    assert set(map(id, attacks.FLOW_ATTACKS.values())) == set(map(id, rows(attacks, "ATTACKS")))


def test_no_flow_is_forgotten():
    shared = {f"{flows.__name__}.{name}" for name in ("flow", "login_steps")}
    files = {module.__name__ for module in modules(flows)} - shared
    assert {kind.begin.__module__ for kind in flows.FLOWS.values()} == files
