"""``explore`` and ``fit``, and what they return: designs of chips and networks together.

Keywords are the options of the command: ``checkpoint_seconds=60`` is ``--checkpoint-seconds 60``. Lists may be any
sequence, numbers those of numpy, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

from ._command import Command, Outcome, call
from ._errors import PlasticoreError
from ._options import PathLike, Real, Scratch, Settings, Source, Whole, flags, settings, word
from ._progress import ProgressOption
from ._report import Report
from ._runs import Engine
from ._stored import StoredTable, call_for
from ._tables import Table

Objective = Literal[
    'accuracy', 'energy', 'trainingEnergy', 'latency', 'trainingLatency', 'power', 'area', 'bits', 'inferenceBits'
]


class Exploration(StoredTable):
    """The designs of a search, a row for each; ``exploration.column('figures.energyPj')`` has shape (designs,).

    Columns: ``name``, ``status`` (``'unknown'`` where nobody knows a figure that is wanted), ``figures.accuracy``
    (share, 0 .. 1), ``figures.energyPj`` and ``figures.latencyNs`` (of an inference), ``figures.trainingEnergyPj``,
    ``figures.trainingLatencyNs``, ``figures.areaUm2``, ``figures.bits``, ``figures.inferenceBits``;
    ``values.PATH`` has the value on an axis. ``frontShare`` is the share of the draws, 0 .. 1, in which the design is
    on the front, ``standing`` says so in a word: ``'surely'``, ``'perhaps'``, ``'not'``.

    Attributes
    ----------
    data : mapping
        The whole result, as ``study.json`` has it.
    folder : pathlib.Path
        The folder of the results; ``designs/NAME.yaml`` there is the experiment of a design on the front.
    notes : tuple of str
        What the command said on the way.
    """

    _file = ('study.json', 'finished search')

    @staticmethod
    def _rows_of(data: Mapping[str, Any]) -> tuple[Sequence[Mapping[str, Any]], Sequence[str]]:
        if 'cells' in data:
            raise PlasticoreError('file', 'is the result of a sweep', hint='plasticore.Sweep.load reads it')
        figures = tuple(f'figures.{objective["figure"]}' for objective in data['objectives'])
        return data['designs'], ('name', 'status', *figures, 'standing', 'frontShare', 'reason')

    @cached_property
    def front(self) -> Table:
        """The designs that no other equals in everything and beats in something."""
        return Table([row for row in self if row['onFront']], self.columns)

    def report(self, index: int, seed: int | None = None) -> Report:
        """The report of a design's run.

        Parameters
        ----------
        index : int
            The row of the design, from 0.
        seed : int, optional
            By default the first of the search.

        Returns
        -------
        Report
            It keeps the folder of the search as long as it lives.

        Raises
        ------
        PlasticoreError
            With code 'run' if the design has none: it did not fit, or failed. With code 'file' if it did not run with
            this seed.
        """
        chosen = self.data['seeds'][0] if seed is None else seed
        return self._report_at(index, 'run', 'runs', f'{self[index]["run"]}_seed={chosen}')


class Fit(Table):
    """The changes that make a network fit a chip, a row for each; none where it fits as it is.

    Columns: ``options`` (words of a command line), ``costs``, ``memoryBits``, ``areaUm2``; with ``accuracy=True`` also
    ``accuracy`` (share, 0 .. 1), ``energyPjPerInference`` and ``latencyNsPerInference``.

    Attributes
    ----------
    data : mapping
        The whole answer; with ``accuracy=True`` and a network that fits, with its figures.
    fits : bool
        Whether the network fits as it is.
    reason : str or None
        Why it does not.
    needs : Table
        A row for each thing of the chip: ``what``, ``needed``, ``available``.
    notes : tuple of str
        What the command said on the way.
    """

    def __init__(self, data: Mapping[str, Any], notes: tuple[str, ...] = ()) -> None:
        figures = ('accuracy', 'energyPjPerInference', 'latencyNsPerInference')
        super().__init__(data['changes'], ('options', 'costs', 'memoryBits', 'areaUm2', *figures))
        self.data = data
        self.fits: bool = data['fits']
        self.reason: str | None = data['reason']
        self.needs = Table(data['needs'], ('what', 'needed', 'available'))
        self.notes = notes


def explore(
    experiment: PathLike,
    *,
    space: PathLike | None = None,
    search: Literal['grid', 'random', 'evolve', 'forecast'] | None = None,
    budget: Whole | str | None = None,
    objectives: Objective | Iterable[Objective] | None = None,
    around: str | None = None,
    draws: Whole | None = None,
    seed: Whole | None = None,
    seeds: Whole | str | Iterable[Whole] | None = None,
    precision: str | None = None,
    placement: PathLike | None = None,
    hw: PathLike | None = None,
    chip: PathLike | None = None,
    set: Settings | None = None,
    data: Source | None = None,
    encoder: str | None = None,
    epochs: Whole | None = None,
    limit: Whole | None = None,
    validate: bool | Real | None = None,
    workers: Whole | None = None,
    on: Literal['local', 'slurm'] | None = None,
    slurm_args: str | None = None,
    engine: Engine | None = None,
    checkpoint_seconds: Real | None = None,
    out: PathLike | None = None,
    resume: bool = False,
    overwrite: bool = False,
    progress: ProgressOption = None,
    command: Command = None,
) -> Exploration:
    """Searches for the designs of chip and network that no other equals in everything and beats in something.

    Parameters
    ----------
    experiment : path
        A bundled experiment by name, or the path of a ``.yaml`` file.
    space : path, optional
        A file with the space of designs; by default, the experiment's own.
    search : {'grid', 'random', 'evolve', 'forecast'}, optional
        All designs, some at random, designs that evolve, or all with few samples and those of the best forecast with
        all; by default ``'grid'``.
    budget : int or str, optional
        How many designs to look at, or for how long: ``200``, ``'90s'``, ``'10m'``; by default, a grid looks at all.
    objectives : str or sequence of str, optional
        What is wanted: ``'accuracy'``, ``'energy'``, ``'trainingEnergy'``, ``'latency'``, ``'trainingLatency'``,
        ``'power'``, ``'area'``, ``'bits'``, ``'inferenceBits'``; by default, what the space says.
    around : str, optional
        The name of a design: looks at all designs one step from it, too.
    draws : int, optional
        How often to draw figures and accuracies anew, to see how sure the front is; by default 1000.
    seed : int, optional
        Seed of the search; by default 1.
    seeds : int, str or sequence of int, optional
        Seeds of the runs: all designs run with the first, those near the front with all.
    workers : int, optional
        Cells to run at the same time; by default one for each processor.
    on : {'local', 'slurm'}, optional
        Threads of this computer, or jobs of a cluster; ``slurm_args`` are for ``sbatch``.
    out : path, optional
        Folder of all runs and designs; without it, one that is removed when the result is no longer used.
    precision, placement, hw, chip, set, data, encoder, epochs, limit, validate, engine, checkpoint_seconds, resume
        As for :func:`run`.
    overwrite, progress, command
        As for :func:`run`.

    Returns
    -------
    Exploration
        A row for each design; :attr:`Exploration.front` has the best.

    Raises
    ------
    PlasticoreError
        If the command refuses; or if a run failed, and ``error.result`` is then the :class:`Exploration` of the others.
    """
    scratch = Scratch()
    folder = scratch.folder(out)
    options = {
        'space': space,
        'search': search,
        'budget': budget,
        'objectives': objectives,
        'around': around,
        'draws': draws,
        'seed': seed,
        'seeds': seeds,
        'precision': precision,
        'placement': placement,
        'hw': hw,
        'chip': chip,
        'set': settings(set),
        'data': scratch.file('data', data),
        'encoder': encoder,
        'epochs': epochs,
        'limit': limit,
        'validate': validate,
        'workers': workers,
        'on': on,
        'slurm_args': slurm_args,
        'engine': engine,
        'checkpoint_seconds': checkpoint_seconds,
        'out': folder,
        'resume': resume,
        'overwrite': overwrite,
        'json': True,
    }

    def explored(outcome: Outcome) -> Exploration:
        return Exploration(outcome.result, folder, outcome.notes, scratch, command)

    arguments = ['explore', word(experiment, 'experiment'), *flags(options)]
    return call_for(explored, arguments, command, progress, scratch.sources)


def fit(
    experiment: PathLike,
    *,
    accuracy: bool = False,
    precision: str | None = None,
    seed: Whole | None = None,
    hw: PathLike | None = None,
    chip: PathLike | None = None,
    set: Settings | None = None,
    weights: Source | Report | None = None,
    inference: bool = False,
    data: Source | None = None,
    encoder: str | None = None,
    epochs: Whole | None = None,
    limit: Whole | None = None,
    engine: Engine | None = None,
    workers: Whole | None = None,
    progress: ProgressOption = None,
    command: Command = None,
) -> Fit:
    """How much of a chip a network needs; if it does not fit, the changes that make it fit, tried by the compiler.

    Parameters
    ----------
    experiment : path
        A bundled experiment by name, or the path of a ``.yaml`` file.
    accuracy : bool
        Runs the network with each change that makes it fit; implied by ``data=``.
    workers : int, optional
        Cells to run at the same time; by default one for each processor.
    precision, seed, hw, chip, set, weights, inference, data, encoder, epochs, limit, engine, progress, command
        As for :func:`run`.

    Returns
    -------
    Fit
        A row for each change that makes the network fit; none where it fits as it is.

    Raises
    ------
    PlasticoreError
        If the command refuses. A network that does not fit is an answer, not an error.
    """
    scratch = Scratch()
    options = {
        'accuracy': accuracy,
        'precision': precision,
        'seed': seed,
        'hw': hw,
        'chip': chip,
        'set': settings(set),
        'weights': scratch.file('weights', weights.weights if isinstance(weights, Report) else weights),
        'inference': inference,
        'data': scratch.file('data', data),
        'encoder': encoder,
        'epochs': epochs,
        'limit': limit,
        'engine': engine,
        'workers': workers,
        'json': True,
    }
    outcome = call(['fit', word(experiment, 'experiment'), *flags(options)], command, progress, scratch.sources)
    return Fit(outcome.result, outcome.notes)
