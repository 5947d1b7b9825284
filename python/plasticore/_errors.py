"""The exception that every refusal and every failure of the command becomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class PlasticoreError(Exception):
    """What the command refused or failed at, with its place.

    Attributes
    ----------
    code : str
        The kind of fault. ``'usage'``, ``'file'``, ``'syntax'``, ``'unknown-key'``, ``'invalid-value'``,
        ``'format'``, ``'microcode'``, ``'range'``, ``'fit'``, ``'image'`` and ``'data'`` are wrong use or wrong
        input; ``'run'`` is a run that failed, ``'system'`` a refusal by the machine, such as a full disk;
        ``'interrupted'`` a signal that somebody else sent; ``'internal'`` a fault of Plasticore itself;
        ``'command'`` says that the command was not found or did not start.
    message : str
        What was found and what was expected. It names options as the command does: ``--limit`` is ``limit=``.
    file : str or None
        The file at fault.
    line, column : int or None
        The place in the file; both count from 1.
    hint : str or None
        What would help.
    others : tuple of PlasticoreError
        The other faults that the same check found.
    result : object or None
        What there is in spite of the failure: the :class:`Sweep` of which some cells failed.
    """

    def __init__(
        self,
        code: str,
        message: str,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
        others: tuple[PlasticoreError, ...] = (),
    ) -> None:
        super().__init__(code, message, file, line, column, hint, others)
        self.code = code
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.hint = hint
        self.others = others
        self.result: object | None = None

    def __str__(self) -> str:
        return '\n'.join(fault._alone() for fault in (self, *self.others))

    def _alone(self) -> str:
        place = ':'.join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        head = f'{place}: {self.message}' if place else self.message
        return head if self.hint is None else f'{head}\n  {self.hint}'


def error_of(message: Mapping[str, Any]) -> PlasticoreError:
    """The exception that an error message of the command becomes."""
    return PlasticoreError(
        message['code'],
        message['message'],
        message.get('file'),
        message.get('line'),
        message.get('column'),
        message.get('hint'),
        tuple(error_of(other) for other in message.get('others', ())),
    )
