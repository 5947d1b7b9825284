"""Rows with the same keys: columns as arrays, and a table in notebooks."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

import numpy as np
import numpy.typing as npt

_MISSING = object()


def value_at(value: Any, path: str) -> Any:
    """The value at a path of keys joined by dots. A key may have dots, too: ``values.hw.lanes``."""
    if not isinstance(value, Mapping):
        return _MISSING
    if path in value:
        return value[path]
    for end in (index for index, letter in enumerate(path) if letter == '.'):
        if path[:end] in value:
            found = value_at(value[path[:end]], path[end + 1 :])
            if found is not _MISSING:
                return found
    return _MISSING


class Table(Sequence[Mapping[str, Any]]):
    """Rows, as the command's JSON has them, and their columns as arrays.

    Parameters
    ----------
    rows : sequence of mappings
        The rows.
    shown : sequence of str
        The columns that notebooks show; by default all whose values are numbers and texts.
    """

    def __init__(self, rows: Sequence[Mapping[str, Any]], shown: Sequence[str] = ()) -> None:
        self._rows = tuple(rows)
        self._shown = tuple(shown)

    @overload
    def __getitem__(self, index: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> Table: ...
    def __getitem__(self, index: int | slice) -> Mapping[str, Any] | Table:
        return Table(self._rows[index], self._shown) if isinstance(index, slice) else self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self._rows)

    def column(self, path: str) -> npt.NDArray[Any]:
        """The values of a column.

        Parameters
        ----------
        path : str
            A key, or keys joined by dots: ``'accuracy'``, ``'memory.totalBits'``, ``'values.hw.lanes'``. Units are in
            the names: ``energyPj``, ``latencyNs``, ``areaUm2``, ``memoryBits``.

        Returns
        -------
        ndarray, shape (rows,)
            int64 if all values are whole numbers; float64, with NaN where a row has none, if all are numbers; else
            objects.

        Raises
        ------
        KeyError
            If no row has the column.
        """
        values = [value_at(row, path) for row in self._rows]
        if all(value is _MISSING for value in values) and self._rows:
            raise KeyError(f"no row has '{path}'; there are {', '.join(self._keys())}")
        present = [None if value is _MISSING else value for value in values]
        if present and all(isinstance(value, int) and not isinstance(value, bool) for value in present):
            return np.array(present, dtype=np.int64)
        if all(value is None or _is_number(value) for value in present):
            return np.array([np.nan if value is None else value for value in present], dtype=np.float64)
        column = np.empty(len(present), dtype=object)
        column[:] = present
        return column

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a notebook shows; :meth:`column` takes any key of the rows."""
        return tuple(self._columns())

    def _keys(self) -> list[str]:
        return list(dict.fromkeys(key for row in self._rows for key in row))

    def _columns(self) -> list[str]:
        if self._shown:
            return [path for path in self._shown if any(value_at(row, path) is not _MISSING for row in self._rows)]
        return [key for key in self._keys() if not any(isinstance(row.get(key), Mapping | list) for row in self._rows)]

    def _cells(self) -> list[list[str]]:
        return [[_text(value_at(row, path)) for path in self._columns()] for row in self._rows]

    def __repr__(self) -> str:
        if not self._rows:
            return 'no rows'
        lines = [self._columns(), *self._cells()]
        widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
        return '\n'.join('  '.join(map(str.ljust, line, widths)).rstrip() for line in lines)

    def _repr_html_(self) -> str:
        head = ''.join(f'<th>{html.escape(name)}</th>' for name in self._columns())
        rows = (''.join(f'<td>{html.escape(cell)}</td>' for cell in cells) for cells in self._cells())
        return f'<table><tr>{head}</tr>{"".join(f"<tr>{row}</tr>" for row in rows)}</table>'


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any) -> str:
    if value is None or value is _MISSING:
        return '-'
    return f'{value:.6g}' if isinstance(value, float) else str(value)
