"""Plasticore from Python: calls the command ``plasticore`` and returns its results as objects with arrays.

>>> import plasticore
>>> report = plasticore.run('mnist-snn', limit=50, epochs=1)
>>> report.accuracy, report.energy_pj
>>> report.weights['inputToHidden.weight'].shape
(784, 256)

Energies are in picojoules, times in nanoseconds, areas in square micrometres and memories in bits; names say so.
"""

from ._designs import Exploration, Fit, explore, fit
from ._errors import PlasticoreError
from ._imports import import_nir
from ._pictures import Picture, Pictures
from ._progress import Progress
from ._questions import compare, memory, names, weights
from ._report import Report
from ._results import Comparison, Imported, Memory, Sweep
from ._runs import run, sweep
from ._tables import Table
from ._weights import Weights

__version__ = '0.1.0'

__all__ = [
    'Comparison',
    'Exploration',
    'Fit',
    'Imported',
    'Memory',
    'Picture',
    'Pictures',
    'PlasticoreError',
    'Progress',
    'Report',
    'Sweep',
    'Table',
    'Weights',
    'compare',
    'explore',
    'fit',
    'import_nir',
    'memory',
    'names',
    'run',
    'sweep',
    'weights',
]
