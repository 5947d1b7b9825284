"""Finds the command and calls it: options in, JSON, messages and errors out."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from ._errors import PlasticoreError, error_of
from ._progress import Progress, ProgressOption, display_for

VARIABLE = 'PLASTICORE_COMMAND'
_SECONDS_TO_STOP = 30
_HOW_TO_CALL = f'is it the command of Plasticore? {VARIABLE}, or command=, says how to call it'

Command = str | Sequence[str] | os.PathLike[str] | None
"""How to call the command: words, or a line such as ``'node dist/cli/main.js'``. ``None``: it is looked for."""


@dataclass(frozen=True)
class Outcome:
    """What a call printed: its result as JSON, and what it said on the way."""

    result: Any
    notes: tuple[str, ...]


def find(command: Command = None) -> list[str]:
    """The words that call the command.

    In this order: as given; as the environment variable ``PLASTICORE_COMMAND`` says; ``plasticore`` on the path;
    where npm has put it for a project, in the current folder or one above; in a clone that was built. Nothing is
    downloaded or built.

    Raises
    ------
    PlasticoreError
        With code ``'command'`` if there is none.
    """
    stated = os.environ.get(VARIABLE) if command is None else command
    if isinstance(stated, os.PathLike):
        return [os.fspath(stated)]
    if stated:
        return shlex.split(stated) if isinstance(stated, str) else list(stated)
    on_path = shutil.which('plasticore')
    if on_path is not None:
        return [on_path]
    for folder in (Path.cwd(), *Path.cwd().parents):
        of_project = folder / 'node_modules' / '.bin' / 'plasticore'
        if of_project.exists():
            return [str(of_project)]
        of_clone = folder / 'dist' / 'cli' / 'main.js'
        if of_clone.exists() and (folder / 'hw-models').is_dir():
            return ['node', str(of_clone)]
    raise PlasticoreError(
        'command',
        "the command 'plasticore' is neither on the path, nor in a project of npm or a clone here",
        hint=f'install it with npm, or say how to call it: {VARIABLE}="node /path/to/dist/cli/main.js", or command=',
    )


def call(
    arguments: Sequence[str],
    command: Command = None,
    progress: ProgressOption = False,
    sources: Mapping[str, str] = MappingProxyType({}),
) -> Outcome:
    """Calls the command and waits for it.

    A ``KeyboardInterrupt`` stops the command as Ctrl-C does, waits until it has left its files in order, and goes on.

    Parameters
    ----------
    sources : mapping of str
        The keyword of each file that was written for the call, which errors name in its place.

    Raises
    ------
    PlasticoreError
        If the command refuses or fails; ``error.printed`` is then what it printed as JSON, if anything.
    """
    words = [*find(command), *arguments, '--json-messages']
    for word in words:
        if '\0' in word:
            raise PlasticoreError('usage', f'expected text without the character NUL, found {word!r}')
    display = display_for(progress)
    with tempfile.TemporaryFile() as printed:
        try:
            # In a session of its own, the command gets Ctrl-C from here alone: a second one would end it at once.
            child = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.PIPE, start_new_session=True
            )
        except OSError as error:
            called = shlex.join(find(command))
            raise PlasticoreError('command', f'{called}: {error.strerror or error}', hint=_HOW_TO_CALL) from error
        try:
            heard = _Heard(sources)
            assert child.stderr is not None
            for line in child.stderr:
                shown = heard.take(line.decode())
                if shown is not None:
                    display.update(shown)
            status = child.wait()
        except BaseException:
            _stop(child)
            raise
        finally:
            display.stop()
            if child.stderr is not None:
                child.stderr.close()
        result = _json_in(printed)
    if status != 0:
        raise heard.error(status, result)
    if result is None and any(argument.startswith('--json') for argument in arguments):
        raise PlasticoreError(
            'command', f"'{shlex.join(find(command))}' printed no JSON", hint=_HOW_TO_CALL
        )
    return Outcome(result, tuple(heard.notes))


class _Heard:
    """What a command says on standard error."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources
        self.notes: list[str] = []
        self._fault: PlasticoreError | None = None
        self._other: list[str] = []

    def take(self, line: str) -> Progress | None:
        """Takes a line; returns it if it is progress."""
        try:
            message = json.loads(line)
            kind = message['kind']
        except (ValueError, TypeError, KeyError):
            self._other.append(line)
            return None
        if kind == 'progress':
            return Progress(message['part'], message['done'], message['total'], message['rest'])
        if kind == 'note':
            self.notes.append(message['text'])
        elif kind == 'error':
            self._fault = error_of(message, self._sources)
        return None

    def error(self, status: int, result: Any) -> PlasticoreError:
        """The error that the command ended with. One that says nothing in JSON is too old, or no such command."""
        lines = ''.join(self._other).strip()
        # Node shows a trace of its stack where it does not find the file that it is to run.
        cause = next((line for line in lines.splitlines() if line.startswith('Error: ')), lines)
        said = cause or f'ended with status {status}'
        fault = self._fault or PlasticoreError('command', said, hint=_HOW_TO_CALL)
        fault.printed = result
        return fault


def _json_in(printed: IO[bytes]) -> Any:
    """What a command printed, if it is JSON: not every call asks for a result."""
    printed.seek(0)
    try:
        return json.loads(printed.read())
    except ValueError:
        return None


def _stop(child: subprocess.Popen[bytes]) -> None:
    """Asks the command to stop, and ends it if it does not or if the wait is interrupted, too."""
    try:
        _signal(child, signal.SIGINT)
        child.communicate(timeout=_SECONDS_TO_STOP)
    except BaseException:
        _signal(child, signal.SIGKILL)
        child.wait()


def _signal(child: subprocess.Popen[bytes], which: signal.Signals) -> None:
    if child.poll() is None:
        os.killpg(child.pid, which)
