"""Weights as arrays, with the value of their units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ._options import PathLike, existing

_SCALE = '.scale'


class Weights(Mapping[str, npt.NDArray[Any]]):
    """What an ``.npz`` file of weights has: a mapping that goes back in as ``weights=``.

    ``weights['inputToHidden.weight']`` is the array that the core holds, of integers, with a shape of pre x post for
    dense projections. ``weights['inputToHidden.weight.scale']`` is the value of one unit.
    """

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._arrays = dict(arrays)

    @classmethod
    def load(cls, path: PathLike) -> Weights:
        """Reads an ``.npz`` file.

        Raises
        ------
        PlasticoreError
            With code ``'file'`` if there is none.
        """
        with np.load(existing(Path(path), 'file of weights'), allow_pickle=False) as file:
            return cls({name: file[name] for name in file.files})

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the arrays, without those of the scales."""
        return tuple(name for name in self._arrays if not name.endswith(_SCALE))

    def real(self, name: str) -> npt.NDArray[np.float64]:
        """An array times the value of its unit.

        Returns
        -------
        ndarray of float64
            In the shape of the array, within -1 .. 1 for weights that a run has learnt.

        Raises
        ------
        KeyError
            If the file has no such array, or no scale of it.
        """
        return np.asarray(self[name] * self[name + _SCALE], dtype=np.float64)

    def save(self, path: PathLike) -> None:
        """Writes an ``.npz`` file, under exactly this name."""
        arrays: dict[str, Any] = self._arrays
        with Path(path).open('wb') as file:
            np.savez(file, **arrays)

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        try:
            return self._arrays[name]
        except KeyError:
            raise KeyError(f"no array '{name}'; there are {', '.join(self._arrays)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __repr__(self) -> str:
        return '\n'.join(f'{name}  {self[name].dtype}  {self[name].shape}' for name in self.names)
