import { runInFolder } from '../../experiment/node.ts';
import { checkWritable, writeAtomically } from '../../fs/index.ts';
import { duration, formatReport } from '../../report/index.ts';
import { defineCommand } from '../command.ts';
import { writeKeptRun } from '../kept-run.ts';
import {
  flagOption,
  inferenceOption,
  keepStatesOption,
  oneCellOptions,
  placementOption,
  resultOptions,
  textOption,
  threadsOption,
  weightsOption,
} from '../options.ts';
import { progressDisplay, showing } from '../progress.ts';
import { chooseCell } from '../subject.ts';

export const run = defineCommand({
  positionals: ['experiment'],
  options: {
    ...oneCellOptions,
    weights: weightsOption,
    inference: inferenceOption,
    placement: placementOption,
    threads: threadsOption,
    neurobench: flagOption(
      'Count updates of potentials, too, for NeuroBench’s MembraneUpdates and NeuronOperations',
    ),
    out: textOption('Folder for report, weights, history, predictions and checkpoints'),
    'keep-states': keepStatesOption,
    json: textOption('Write the report as JSON to a file, or to standard output with -'),
    ...resultOptions,
  },
  examples: [
    ['run mnist-snn', 'learn MNIST on the embedded digits'],
    ['run mnist-snn --precision fp32', 'the same program on the float32 baseline'],
    ['run mnist-snn --data mnist/ --epochs 6 --out runs/full', 'the full set, with checkpoints'],
    ['run mnist-snn --validate', 'score a sixth of the training set instead of the test set'],
    [
      'run mnist-snn --set hw.lanes=32 --set program.populations.hidden.size=128',
      'another core, another network',
    ],
    ['run mnist-snn --out runs/first --keep-states 1000', 'keep states from which trace goes on'],
    ['run mnist-snn --weights runs/first/weights.npz --inference', 'only test, with given weights'],
    ['run digits.pcore --epochs 0 --json -', 'test a compiled image'],
  ],
  async run(options, terminal) {
    const { cell, data } = await chooseCell(options, terminal);
    if (options.json !== undefined && options.json !== '-') checkWritable(options.json);
    const { core, program } = cell.image;
    const { out } = options;
    const left = `a checkpoint is in ${out}: repeat the command with --resume to continue`;
    const { report } = await showing(
      terminal,
      progressDisplay,
      (signal, onProgress) =>
        runInFolder(cell, {
          ...options,
          data,
          signal,
          onProgress,
          onStart: ({ data: { name, train, test, corrections }, resumedAt, isFinished }) => {
            terminal.note(
              `${program} on ${core.hwModel} at ${core.precision}, seed ${cell.image.seed}, engine ${options.engine}`,
            );
            const scored = cell.validation === undefined ? 'testing' : 'validation';
            terminal.note(`${name}: ${train} samples for training, ${test} for ${scored}`);
            if (out !== undefined && options.keepStates !== undefined) writeKeptRun(out, options);
            for (const correction of corrections) terminal.note(`corrected: ${correction}`);
            if (isFinished) terminal.note(`this run is finished: its report is in ${out}`);
            else if (resumedAt !== undefined) {
              const { part, epoch, done } = resumedAt;
              const where = part === 'score' ? scored : `epoch ${epoch + 1}`;
              terminal.note(`resumed at ${where}, after ${done} samples`);
            } else if (options.resume) terminal.note(`no checkpoint in ${out}: from the beginning`);
          },
        }),
      out === undefined ? [] : [left],
    );
    if (options.json === '-') terminal.print(formatReport(report).trimEnd());
    else {
      if (options.json !== undefined) writeAtomically(options.json, formatReport(report));
      const { runTables } = await import('../../report/node.ts');
      terminal.print(runTables(report, terminal.style));
    }
    const results = out === undefined ? '' : `; results in ${out}`;
    terminal.note(`done in ${duration(report.timing.wallSeconds)}${results}`);
  },
});
