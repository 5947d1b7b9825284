"""Keywords as options of the command, and arrays as files that it reads."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

PathLike = str | os.PathLike[str]
Arrays = Mapping[str, npt.ArrayLike]
"""Arrays by name, as an ``.npz`` file has them."""
Source = PathLike | Arrays
"""A path, or arrays that are written to an ``.npz`` file."""
Settings = Mapping[str, object]
"""Values by path, such as ``{'hw.lanes': 32}``."""
ByNode = str | float | Mapping[str, str | float]
"""A choice for all nodes of a graph, or choices by node: ``{'out': 'subtract'}``."""

_REPEATED = ('set', 'vary', 'conv')


def flags(options: Mapping[str, object]) -> list[str]:
    """The words of a command line for keywords: ``checkpoint_seconds=60`` is ``--checkpoint-seconds=60``."""
    words: list[str] = []
    for name, value in options.items():
        flag = '--' + name.rstrip('_').replace('_', '-')
        if value is None or value is False:
            continue
        if value is True:
            words.append(flag)
        elif name in _REPEATED:
            words += [f'{flag}={text}' for text in _items(value)]
        else:
            words.append(f'{flag}={",".join(_items(value))}')
    return words


def _items(value: object) -> list[str]:
    """A value as texts: those of a sequence one by one, those of a mapping as ``key=value``."""
    if isinstance(value, Mapping):
        return [f'{key}={",".join(_items(item))}' for key, item in value.items()]
    if isinstance(value, str | os.PathLike):
        return [os.fspath(value)]
    if isinstance(value, np.generic | np.ndarray):
        return _items(value.tolist())
    if isinstance(value, Iterable):
        return [text for item in value for text in _items(item)]
    return [json.dumps(value)]


class Scratch:
    """A folder for files that nobody asked to keep. It lives as long as this object, or what refers to it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix='plasticore-')

    @property
    def path(self) -> Path:
        return Path(self._folder.name)

    def folder(self, out: PathLike | None) -> Path:
        """The folder for results: as asked for, or one in here."""
        return self.path / 'out' if out is None else Path(out)

    def file(self, name: str, source: Source | None, folder: Path | None = None) -> PathLike | None:
        """The path of a source; arrays are written into a folder first, by default this one."""
        if source is None or isinstance(source, str | os.PathLike):
            return source
        path = (folder or self.path) / f'{name}.npz'
        path.parent.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {key: np.asarray(value) for key, value in source.items()}
        np.savez(path, **arrays)
        return path
