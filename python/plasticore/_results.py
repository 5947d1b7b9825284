"""What sweeps, comparisons, questions about memory and imports return."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from ._errors import PlasticoreError
from ._options import PathLike, Scratch
from ._report import Report
from ._stored import StoredTable
from ._tables import Table
from ._weights import Weights


_FIGURES = tuple(f'figures.{name}' for name in ('accuracy', 'bits', 'areaUm2', 'energyPj', 'latencyNs'))


class Sweep(StoredTable):
    """The cells of a sweep, a row for each; ``sweep.column('figures.accuracy')`` has shape (cells,).

    Columns: ``design``, ``precision``, ``seed``, ``status``, ``figures.accuracy`` (share, 0 .. 1), ``figures.energyPj``
    and the other figures of an :class:`Exploration`; ``values.PATH`` has the value on an axis. Energies are None in
    rows, NaN in columns, where nobody knows them or nothing was counted.

    Attributes
    ----------
    data : mapping
        The whole result, as ``study.json`` has it.
    folder : pathlib.Path
        The folder of the results.
    notes : tuple of str
        What the command said on the way.
    """

    _file = ('study.json', 'finished sweep')

    @staticmethod
    def _rows_of(data: Mapping[str, Any]) -> tuple[Sequence[Mapping[str, Any]], Sequence[str]]:
        if 'cells' not in data:
            raise PlasticoreError('file', 'is the result of a search', hint='plasticore.Exploration.load reads it')
        return data['cells'], ('design', 'seed', 'status', *_FIGURES, 'reason')

    @cached_property
    def designs(self) -> Table:
        """A row for each design, with means over its seeds, ``designs.column('figures.accuracy')``, and with several
        seeds their spreads, ``designs.column('spreads.accuracy.standardDeviation')``.
        """
        shown = ('name', 'status', 'n', 'figures.accuracy', 'spreads.accuracy.standardDeviation', *_FIGURES[1:])
        return Table(self.data['designs'], shown)

    def report(self, index: int) -> Report:
        """The report of a cell.

        Parameters
        ----------
        index : int
            The row of the cell, from 0.

        Returns
        -------
        Report
            It keeps the folder of the sweep as long as it lives.

        Raises
        ------
        PlasticoreError
            With code ``'run'`` if the cell has none: it did not fit, or failed.
        """
        return self._report_at(index, 'run', 'runs', str(self[index]['run']))

    def _repr_html_(self) -> str:
        shown = [picture for name, picture in self.pictures.items() if name.startswith('accuracy-')]
        return super()._repr_html_() + ''.join(picture.image() for picture in shown)


class Comparison(Table):
    """One network on several chips, a row for each; chips that it does not fit have a ``reason``.

    Columns: ``hw``, ``precision``, ``cores``, ``memoryBits``, ``areaUm2``, ``accuracy`` (share, 0 .. 1),
    ``energyPjPerInference`` (None where nobody knows it), ``latencyNsPerInference``; ``reason`` where it does not fit,
    ``failure`` where it failed.

    Attributes
    ----------
    experiment : str
        The name of the experiment.
    notes : tuple of str
        What the command said on the way.
    """

    def __init__(self, data: Mapping[str, Any], notes: tuple[str, ...] = ()) -> None:
        shown = ('hw', 'precision', 'cores', 'memoryBits', 'areaUm2', 'accuracy', 'energyPjPerInference')
        super().__init__(data['chips'], (*shown, 'latencyNsPerInference', 'reason', 'failure'))
        self.experiment: str = data['experiment']
        self.notes = notes


class Memory(Table):
    """The memory of a network, a row for each precision; ``memory.column('memory.totalBits')`` is in bits.

    With ``basis``, a row for each way to count a batch; ``memory.column('bytes')`` is in bytes.

    Attributes
    ----------
    misfits : Table
        The precisions at which the core does not hold the network, and why.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        if 'bases' in data:
            super().__init__(data['bases'], ('name', 'bytes', 'fp32Bytes'))
            self.misfits = Table(())
            return
        sums = ('memory.totalBits', 'memory.allocatedBits', 'memory.inferenceBits')
        super().__init__(data['precisions'], ('precision', *sums, 'fits'))
        self.misfits = Table(data['misfits'])

    def fields(self, precision: str) -> Table:
        """What each field takes at a precision: ``name``, ``bank``, ``bitsPerItem``, ``count``, ``totalBits``."""
        for row in self:
            if row['precision'] == precision:
                return Table(row['memory']['fields'])
        raise KeyError(f"no precision '{precision}'; there are {', '.join(row['precision'] for row in self)}")


class Imported(Mapping[str, Any]):
    """A network in NIR as a program of integers.

    As a mapping it is ``import.json``: ``imported['projections']``. The folder of an import without ``out=`` is removed
    when this object is no longer used.

    Attributes
    ----------
    drift : mapping or None
        How integers differ from floats, if ``check=`` gave samples: ``agreement``, the share of samples with the same
        answer; ``accuracy``, shares of right answers under ``float`` and ``integer``, if there are labels;
        ``samples`` and ``steps``, how many there were; ``layers`` and ``bySample``, which are the tables below.
    folder : pathlib.Path
        The folder with program, weights and experiment.
    experiment : pathlib.Path
        The experiment that runs the network, as ``plasticore.run(imported)`` does.
    notes : tuple of str
        What the command said on the way: how it reads the neurons, and what would mend the drift.
    """

    def __init__(
        self,
        data: Mapping[str, Any],
        folder: PathLike,
        notes: tuple[str, ...],
        scratch: Scratch | None = None,
    ) -> None:
        self._data: Mapping[str, Any] = data['import']
        self.drift: Mapping[str, Any] | None = data['drift']
        self.folder = Path(folder)
        self.experiment = self.folder / 'experiment.yaml'
        self.notes = notes
        self._scratch = scratch

    def __fspath__(self) -> str:
        """The experiment, so that ``plasticore.run(imported)`` runs the network."""
        return str(self.experiment)

    def __getitem__(self, key: str) -> Any:
        try:
            return self._data[key]
        except KeyError:
            raise KeyError(f"no key '{key}'; there are {', '.join(self._data)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    @cached_property
    def weights(self) -> Weights:
        """The weights of the program, in integers."""
        return Weights.load(self.folder / 'weights.npz')

    @property
    def layers(self) -> Table:
        """The drift of each layer; empty without ``check=``.

        ``rate.float`` and ``rate.integer`` are spikes per neuron and step; ``differing`` is the share, 0 .. 1, of
        spikes that only one of the two had; ``correlation`` is that of the potentials, -1 .. 1; ``error`` is the root
        of their mean squared difference, in the graph's units of the potential.
        """
        shown = ('node', 'population', 'neurons', 'rate.float', 'rate.integer', 'differing', 'correlation', 'error')
        return Table([] if self.drift is None else self.drift['layers'], shown)

    @property
    def samples(self) -> Table:
        """The answers by sample; empty without ``check=``.

        ``float`` and ``integer`` are classes, as are ``label`` and ``recorded`` (the framework's own answer), if the
        samples have them; ``differing`` lists for each layer the share of spikes that differ, None without spikes.
        """
        return Table([] if self.drift is None else self.drift['bySample'])

    def _figures(self) -> str:
        if self.drift is None:
            return f'{len(self["projections"])} projections at {self["precision"]}, for {self["hw"]}'
        agreement, accuracy = self.drift['agreement'], self.drift.get('accuracy')
        shares = ''
        if accuracy is not None:
            shares = f'; accuracy {_percent(accuracy["float"])} in floats, {_percent(accuracy["integer"])} in integers'
        return f'{_percent(agreement)} of the answers agree{shares}'

    def __repr__(self) -> str:
        strict = any('--from' in note for note in self.notes)
        reading = ", read at NIR's word: from_= names the framework" if strict else ''
        return f'<Imported {self["source"]["file"]}: {self._figures()}{reading}>'

    def _repr_html_(self) -> str:
        head = html.escape(f'{self["source"]["file"]}: {self._figures()}')
        notes = ''.join(f'<li>{html.escape(note)}</li>' for note in self.notes)
        layers = '' if self.drift is None else self.layers._repr_html_()
        return f'<p><b>{head}</b></p>{layers}<ul>{notes}</ul>'


def _percent(share: float) -> str:
    return f'{100 * share:.1f} %'
