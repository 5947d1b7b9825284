"""``import_nir``: a network of another framework on the cores of Plasticore.

Keywords are the options of the command: ``checkpoint_seconds=60`` is ``--checkpoint-seconds 60``. Lists may be any
sequence, numbers those of numpy, too.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Literal

from ._command import Command, call
from ._options import ByNode, PathLike, Real, Scratch, Source, Whole, flags, word
from ._progress import ProgressOption
from ._results import Imported
from ._runs import Engine

Framework = Literal['strict', 'snntorch', 'norse', 'sinabs', 'rockpool', 'spikingjelly', 'lava']


def import_nir(
    file: PathLike,
    *,
    from_: Framework | None = None,
    check: Source | None = None,
    calibrate: Source | None = None,
    observe: PathLike | None = None,
    dt: ByNode | None = None,
    reset: ByNode | None = None,
    fires: ByNode | None = None,
    leak: ByNode | None = None,
    current: ByNode | None = None,
    readings: PathLike | None = None,
    hw: PathLike | None = None,
    precision: str | None = None,
    accumulator: Whole | None = None,
    weights: Literal['rounded', 'as-is', 'global'] | None = None,
    learn: str | Iterable[str] | None = None,
    rule: Literal['three-factor', 'metaplastic'] | None = None,
    readout: str | None = None,
    input: Literal['spikes', 'values', 'constant'] | None = None,
    scale: Real | str | None = None,
    offset: Real | str | None = None,
    steps: Whole | None = None,
    encoder: str | None = None,
    limit: Whole | None = None,
    engine: Engine | None = None,
    out: PathLike | None = None,
    progress: ProgressOption = None,
    command: Command = None,
) -> Imported:
    """Makes a program of a network in NIR, in integers, and compares it with the network in floats.

    Parameters
    ----------
    file : path
        A ``.nir`` file, or a ``.net`` file of lava-dl.
    from_ : {'strict', 'snntorch', 'norse', 'sinabs', 'rockpool', 'spikingjelly', 'lava'}, optional
        The framework that wrote it: its conventions. Without it, NIR's equations are taken at their word, which may
        cost a network most of its accuracy; :attr:`Imported.notes` then says so.
    check : path or mapping of arrays, optional
        Samples to run in floats and in integers: ``input`` (samples x steps x ...; spikes or values), ``label``
        (samples), and ``pred`` (samples), the answers of the framework. A path is one of an ``.npz`` file or a data
        set; ``'digits'`` are those in the package.
    calibrate : path or mapping of arrays, optional
        Samples that decide on the scales: ``input``. By default the worst case does.
    observe : path, optional
        With ``check=``: a file (``.h5``) for what comes in, and what each node gives on the core, as ``NIRData``.
    dt : float or mapping, optional
        Time of a step, in the unit of the file's time constants, for all neurons or by node: ``{'1': 0.001}``. By
        default that of the framework.
    reset, fires, leak, current : str or mapping, optional
        How neurons are read: for all, or by node, ``{'out': 'subtract'}``. ``reset``: ``'zero'``, ``'subtract'``,
        ``'value'``, ``'subtract-now'``, ``'zero-late'``, ``'subtract-late'``. ``fires``: ``'above'`` the threshold,
        where it ``'reaches'`` it, or for ``'each'`` time that the potential holds it. ``leak``: ``'euler'``,
        ``'exponential'``. ``current``: ``'euler'``, ``'jump'``, ``'leaking-jump'``.
    readings : path, optional
        The same from a file.
    hw : path, optional
        hw-model: a bundled one by name, or the path of a file.
    precision : str, optional
        ``'mpS-W'``: W-bit weights.
    accumulator : int, optional
        Bits of potentials and currents, or the next width that the hw-model has; by default 16.
    weights : {'rounded', 'as-is', 'global'}, optional
        ``'as-is'``: weights were trained as integers times a scale. ``'global'``: on Xylo, one scale for all hidden
        neurons and one for outputs, in place of one for each neuron.
    learn : str or sequence of str, optional
        Layers that go on learning, by the rule ``rule``.
    readout : str, optional
        The output node that answers.
    input : {'spikes', 'values', 'constant'}, optional
        What comes in.
    scale, offset : float or str, optional
        What 1 and 0 of the data are to the network: numbers, or formulas such as ``'1/255'``.
    steps : int, optional
        The most steps of a sample.
    encoder : str, optional
        How samples of a data set become spikes.
    limit : int, optional
        At most this many samples to calibrate, and as many to check.
    engine : {'fast', 'reference'}, optional
        Results do not depend on it.
    out : path, optional
        Folder for program, weights and experiment; without it, one that is removed with the object returned.
    progress : bool or function, optional
        As for :func:`run`, over the samples of ``check=``.
    command : str or sequence of str, optional
        How to call the command; by default it is looked for.

    Returns
    -------
    Imported

    Raises
    ------
    PlasticoreError
        If the command refuses: a node that it does not know, data that do not fit.
    """
    scratch = Scratch()
    folder = scratch.folder(out)
    options = {
        'from_': from_,
        # The experiment that the command writes reads these files again.
        'check': scratch.file('check', check, folder),
        'calibrate': scratch.file('calibrate', calibrate, folder),
        'observe': observe,
        'dt': dt,
        'reset': reset,
        'fires': fires,
        'leak': leak,
        'current': current,
        'readings': readings,
        'hw': hw,
        'precision': precision,
        'accumulator': accumulator,
        'weights': weights,
        'learn': learn,
        'rule': rule,
        'readout': readout,
        'input': input,
        'scale': scale,
        'offset': offset,
        'steps': steps,
        'encoder': encoder,
        'limit': limit,
        'engine': engine,
        'out': folder,
        'json': True,
    }
    outcome = call(['import', word(file, 'file'), *flags(options)], command, progress, scratch.sources)
    imported = Imported(outcome.result, folder, outcome.notes, scratch)
    for note in outcome.notes:
        if 'no --from' in note:
            warnings.warn(note, stacklevel=2)
    return imported
