"""Keywords as options of the command, and arrays as files that it reads."""

from __future__ import annotations

import json
import operator
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, SupportsFloat, SupportsIndex

import numpy as np
import numpy.typing as npt

from ._errors import PlasticoreError

PathLike = str | os.PathLike[str]
Arrays = Mapping[str, npt.ArrayLike]
"""Arrays by name, as an ``.npz`` file has them."""
Source = PathLike | Arrays
"""A path, or arrays that are written to an ``.npz`` file."""
Whole = SupportsIndex
"""A whole number: an int, or one of numpy."""
Real = SupportsFloat
"""A number: a float or an int, or one of numpy."""
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
        return [f'{key}={_assigned(item)}' for key, item in value.items()]
    if isinstance(value, str | os.PathLike):
        return [os.fspath(value)]
    if isinstance(value, np.generic | np.ndarray):
        return _items(value.tolist())
    if isinstance(value, Iterable):
        return [text for item in value for text in _items(item)]
    if isinstance(value, SupportsIndex) and not isinstance(value, bool):
        return [str(operator.index(value))]
    if isinstance(value, SupportsFloat) and not isinstance(value, bool):
        return [json.dumps(float(value))]
    return [json.dumps(value)]


def _assigned(value: object) -> str:
    """What stands behind ``key=``: values with commas between them; one that is a list itself keeps its brackets."""
    items = value.tolist() if isinstance(value, np.generic | np.ndarray) else value
    if isinstance(items, str | os.PathLike | Mapping) or not isinstance(items, Iterable):
        return ','.join(_items(items))
    return ','.join(_bracketed(item) if _is_list(item) else ','.join(_items(item)) for item in items)


def settings(values: Settings | None) -> dict[str, str] | None:
    """Values that replace others, as the command takes them: a list stays one value, ``[16,16]``."""
    if values is None:
        return None
    return {key: _bracketed(value) if _is_list(value) else _assigned(value) for key, value in values.items()}


def _is_list(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | os.PathLike | Mapping)


def _bracketed(value: object) -> str:
    listed = value.tolist() if isinstance(value, np.ndarray) else value
    assert isinstance(listed, Iterable)
    return '[' + ','.join(_bracketed(item) if _is_list(item) else ','.join(_items(item)) for item in listed) + ']'


def word(value: object, keyword: str) -> str:
    """A path or a name as a word of the command line.

    Raises
    ------
    PlasticoreError
        With code ``'usage'`` for anything else, and for what the command would take as an option.
    """
    if isinstance(value, str | os.PathLike):
        text = os.fspath(value)
        if isinstance(text, str) and text != '' and not text.startswith('-'):
            return text
        raise PlasticoreError('usage', f'{keyword}: expected a path or a name, found {text!r}')
    raise PlasticoreError('usage', f'{keyword}: expected a path or a name, found {type(value).__name__}')


def existing(path: Path, what: str, hint: str | None = None) -> Path:
    """The path of a file that has to be there.

    Raises
    ------
    PlasticoreError
        With code ``'file'`` if it is not.
    """
    if path.exists():
        return path
    raise PlasticoreError('file', f'there is no {what} here', file=str(path), hint=hint)


class Scratch:
    """A folder for files that nobody asked to keep. It lives as long as this object, or what refers to it."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix='plasticore-'))
        self.sources: dict[str, str] = {}
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def __reduce__(self) -> str:
        raise PlasticoreError(
            'usage',
            'its files are in a temporary folder, which ends with this process',
            hint="give it a folder that stays, out='runs/first', and load the results there",
        )

    def folder(self, out: PathLike | None) -> Path:
        """The folder for results: as asked for, or one in here."""
        return self.path / 'out' if out is None else Path(out)

    def file(self, name: str, source: Source | None, folder: Path | None = None) -> PathLike | None:
        """The path of a source; arrays are written into a folder first, by default this one."""
        if source is None or isinstance(source, str | os.PathLike):
            return source
        if not isinstance(source, Mapping):
            found = type(source).__name__
            expected = "expected a path, or arrays by name such as {'x': ...}"
            raise PlasticoreError('usage', f'{name}: {expected}, found {found}')
        path = (folder or self.path) / f'{name}.npz'
        path.parent.mkdir(parents=True, exist_ok=True)
        self.sources[str(path)] = f'{name}='
        arrays: dict[str, Any] = {key: np.asarray(value) for key, value in source.items()}
        np.savez(path, **arrays)
        return path
