import { classCounts, type Dataset, encoderNames, type LabelledSet } from '../dataset/index.ts';
import { loadData } from '../dataset/node.ts';
import { amount, grouped, table } from '../report/node.ts';
import { type CommandGroup, defineCommand } from './command.ts';
import { jsonOption } from './options.ts';

const list = defineCommand({
  usage: 'list',
  summary: 'Data sets that come with the package, files that are read, and encoders',
  positionals: [],
  options: { json: jsonOption },
  examples: [['data list', 'what there is']],
  run({ json }, terminal) {
    const { name, description } = loadData(undefined);
    const formats = [
      {
        data: 'DIR',
        description:
          'MNIST-shaped IDX files: {train,t10k}-images-idx3-ubyte and -labels-idx1-ubyte, plain or .gz',
      },
      { data: 'FILE.npz', description: 'NumPy arrays x and y, with optional x_test and y_test' },
    ];
    if (json) {
      terminal.print(
        JSON.stringify({ embedded: [{ name, description }], formats, encoders: encoderNames }, null, 2),
      );
      return;
    }
    const rows = [
      [name, `${description} (without --data)`],
      ...formats.map(({ data: what, description: about }) => [`--data ${what}`, about]),
    ];
    terminal.print(
      table(['data', ''], [...rows, ['encoders', encoderNames.join(', ')]], 'l', terminal.style),
    );
  },
});

const check = defineCommand({
  usage: 'check [path]',
  summary: 'Describe a data set and find what is wrong with it',
  positionals: ['path'],
  options: {
    path: {
      type: 'string',
      describe: 'A directory of IDX files or a .npz file; the embedded digits if absent',
    },
    json: jsonOption,
  },
  examples: [
    ['data check mnist/', 'four IDX files'],
    ['data check spikes.npz --json', 'as JSON'],
  ],
  run({ path, json }, terminal) {
    const data = loadData(path);
    const parts = [describeSet(data.train), describeSet(data.test)];
    const remarks = remarksOn(data);
    if (json) {
      const { name, description } = data;
      terminal.print(JSON.stringify({ name, description, parts, remarks }, null, 2));
      return;
    }
    terminal.print(`${terminal.style.bold(data.name)}: ${data.description}\n`);
    terminal.print(
      table(
        ['part', 'samples', 'features', 'classes', 'mean', 'not zero', 'smallest class', 'largest class'],
        parts.map((part) => [
          part.name,
          grouped(part.samples),
          String(part.features),
          String(part.classes),
          part.mean.toFixed(2),
          `${(100 * part.nonZero).toFixed(1)} %`,
          amount(Math.min(...part.samplesByClass)),
          amount(Math.max(...part.samplesByClass)),
        ]),
        'lr',
        terminal.style,
      ),
    );
    terminal.print(`\n${remarks.length === 0 ? 'nothing is wrong' : remarks.join('\n')}`);
  },
});

export const data: CommandGroup = {
  name: 'data',
  summary: 'List and check data sets',
  commands: [list, check],
};

function describeSet(set: LabelledSet) {
  let sum = 0;
  let nonZero = 0;
  for (const value of set.values) {
    sum += value;
    nonZero += Number(value !== 0);
  }
  return {
    name: set.name,
    samples: set.count,
    features: set.inputs,
    classes: set.classes,
    /** Of all features, 0..255. */
    mean: sum / set.values.length,
    nonZero: nonZero / set.values.length,
    samplesByClass: classCounts(set),
  };
}

/** What is no error but spoils a result. */
function remarksOn({ train, test }: Dataset): string[] {
  const remarks: string[] = [];
  for (const set of [train, test]) {
    const absent = classCounts(set).flatMap((count, label) => (count === 0 ? [label] : []));
    if (absent.length > 0) remarks.push(`${set.name}: no samples of class ${absent.join(', ')}`);
    const empty = emptySamples(set);
    if (empty > 0) remarks.push(`${set.name}: ${empty} samples are all zero: they give no spikes`);
  }
  const shared = sharedSamples(train, test);
  if (shared > 0) remarks.push(`${shared} test samples are in the training set too: accuracy flatters`);
  return remarks;
}

function emptySamples({ values, inputs, count }: LabelledSet): number {
  let empty = 0;
  for (let sample = 0; sample < count; sample++) {
    if (values.subarray(sample * inputs, (sample + 1) * inputs).every((value) => value === 0)) empty += 1;
  }
  return empty;
}

function sharedSamples(train: LabelledSet, test: LabelledSet): number {
  if (train.inputs !== test.inputs) return 0;
  const keyOf = ({ values, inputs }: LabelledSet, sample: number) =>
    Buffer.from(values.buffer, values.byteOffset + sample * inputs, inputs).toString('latin1');
  const known = new Set(Array.from({ length: train.count }, (_, sample) => keyOf(train, sample)));
  return Array.from({ length: test.count }, (_, sample) => keyOf(test, sample)).filter((key) =>
    known.has(key),
  ).length;
}
