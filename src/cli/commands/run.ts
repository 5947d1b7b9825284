import { basename } from 'node:path';
import { defaultValidationFraction, type EncoderName, namedEncoding } from '../../data/index.ts';
import {
  type Cell,
  type CellChoice,
  checkImageChoice,
  fileNaming,
  loadExperiment,
  parseSettings,
  resolveCell,
} from '../../experiment/index.ts';
import { dataOf, runInFolder } from '../../experiment/node.ts';
import { checkWritable, findFile, writeAtomically } from '../../fs/index.ts';
import type { TraceSource } from '../../observe/index.ts';
import { duration, formatReport } from '../../report/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { readImageFile, referenceFrom } from '../files.ts';
import {
  checkpointOption,
  dataOption,
  encoderOption,
  engineOption,
  epochsOption,
  hwOption,
  largestSeed,
  limitOption,
  overwriteOption,
  precisionOption,
  recordOption,
  resumeOption,
  secondsOption,
  seedOption,
  setOption,
  validateChoice,
  validateOption,
  wholeOption,
} from '../options.ts';
import { progressDisplay } from '../progress.ts';
import { Interrupted, stopOnSignals } from '../signals.ts';

export const run = defineCommand({
  positionals: ['experiment'],
  options: {
    experiment: {
      type: 'string',
      demandOption: true,
      describe: 'A bundled experiment by name, or the path of a .yaml or .pcore file',
    },
    hw: hwOption,
    precision: precisionOption,
    data: dataOption,
    encoder: encoderOption,
    seed: seedOption,
    epochs: epochsOption,
    limit: limitOption,
    validate: validateOption,
    set: setOption,
    engine: engineOption,
    out: {
      type: 'string',
      requiresArg: true,
      describe: 'Folder for report, weights, history, predictions and checkpoints',
    },
    json: {
      type: 'string',
      requiresArg: true,
      describe: 'Write the report as JSON to a file, or to standard output with -',
    },
    resume: resumeOption,
    overwrite: overwriteOption,
    'checkpoint-seconds': checkpointOption,
    record: recordOption,
    golden: {
      type: 'string',
      requiresArg: true,
      describe:
        'In place of a report write a golden trace of 1 epoch of 1 sample and of 1 test, or as many as --epochs and --limit say',
    },
    'golden-steps': {
      type: 'boolean',
      default: false,
      describe: 'Have the golden trace state the fields after each step, too',
    },
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
    ['run digits.pcore --epochs 0 --json -', 'test a compiled image'],
    ['run mnist-snn --limit 2 --golden digits.trace.json', 'all that the core does on a few samples'],
  ],
  async run(options, terminal) {
    const { cell, data, sourceFrom, epochs, limit } = chooseCell(options);
    if (options.golden !== undefined) {
      const { refuseWithGolden, writeGolden } = await import('../golden.ts');
      const { golden: file, engine, out, json, resume, record } = options;
      refuseWithGolden({
        '--out': out !== undefined,
        '--json': json !== undefined,
        '--resume': resume,
        '--overwrite': options.overwrite,
        '--validate': options.validate !== undefined,
        '--checkpoint-seconds': options['checkpoint-seconds'] !== undefined,
        '--record': record !== undefined,
      });
      const everyStep = options['golden-steps'];
      await writeGolden(
        { file, cell, source: sourceFrom(file), data, engine, epochs, limit, everyStep },
        terminal,
      );
      return;
    }
    if (options['golden-steps']) throw new PlasticoreError('usage', '--golden-steps needs --golden');
    if (options.json !== undefined && options.json !== '-') checkWritable(options.json);
    const display = progressDisplay(terminal);
    const signals = stopOnSignals();
    try {
      const { core, program } = cell.image;
      const { report } = await runInFolder(cell, {
        data,
        engine: options.engine,
        out: options.out,
        resume: options.resume,
        overwrite: options.overwrite,
        checkpointSeconds: secondsOption('checkpoint-seconds', options['checkpoint-seconds']),
        record: options.record,
        signal: signals.signal,
        onProgress: (progress) => display.update(progress),
        onStart: ({ data: { name, train, test, corrections }, resumedAt, isFinished }) => {
          terminal.note(
            `${program} on ${core.hwModel} at ${core.precision}, seed ${cell.image.seed}, engine ${options.engine}`,
          );
          const scored = cell.validation === undefined ? 'testing' : 'validation';
          terminal.note(`${name}: ${train} samples for training, ${test} for ${scored}`);
          for (const correction of corrections) terminal.note(`corrected: ${correction}`);
          if (isFinished) terminal.note(`this run is finished: its report is in ${options.out}`);
          else if (resumedAt !== undefined) {
            const { part, epoch, done } = resumedAt;
            const where = part === 'score' ? scored : `epoch ${epoch + 1}`;
            terminal.note(`resumed at ${where}, after ${done} samples`);
          } else if (options.resume) {
            terminal.note(`no checkpoint in ${options.out}: from the beginning`);
          }
        },
      });
      display.stop();
      if (options.json === '-') terminal.print(formatReport(report).trimEnd());
      else {
        if (options.json !== undefined) writeAtomically(options.json, formatReport(report));
        const { runTables } = await import('../../report/node.ts');
        terminal.print(runTables(report, terminal.style));
      }
      terminal.note(
        `done in ${duration(report.timing.wallSeconds)}${options.out === undefined ? '' : `; results in ${options.out}`}`,
      );
    } catch (error) {
      display.stop();
      if (error instanceof Interrupted && options.out !== undefined) {
        terminal.note(`a checkpoint is in ${options.out}: the same command with --resume goes on`);
      }
      throw error;
    } finally {
      signals.stop();
    }
  },
});

interface RunChoice {
  readonly experiment: string;
  readonly hw: string | undefined;
  readonly precision: string | undefined;
  readonly data: string | undefined;
  readonly encoder: EncoderName | undefined;
  readonly seed: string | undefined;
  readonly epochs: string | undefined;
  readonly limit: string | undefined;
  readonly validate: string | undefined;
  readonly set: string[] | undefined;
}

interface Chosen {
  readonly cell: Cell;
  readonly data: string | undefined;
  /** Where the cell comes from, as a file of some path refers to it. */
  sourceFrom(file: string): TraceSource;
  /** As the options say. */
  readonly epochs: number | undefined;
  readonly limit: number | undefined;
}

function chooseCell(options: RunChoice): Chosen {
  const settings = parseSettings(options.set ?? []);
  const choice: CellChoice = {
    hw: options.hw,
    precision: options.precision,
    seed: wholeOption('seed', options.seed, 0, largestSeed),
    epochs: wholeOption('epochs', options.epochs, 0),
    limit: wholeOption('limit', options.limit, 1),
    encoder: options.encoder === undefined ? undefined : namedEncoding(options.encoder),
    validate: validateChoice(options.validate),
    settings,
  };
  const { epochs, limit } = choice;
  if (options.experiment.endsWith('.pcore')) {
    const sourceFrom = (file: string) => ({
      image: referenceFrom(file, { name: options.experiment, from: '' }),
    });
    return { cell: imageCell(options.experiment, choice), data: options.data, sourceFrom, epochs, limit };
  }
  const source = findFile('experiment', options.experiment, '');
  const experiment = loadExperiment(source, settings.experiment);
  const cell = resolveCell(experiment, choice, findFile);
  const { spec } = experiment;
  const hw =
    options.hw === undefined
      ? { name: spec.hw, from: fileNaming(experiment, 'hw') }
      : { name: options.hw, from: '' };
  const program = { name: spec.program, from: fileNaming(experiment, 'program') };
  const sourceFrom = (file: string) => ({
    program: referenceFrom(file, program),
    hwModel: referenceFrom(file, hw),
    settings: cell.settings,
  });
  return { cell, data: options.data ?? dataOf(experiment), sourceFrom, epochs, limit };
}

/** An image runs with what it was compiled for; what else a cell needs has defaults. */
function imageCell(file: string, choice: CellChoice): Cell {
  const image = readImageFile(file);
  checkImageChoice(image, choice);
  return {
    name: basename(file),
    image,
    encoder: choice.encoder ?? 'bernoulli',
    epochs: choice.epochs ?? 1,
    limit: choice.limit,
    validation: choice.validate === true ? defaultValidationFraction : choice.validate,
    settings: [],
  };
}
