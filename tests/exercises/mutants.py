"""Mutants: an official solution with one thing spoilt, by rule, over its syntax tree.

A judge is a program, and is tested like a verifier: whatever is taken out of a right answer, the judge
has to notice, or the change makes no difference, and then the list of equivalents says why.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass

OTHER_NAMES = {
    "sha256": ("sha512", "sha1"),
    "urlsafe_b64encode": ("b64encode",),
    "urlsafe_b64decode": ("b64decode",),
    "digest": ("hexdigest",),
    "hexdigest": ("digest",),
    "any": ("all",),
    "all": ("any",),
    "max": ("min",),
    "dumps": (),
}
"""Functions that are easily taken for one another."""

KEEPING = frozenset({"get", "items", "values", "json", "post", "changed", "decode_dss_signature"})
"""Methods that cannot be left out: what remained would be something else altogether."""


@dataclass(frozen=True)
class Mutant:
    """One spoilt solution.

    Attributes:
        name: what was changed, ``before → after``; it names the mutant in the list of equivalents.
        source: the whole code.
    """

    name: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """All mutants of a solution that differ from it and from one another."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    found: dict[str, str] = {}
    count: dict[str, int] = {}
    for place, node in enumerate(ast.walk(tree)):
        for new in _changes(node, tree):
            copy = deepcopy(tree)
            target = next(each for number, each in enumerate(ast.walk(copy)) if number == place)
            _put(copy, target, new)
            try:
                text = ast.unparse(ast.fix_missing_locations(copy))
                compile(text, "mutant", "exec")
            except (SyntaxError, ValueError, TypeError):
                continue
            if text == original or text in found.values():
                continue
            name = f"{_short(node)} → {_short(new)}"
            count[name] = count.get(name, 0) + 1
            found[name if count[name] == 1 else f"{name} (#{count[name]})"] = text
    return [Mutant(name, text) for name, text in found.items()]


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else f"{text[:60]} … {text[-24:]}"


def _put(tree: ast.AST, target: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is target:
                setattr(parent, name, new)
                return
            if isinstance(value, list):
                for index, each in enumerate(value):
                    if each is target:
                        value[index] = new
                        return


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _call(function: ast.expr, name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(function, name, ast.Load()), list(arguments), [])


def _text(node: ast.expr) -> ast.expr:
    """``str(node)``, unless it is a text as it stands: so that the rule meets numbers, too."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node
    return _expression(f"str({ast.unparse(node)})")


def _changes(node: ast.AST, tree: ast.AST) -> Iterator[ast.AST]:
    for rule in RULES:
        yield from rule(node, tree)


def _conditions(node: ast.AST, tree: ast.AST) -> Iterator[ast.AST]:
    """A part of a condition dropped; and for or; a test that is always or never true, or negated."""
    if isinstance(node, ast.BoolOp):
        for index in range(len(node.values)):
            rest = node.values[:index] + node.values[index + 1 :]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        for test in (ast.Constant(True), ast.Constant(False), ast.UnaryOp(ast.Not(), node.test)):
            if isinstance(node, ast.While) and getattr(test, "value", None) is True:
                continue
            yield _with(node, test=test)
    if isinstance(node, ast.comprehension) and node.ifs:
        for index in range(len(node.ifs)):
            yield _with(node, ifs=node.ifs[:index] + node.ifs[index + 1 :])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand


def _with(node: ast.AST, **changes: object) -> ast.AST:
    copy = deepcopy(node)
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy


def _comparisons(node: ast.AST, tree: ast.AST) -> Iterator[ast.AST]:
    """Equality that is loosened, membership that becomes a piece, bounds that move by one."""
    if not isinstance(node, ast.Compare):
        return
    for index, (left, op, right) in enumerate(
        zip([node.left, *node.comparators], node.ops, node.comparators, strict=False)
    ):
        single = len(node.ops) == 1
        if isinstance(op, ast.Eq | ast.NotEq) and single:
            negative = isinstance(op, ast.NotEq)
            if not (_is_no_text(left) or _is_no_text(right)):
                for looser in _loosened(left, right):
                    yield ast.UnaryOp(ast.Not(), looser) if negative else looser
            if _is_get(left) and len(left.args) == 1:  # type: ignore[attr-defined]
                yield _with(node, left=_with(left, args=[left.args[0], right]))  # type: ignore[attr-defined]
        if isinstance(op, ast.In | ast.NotIn) and single and not _is_no_name(left, tree):
            for method in ("strip", "lower"):
                if f".{method}()" in ast.unparse(left):
                    continue
                changed = _call(_text(left), method)
                yield _with(node, left=changed)
            for method in ("startswith", "endswith"):
                for one, two in (("_each", ast.unparse(left)), (ast.unparse(left), "_each")):
                    piece = _expression(
                        f"any(str({one}).{method}(str({two})) for _each in {ast.unparse(right)})"
                    )
                    yield ast.UnaryOp(ast.Not(), piece) if isinstance(op, ast.NotIn) else piece
            piece = _expression(
                f"any(str({ast.unparse(left)}) in str(_each) for _each in {ast.unparse(right)})"
            )
            yield ast.UnaryOp(ast.Not(), piece) if isinstance(op, ast.NotIn) else piece
        if isinstance(op, ast.Is | ast.IsNot) and single:
            truth: ast.expr = _expression(f"bool({ast.unparse(left)})")
            value = right.value if isinstance(right, ast.Constant) else None
            if value in (None, False):
                truth = ast.UnaryOp(ast.Not(), truth)
            yield ast.UnaryOp(ast.Not(), truth) if isinstance(op, ast.IsNot) else truth
        for other in _OTHER_OPERATORS.get(type(op), ()):
            if (
                isinstance(op, ast.Eq)
                and other is not ast.NotEq
                and not (_is_no_text(left) or _is_no_text(right))
            ):
                continue
            yield _with(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]])
        if not single and index < len(node.comparators) - 1:  # a < b < c: one bound dropped
            yield ast.Compare(node.comparators[index], node.ops[index + 1 :], node.comparators[index + 1 :])
            yield ast.Compare(node.left, node.ops[: index + 1], node.comparators[: index + 1])


def _is_no_text(node: ast.expr) -> bool:
    """A number, a length, several things: nothing that is compared as a text."""
    if isinstance(node, ast.Constant):
        return not isinstance(node.value, str)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in ("len", "set", "sorted", "type")
    return isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict | ast.BinOp)


def _is_no_name(node: ast.expr, tree: ast.AST) -> bool:
    """A constant, or several things that are looked for together: nothing that is loosely a piece of another."""
    tuples = {
        target.id
        for each in ast.walk(tree)
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Tuple)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    return isinstance(node, ast.Constant | ast.Tuple) or (isinstance(node, ast.Name) and node.id in tuples)


def _loosened(left: ast.expr, right: ast.expr) -> Iterator[ast.expr]:
    for one, two in ((left, right), (right, left)):
        yield _expression(f"str({ast.unparse(one)}).startswith(str({ast.unparse(two)}))")
        yield _expression(f"str({ast.unparse(one)}).endswith(str({ast.unparse(two)}))")
        yield _expression(f"str({ast.unparse(one)}) in str({ast.unparse(two)})")
        if not isinstance(one, ast.Constant) or str(one.value).endswith("/"):
            yield _expression(f"str({ast.unparse(one)}).rstrip('/') == str({ast.unparse(two)})")
        if not isinstance(one, ast.Constant):
            yield _expression(f"({ast.unparse(one)} or {ast.unparse(two)}) == {ast.unparse(two)}")
    for method in ("lower", "strip"):
        if f".{method}()" in ast.unparse(left):
            continue
        yield ast.Compare(_call(_text(left), method), [ast.Eq()], [_call(_text(right), method)])
    if not (isinstance(right, ast.Constant) and str(right.value).isalnum()):
        yield _expression(
            f"__import__('re').fullmatch(str({ast.unparse(right)}), str({ast.unparse(left)})) is not None"
        )


_OTHER_OPERATORS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq, ast.GtE, ast.LtE),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}


def _is_get(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get"


def _calls(node: ast.AST, tree: ast.AST) -> Iterator[ast.AST]:
    """A type check dropped; a default taken away or given; a method, an argument, a step left out."""
    if not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Name) and node.func.id == "isinstance":
        yield ast.Constant(True)
        yield ast.Constant(False)
        if isinstance(node.args[1], ast.Name | ast.BinOp):
            yield _with(node, args=[node.args[0], _expression("object")])
        return
    if _is_get(node):
        yield ast.Subscript(node.func.value, node.args[0], ast.Load())  # type: ignore[attr-defined]
        if len(node.args) == 2:
            yield _with(node, args=node.args[:1])
        else:
            for name in _compared(tree):
                if name not in ast.unparse(node.func):
                    yield _with(node, args=[*node.args, ast.Name(name, ast.Load())])
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if isinstance(node.func, ast.Attribute) and name not in KEEPING:
        yield node.func.value
    if isinstance(node.func, ast.Name) and len(node.args) == 1:
        yield node.args[0]
    for other in OTHER_NAMES.get(name, ()):
        changed = (
            _with(node.func, attr=other)
            if isinstance(node.func, ast.Attribute)
            else _with(node.func, id=other)
        )
        yield _with(node, func=changed)
    for index in range(len(node.keywords)):
        yield _with(node, keywords=node.keywords[:index] + node.keywords[index + 1 :])
    if name == "compare_digest":
        yield ast.Constant(True)
        one, two = map(ast.unparse, node.args)
        yield _expression(f"{one} == {two}")
        yield _expression(f"{one}.startswith({two})")
        yield _expression(f"{two}.startswith({one})")


def _inputs(node: ast.AST, tree: ast.AST) -> Iterator[ast.AST]:
    """The wrong one of the function's inputs; the wrong one of two members."""
    names = _parameters(tree)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
        yield from (ast.Name(name, ast.Load()) for name in names if name != node.id)


def _parameters(tree: ast.AST) -> list[str]:
    """The inputs of the function that is handed in."""
    return [
        each.arg
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name == "answer"
        for each in function.args.args
    ]


def _constants(node: ast.AST, tree: ast.AST) -> Iterator[ast.AST]:
    """A neighbour of a number, another text, the other truth."""
    if not isinstance(node, ast.Constant) or _is_said(node, tree):
        return
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        if value > 20:
            yield from (ast.Constant(value * 1000), ast.Constant(value // 60))
    elif isinstance(value, str) and value:
        texts = {f"{value}x", value.upper(), value.lower(), f"{value}/", value[:-1], ""}
        yield from (ast.Constant(text) for text in sorted(texts - {value}))
    elif isinstance(value, bytes) and value:
        yield ast.Constant(b"")


def _is_said(node: ast.Constant, tree: ast.AST) -> bool:
    """Is it the message of an exception? Nobody's right answer hangs on that."""
    return any(node in ast.walk(each) for each in ast.walk(tree) if isinstance(each, ast.Raise))


def _statements(node: ast.AST, tree: ast.AST) -> Iterator[ast.AST]:
    """A statement dropped; another value returned; what is caught no longer caught."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.Delete | ast.If | ast.For | ast.Return):
        yield ast.Pass()
    if isinstance(node, ast.Return):
        for value in (None, True, False, ""):
            yield ast.Return(ast.Constant(value))
    if isinstance(node, ast.Try):
        for index in range(len(node.handlers)):
            rest = node.handlers[:index] + node.handlers[index + 1 :]
            if rest:
                yield _with(node, handlers=rest)
            else:
                yield ast.If(ast.Constant(True), node.body, [])


def _values(node: ast.AST, tree: ast.AST) -> Iterator[ast.AST]:
    """A slice the other way round, a sign, the order of two things, a member left out."""
    if isinstance(node, ast.Slice):
        yield ast.Slice(node.upper, node.lower, node.step)
        yield ast.Slice(None, None, None)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        yield ast.BinOp(node.left, ast.Sub() if isinstance(node.op, ast.Add) else ast.Add(), node.right)
        if not (isinstance(node.op, ast.Add) and (_is_number(node.left) or _is_number(node.right))):
            yield ast.BinOp(node.right, node.op, node.left)
        yield from (node.left, node.right)
    if isinstance(node, ast.Tuple | ast.List | ast.Set) and isinstance(
        getattr(node, "ctx", ast.Load()), ast.Load
    ):
        for index in range(len(node.elts)):
            yield _with(node, elts=node.elts[:index] + node.elts[index + 1 :])
        if (len(node.elts) > 1 and isinstance(node, ast.List)) or _is_returned(node, tree):
            yield _with(node, elts=node.elts[::-1])
    if isinstance(node, ast.Dict):
        for index in range(len(node.keys)):
            yield _with(
                node,
                keys=node.keys[:index] + node.keys[index + 1 :],
                values=node.values[:index] + node.values[index + 1 :],
            )
    member = node.slice if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) else None
    if isinstance(member, ast.Constant) and isinstance(member.value, str):
        for other in sorted(_member_names(tree) - {member.value}):
            yield _with(node, slice=ast.Constant(other))


def _compared(tree: ast.AST) -> list[str]:
    """The inputs that are compared with something: likely defaults."""
    compared = {
        side.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        if isinstance(side, ast.Name)
    }
    return [name for name in _parameters(tree) if name in compared]


def _is_number(node: ast.expr) -> bool:
    """Can this only be a number, by its form or its name? Then its order in a sum does not matter."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int)
    if isinstance(node, ast.Subscript):
        node = node.slice
        return isinstance(node, ast.Constant) and node.value in (
            "exp",
            "iat",
            "nbf",
            "expires_in",
            "auth_time",
        )
    return ast.unparse(node) in ("now", "leeway", "lab.now") or isinstance(
        getattr(node, "op", None), ast.Mult
    )


def _is_returned(node: ast.AST, tree: ast.AST) -> bool:
    """Does the order of these things matter? It does in a result."""
    return isinstance(node, ast.Tuple) and any(
        isinstance(each, ast.Return | ast.Assign) and each.value is node for each in ast.walk(tree)
    )


def _member_names(tree: ast.AST) -> set[str]:
    """The members that this solution reads by name."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            names.add(node.slice.value)
        if _is_get(node) and isinstance(node.args[0], ast.Constant):  # type: ignore[attr-defined]
            names.add(node.args[0].value)  # type: ignore[attr-defined]
    return {name for name in names if isinstance(name, str)}


RULES: tuple[Callable[[ast.AST, ast.AST], Iterator[ast.AST]], ...] = (
    _conditions,
    _comparisons,
    _calls,
    _inputs,
    _constants,
    _statements,
    _values,
)
