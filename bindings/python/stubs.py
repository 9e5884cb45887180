"""Writes the typed stub of the generated module: `stubs.py barrow.py > barrow.pyi`.

The generator writes variants of enums as untyped classes that are put together while the module loads; a type
checker can't follow that. What it does annotate is taken over word for word.
"""

import ast
import re
import sys

HEAD = """# Made from the library of the boundary by bindings/python/stubs.py.
from __future__ import annotations

import decimal
import enum
import typing
import uuid
"""
PLAIN = {"String": "str", "Boolean": "bool", "Bytes": "bytes", "Duration": "datetime.timedelta"}


def type_of(converter: str) -> str:
    """Returns the type that a converter of the generated module reads."""
    name = converter.removeprefix("_UniffiFfiConverter")
    if name.startswith("Optional"):
        return f"{type_of(name.removeprefix('Optional'))} | None"
    if name.startswith("Sequence"):
        return f"list[{type_of(name.removeprefix('Sequence'))}]"
    if re.fullmatch(r"U?Int\d+", name):
        return "int"
    return PLAIN.get(name) or name.removeprefix("Type")


class Module:
    """A generated module, looked through once."""

    def __init__(self, source: str) -> None:
        tree = ast.parse(source)
        self.classes: dict[str, list[ast.ClassDef]] = {}
        self.functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
        self.aliases: list[tuple[str, str]] = []
        self.public: list[str] = []
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                self.classes.setdefault(node.name, []).append(node)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.functions.append(node)
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self.assign(node.targets[0].id, node.value)

    def assign(self, name: str, value: ast.expr) -> None:
        if name == "__all__":
            self.public = ast.literal_eval(value)
        elif name not in self.classes and not name.startswith("_") and isinstance(value, (ast.Name, ast.Attribute)):
            self.aliases.append((name, ast.unparse(value)))

    def variants(self, name: str) -> dict[str, list[str]]:
        """Returns the types of each variant's values, as the converter reads them."""
        found: dict[str, list[str]] = {}
        for node in ast.walk(self.classes[f"_UniffiFfiConverterType{name}"][0]):
            if not (isinstance(node, ast.Return) and isinstance(node.value, ast.Call)):
                continue
            made = node.value.func
            if isinstance(made, ast.Attribute) and ast.unparse(made.value) == name:
                found[made.attr] = [type_of(ast.unparse(call).split(".")[0]) for call in node.value.args]
        return found

    def text(self) -> str:
        parts = [HEAD]
        kept = [name for name in self.public if name in self.classes]
        parts += [f"{name}: typing.TypeAlias = {value}" for name, value in self.aliases]
        parts += [self.stub(name) for name in kept]
        parts += [function(node, "") for node in self.functions if node.name in self.public]
        parts.append("__all__ = [\n" + "".join(f'    "{name}",\n' for name in self.public) + "]")
        return "\n".join(parts) + "\n"

    def stub(self, name: str) -> str:
        nodes = self.classes[name]
        node = nodes[-1]
        nested = [child for child in node.body if isinstance(child, ast.ClassDef)]
        bases = [ast.unparse(base) for base in nodes[0].bases]
        if "enum.Enum" in bases or "Enum" in bases:
            members = [child.targets[0] for child in node.body if isinstance(child, ast.Assign)]
            return f"class {name}(enum.Enum):\n" + "".join(f"    {ast.unparse(m)} = ...\n" for m in members)
        if not nested:
            return header(name, bases) + members_of(node, "    ")
        return header(name, bases) + methods_of(nested[0], "    ") + self.tagged(name, nested)

    def tagged(self, name: str, nested: list[ast.ClassDef]) -> str:
        types = self.variants(name)
        out = ""
        for variant in nested:
            made = next((m for m in variant.body if isinstance(m, ast.FunctionDef) and m.name == "__init__"), None)
            out += f"    class {variant.name}({name}):\n"
            if made is None or not types.get(variant.name):
                out += "        def __init__(self) -> None: ...\n"
            elif made.args.vararg is not None:
                values = types[variant.name]
                named = ", ".join(f"v{index}: {kind}" for index, kind in enumerate(values))
                out += f"        def __init__(self, {named}, /) -> None: ...\n"
                out += f"        def __getitem__(self, index: int) -> {' | '.join(values)}: ...\n"
            else:
                for argument, kind in zip(made.args.args[1:], types[variant.name]):
                    argument.annotation = ast.parse(kind, mode="eval").body
                    out += f"        {argument.arg}: {kind}\n"
                out += function(made, "        ")
        return out


def header(name: str, bases: list[str]) -> str:
    listed = ", ".join(base for base in bases if base != "object")
    return f"class {name}({listed}):\n" if listed else f"class {name}:\n"


def members_of(node: ast.ClassDef, indent: str) -> str:
    out = ""
    for child in node.body:
        if isinstance(child, ast.FunctionDef) and child.name == "__init__":
            for argument in child.args.kwonlyargs:
                if argument.annotation is not None:
                    out += f"{indent}{argument.arg}: {ast.unparse(argument.annotation)}\n"
            if child.args.kwonlyargs:
                out += function(child, indent)
    return (out + methods_of(node, indent)) or f"{indent}...\n"


def methods_of(node: ast.ClassDef, indent: str) -> str:
    defs = (child for child in node.body if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return "".join(function(child, indent) for child in defs if not child.name.startswith("_") and child.returns)


def function(node: ast.FunctionDef | ast.AsyncFunctionDef, indent: str) -> str:
    """Writes a signature; what is left out stands as `...`."""
    arguments = node.args
    arguments.defaults = [ast.Constant(...) for _ in arguments.defaults]
    arguments.kw_defaults = [ast.Constant(...) if given is not None else None for given in arguments.kw_defaults]
    returns = ast.unparse(node.returns) if node.returns else "None"
    word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    marks = "".join(f"{indent}@{ast.unparse(mark)}\n" for mark in node.decorator_list)
    return f"{marks}{indent}{word} {node.name}({ast.unparse(arguments)}) -> {returns}: ...\n"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        sys.stdout.write(Module(file.read()).text())
