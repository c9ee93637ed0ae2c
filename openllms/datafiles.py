"""The kit's data files: read YAML into checked records, and name what is wrong in them.

Whatever is wrong is named by file and field. A name that nobody knows is answered with the nearest.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

Content = TypeVar("Content")

_PACKAGE = Path(__file__).resolve().parent


class DataError(ValueError):
    """A data file that cannot be used; the message names the file, the field and the remedy."""


class Strict(BaseModel):
    """A record that refuses fields it does not know and cannot be changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# The C parser is about ten times faster; a PyYAML built without it still works.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe loader without YAML's surprises.

    A key written twice is refused, where YAML would silently drop the first; a date stays text,
    so that one which does not exist is reported with its field.
    """

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{name!r} is written twice", key.start_mark
                )
            seen.add(name)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def read(path: Path, kind: type[Content]) -> Content:
    """Read one YAML file.

    Args:
        path: The file.
        kind: What it holds: a pydantic model, or a type such as `dict[str, str]`.

    Returns:
        The validated content.

    Raises:
        DataError: If the file is not YAML or is not of that kind; one line for each problem.
    """
    try:
        # _Loader is a safe loader: it builds plain Python values only.
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise DataError(f"{display(path)}: {line}{problem}") from error
    try:
        return TypeAdapter(kind).validate_python(content)
    except ValidationError as error:
        lines = [f"{display(path)}: {_explain(item, kind)}" for item in error.errors()]
        raise DataError("\n".join(lines)) from error


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """What to say about a name that nobody knows: the nearest ones, or else all there are.

    Args:
        word: what was asked for; capitals do not matter.
        known: the names that there are.
    """
    names = {name.casefold(): name for name in known}
    near = [names[key] for key in difflib.get_close_matches(word.casefold(), names, cutoff=0.5)]
    if near:
        return f"did you mean {' or '.join(map(repr, near))}?"
    return f"there are: {', '.join(names.values())}"


def display(path: Path) -> str:
    """Return the path as a reader of the repository knows it (`openllms/catalog/data/...`)."""
    resolved = path.resolve()
    inside = resolved.is_relative_to(_PACKAGE)
    return (resolved.relative_to(_PACKAGE.parent) if inside else path).as_posix()


def place(location: tuple[int | str, ...]) -> str:
    """Write a pydantic location as a path: `('releases', 2, 'date')` is `releases[2].date`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).lstrip(".")


def _explain(error: Any, kind: Any) -> str:
    """Turn one of pydantic's errors into `field path: what is wrong`."""
    location: tuple[int | str, ...] = error["loc"]
    where = place(location)
    if error["type"] == "extra_forbidden":
        fields = {name for model in _models_at(kind, location) for name in model.model_fields}
        return f"{where}: unknown field; {did_you_mean(str(location[-1]), sorted(fields))}"
    if error["type"] == "missing":
        return f"{where}: missing"
    message = error["msg"].removeprefix("Value error, ")
    value = error["input"]
    got = "" if isinstance(value, dict | list) or value is None else f" (got {value!r})"
    return f"{where or 'the file'}: {message}{got}"


def _models_at(kind: Any, location: tuple[int | str, ...]) -> list[type[BaseModel]]:
    """Return the models that may hold the last step of `location`: several, if it is a union."""
    models = _models_in(kind)
    for step in location[:-1]:
        fields = [model.model_fields[step] for model in models if step in model.model_fields]
        inner = [model for field in fields for model in _models_in(field.annotation)]
        models = inner or models
    return models


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return the models in an annotation such as `dict[str, Source]` or `Fact[int] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models_in(argument)]
