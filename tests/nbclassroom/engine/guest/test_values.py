"""What crosses between the two processes, and what is refused."""

import datetime
import decimal
import fractions
import json
import math
from collections import Counter, OrderedDict, defaultdict, namedtuple
from typing import Any

import numpy as np
import pandas
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nbclassroom.engine.guest.frames import QUESTION, Frame, ProtocolError, Reader
from nbclassroom.engine.guest.values import Packer, RefusedError, Unpacker

Point = namedtuple("Point", "x y")


def cross(value: Any) -> Any:
    """The value as it arrives on the other side, through the bytes of a frame."""
    packer = Packer()
    sent = bytes(packer.frame({"value": packer.pack(value)}))
    reader = Reader({QUESTION: 1 << 30})
    reader.feed(sent)
    frame = reader.next()
    assert frame is not None
    return Unpacker(frame).unpack(frame.message["value"])


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
    | st.binary() | st.complex_numbers(allow_nan=False) | st.fractions() | st.datetimes(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner)
    | st.frozensets(st.integers()) | st.sets(st.text()),
    max_leaves=20,
)  # fmt: skip


@given(plain)
def test_plain_values_arrive_equal_and_of_the_same_type(value: Any) -> None:
    assert repr(cross(value)) == repr(value) or cross(value) == value
    assert type(cross(value)) is type(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.0, 2**64, -(2**9000),
                                   "\ud800", range(3, 9, 2), slice(1, None, 2), ...,
                                   decimal.Decimal("1.10"), fractions.Fraction(1, 3),
                                   datetime.date(2026, 1, 2), int, float,
                                   bytearray(b"x")])  # fmt: skip
def test_odd_plain_values_arrive(value: Any) -> None:
    arrived = cross(value)
    assert arrived == value or arrived != arrived
    assert type(arrived) is type(value)


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        (Counter("aab"), {"a": 2, "b": 1}),
        (OrderedDict(a=1), {"a": 1}),
        (defaultdict(list, a=[1]), {"a": [1]}),
        (True, True),
    ],
)
def test_subclasses_arrive_as_what_they_are_made_of(value: Any, arrives: Any) -> None:
    assert cross(value) == arrives
    assert type(cross(value)) is type(arrives)


def test_a_named_tuple_keeps_its_fields() -> None:
    assert cross(Point(1, 2)).y == 2


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.arange(6)[::2],
        np.asfortranarray(np.arange(6).reshape(2, 3)),
        np.array(3.5),
        np.zeros((0, 3), np.float16),
        np.array([1 + 2j]),
        np.array(["ab", "c"]),
        np.array(["2026-01-01"], "M8[D]"),
        np.array([1, 2], ">i4"),
        np.array([True, False]),
        np.broadcast_to(np.arange(3), (2, 3)),
        np.array([np.nan, -np.inf]),
        np.arange(3, dtype=np.uint64),
    ],
)
def test_arrays_arrive_with_shape_dtype_and_values(array: np.ndarray) -> None:
    arrived = cross(array)
    np.testing.assert_array_equal(arrived, array)
    assert (arrived.dtype, arrived.shape) == (array.dtype, array.shape)
    assert arrived.flags.writeable


@pytest.mark.parametrize("scalar", [np.float32(1.5), np.int8(-3), np.bool_(True), np.float64(2)])
def test_numpy_scalars_stay_numpy_scalars(scalar: Any) -> None:
    assert type(cross(scalar)) is type(scalar)
    assert cross(scalar) == scalar


@pytest.mark.parametrize(
    "tensor",
    [
        torch.arange(6.0).reshape(2, 3).T,
        torch.tensor(2.5),
        torch.tensor([1.0, -2.0], dtype=torch.bfloat16),
        torch.tensor([True]),
        torch.tensor([1 + 2j]),
        torch.zeros(0, 2, dtype=torch.int8),
        torch.ones(3).expand(2, 3),
        torch.tensor([1 + 2j]).conj(),
        torch.nn.Parameter(torch.ones(2)).detach(),
    ],
)
def test_tensors_arrive_with_shape_dtype_and_values(tensor: torch.Tensor) -> None:
    arrived = cross(tensor)
    assert arrived.dtype == tensor.dtype
    assert torch.equal(arrived, tensor)


def test_a_tensor_says_whether_it_needs_a_gradient() -> None:
    assert cross(torch.ones(1, requires_grad=True)).requires_grad


def test_two_names_for_one_list_stay_one_list() -> None:
    one = [1]
    arrived = cross({"a": one, "b": one})
    assert arrived["a"] is arrived["b"]


@pytest.mark.parametrize(
    "value",
    [
        object(),
        (i for i in range(3)),
        lambda: 1,
        {"f": print},
        np.array([object()]),
        np.zeros(2, [("a", "i4")]),
        torch.eye(2).to_sparse(),
        math,
    ],
)
def test_anything_else_is_refused_with_its_type(value: Any) -> None:
    with pytest.raises(RefusedError, match=r"cannot|only"):
        Packer().pack(value)


def test_a_table_is_refused_with_what_to_hand_over_instead() -> None:
    with pytest.raises(RefusedError, match=r"DataFrame cannot.*\.to_dict\(\) or \.to_numpy\(\)"):
        Packer().pack({"table": pandas.DataFrame({"a": [1]})})


def test_a_list_that_contains_itself_crosses_but_bottomless_nesting_does_not() -> None:
    loop: list[Any] = []
    loop.append(loop)
    arrived = cross(loop)
    assert arrived[0] is arrived
    deep: list[Any] = []
    for _ in range(200):
        deep = [deep]
    with pytest.raises(RefusedError, match="nested"):
        Packer().pack(deep)


@pytest.mark.parametrize(
    "form",
    [
        [],
        ["list"],
        ["list", 0, 3],
        ["unknown", 1],
        ["array", 0, "<f8"],
        ["scalar", "s0", "O"],
        ["ref", 7],
        ["type", "eval"],
        ["torch.dtype", "load"],
        ["namedtuple", "x; import os", ["a"], [1]],
        ["namedtuple", "T", ["__class__"], [1]],
        ["numpy.dtype", "O,"],
        ["decimal", "9" * 1000],
        {"a": 1},
        [["list"]],
        ["dict", 0, [[["list", 1, []], 1]]],
    ],
)
def test_a_forged_value_is_a_protocol_error_and_nothing_else(form: Any) -> None:
    frame = Frame.of({"value": form}, QUESTION)
    with pytest.raises(ProtocolError):
        Unpacker(frame).unpack(json.loads(frame.text)["value"])


def test_a_forged_array_block_is_a_protocol_error() -> None:
    frame = Frame(QUESTION, b"{}", b"\xff" * 64, b"")
    with pytest.raises(ProtocolError):
        Unpacker(frame).unpack(["array", 0, "<f8"])


def test_a_frame_above_its_limit_is_refused_before_it_is_read() -> None:
    reader = Reader({QUESTION: 100})
    reader.feed(bytes(Frame.of({"value": "x" * 200}, QUESTION))[:20])
    with pytest.raises(ProtocolError):
        reader.next()
