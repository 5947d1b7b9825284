"""Tables of results that lie in a folder: those of sweeps and of searches."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

from ._command import Command, Outcome, call
from ._errors import PlasticoreError
from ._options import PathLike, Scratch, existing
from ._pictures import Pictures
from ._progress import ProgressOption
from ._report import Report
from ._tables import Table


class StoredTable(Table):
    """Rows of results, and the folder that they are in."""

    _file: ClassVar[tuple[str, str]]
    """The file of the whole result, and what it is of."""

    def __init__(
        self,
        data: Mapping[str, Any],
        folder: PathLike,
        notes: tuple[str, ...] = (),
        scratch: Scratch | None = None,
        command: Command = None,
    ) -> None:
        super().__init__(*self._rows_of(data))
        self.data = data
        self.folder = Path(folder)
        self.notes = notes
        self._scratch = scratch
        self._command = command

    @staticmethod
    def _rows_of(data: Mapping[str, Any]) -> tuple[Sequence[Mapping[str, Any]], Sequence[str]]:
        """The rows of the table, and the columns that it shows."""
        raise NotImplementedError

    @classmethod
    def load(cls, folder: PathLike, command: Command = None) -> Self:
        """Reads results from their folder.

        Raises
        ------
        PlasticoreError
            With code ``'file'`` if it has none that are finished.
        """
        name, what = cls._file
        path = existing(Path(folder) / name, what)
        return cls(json.loads(path.read_text(encoding='utf-8')), folder, command=command)

    def _report_at(self, index: int, key: str, *path: str) -> Report:
        """The report in a folder below this one, of a row that has run: one with a value under the key."""
        row = self[index]
        if row[key] is None or row['status'] != 'done':
            raise PlasticoreError('run', f'row {index} has no report: {row["status"]}', hint=row.get('reason'))
        report = Report.load(self.folder.joinpath(*path), self._command)
        report._scratch = self._scratch
        return report

    @cached_property
    def pictures(self) -> Pictures:
        """The pictures of the report page by name, as ``plasticore report --svg`` draws them."""
        return Pictures(self.folder, self._command)

    def save_page(self, path: PathLike) -> None:
        """Writes the report page: one file of HTML with all pictures and tables."""
        Path(path).write_text(self.pictures.page, encoding='utf-8')


Stored = TypeVar('Stored', bound=StoredTable)


def call_for(
    make: Callable[[Outcome], Stored],
    arguments: Sequence[str],
    command: Command,
    progress: ProgressOption,
    sources: Mapping[str, str],
) -> Stored:
    """Calls a command of many runs. If some of them fail, the error has the results of the others."""
    try:
        return make(call(arguments, command, progress, sources))
    except PlasticoreError as error:
        if error.printed is not None:
            error.result = make(Outcome(error.printed, ()))
        raise
