import { existsSync } from 'node:fs';
import { runIdentity } from '../../experiment/index.ts';
import { loadFor, readKeptState } from '../../experiment/node.ts';
import { checkWritable } from '../../fs/index.ts';
import { energy, time } from '../../report/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import { namesOf, parseWindow, planSignals, signalGroups } from '../../trace/index.ts';
import { megabytes, writeTrace } from '../../trace/node.ts';
import { defineCommand } from '../command.ts';
import { keptRun } from '../kept-run.ts';
import {
  aboveZeroOption,
  flagOption,
  inferenceOption,
  oneCellOptions,
  placementOption,
  resultOptions,
  textOption,
  weightsOption,
} from '../options.ts';
import { stopOnSignals } from '../signals.ts';
import { chooseCell } from '../subject.ts';

const { engine: _, ...cellOptions } = oneCellOptions;
const defaultMegabytes = 1000;

export const trace = defineCommand({
  positionals: ['experiment'],
  options: {
    ...cellOptions,
    experiment: {
      ...cellOptions.experiment,
      describe:
        'The --out folder of a run with --keep-states, a bundled experiment by name, or the path of a .yaml or .pcore file',
    },
    steps: {
      ...textOption(
        'A..B: the first and the last step of the run, counted from 0 through all its samples; under a controller, inputs',
      ),
      demandOption: true,
    },
    vcd: textOption('Write waveforms as value change dump, for GTKWave and Surfer'),
    perfetto: textOption('Write a timeline as trace events in JSON, for ui.perfetto.dev'),
    activity: textOption('Write the bits that toggle in the window, which reprice takes, as JSON'),
    signals: textOption(
      `What to show, joined by commas: ${Object.keys(signalGroups).join(', ')}, by default all of these; and items of fields, such as v:hidden[0-9]`,
    ),
    'max-megabytes': aboveZeroOption(
      `Refuse to write files that would be larger together, by default ${defaultMegabytes}`,
    ),
    overwrite: flagOption('Replace files that exist'),
    validate: resultOptions.validate,
    weights: weightsOption,
    inference: inferenceOption,
    placement: placementOption,
  },
  examples: [
    ['trace mnist-snn --steps 0..15 --vcd first.vcd', 'waveforms of the first two samples'],
    ['trace mnist-snn --steps 10000..10015 --perfetto later.json', 'a timeline from the middle of training'],
    [
      'trace mnist-snn --steps 8..15 --vcd v.vcd --signals kernels,fifo,v:hidden[0-9]',
      'kernels, the FIFO and ten membranes',
    ],
    ['trace mnist-snn --steps 64000..64799 --activity test.json', 'the bits that toggle in 100 test samples'],
    [
      'trace runs/first --steps 64000..64007 --vcd test.vcd',
      'the first sample of testing, from a state that a run has kept',
    ],
  ],
  async run(
    {
      steps,
      vcd,
      perfetto,
      activity,
      signals: chosen,
      maxMegabytes = defaultMegabytes,
      overwrite,
      ...options
    },
    terminal,
  ) {
    const window = parseWindow(steps);
    const count = window.last - window.first + 1;
    const files = [vcd, perfetto, activity].filter((file) => file !== undefined);
    checkFiles(files, overwrite);
    const { line, states } = keptRun(options);
    const { cell, data: path } = await chooseCell(line, terminal);
    namesOf(cell);
    const unit = cell.chip === undefined ? 'step' : 'input';
    const isDrawn = vcd !== undefined || perfetto !== undefined;
    if (!isDrawn && chosen !== undefined)
      throw new PlasticoreError('usage', 'there is nothing to show them in', {
        file: option('signals'),
        hint: '--vcd FILE or --perfetto FILE shows them; --activity FILE counts toggles of the whole core',
      });
    const plan = isDrawn ? planSignals(chosen, cell.image) : { groups: new Set<never>(), items: [] };
    const data = await loadFor(cell, path);
    const start = performance.now();
    const from =
      states === undefined
        ? undefined
        : readKeptState(states, window.first, runIdentity(cell, data, undefined), cell);
    const signals = stopOnSignals();
    try {
      const { timePs, energyPj } = await writeTrace(cell, data, {
        window,
        plan,
        vcd,
        perfetto,
        activity,
        from,
        signal: signals.signal,
        mostBytes: maxMegabytes * 1e6,
        onOpen: (bytes) => {
          if (from !== undefined) terminal.note(`goes on from the state after ${from.steps} steps`);
          terminal.note(
            `at ${unit} ${window.first} after ${((performance.now() - start) / 1000).toFixed(2)} s; about ${megabytes(bytes)} MB to write`,
          );
        },
      });
      terminal.note(
        `${files.join(', ')}: ${count} ${unit}${count === 1 ? '' : 's'} of '${cell.name}', ${time(timePs / 1000)}, ${energy(energyPj)}`,
      );
    } finally {
      signals.stop();
    }
  },
});

function checkFiles(files: readonly string[], overwrite = false): void {
  if (files.length === 0)
    throw new PlasticoreError('usage', 'nothing to write', {
      hint: '--vcd FILE writes waveforms, --perfetto FILE a timeline, --activity FILE the bits that toggle',
    });
  if (new Set(files).size < files.length)
    throw new PlasticoreError('usage', 'two of the options name one file', {
      file: files[0],
    });
  for (const file of files) {
    checkWritable(file);
    if (!overwrite && existsSync(file) && !file.startsWith('/dev/'))
      throw new PlasticoreError('usage', 'there is a file of that name', {
        file,
        hint: '--overwrite replaces it',
      });
  }
}
