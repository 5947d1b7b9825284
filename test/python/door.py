"""Looks at the package from inside, for door.test.ts: each check is a function, called by its name."""

import inspect
import json
import os
import pickle
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import plasticore
from plasticore._options import flags, settings

FUNCTIONS = ('run', 'sweep', 'explore', 'compare', 'fit', 'memory', 'weights', 'names', 'import_nir')


def keywords():
    """The keywords of each function, and whether all parameters and results have types and docstrings."""
    return {
        name: {
            'keywords': list(inspect.signature(function).parameters),
            'undocumented': [
                parameter
                for parameter in inspect.signature(function).parameters
                if parameter not in (function.__doc__ or '')
            ],
        }
        for name, function in ((name, getattr(plasticore, name)) for name in FUNCTIONS)
    }


def public():
    """What is public and has no docstring."""
    found = []
    for name in plasticore.__all__:
        value = getattr(plasticore, name)
        members = vars(value) if inspect.isclass(value) else {}
        named = {f'{name}.{member}': each for member, each in members.items() if not member.startswith('_')}
        for path, each in {name: value, **named}.items():
            if (callable(each) or isinstance(each, property)) and not inspect.getdoc(each):
                found.append(path)
    return found


def faults():
    """Errors of the command as exceptions, in order: of a file with two faults, of a line, of no command."""
    Path('two.yaml').write_text(
        'format: plasticore/experiment/1\nname: x\nprogram: mnist-snn\nhw: reference\n'
        'precisions: [mp16-8]\nseeds: [one]\nepochs: -1\n'
    )
    calls = [
        lambda: plasticore.run('two.yaml'),
        lambda: plasticore.run('mnist-snm'),
        lambda: plasticore.run('mnist-snn', limit=0),
        lambda: plasticore.memory('784-10', command='no-such-program-at-all'),
        lambda: plasticore.memory('784-10', command=[sys.executable, '-c', 'raise SystemExit("too old")']),
    ]
    found = []
    for call in calls:
        try:
            call()
        except plasticore.PlasticoreError as error:
            again = pickle.loads(pickle.dumps(error))
            assert str(again) == str(error) and again.line == error.line
            found.append(
                {key: getattr(error, key) for key in ('code', 'message', 'file', 'option', 'line', 'column', 'hint')}
                | {'others': [[other.line, other.column] for other in error.others], 'text': str(error)}
            )
    return found


def mistakes():
    """What is refused before the command is called, or instead of what Python would raise."""
    calls = [
        lambda: plasticore.run(None),
        lambda: plasticore.run('--help'),
        lambda: plasticore.run('mnist-snn', data=np.zeros(3)),
        lambda: plasticore.run('mnist\0snn'),
        lambda: plasticore.Weights.load('nowhere.npz'),
        lambda: plasticore.Report.load('nowhere'),
        lambda: plasticore.memory('784-10', command='true'),
        lambda: plasticore.memory('784-10', command='node /nowhere/main.js'),
    ]
    found = []
    for call in calls:
        try:
            call()
        except plasticore.PlasticoreError as error:
            found.append(error.message)
    return found


def named():
    """Arrays at fault are named by their keyword, and faults of options by theirs; names of what is bundled."""
    found = {'experiments': plasticore.names('experiments')['mnist-snn'], 'faults': []}
    calls = [
        lambda: plasticore.run('mnist-snn', data={'x': np.zeros((4, 28)), 'y': np.zeros(4, dtype=int)}, limit=1),
        lambda: plasticore.run('mnist-snn', weights={'inputToHidden.weight': np.full((784, 256), 300)}, limit=1),
        lambda: plasticore.run('mnist-snn', set={'hw.lane': 3}),
        lambda: plasticore.run('mnist-snn', limit=np.int64(0)),
        lambda: plasticore.names('chips'),
    ]
    for call in calls:
        try:
            call()
        except plasticore.PlasticoreError as error:
            found['faults'].append([error.option, str(error)])
    return found


def spikes():
    """Recorded spikes as rows, and as the file has them."""
    report = plasticore.run('mnist-snn', limit=3, epochs=0, record='spikes:*')
    rows = report.spikes('hidden')
    indices, offsets = (report.recorded[f'hidden.spikes.{name}'] for name in ('indices', 'offsets'))
    plain = [
        [sample, step, neuron]
        for sample in range(3)
        for step in range(8)
        for neuron in indices[offsets[sample * 8 + step] : offsets[sample * 8 + step + 1]].tolist()
    ]
    try:
        report.spikes('nobody')
    except plasticore.PlasticoreError as error:
        refused = error.message
    return {'isSame': rows.tolist() == plain, 'some': len(plain) > 0, 'refused': refused}


def regression():
    """Answers of a regression are values; lists are values of a setting; sizes of layers are numbers."""
    report = plasticore.run('mackey-glass', limit=5, epochs=0)
    try:
        refused = report.labels
    except plasticore.PlasticoreError as error:
        refused = error.message
    try:
        pickled = pickle.dumps(report)
    except plasticore.PlasticoreError as error:
        pickled = error.message
    with (report.folder / 'predictions.csv').open() as file:
        rows = [line.strip().split(',') for line in file][1:]
    return {
        'isSame': report.predictions.tolist() == [float(row[2]) for row in rows],
        'targets': report.targets.tolist() == [float(row[1]) for row in rows],
        'refused': refused,
        'pickled': pickled,
        'lists': flags({'set': settings({'a.shape': [16, 16], 'b': 2}), 'vary': {'c': [[8, 8], [16, 16]]}}),
        'sizes': plasticore.memory([784, 10])[0]['precision'],
    }


def stopped():
    """Ctrl-C in the middle of a run: what is left, and whether the run goes on to the answers of one in one go."""
    heard = []

    def stop(progress):
        heard.append(progress)
        if len(heard) == 1:
            os.kill(os.getpid(), signal.SIGINT)

    # Long enough to be stopped in the middle.
    options = {'limit': 4000, 'epochs': 2}
    try:
        plasticore.run('mnist-snn', out='stopped', progress=stop, **options)
        return 'was not stopped'
    except KeyboardInterrupt:
        left = sorted(os.listdir('stopped'))
    try:
        os.waitpid(-1, os.WNOHANG)
        children = 'some'
    except ChildProcessError:
        children = 'none'
    resumed = plasticore.run('mnist-snn', out='stopped', resume=True, **options)
    straight = plasticore.run('mnist-snn', **options)
    same = [report['provenance']['stateSha256'] for report in (resumed, straight)]
    return {
        'done': heard[0].done,
        'left': left,
        'children': children,
        'notes': resumed.notes,
        'isSame': same[0] == same[1] and np.array_equal(resumed.scores, straight.scores),
    }


def folders():
    """A folder that nobody asked to keep goes with its report; arrays go in as they came out."""
    report = plasticore.run('mnist-snn', limit=10, epochs=1, set={'hw.lanes': np.int64(8)})
    folder = report.folder
    again = plasticore.run('mnist-snn', limit=10, epochs=0, weights=report.weights, inference=True)
    by_command = plasticore.weights(report.folder)
    by_report = plasticore.run('mnist-snn', limit=10, epochs=0, weights=report, inference=True)
    found = {
        'settings': [text for text in report['provenance']['settings'] if 'lanes' in text],
        'isSame': np.array_equal(report.scores, again.scores),
        'isSameByReport': np.array_equal(report.scores, by_report.scores),
        'isWhatIsExported': all(np.array_equal(report.weights[name], by_command[name]) for name in by_command),
        'hadFolder': folder.exists(),
        'figures': [report.accuracy, report.energy_pj, report.latency_ns, report.memory_bits],
        'report': json.loads((folder / 'report.json').read_text()),
        'svg': report.pictures['confusion-1']._repr_svg_()[:5],
        'html': report._repr_html_().count('<img '),
    }
    try:
        found['recorded'] = report.recorded
    except plasticore.PlasticoreError as error:
        found['recorded'] = [error.message, error.file == str(folder / 'record.npz')]
    del report
    found['hasFolder'] = folder.exists()
    return found


def failed():
    """A sweep of which a cell fails, and one of which a cell does not fit."""
    error = None
    sweep = plasticore.sweep(
        'mnist-snn', precision='mp16-8', seeds=1, vary={'hw.lanes': [16, 8]}, limit=5, epochs=0, out='swept'
    )
    again = plasticore.Sweep.load('swept')
    misfit = plasticore.compare('mnist-snn', hw=['ice40-up5k', 'reference'], limit=5, epochs=0)
    try:
        plasticore.sweep('mnist-snn', seeds=99)
    except plasticore.PlasticoreError as caught:
        error = caught
    return {
        'lanes': sweep.column('values.hw.lanes').tolist(),
        'isSame': [dict(row) for row in sweep] == [dict(row) for row in again],
        'scores': sweep.report(1).scores.shape,
        'misfit': [np.isnan(misfit.column('accuracy')).tolist(), misfit[0]['reason']],
        'refused': str(error),
    }


def designs():
    """A search over two axes, read again from its folder; and a network that does not fit, with what would help."""
    Path('space.yaml').write_text(
        'format: plasticore/space/1\naxes: {lanes: {path: hw.lanes, values: [8, 16]}, hw.clockMhz: [100, 200]}\n'
    )
    found = plasticore.explore(
        'mnist-snn', space='space.yaml', objectives=['energy', 'latency'], limit=10, epochs=0, workers=1, out='designs'
    )
    again = plasticore.Exploration.load('designs')
    error = None
    try:
        found.report(0, seed=99)
    except plasticore.PlasticoreError as caught:
        error = caught
    small = {'hw.banks.weight.capacityBits': 131072}
    misfit = plasticore.fit('mnist-snn', set=small)
    measured = plasticore.fit('mnist-snn', accuracy=True, limit=5, epochs=0, workers=1)
    # What would help, as `run` takes it.
    sliced = dict([next(row for row in misfit if row['kind'] == 'sliced')['options'][1].split('=')])
    return {
        'lanes': sorted(found.column('values.hw.lanes').tolist()),
        'isSame': [dict(row) for row in found] == [dict(row) for row in again],
        'columns': found.columns,
        'front': [row['onFront'] for row in found].count(True) == len(found.front) > 0,
        'isReported': [found.report(at)['test']['accuracy'] for at in range(4)]
        == found.column('figures.accuracy').tolist(),
        'otherSeed': error.code,
        'fits': [misfit.fits, measured.fits],
        'reason': misfit.reason,
        'needs': misfit.needs.column('needed').tolist(),
        'isMended': plasticore.fit('mnist-snn', set={**small, **sliced}).fits,
        'measured': list(measured.data['accuracyInterval']),
    }


def imported():
    """A network checked with arrays: the experiment that is left reads them again, and gives the same answers."""
    rng = np.random.default_rng(1)
    check = {'input': (rng.random((4, 6, 1, 28, 28)) < 0.2).astype(np.uint8), 'label': [1, 2, 3, 4]}
    net = plasticore.import_nir('experiments/digits-sinabs.nir', from_='sinabs', check=check, out='net')
    report = plasticore.run(net.experiment)
    fault = None
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter('always')
        plasticore.import_nir('experiments/digits-sinabs.nir', dt=1)
        try:
            plasticore.import_nir('experiments/digits-sinabs.nir', reset={'lif9': 'zero'}, from_='sinabs')
        except plasticore.PlasticoreError as error:
            fault = error
    return {
        'labels': net.samples.column('label').tolist(),
        'isSame': np.array_equal(net.samples.column('integer'), report.predictions),
        'weights': {name: net.weights[name].shape for name in net.weights.names},
        'files': sorted(path.name for path in net.folder.iterdir() if path.suffix == '.npz'),
        'fault': str(fault),
        'warned': [[str(warning.message), Path(warning.filename).name] for warning in warned],
    }


def unknown():
    """A run, a sweep and a comparison on a core whose energies nobody knows."""
    report = plasticore.run('ranc-mnist', limit=1)
    swept = plasticore.sweep('ranc-mnist', limit=1, vary={'hw.clockMhz': [100, 200]})
    compared = plasticore.compare('ranc-mnist', hw='ranc-tea', limit=1)
    columns = [
        swept.column('figures.energyPj'),
        swept.designs.column('figures.energyPj'),
        compared.column('energyPjPerInference'),
    ]
    return {
        'energy': report.energy_pj,
        'repr': repr(report),
        'html': report._repr_html_(),
        'areNan': [np.isnan(column).tolist() for column in columns],
    }


def bar():
    """A run whose standard error is a terminal, and one whose is a file."""
    import pty

    line = "import plasticore; plasticore.run('mnist-snn', limit=50, epochs=1)"
    shown = bytearray()

    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, '-c', line])
    while True:
        try:
            data = os.read(terminal, 4096)
        except OSError:
            break
        if not data:
            break
        shown.extend(data)
    os.waitpid(pid, 0)
    piped = subprocess.run([sys.executable, '-c', line], capture_output=True, text=True, check=True)
    return {'terminal': shown.decode(), 'file': piped.stderr + piped.stdout}


if __name__ == '__main__':
    print(json.dumps(globals()[sys.argv[1]](), default=str))
