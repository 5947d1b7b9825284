"""The report of a run, with its arrays and pictures."""

from __future__ import annotations

import csv
import html
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ._command import Command
from ._errors import PlasticoreError
from ._options import PathLike, Scratch, existing
from ._pictures import Pictures
from ._tables import Table
from ._weights import Weights

_SHOWN_PICTURES = ('learning', 'confusion', 'energy-kernel')


class Report(Mapping[str, Any]):
    """What a run did and cost.

    As a mapping it is ``report.json``: ``report['memory']['totalBits']``. ``schemas/report.schema.json`` says what
    each key means. The folder of a run without ``out=`` is removed when its report is no longer used.

    Attributes
    ----------
    folder : pathlib.Path
        The folder of the results.
    notes : tuple of str
        What the command said on the way.
    """

    def __init__(
        self,
        data: Mapping[str, Any],
        folder: PathLike,
        notes: tuple[str, ...] = (),
        scratch: Scratch | None = None,
        command: Command = None,
    ) -> None:
        self._data = data
        self.folder = Path(folder)
        self.notes = notes
        self._scratch = scratch
        self._command = command

    @classmethod
    def load(cls, folder: PathLike, command: Command = None) -> Report:
        """Reads the report of a finished run from its folder.

        Raises
        ------
        PlasticoreError
            With code ``'file'`` if it has none.
        """
        hint = 'a run that was interrupted goes on with resume=True'
        path = existing(Path(folder) / 'report.json', 'report of a finished run', hint)
        return cls(json.loads(path.read_text(encoding='utf-8')), folder, command=command)

    def __getitem__(self, key: str) -> Any:
        try:
            return self._data[key]
        except KeyError:
            raise KeyError(f"no key '{key}'; there are {', '.join(self._data)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    @property
    def scored(self) -> Mapping[str, Any]:
        """The part of the report that the answers were scored in: ``validation`` if the run has it, else ``test``."""
        part: Mapping[str, Any] = self._data['validation' if 'validation' in self._data else 'test']
        return part

    @property
    def accuracy(self) -> float | None:
        """Share of right answers, 0 .. 1; None if samples have no labels."""
        accuracy: float | None = self.scored['accuracy']
        return accuracy

    @property
    def energy_pj(self) -> float | None:
        """Energy of a scored sample in picojoules; None where the hw-model states no energies.

        The bounds of its estimate are beside it in the mapping.
        """
        energy: float | None = self.scored['perSample']['energyPj']['total']
        return energy

    @property
    def latency_ns(self) -> float:
        """Time of a scored sample in nanoseconds."""
        return float(self.scored['perSample']['latencyNs'])

    @property
    def memory_bits(self) -> int:
        """Memory of the network in bits, with what learning needs."""
        return int(self._data['memory']['totalBits'])

    @property
    def history(self) -> Table:
        """A row for each epoch: ``history.column('accuracy')``, measured while learning, has shape (epochs,)."""
        return Table(self._data['train']['history'] if 'train' in self._data else ())

    @cached_property
    def weights(self) -> Weights:
        """Weights after the run and other fields that it has learnt: integers, pre x post, with their units.

        Raises
        ------
        PlasticoreError
            With code ``'file'`` if the folder has none.
        """
        return Weights.load(self.folder / 'weights.npz')

    @property
    def labels(self) -> npt.NDArray[np.int64]:
        """The label of each scored sample, shape (samples,).

        Raises
        ------
        PlasticoreError
            With code ``'data'`` if samples have no labels: those of a regression have ``targets``.
        """
        return self._answer('label').astype(np.int64)

    @property
    def targets(self) -> npt.NDArray[np.float64]:
        """The value that each scored sample of a regression stands for, shape (samples,), in units of the data.

        Raises
        ------
        PlasticoreError
            With code ``'data'`` if the run is no regression.
        """
        return self._answer('target')

    @property
    def predictions(self) -> npt.NDArray[Any]:
        """The answer for each scored sample, shape (samples,): a class, int64; in a regression a value, float64."""
        answers = self._answer('prediction')
        return answers if 'target' in self._answers else answers.astype(np.int64)

    @property
    def scores(self) -> npt.NDArray[np.float64]:
        """The score of each class, shape (samples, classes): what the field that answers holds.

        They are whole numbers, in units of the field; on the baseline, fp32, floats.

        Raises
        ------
        PlasticoreError
            With code ``'data'`` if the run has no classes.
        """
        scores = [self._answers[name] for name in self._answers if name.startswith('score.')]
        if not scores:
            raise PlasticoreError('data', 'this run scores no classes', file=str(self.folder / 'predictions.csv'))
        return np.stack(scores, axis=1)

    def _answer(self, name: str) -> npt.NDArray[np.float64]:
        if name in self._answers:
            return self._answers[name]
        there = ', '.join(self._answers)
        path = self.folder / 'predictions.csv'
        raise PlasticoreError('data', f"there is no '{name}'; there are {there}", file=str(path))

    @property
    def files(self) -> list[str]:
        """Where each scored sample was read: a file below a folder of data, or a line of a table: ``my.csv:7``.

        Empty for data of other kinds.
        """
        return list(self._columns.get('file', ()))

    @cached_property
    def _columns(self) -> dict[str, tuple[str, ...]]:
        with existing(self.folder / 'predictions.csv', 'answers').open(encoding='utf-8', newline='') as file:
            head, *rows = csv.reader(file)
        return dict(zip(head, zip(*rows, strict=True), strict=True))

    @cached_property
    def _answers(self) -> dict[str, npt.NDArray[np.float64]]:
        return {
            name: np.array([float(cell) if cell else np.nan for cell in column])
            for name, column in self._columns.items()
            if name != 'file'
        }

    @cached_property
    def recorded(self) -> dict[str, npt.NDArray[Any]]:
        """What ``record=`` asked for, by name: ``hidden.v`` has shape (samples, steps, neurons).

        Its type is the smallest integer that holds the field (float32 on the baseline), in units of the field.
        ``prediction``, ``label`` (where samples have one) and ``steps``, how many steps each had, have shape
        (samples,). :meth:`spikes` lists spikes as rows.

        Spikes are ``hidden.spikes.indices``, the neurons of all steps one after the other, and
        ``hidden.spikes.offsets``: those of step ``t`` of sample ``s`` are ``indices[offsets[i] : offsets[i + 1]]`` with
        ``i = s * steps + t``.

        Raises
        ------
        PlasticoreError
            With code ``'file'`` if the run has recorded nothing.
        """
        path = self.folder / 'record.npz'
        if not path.exists():
            hint = "run(..., record='v:hidden,spikes:*') records potentials and spikes"
            raise PlasticoreError('file', 'this run has recorded nothing', file=str(path), hint=hint)
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}

    def spikes(self, population: str) -> npt.NDArray[np.int64]:
        """The recorded spikes of a population, in the order of their emission.

        Parameters
        ----------
        population : str
            The name of a population that ``record='spikes:*'`` or ``'spikes:NAME'`` has recorded.

        Returns
        -------
        ndarray of int64, shape (spikes, 3)
            Sample, step and neuron of each spike, each from 0.

        Raises
        ------
        PlasticoreError
            With code ``'file'`` if the run has recorded nothing, ``'data'`` if not this population's spikes.
        """
        name = f'{population}.spikes'
        if f'{name}.indices' not in self.recorded:
            there = ', '.join(self.recorded)
            path = str(self.folder / 'record.npz')
            raise PlasticoreError('data', f"no spikes of '{population}' were recorded; there are {there}", file=path)
        indices, offsets = self.recorded[f'{name}.indices'], self.recorded[f'{name}.offsets']
        slots = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets.astype(np.int64)))
        steps = (len(offsets) - 1) // max(1, len(self.recorded['steps']))
        return np.stack([slots // steps, slots % steps, indices.astype(np.int64)], axis=1)

    @cached_property
    def pictures(self) -> Pictures:
        """The pictures of the report page by name, as ``plasticore report --svg`` draws them.

        The command draws them when they are first asked for, which takes some seconds.

        Raises
        ------
        PlasticoreError
            If the command refuses.
        """
        return Pictures(self.folder, self._command)

    def save_page(self, path: PathLike) -> None:
        """Writes the report page: one file of HTML with all pictures and tables.

        Raises
        ------
        PlasticoreError
            If the command refuses.
        """
        Path(path).write_text(self.pictures.page, encoding='utf-8')

    def _figures(self) -> str:
        accuracy = '-' if self.accuracy is None else f'{100 * self.accuracy:.1f} %'
        energy = 'unknown energy' if self.energy_pj is None else f'{self.energy_pj / 1e3:.4g} nJ'
        return f'accuracy {accuracy}, {energy} and {self.latency_ns / 1e3:.4g} us a sample, {self.memory_bits} bits'

    def __repr__(self) -> str:
        ran = self._data['provenance']
        return f'<Report {ran["experiment"]} on {ran["hwModel"]} at {ran["precision"]}: {self._figures()}>'

    def _repr_html_(self) -> str:
        ran = self._data['provenance']
        head = html.escape(f'{ran["experiment"]} on {ran["hwModel"]} at {ran["precision"]}, seed {ran["seed"]}')
        remarks = ''.join(f'<li>{html.escape(str(remark))}</li>' for remark in self._data['remarks'])
        try:
            shown = [picture for name, picture in self.pictures.items() if name.startswith(_SHOWN_PICTURES)]
            images = ''.join(picture.image() for picture in shown)
        except PlasticoreError as error:
            images = f'<p>no pictures: {html.escape(str(error))}</p>'
        return f'<p><b>{head}</b><br>{self._figures()}</p><ul>{remarks}</ul>{images}'
