"""Plain values and arrays as JSON and safetensors, with aliases and changes in place.

What crosses: None, bool, int, float, complex, str, bytes, bytearray, list, tuple and named tuple,
dict, set, frozenset, range, slice, Fraction, Decimal, date and datetime, NumPy arrays and scalars
and torch tensors of any numeric dtype, and dtypes. Subclasses of the built-in containers cross as
the container. Everything else is refused with a message that names the type.

Every mutable object gets a number, so that two names for one list stay two names for one list, and
so that a caller can see what the callee changed in an argument.
"""

from __future__ import annotations

import base64
import builtins
import datetime
import decimal
import fractions
import hashlib
import inspect
import json
import re
import sys
from collections import namedtuple
from collections.abc import Callable
from typing import Any

from .frames import QUESTION, Frame, ProtocolError

MAX_DEPTH = 100
MAX_ITEMS = 2_000_000
#: NumPy kinds without a safetensors dtype; they cross as bytes: complex, texts, times, long double.
_RAW_KINDS = "cUSMmf"
_SAFETENSORS = {"b1", "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"}
_MUTABLE = (list, dict, set, bytearray)


class RefusedError(TypeError):
    """A value of a type that does not cross between the student's process and the tests."""


def _library(name: str) -> Any:
    """An array library if this process has imported it: what is not imported has no values."""
    return sys.modules.get(name)


def type_name(value: object) -> str:
    """The value's type as a reader would write it."""
    kind = type(value)
    return (
        kind.__qualname__
        if kind.__module__ in ("builtins", "__main__")
        else f"{kind.__module__}.{kind.__qualname__}"
    )


class Packer:
    """Turns values into the JSON form and collects their arrays.

    Args:
        known: number -> object that the other side already holds; they cross as references.
        special: asked first for every value that is no plain one; returns its JSON form or None.
    """

    def __init__(
        self,
        known: dict[int, Any] | None = None,
        special: Callable[[Any], list[Any] | None] = lambda value: None,
    ) -> None:
        self.objects: dict[int, Any] = dict(known or {})
        self._numbers = {id(value): number for number, value in self.objects.items()}
        self._special = special
        self._arrays: dict[str, Any] = {}
        self._tensors: dict[str, Any] = {}
        self._items = 0

    def frame(self, message: dict[str, Any]) -> Frame:
        """The question or answer `message`, whose values were packed by this packer."""
        numpy = torch = b""
        if self._arrays:
            from safetensors.numpy import save

            numpy = save(self._arrays)
        if self._tensors:
            from safetensors.torch import save as save_torch

            torch = save_torch(self._tensors)
        return Frame.of(message, QUESTION, numpy, torch)

    def pack(self, value: Any, depth: int = 0) -> Any:
        """The JSON form of `value`; `RefusedError` when it cannot cross."""
        self._items += 1
        if depth > MAX_DEPTH:
            raise RefusedError(
                f"a value nested deeper than {MAX_DEPTH} levels (or that contains itself)"
            )
        if self._items > MAX_ITEMS:
            raise RefusedError(f"a value of more than {MAX_ITEMS} items")
        kind = type(value)
        if value is None or kind is bool or kind is str or kind is float:
            return value
        if kind is int:
            return value if -(2**63) <= value < 2**63 else ["int", hex(value)]
        if (number := self._numbers.get(id(value))) is not None:
            return ["ref", number]
        packed = self._array(value)
        if packed is None:
            packed = self._container(value, depth)
        if packed is None:
            packed = _scalar(value)
        if packed is None:
            packed = self._special(value)
        if packed is None:
            instead = "; hand over its .to_dict() or .to_numpy()"
            raise RefusedError(
                f"a value of type {type_name(value)} cannot leave the process that made it: only "
                "plain values, lists, dicts, texts, NumPy arrays and torch tensors can"
                + instead
                * (kind.__module__.partition(".")[0] == "pandas")
            )
        return packed

    def contents(self, value: Any) -> Any:
        """The JSON form of what a mutable object now holds, without its number."""
        number = self._numbers.pop(id(value), None)
        form = self.pack(value)
        if number is not None:
            self._numbers[id(value)] = number
        return form

    def _number(self, value: Any) -> int:
        number = max(self.objects, default=-1) + 1
        self.objects[number] = value
        self._numbers[id(value)] = number
        return number

    def _container(self, value: Any, depth: int) -> list[Any] | None:
        def each(items: Any) -> list[Any]:
            return [self.pack(item, depth + 1) for item in items]

        if isinstance(value, list):
            return ["list", self._number(value), each(list.__iter__(value))]
        if isinstance(value, dict):
            number = self._number(value)
            return ["dict", number, [each(pair) for pair in dict.items(value)]]
        if isinstance(value, set):
            return ["set", self._number(value), each(set.__iter__(value))]
        if isinstance(value, bytearray):
            return ["bytearray", self._number(value), base64.b64encode(value).decode("ascii")]
        if isinstance(value, frozenset):
            return ["frozenset", each(frozenset.__iter__(value))]
        if isinstance(value, tuple):
            fields = getattr(type(value), "_fields", None)
            if isinstance(fields, tuple) and all(type(field) is str for field in fields):
                return ["namedtuple", type(value).__name__, list(fields), each(value)]
            return ["tuple", each(tuple.__iter__(value))]
        return None

    def _array(self, value: Any) -> list[Any] | None:
        numpy, torch = _library("numpy"), _library("torch")
        if numpy is not None and isinstance(value, numpy.ndarray | numpy.generic):
            if isinstance(value, numpy.generic):
                key = f"s{len(self._arrays)}"
                self._arrays[key] = _plain_array(numpy, numpy.asarray(value))
                return ["scalar", key, value.dtype.str]
            if numpy.ma.isMaskedArray(value):
                return None
            number = self._number(value)
            self._arrays[str(number)] = _plain_array(numpy, value)
            return ["array", number, value.dtype.str]
        if torch is not None and isinstance(value, torch.Tensor):
            if value.layout != torch.strided or value.is_quantized:
                raise RefusedError("a sparse or quantised tensor cannot cross; make it dense first")
            number = self._number(value)
            plain = value.detach().to("cpu").resolve_conj().resolve_neg()
            is_complex = plain.is_complex()
            plain = torch.view_as_real(plain) if is_complex else plain
            self._tensors[str(number)] = plain.clone(memory_format=torch.contiguous_format)
            return ["tensor", number, value.requires_grad, is_complex]
        return None


def _plain_array(numpy: Any, value: Any) -> Any:
    """A contiguous copy in a dtype that safetensors has, or its bytes along a last axis."""
    value = numpy.array(value, order="C", copy=True, subok=False)
    dtype = value.dtype
    if dtype.hasobject or dtype.names:
        raise RefusedError(f"an array of dtype {dtype} cannot cross; use a numeric dtype")
    if dtype.isnative and dtype.str[1:] in _SAFETENSORS:
        return value
    if dtype.kind not in _RAW_KINDS + "iu":
        raise RefusedError(f"an array of dtype {dtype} cannot cross; use a numeric dtype")
    shape = (*value.shape, dtype.itemsize)
    return numpy.frombuffer(value.tobytes(), dtype="u1").reshape(shape).copy()


def _scalar(value: Any) -> list[Any] | None:
    """The JSON form of the remaining immutable plain values."""
    torch, numpy = _library("torch"), _library("numpy")
    if isinstance(value, str):
        return ["str", str.__str__(value)]
    if isinstance(value, int):
        return ["int", hex(int.__index__(value))]
    if isinstance(value, float):
        return ["float", float.__float__(value)]
    if isinstance(value, complex):
        return ["complex", value.real, value.imag]
    if isinstance(value, bytes):
        return ["bytes", base64.b64encode(value).decode("ascii")]
    if isinstance(value, range):
        return ["range", hex(value.start), hex(value.stop), hex(value.step)]
    if value is Ellipsis:
        return ["ellipsis"]
    if isinstance(value, fractions.Fraction):
        return ["fraction", hex(value.numerator), hex(value.denominator)]
    if isinstance(value, decimal.Decimal):
        return ["decimal", str(value)]
    if isinstance(value, datetime.datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, datetime.date):
        return ["date", value.isoformat()]
    if isinstance(value, slice):
        parts = [value.start, value.stop, value.step]
        if all(part is None or type(part) is int for part in parts):
            return ["slice", *parts]
    if torch is not None and isinstance(value, torch.dtype):
        return ["torch.dtype", str(value).removeprefix("torch.")]
    if numpy is not None and isinstance(value, numpy.dtype) and not value.hasobject:
        return ["numpy.dtype", value.str]
    if inspect.isclass(value) and value in vars(builtins).values():
        return ["type", str(getattr(value, "__name__", ""))]
    return None


class Unpacker:
    """Rebuilds values from the JSON form and checks every part of it.

    Args:
        frame: where the arrays are.
        known: number -> object that references may name.
        special: asked for a form that is no plain one; raises `ProtocolError` for what it refuses.
    """

    def __init__(
        self,
        frame: Frame,
        known: dict[int, Any] | None = None,
        special: Callable[[list[Any]], Any] | None = None,
    ) -> None:
        self.objects: dict[int, Any] = dict(known or {})
        self._frame = frame
        self._special = special
        self._blocks: dict[str, dict[str, Any]] = {}

    def unpack(self, form: Any) -> Any:
        """The value of a JSON form; `ProtocolError` for anything malformed."""
        try:
            return self._unpack(form, 0)
        except ProtocolError:
            raise
        except Exception as error:
            raise ProtocolError(f"a malformed value: {type(error).__name__}: {error}") from None

    def update(self, value: Any, form: Any) -> None:
        """Give the mutable `value` the contents of `form`, which must be of its type and shape."""
        if isinstance(value, _MUTABLE):
            new = self.unpack(form)
            if type(new) not in _MUTABLE or not isinstance(value, type(new)):
                raise ProtocolError("an argument came back as another type")
            value.clear()
            value.extend(new) if isinstance(value, list | bytearray) else value.update(new)
            return
        new = self.unpack(form)
        if type(new) is not type(value) and not isinstance(value, type(new)):
            raise ProtocolError("an argument came back as another type")
        if new.shape != value.shape or new.dtype != value.dtype:
            raise ProtocolError("an argument came back in another shape or dtype")
        if hasattr(value, "detach"):
            value.detach().copy_(new)
        else:
            value[...] = new

    def _unpack(self, form: Any, depth: int) -> Any:
        if form is None or isinstance(form, bool | int | float | str):
            return form
        if depth > MAX_DEPTH + 2 or not isinstance(form, list) or not form:
            raise ProtocolError("a malformed value")
        tag, *rest = form
        if tag in ("list", "dict", "set", "bytearray"):
            return self._mutable(tag, *rest, depth=depth)
        if tag in ("array", "tensor", "scalar"):
            return self._array(tag, *rest)
        if tag == "ref":
            return self.objects[rest[0]]
        build = _BUILDERS.get(tag) if isinstance(tag, str) else None
        if build is not None:
            return build(*rest)
        if tag == "tuple":
            return tuple(self._each(rest[0], depth))
        if tag == "frozenset":
            return frozenset(self._each(rest[0], depth))
        if tag == "namedtuple":
            return namedtuple(rest[0], rest[1])(*self._each(rest[2], depth))
        if self._special is not None:
            return self._special(form)
        raise ProtocolError(f"a value of an unknown kind {tag!r}")

    def _each(self, items: Any, depth: int) -> list[Any]:
        return [self._unpack(item, depth + 1) for item in items]

    def _new(self, number: Any, value: Any) -> Any:
        if type(number) is not int or number in self.objects:
            raise ProtocolError("a value with a number that is in use")
        self.objects[number] = value
        return value

    def _mutable(self, tag: str, number: Any, items: Any, *, depth: int) -> Any:
        if number in self.objects:  # the new contents of an object that is known
            number = max(self.objects) + 1
        if tag == "bytearray":
            return self._new(number, bytearray(base64.b64decode(items, validate=True)))
        value: Any = self._new(number, {"list": list, "dict": dict, "set": set}[tag]())
        if tag == "list":
            value.extend(self._each(items, depth))
        elif tag == "set":
            value.update(self._each(items, depth))
        else:
            for key, item in items:
                value[self._unpack(key, depth + 1)] = self._unpack(item, depth + 1)
        return value

    def _array(self, tag: str, number: Any, *rest: Any) -> Any:
        block = "torch" if tag == "tensor" else "numpy"
        value = self._block(block)[str(number)]
        if tag == "tensor":
            import torch

            value = torch.view_as_complex(value) if rest[1] else value
            value.requires_grad_(bool(rest[0]))
        else:
            import numpy

            dtype = _numpy_dtype(rest[0])
            if value.dtype != dtype:
                value = numpy.frombuffer(value.tobytes(), dtype).reshape(value.shape[:-1]).copy()
        if tag == "scalar":
            return value[()]
        if number in self.objects:
            return value
        return self._new(number, value)

    def _block(self, name: str) -> dict[str, Any]:
        if name not in self._blocks:
            if name == "torch":
                from safetensors.torch import load

                self._blocks[name] = load(self._frame.torch)
            else:
                from safetensors.numpy import load as load_numpy

                arrays = load_numpy(self._frame.numpy)
                self._blocks[name] = {key: array.copy() for key, array in arrays.items()}
        return self._blocks[name]


def _integer(text: str) -> int:
    return int(text, 16)


def _dtype(name: str) -> Any:
    import torch

    value = getattr(torch, name)
    if not isinstance(value, torch.dtype):
        raise ProtocolError(f"{name!r} is no dtype")
    return value


def _numpy_dtype(name: str) -> Any:
    import numpy

    dtype = numpy.dtype(str(name))
    if dtype.hasobject or dtype.names:
        raise ProtocolError(f"an array of dtype {dtype}")
    return dtype


def _type(name: str) -> type:
    value = getattr(builtins, name)
    if not isinstance(value, type):
        raise ProtocolError(f"{name!r} is no type")
    return value


def _decimal(text: str) -> decimal.Decimal:
    if not re.fullmatch(r"[-+\w.]{1,100}", text):
        raise ProtocolError("a malformed Decimal")
    return decimal.Decimal(text)


_BUILDERS: dict[str, Callable[..., Any]] = {
    "str": str,
    "int": _integer,
    "float": float,
    "complex": complex,
    "bytes": lambda text: base64.b64decode(text, validate=True),
    "range": lambda *parts: range(*map(_integer, parts)),
    "ellipsis": lambda: Ellipsis,
    "fraction": lambda *parts: fractions.Fraction(*map(_integer, parts)),
    "decimal": _decimal,
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "slice": slice,
    "torch.dtype": _dtype,
    "numpy.dtype": _numpy_dtype,
    "type": _type,
}


def fingerprint(value: Any, known: dict[int, Any]) -> str:
    """A text that changes when the mutable `value` changes (its own contents, not its parts')."""
    if isinstance(value, _MUTABLE):
        try:
            return json.dumps(Packer(known).contents(value))
        except RefusedError:
            return "refused"
    if hasattr(value, "detach"):
        value = value.detach().to("cpu").contiguous().view(-1)
        value = value.view(_library("torch").uint8).numpy() if value.numel() else value.numpy()
    return hashlib.blake2b(value.tobytes()).hexdigest()
