"""``run`` and ``sweep``: each calls the command of its name and returns what it has learnt and counted.

Keywords are the options of the command: ``checkpoint_seconds=60`` is ``--checkpoint-seconds 60``. Lists may be any
sequence, numbers those of numpy, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from ._command import Command, Outcome, call
from ._options import PathLike, Real, Scratch, Settings, Source, Whole, flags, settings, word
from ._progress import ProgressOption
from ._report import Report
from ._results import Sweep
from ._stored import call_for

Engine = Literal['fast', 'reference']


def run(
    experiment: PathLike,
    *,
    precision: str | None = None,
    seed: Whole | None = None,
    hw: PathLike | None = None,
    chip: PathLike | None = None,
    data: Source | None = None,
    encoder: str | None = None,
    epochs: Whole | None = None,
    limit: Whole | None = None,
    set: Settings | None = None,
    engine: Engine | None = None,
    weights: Source | Report | None = None,
    inference: bool = False,
    placement: PathLike | None = None,
    threads: Whole | None = None,
    neurobench: bool = False,
    validate: bool | Real | None = None,
    record: str | None = None,
    keep_states: Whole | None = None,
    checkpoint_seconds: Real | None = None,
    out: PathLike | None = None,
    resume: bool = False,
    overwrite: bool = False,
    progress: ProgressOption = None,
    command: Command = None,
) -> Report:
    """Runs one cell of an experiment, or an image: it learns, tests and reports.

    Parameters
    ----------
    experiment : path
        A bundled experiment by name, or the path of a ``.yaml`` or ``.pcore`` file.
    precision : str, optional
        ``'mpS-W'``: S-bit shadow weights, W-bit weights; ``'fp32'`` is the baseline.
    seed : int, optional
        Seed of initial weights, order of samples, encoder and rounding.
    hw : path, optional
        hw-model: a bundled one by name, or the path of a file.
    chip : path, optional
        A module with the controller of the core, in place of that of the hw-model. The command runs its code.
    data : path or mapping of arrays, optional
        A data set, or arrays: ``x`` (samples x features; integers 0 .. 255 or floats 0 .. 1), ``y`` (samples; labels
        from 0), ``x_test`` and ``y_test`` (without these, a fifth is the test set); or arrays whose names the
        experiment has under ``arrays``.
    encoder : str, optional
        How samples become spikes: ``'bernoulli'``, ``'phase'``, ``'graded'``, ``'constant'``, ``'bins'``, ``'steps'``.
    epochs : int, optional
        Passes over the training set; 0 only tests.
    limit : int, optional
        At most this many training samples, and as many test samples.
    set : mapping, optional
        Values to replace, by path: ``{'program.parameters.gain': 2, 'hw.lanes': 32}``.
    engine : {'fast', 'reference'}, optional
        Results do not depend on it.
    weights : path, mapping of arrays or Report, optional
        Weights to start with, named like projections (pre x post): a file, arrays such as those of
        :attr:`Report.weights`, or the report of the run that learnt them. Floats need the value of a unit beside
        them, ``'NAME.scale'``, such as 2 ** -7 for 8-bit weights within -1 .. 1.
    inference : bool
        For a core that only infers: without rules, shadow weights and everything else that only learning needs.
    placement : path, optional
        Which neurons are on which core of a chip.
    threads : int, optional
        Threads that run the cores of one chip together.
    neurobench : bool
        Counts updates of potentials, too.
    validate : bool or float, optional
        Scores a part of the training set instead of the test set: a fraction, or True for the experiment's.
    record : str, optional
        Fields and spikes to record of the first 10 scored samples: ``'v:hidden,spikes:*'``. They are in
        :attr:`Report.recorded`.
    keep_states : int, optional
        Keeps the state after every so many samples.
    checkpoint_seconds : float, optional
        Seconds between checkpoints.
    out : path, optional
        Folder of the results; without it, one that is removed when the report is no longer used.
    resume, overwrite : bool
        Goes on with the results in ``out``, or removes them first.
    progress : bool or function, optional
        By default a bar on a terminal and in a notebook. A function takes each :class:`Progress`.
    command : str or sequence of str, optional
        How to call the command; by default it is looked for.

    Returns
    -------
    Report

    Raises
    ------
    PlasticoreError
        If the command refuses or fails.
    """
    scratch = Scratch()
    folder = scratch.folder(out)
    options = {
        'precision': precision,
        'seed': seed,
        'hw': hw,
        'chip': chip,
        'data': scratch.file('data', data),
        'encoder': encoder,
        'epochs': epochs,
        'limit': limit,
        'set': settings(set),
        'engine': engine,
        'weights': scratch.file('weights', weights.weights if isinstance(weights, Report) else weights),
        'inference': inference,
        'placement': placement,
        'threads': threads,
        'neurobench': neurobench,
        'validate': validate,
        'record': record,
        'keep_states': keep_states,
        'checkpoint_seconds': checkpoint_seconds,
        'out': folder,
        'resume': resume,
        'overwrite': overwrite,
        'json': '-',
    }
    outcome = call(['run', word(experiment, 'experiment'), *flags(options)], command, progress, scratch.sources)
    return Report(outcome.result, folder, outcome.notes, scratch, command)


def sweep(
    experiment: PathLike,
    *,
    precision: str | Iterable[str] | None = None,
    seeds: Whole | str | Iterable[Whole] | None = None,
    vary: Mapping[str, Iterable[object]] | None = None,
    hw: PathLike | None = None,
    chip: PathLike | None = None,
    data: Source | None = None,
    encoder: str | None = None,
    epochs: Whole | None = None,
    limit: Whole | None = None,
    set: Settings | None = None,
    engine: Engine | None = None,
    placement: PathLike | None = None,
    validate: bool | Real | None = None,
    record: str | None = None,
    checkpoint_seconds: Real | None = None,
    workers: Whole | None = None,
    on: Literal['local', 'slurm'] | None = None,
    slurm_args: str | None = None,
    out: PathLike | None = None,
    resume: bool = False,
    overwrite: bool = False,
    progress: ProgressOption = None,
    command: Command = None,
) -> Sweep:
    """Runs and compares all cells of an experiment: its precisions, its seeds and the values that it varies.

    Parameters
    ----------
    experiment : path
        A bundled experiment by name, or the path of a ``.yaml`` file.
    precision : str or sequence of str, optional
        Only these of the experiment's precisions.
    seeds : int, str or sequence of int, optional
        Only these of the experiment's seeds: ``range(1, 4)``, or ``'1-3'``; a number is that one seed.
    vary : mapping, optional
        Values to try, by path, each with all others: ``{'hw.lanes': [8, 16]}``.
    workers : int, optional
        Cells to run at the same time; by default one for each processor.
    on : {'local', 'slurm'}, optional
        Threads of this computer, or jobs of a cluster; ``slurm_args`` are for ``sbatch``.
    hw : path, optional
        hw-model: a bundled one by name, or the path of a file.
    data : path or mapping of arrays, optional
        A data set, or arrays: ``x``, ``y``, ``x_test``, ``y_test``, as for :func:`run`.
    epochs, limit : int, optional
        Passes over the training set; at most this many training samples, and as many test samples.
    set : mapping, optional
        Values to replace, by path, in all cells: ``{'program.parameters.gain': 2}``.
    validate : bool or float, optional
        Scores a part of the training set instead of the test set: a fraction, or True for the experiment's.
    out : path, optional
        Folder of the results; without it, one that is removed when the sweep is no longer used.
    chip, encoder, engine, placement, record, checkpoint_seconds, resume, overwrite, progress, command
        As for :func:`run`.

    Returns
    -------
    Sweep
        A row for each cell, in ``designs`` one for each design.

    Raises
    ------
    PlasticoreError
        If the command refuses; or if a cell failed, and ``error.result`` is then the :class:`Sweep` with the others.
    """
    scratch = Scratch()
    folder = scratch.folder(out)
    options = {
        'precision': precision,
        'seeds': seeds,
        'vary': vary,
        'hw': hw,
        'chip': chip,
        'data': scratch.file('data', data),
        'encoder': encoder,
        'epochs': epochs,
        'limit': limit,
        'set': settings(set),
        'engine': engine,
        'placement': placement,
        'validate': validate,
        'record': record,
        'checkpoint_seconds': checkpoint_seconds,
        'workers': workers,
        'on': on,
        'slurm_args': slurm_args,
        'out': folder,
        'resume': resume,
        'overwrite': overwrite,
        'json': True,
    }

    def swept(outcome: Outcome) -> Sweep:
        return Sweep(outcome.result, folder, outcome.notes, scratch, command)

    arguments = ['sweep', word(experiment, 'experiment'), *flags(options)]
    return call_for(swept, arguments, command, progress, scratch.sources)
