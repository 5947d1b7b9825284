"""The exception that every refusal and every failure of the command becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ._tables import Table

_OPTION = re.compile(r'--([a-z][a-z0-9-]*)')
_HELP = re.compile(r'plasticore ([a-z]+)( <[^;]*)?; --help lists its options')


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
        The file at fault; for arrays that were given as ``data=``, ``'data='``.
    option : str or None
        The keyword at fault, if the fault is in one: ``'limit'``, ``'set'``, ``'from_'``.
    line, column : int or None
        The place in the file; both count from 1.
    hint : str or None
        What would help.
    others : tuple of PlasticoreError
        The other faults that the same check found.
    result : Sweep, Exploration or None
        The sweep or search of which some cells failed, with all the others.
    printed : object
        What the command printed as JSON before it failed; None if nothing.
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
        self.option = _option_of(message)
        self.result: Table | None = None
        self.printed: Any = None

    def __str__(self) -> str:
        return '\n'.join(fault._alone() for fault in (self, *self.others))

    def _alone(self) -> str:
        place = ':'.join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        head = f'{place}: {self.message}' if place else self.message
        return head if self.hint is None else f'{head}\n  {self.hint}'


def _option_of(message: str) -> str | None:
    """The keyword of the option that a message begins with."""
    found = _OPTION.match(message)
    if found is None:
        return None
    name = found[1].replace('-', '_')
    return 'from_' if name == 'from' else name


def error_of(message: Mapping[str, Any], sources: Mapping[str, str]) -> PlasticoreError:
    """The exception that an error message of the command becomes.

    Parameters
    ----------
    message : mapping
        The message, as the command prints it with ``--json-messages``.
    sources : mapping of str
        The keyword of each file that this package wrote for it.
    """

    def named(text: str | None) -> str | None:
        for path, keyword in sources.items():
            text = text and text.replace(f"'{path}'", keyword).replace(path, keyword)
        return text

    text, file = named(message['message']) or '', named(message.get('file'))
    option = None
    # Where an option is at fault, the command has it in place of the file, with the file behind it, if there is one.
    if file is not None and file.startswith('--'):
        option, _, path = file.partition(' ')
        file = path if path != '' and text.startswith(f'{path}: ') else None
        text = text.removeprefix(f'{path}: ') if file is not None else f'{message["file"]}: {text}'
    error = PlasticoreError(
        message['code'],
        text,
        file,
        message.get('line'),
        message.get('column'),
        _for_python(named(message.get('hint'))),
        tuple(error_of(other, sources) for other in message.get('others', ())),
    )
    if option is not None:
        error.option = _option_of(option)
    return error


def _for_python(hint: str | None) -> str | None:
    """A hint that sends to ``--help``, which is ``help(...)`` here."""

    def lists(found: re.Match[str]) -> str:
        name = 'import_nir' if found[1] == 'import' else found[1]
        return f'help(plasticore.{name}) lists its keywords'

    return hint and _HELP.sub(lists, hint)
