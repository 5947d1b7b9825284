"""``compare``, ``memory`` and ``weights``: questions about a network.

Keywords are the options of the command: ``checkpoint_seconds=60`` is ``--checkpoint-seconds 60``. Lists may be any
sequence, numbers those of numpy, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ._command import Command, call
from ._imports import Framework
from ._options import PathLike, Scratch, Settings, Source, flags, settings, word
from ._progress import ProgressOption
from ._report import Report
from ._results import Comparison, Memory
from ._runs import Engine
from ._weights import Weights


def compare(
    experiment: PathLike,
    *,
    hw: str | Iterable[str] | None = None,
    precision: str | None = None,
    seed: int | None = None,
    weights: Source | None = None,
    inference: bool = False,
    chip: PathLike | None = None,
    data: Source | None = None,
    encoder: str | None = None,
    epochs: int | None = None,
    limit: int | None = None,
    set: Settings | None = None,
    engine: Engine | None = None,
    workers: int | None = None,
    progress: ProgressOption = None,
    command: Command = None,
) -> Comparison:
    """Runs one network on several chips: fit, memory, accuracy, energy and latency beside each other.

    Parameters
    ----------
    experiment : path
        A bundled experiment by name, or the path of a ``.yaml`` file.
    hw : str or sequence of str, optional
        hw-models, bundled ones by name or paths of files; by default all that are bundled.
    workers : int, optional
        Cells to run at the same time; by default one for each processor.
    precision, seed, weights, inference, chip, data, encoder, epochs, limit, set, engine, progress, command
        As for :func:`run`.

    Returns
    -------
    Comparison
        A row for each chip: ``column('accuracy')`` (share), ``column('energyPjPerInference')`` (pJ),
        ``column('latencyNsPerInference')`` (ns), ``column('memoryBits')``, ``column('areaUm2')``.

    Raises
    ------
    PlasticoreError
        If the command refuses. A chip that does not hold the network is a row, not an error.
    """
    scratch = Scratch()
    options = {
        'hw': hw,
        'precision': precision,
        'seed': seed,
        'weights': scratch.file('weights', weights),
        'inference': inference,
        'chip': chip,
        'data': scratch.file('data', data),
        'encoder': encoder,
        'epochs': epochs,
        'limit': limit,
        'set': settings(set),
        'engine': engine,
        'workers': workers,
        'json': True,
    }
    outcome = call(['compare', word(experiment, 'experiment'), *flags(options)], command, progress)
    return Comparison(outcome.result, outcome.notes)


def memory(
    network: PathLike | Sequence[int],
    *,
    hw: PathLike | None = None,
    precision: str | Iterable[str] | None = None,
    recurrent: bool = False,
    conv: str | Iterable[str] | None = None,
    from_: Framework | None = None,
    inference: bool = False,
    set: Settings | None = None,
    command: Command = None,
) -> Memory:
    """The memory of a network, field by field and at each precision.

    Parameters
    ----------
    network : path
        A bundled program by name, or the path of a file; a ``.nir`` file; or sizes of layers: ``'784-400-100-10'``,
        or ``[784, 400, 100, 10]``.
    hw : path, optional
        A core: says at which precisions it does not hold the network.
    precision : str or sequence of str, optional
        By default all that the hw-model offers.
    recurrent : bool
        Of sizes: neurons of a hidden layer hear each other.
    conv : str or sequence of str, optional
        Of sizes: ``'CHANNELSxWINDOW/STRIDE'``, convolutions before the other layers.
    from_ : str, optional
        Of a ``.nir`` file: the framework that wrote it.
    inference : bool
        For a core that only infers.
    set : mapping, optional
        Values to replace, by path.
    command : str or sequence of str, optional
        How to call the command; by default it is looked for.

    Returns
    -------
    Memory
        A row for each precision: ``column('memory.totalBits')`` in bits, shape (precisions,).

    Raises
    ------
    PlasticoreError
        If the command refuses.
    """
    options = {
        'hw': hw,
        'precision': precision,
        'recurrent': recurrent,
        'conv': conv,
        'from_': from_,
        'inference': inference,
        'set': settings(set),
        'json': True,
    }
    if isinstance(network, Sequence) and not isinstance(network, str):
        network = '-'.join(str(size) for size in network)
    return Memory(call(['memory', word(network, 'network'), *flags(options)], command).result)


def weights(source: PathLike | Report, *, command: Command = None) -> Weights:
    """The weights of a compiled image, or those that a run has learnt.

    Parameters
    ----------
    source : path or Report
        A ``.pcore`` file, or the folder of a run on a single core; or the report of one.
    command : str or sequence of str, optional
        How to call the command; by default it is looked for.

    Returns
    -------
    Weights
        Integers by name, pre x post for dense projections, with the value of their unit.

    Raises
    ------
    PlasticoreError
        If the command refuses.
    """
    scratch = Scratch()
    path = scratch.path / 'weights.npz'
    folder = source.folder if isinstance(source, Report) else source
    call(['export', word(folder, 'source'), f'--weights={path}'], command)
    return Weights.load(path)
