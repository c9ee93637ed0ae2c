"""Reads a YAML data file into a pydantic model; whatever is wrong is named by file and field."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any, ClassVar, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

Model = TypeVar("Model", bound=BaseModel)

_PACKAGE = Path(__file__).resolve().parents[1]


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


def read(path: Path, model: type[Model]) -> Model:
    """Read one YAML file as `model`.

    Args:
        path: The file.
        model: The pydantic model that describes its content.

    Returns:
        The validated content.

    Raises:
        DataError: If the file is not YAML or does not fit the model; one line for each problem.
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
        return model.model_validate(content)
    except ValidationError as error:
        lines = [f"{display(path)}: {_explain(item, model)}" for item in error.errors()]
        raise DataError("\n".join(lines)) from error


def display(path: Path) -> str:
    """Return the path as a reader of the repository knows it (`openllms/catalog/data/...`)."""
    resolved = path.resolve()
    inside = resolved.is_relative_to(_PACKAGE)
    return (resolved.relative_to(_PACKAGE.parent) if inside else path).as_posix()


def place(location: tuple[int | str, ...]) -> str:
    """Write a pydantic location as a path: `('releases', 2, 'date')` is `releases[2].date`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).lstrip(".")


def _explain(error: Any, model: type[BaseModel]) -> str:
    """Turn one of pydantic's errors into `field path: what is wrong`."""
    location: tuple[int | str, ...] = error["loc"]
    where = place(location)
    if error["type"] == "extra_forbidden":
        known = _model_at(model, location).model_fields
        near = difflib.get_close_matches(str(location[-1]), known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"the fields are {', '.join(known)}"
        return f"{where}: unknown field; {hint}"
    if error["type"] == "missing":
        return f"{where}: missing"
    message = error["msg"].removeprefix("Value error, ")
    value = error["input"]
    got = "" if isinstance(value, dict | list) or value is None else f" (got {value!r})"
    return f"{where or 'the file'}: {message}{got}"


def _model_at(model: type[BaseModel], location: tuple[int | str, ...]) -> type[BaseModel]:
    """Return the model that holds the last step of `location`."""
    for step in location[:-1]:
        field = model.model_fields.get(step) if isinstance(step, str) else None
        inner = _first_model(field.annotation) if field else None
        model = inner or model
    return model


def _first_model(annotation: Any) -> type[BaseModel] | None:
    """Return the model inside an annotation such as `dict[str, Source]` or `Fact[int] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_first_model(argument) for argument in get_args(annotation))
    return next((model for model in found if model), None)
