"""Shows how far the command is: on a terminal, in a notebook, or by a function of the caller's."""

from __future__ import annotations

import html
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TextIO

_BAR = 24


@dataclass(frozen=True)
class Progress:
    """How far a part of the work is.

    Attributes
    ----------
    part : str
        The current part, such as ``'epoch 1/3'``, ``'test'`` or ``'2/4 cells, 1 running'``.
    done, total : float
        How much of it is done, in samples.
    rest : str
        Further details in words, such as ``'accuracy 74.0 % while learning  28 samples/s'``.
    """

    part: str
    done: float
    total: float
    rest: str

    def __str__(self) -> str:
        return f'{self.part}  {self.done:g}/{self.total:g}  {self.rest}'.rstrip()


ProgressOption = bool | Callable[[Progress], None] | None
"""``None``: a bar on a terminal and in a notebook, nothing elsewhere. A function takes each :class:`Progress`."""


class Display(Protocol):
    """Takes progress until it ends."""

    def update(self, progress: Progress) -> None: ...

    def stop(self) -> None: ...


def display_for(option: ProgressOption) -> Display:
    """The display that an option asks for."""
    if option is False:
        return _Calls(lambda progress: None)
    if callable(option):
        return _Calls(option)
    show = notebook_display()
    if show is not None:
        return _NotebookBar(show)
    return _TextBar(sys.stderr) if option or sys.stderr.isatty() else _Calls(lambda progress: None)


def notebook_display() -> Callable[..., Any] | None:
    """IPython's ``display`` if this runs in a notebook. IPython is loaded there; it is never imported anew."""
    ipython = sys.modules.get('IPython')
    shell = None if ipython is None else ipython.get_ipython()
    # A terminal with IPython has no kernel.
    if ipython is None or getattr(shell, 'kernel', None) is None:
        return None
    from importlib import import_module

    display: Callable[..., Any] = import_module('IPython.display').display
    return display


class _Calls:
    def __init__(self, function: Callable[[Progress], None]) -> None:
        self._function = function

    def update(self, progress: Progress) -> None:
        self._function(progress)

    def stop(self) -> None:
        pass


class _TextBar:
    """One line of plain text, which is written over and in the end removed."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._width = 0

    def update(self, progress: Progress) -> None:
        filled = round(_BAR * progress.done / progress.total) if progress.total > 0 else 0
        bar = '#' * filled + '-' * (_BAR - filled)
        columns = shutil.get_terminal_size().columns - 1
        text = f'{progress.part} [{bar}] {progress.done:g}/{progress.total:g}  {progress.rest}'[:columns]
        self._stream.write(f'\r{text.ljust(self._width)}')
        self._stream.flush()
        self._width = len(text)

    def stop(self) -> None:
        self._stream.write(f'\r{" " * self._width}\r')
        self._stream.flush()


class _Shown:
    """What a notebook shows: a bar where it takes HTML, a line elsewhere."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress

    def __repr__(self) -> str:
        return '' if self._progress is None else str(self._progress)

    def _repr_html_(self) -> str:
        if self._progress is None:
            return ''
        done, total = self._progress.done, self._progress.total
        return f'<progress value="{done:g}" max="{total:g}"></progress> {html.escape(str(self._progress))}'


class _NotebookBar:
    def __init__(self, display: Callable[..., Any]) -> None:
        self._display = display
        self._handle: Any = None

    def update(self, progress: Progress) -> None:
        if self._handle is None:
            self._handle = self._display(_Shown(progress), display_id=True)
        else:
            self._handle.update(_Shown(progress))

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.update(_Shown(None))
