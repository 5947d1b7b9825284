"""``compare``, ``memory`` and ``weights``: questions about a network.

Keywords are the options of the command: ``checkpoint_seconds=60`` is ``--checkpoint-seconds 60``. Lists may be any
sequence, numbers those of numpy, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from ._command import Command, call
from ._errors import PlasticoreError
from ._imports import Framework
from ._options import PathLike, Scratch, Settings, Source, Whole, flags, settings, word
from ._progress import ProgressOption
from ._report import Report
from ._results import Comparison, Memory
from ._runs import Engine
from ._weights import Weights


def compare(
    experiment: PathLike,
    *,
    hw: PathLike | Iterable[PathLike] | None = None,
    precision: str | None = None,
    seed: Whole | None = None,
    weights: Source | Report | None = None,
    inference: bool = False,
    chip: PathLike | None = None,
    data: Source | None = None,
    encoder: str | None = None,
    epochs: Whole | None = None,
    limit: Whole | None = None,
    set: Settings | None = None,
    engine: Engine | None = None,
    workers: Whole | None = None,
    progress: ProgressOption = None,
    command: Command = None,
) -> Comparison:
    """Runs one network on several chips: fit, memory, accuracy, energy and latency beside each other.

    Parameters
    ----------
    experiment : path
        A bundled experiment by name, or the path of a ``.yaml`` file.
    hw : path or sequence of paths, optional
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
        'weights': scratch.file('weights', weights.weights if isinstance(weights, Report) else weights),
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
    outcome = call(['compare', word(experiment, 'experiment'), *flags(options)], command, progress, scratch.sources)
    return Comparison(outcome.result, outcome.notes)


def memory(
    network: PathLike | Sequence[Whole],
    *,
    hw: PathLike | None = None,
    precision: str | Iterable[str] | None = None,
    recurrent: bool = False,
    conv: str | Iterable[str] | None = None,
    from_: Framework | None = None,
    inference: bool = False,
    basis: Literal['gomez-tang'] | None = None,
    batch: Whole | None = None,
    steps: Whole | None = None,
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
    basis : str, optional
        Of three sizes: ``'gomez-tang'`` counts a batch as their table does, in bytes, beside other ways.
    batch : int, optional
        With ``basis``: samples of a batch; by default 128.
    steps : int, optional
        With ``basis``: time steps of a sample; by default 20.
    set : mapping, optional
        Values to replace, by path.
    command : str or sequence of str, optional
        How to call the command; by default it is looked for.

    Returns
    -------
    Memory
        A row for each precision: ``column('memory.totalBits')`` in bits, shape (precisions,). With ``basis``, a row for
        each way to count a batch: ``column('bytes')``.

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
        'basis': basis,
        'batch': batch,
        'steps': steps,
        'set': settings(set),
        'json': True,
    }
    if isinstance(network, Sequence) and not isinstance(network, str):
        network = '-'.join(str(size) for size in network)
    return Memory(call(['inspect', word(network, 'network'), '--memory', *flags(options)], command).result)


def weights(source: PathLike | Report, *, command: Command = None) -> Weights:
    """The weights of a compiled image, or those that a run has learnt.

    Parameters
    ----------
    source : path or Report
        A ``.pcore`` file, or the folder of a run; or the report of one.
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
    if isinstance(source, Report):
        return source.weights
    scratch = Scratch()
    path = scratch.path / 'weights.npz'
    call(['export', word(source, 'source'), f'--weights={path}'], command)
    return Weights.load(path)


Kind = Literal['experiments', 'programs', 'rules', 'hw-models']


def names(kind: Kind, *, command: Command = None) -> dict[str, str]:
    """What is bundled, and can be named without a path.

    Parameters
    ----------
    kind : {'experiments', 'programs', 'rules', 'hw-models'}
        The files to list.
    command : str or sequence of str, optional
        How to call the command; by default it is looked for.

    Returns
    -------
    dict of str
        The first sentence of each file's description, by name.

    Raises
    ------
    PlasticoreError
        With code ``'usage'`` for another kind.
    """
    listed = call(['list', '--json'], command).result
    if kind not in listed:
        raise PlasticoreError('usage', f"kind: expected one of {', '.join(listed)}, found {kind!r}")
    return {str(file['name']): str(file['description']) for file in listed[kind]}
