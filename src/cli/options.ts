/**
 * Options shared by several commands, each defined once: its help, and how its text becomes a value. A command spreads
 * them into its own table. The rows determine the types of its values, which have the library's keys.
 */
import type { Options } from 'yargs';
import { type Encoding, encoderNames, namedEncoding } from '../data/index.ts';
import { defaultEngine, engineNames } from '../engine/index.ts';
import { type ObjectiveName, objectiveNames } from '../report/index.ts';
import { attempt, evaluate, type FileKind, option, PlasticoreError, suggest } from '../text/index.ts';
import type { OptionRow } from './command.ts';

/** An option that takes one text. */
export function textOption(describe: string) {
  return { type: 'string', requiresArg: true, describe } as const satisfies Options;
}

/** An option that is given or not. */
export function flagOption(describe: string) {
  return { type: 'boolean', describe } as const satisfies Options;
}

/** An option that takes one text each time that it is given. */
export function textsOption(describe: string) {
  return { ...textOption(describe), array: true, nargs: 1 } as const satisfies Options;
}

/** An option that names what a command writes: `-o` for short. */
export function outOption(describe: string) {
  return { ...textOption(describe), alias: 'o' } as const satisfies Options;
}

/** An option that takes one of some words. */
export function choiceOption<const Words extends readonly string[]>(choices: Words, describe: string) {
  return { ...textOption(describe), choices } as const satisfies Options;
}

/** The figures that an option `objectives` names. */
export function objectivesNamed(names: readonly string[] | undefined): readonly ObjectiveName[] | undefined {
  return (
    names &&
    [...new Set(names)].map((name) => {
      const found = objectiveNames.find((known) => known === name);
      if (found !== undefined) return found;
      throw new PlasticoreError(
        'usage',
        `--objectives: '${name}' cannot be wanted; ${suggest(name, objectiveNames)}`,
      );
    })
  );
}

/** An argument that has to be given; of the bundled files of some kinds, it accepts the names. */
export function argument(describe: string, completes: readonly FileKind[] = []) {
  return { type: 'string', demandOption: true, completes, describe } as const satisfies OptionRow;
}

/** An option whose text is parsed: `read` throws if it is invalid. */
function valueOption<T>(describe: string, read: (text: string) => T) {
  const coerce = (text: string | undefined): T | undefined => (text === undefined ? undefined : read(text));
  return { ...textOption(describe), coerce } as const satisfies Options;
}

/** An option whose text is a list joined by commas. */
function listedOption<T>(describe: string, read: (text: string) => T) {
  return { ...valueOption(describe, read), isList: true } as const satisfies OptionRow;
}

function expected(what: string, found: string): PlasticoreError {
  return new PlasticoreError('usage', `expected ${what}, found '${found}'`);
}

/** Reads a whole number from `low` to `high`. */
function whole(low: number, high = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = high === Number.MAX_SAFE_INTEGER ? `at least ${low}` : `${low} to ${high}`;
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw expected(`a whole number, ${range}`, text);
  };
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw expected('a number of seconds', text);
}

/** A fraction of the training set; without a text, the experiment's own. */
function fraction(text: string): number | true {
  if (text === '') return true;
  const value = Number(text);
  if (value > 0 && value < 1) return value;
  throw expected('a fraction of the training set between 0 and 1', text);
}

/** Reads how many designs, or how long: 200, 90s, 10m, 2h. */
function budget(text: string): { readonly designs: number } | { readonly seconds: number } {
  const [, number = '', unit = ''] = /^(\d+)(s|m|h|)$/.exec(text) ?? [];
  const amount = Number(number);
  if (number === '' || amount === 0)
    throw expected('a number of designs, such as 200, or a time, such as 90s, 10m or 2h', text);
  if (unit === '') return { designs: amount };
  return { seconds: amount * (unit === 's' ? 1 : unit === 'm' ? 60 : 3600) };
}

/** Reads a number above zero. */
function aboveZero(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw expected('a number above 0', text);
}

/** Reads a number. */
function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw expected('a number', text);
}

/** Reads a number, or a formula of numbers. */
function formula(text: string): number {
  const value = attempt(() => evaluate(text, () => undefined, []));
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw expected('a number, or a formula such as 1/255', text);
}

/** Reads a comma-separated list. */
function list(text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.includes('')) throw expected('a list joined by commas, without empty places', text);
  return items;
}

const mostSeeds = 10_000;

/** Reads seeds and ranges of them, each seed once: `1,2,5` or `1-3`. */
function seeds(text: string): number[] {
  const read = new Set<number>();
  for (const item of list(text)) {
    const [, first = '', last = first] = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(item) ?? [];
    const [low, high] = [Number(first), Number(last)];
    if (first === '' || high < low || high >= 2 ** 32 || high - low >= mostSeeds)
      throw expected('seeds of 32 bits joined by commas, or ranges of them: 1,2,5 or 1-3', item);
    for (let seed = low; seed <= high; seed++) read.add(seed);
  }
  return [...read];
}

/** A choice for all nodes, choices for named ones, or both, joined by a comma: `zero`, `out=subtract`. */
function byNode<T>(read: (text: string) => T) {
  return (text: string): { readonly all?: T; readonly nodes: ReadonlyMap<string, T> } => {
    let all: { readonly all: T } | undefined;
    const nodes = new Map<string, T>();
    for (const item of list(text)) {
      const [, node, value = ''] = /^(?:(.+)=)?([^=]+)$/.exec(item) ?? [];
      if (node !== undefined && !nodes.has(node)) nodes.set(node, read(value));
      else if (node === undefined && all === undefined) all = { all: read(item) };
      else throw expected('one choice for all nodes, and one for each NODE=CHOICE', text);
    }
    return { ...all, nodes };
  };
}

/** Reads one of several names. */
function oneOf<Name extends string>(names: readonly Name[]): (text: string) => Name {
  return (text) => {
    const name = names.find((known) => known === text);
    if (name !== undefined) return name;
    throw expected(`${names.join(', ')}, or one for a node, NODE=${names[0]}`, text);
  };
}

/** Reads the name of an encoding. */
function encoding(text: string): Encoding {
  const name = encoderNames.find((known) => known === text);
  if (name !== undefined) return namedEncoding(name);
  const others = 'delta and population have options: --set experiment.encoder={delta: {threshold: 4}}';
  throw expected(`${encoderNames.join(', ')} (${others})`, text);
}

/** An option that takes a number; `usual` is for the help alone, so that a command can tell what was given. */
export function numberOption(describe: string, usual?: number) {
  const option = valueOption(describe, number);
  return usual === undefined ? option : ({ ...option, defaultDescription: String(usual) } as const);
}

export const hwOption = {
  ...textOption('hw-model: a bundled one by name, or the path of a file'),
  completes: ['hw-model'],
} as const satisfies OptionRow;

/** An option that takes a number, or a formula of numbers. */
export const formulaOption = (describe: string) => valueOption(describe, formula);

export const precisionOption = textOption(
  'mpS-W: S-bit shadow weights, W-bit inference weights; fp32 runs on the hw-model’s baseline',
);

/** An option that takes a comma-separated list. */
export const listOption = (describe: string) => listedOption(describe, list);

export const seedsOption = (describe: string) => listedOption(describe, seeds);

/** An option that takes a whole number. */
export const wholeOption = (describe: string, low: number, high?: number) =>
  valueOption(describe, whole(low, high));

/** An option that takes a choice for all nodes of a graph, or for single ones. */
export const choiceByNode = <Name extends string>(describe: string, names: readonly Name[]) =>
  listedOption(`${describe}: ${names.join(', ')}; NODE=CHOICE for one node`, byNode(oneOf(names)));

/** An option that takes a number above zero for all nodes of a graph, or for single ones. */
export const aboveZeroByNode = (describe: string) => listedOption(describe, byNode(aboveZero));

/** An option that takes a number above zero. */
export const aboveZeroOption = (describe: string) => valueOption(describe, aboveZero);

export const budgetOption = valueOption(
  'How many designs to look at, or for how long: 200, 90s, 10m, 2h; by default, a grid looks at all',
  budget,
);

export const seedOption = valueOption(
  'Seed of initial weights, order of samples, encoder and rounding',
  whole(0, 2 ** 32 - 1),
);

export const workersOption = valueOption(
  'Cells to run at the same time, each on a thread; by default one for each processor',
  whole(1),
);

export const threadsOption = valueOption(
  'Threads that run the cores of one chip together, for chips of many cores; results do not depend on it',
  whole(1),
);

export const keepStatesOption = valueOption(
  'Keep the state after every so many samples in --out, so that trace need not run what comes before a window',
  whole(1),
);

export const setOption = textsOption(
  'path=value: replace any value, such as program.parameters.gain=2 or hw.lanes=32',
);

export const weightsOption = textOption(
  'A .npz file of initial weights: arrays named like projections, as a run writes them',
);

export const inferenceOption = flagOption(
  'Compile for a core that only infers: without rules, shadow weights and everything else that only learning needs; answers stay the same',
);

export const placementOption = textOption(
  'A placement file: which neurons are on which core of a chip; compile --write-placement writes one',
);

export const jsonOption = flagOption('Print JSON instead of tables');

export const chipOption = textOption(
  'A module of code, a .mjs file, whose default export is the chip with the controller of the core',
);

/** Options that choose a cell of an experiment or change it: the keys of `CellChoice`, plus data and engine. */
export const cellOptions = {
  hw: hwOption,
  chip: chipOption,
  data: textOption(
    'A folder of IDX files or of PNG files by class, a .npz or CSV file, or HDF5 in the layout of SHD or as `arrays` names it; by default the experiment’s, or the embedded digits',
  ),
  encoder: valueOption(
    'How samples become spikes: bernoulli, bernoulli255, phase, graded or constant for features, bins of 10 ms for spikes with their times, steps for spikes in time steps',
    encoding,
  ),
  epochs: valueOption('Passes over the training set; 0 only tests', whole(0)),
  limit: valueOption(
    'Use at most this many training samples and as many test samples: a stratified prefix of a fixed shuffle',
    whole(1),
  ),
  set: setOption,
  engine: {
    ...choiceOption(engineNames, 'Engine to use; results do not depend on it'),
    default: defaultEngine,
  },
} as const satisfies Readonly<Record<string, OptionRow>>;

/** The argument of a command that takes an experiment, and no image. */
export const experimentArgument = argument('A bundled experiment by name, or the path of a .yaml file', [
  'experiment',
]);

/** The argument and the options of a command that takes one cell. */
export const oneCellOptions = {
  experiment: argument('An experiment by name or path, a .pcore file, or the --out folder of a run', [
    'experiment',
  ]),
  precision: precisionOption,
  seed: seedOption,
  ...cellOptions,
} as const satisfies Readonly<Record<string, OptionRow>>;

/** @throws PlasticoreError `usage` for the first of these options that is given */
export function refuseOptions(options: Readonly<Record<string, unknown>>, why: string, file?: string): void {
  const given = Object.entries(options).find(([, value]) => value !== undefined);
  if (given !== undefined) throw new PlasticoreError('usage', `${option(given[0])} ${why}`, { file });
}

/** Where a server listens. */
export const portOption = valueOption('Port of the address; by default one that is free', whole(0, 65535));

export const engineOption = cellOptions.engine;

/** Further options of a run and a sweep: the keys are those of `FolderRunOptions`. */
export const resultOptions = {
  validate: {
    // Without a value, read as '', it means the experiment's fraction.
    type: 'string',
    describe:
      'Hold out a part of the training set, by default a sixth, and score it instead of the test set, also after each epoch',
    coerce: (text: string | undefined) => (text === undefined ? undefined : fraction(text)),
  },
  resume: flagOption('Continue with the results in --out; a finished run is not repeated'),
  overwrite: flagOption('First remove earlier results from --out'),
  'checkpoint-seconds': valueOption(
    'Seconds between checkpoints in --out, by default 60; each epoch ends with one',
    seconds,
  ),
  record: textOption(
    'Record fields and spikes of the first 10 scored samples, such as v:hidden,spikes:*, in record.npz; on a chip of many cores, steps records the cost of each step in steps.csv',
  ),
} as const satisfies Readonly<Record<string, OptionRow>>;
