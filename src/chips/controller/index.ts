import type * as z from 'zod';
import {
  at,
  type Chip,
  type ControllerData,
  checkClasses,
  createSetEncoder,
  DataController,
  type Dataset,
  defineHost,
  describeEncoding,
  type Encoding,
  type EncodingContext,
  encodedInputs,
  type Host,
  type Hosting,
  type Image,
  indexOfLargest,
  key,
  type LabelledSet,
  type NamedSet,
  noEpoch,
  PlasticoreError,
  plainEncoding,
  recordingOf,
  strictObject,
  suggest,
  text,
} from '../api.ts';

const name = text('the name of an input of the controller');

/** The numbers that a presentation can give to an input, by name. */
const told = ['neuron', 'step', 'label', 'learns'] as const;

const dataOptions = strictObject({
  begin: key(name, 'The input that is sent before a sample.', 'clear').optional(),
  spike: key(
    name,
    'The input that is sent for each spike of a step. It may take the number of the spike’s `neuron`, the `step`, and what the others may.',
    'inject',
  ),
  step: key(
    name,
    'The input that is sent after the spikes of a step. It may take `step`, `label` (0 unless the chip learns) and `learns` (1 if it does).',
    'step',
  ),
  end: key(name, 'The input that is sent after a sample.', 'teach').optional(),
  answer: key(
    text('a field, a register or a column of a table'),
    'Where the answer is: the first of the largest numbers says which class.',
    'output.count',
  ),
});

type Options = z.infer<typeof dataOptions>;
type Told = Readonly<Record<(typeof told)[number], number>>;

/** Presents samples as spikes, step by step, to a chip whose controller is data. */
function dataHosting(options: Options): Hosting {
  return {
    describe: (encoding) => `${describeEncoding(encoding)}, ${JSON.stringify({ controller: options })}`,
    check(image, encoding, set) {
      const data = dataOf(image);
      for (const part of ['begin', 'spike', 'step', 'end'] as const) {
        const input = options[part];
        if (input !== undefined) checkInput(data, part, input);
      }
      checkSpikes(data, options.spike, encoding, set);
      const takes = image.fields.find((field) => field.name === options.answer)?.count;
      if (takes !== undefined)
        checkClasses(set, { name: options.answer, takes, hint: 'an item for each class' });
    },
    start: ({ cores, image }, encoding, data) => {
      const chip = new DataController([at(cores, 0)]);
      return hostOf(chip, options, encoding, data, image.seed);
    },
  };
}

function dataOf({ core }: Image): ControllerData {
  const { controllerData: data, hwModel } = core;
  if (data === undefined)
    throw new PlasticoreError('image', `hw-model '${hwModel}' states no controller as data`, {
      hint: "the section 'controller' of an experiment is for such hw-models",
    });
  if ((data.cores ?? 1) === 1) return data;
  throw new PlasticoreError('image', `hw-model '${hwModel}' has several cores`, {
    hint: 'experiments host a controller as data on one core; recordings are replayed on several',
  });
}

function checkInput({ inputs }: ControllerData, part: string, input: string): void {
  const found = Object.hasOwn(inputs, input) ? inputs[input] : undefined;
  const wrong = (message: string, hint: string) =>
    new PlasticoreError('invalid-value', `controller.${part}: ${message}`, { hint });
  if (found === undefined)
    throw wrong(`the controller has no input '${input}'`, suggest(input, Object.keys(inputs)));
  for (const number of Object.keys(found.takes ?? {}))
    if (!told.some((known) => known === number) || (number === 'neuron' && part !== 'spike'))
      throw wrong(
        `input '${input}' takes '${number}', of which samples say nothing`,
        `they have ${told.join(', ')}`,
      );
}

/** The input for spikes has to hold the number of each neuron. */
function checkSpikes({ inputs }: ControllerData, spike: string, encoding: Encoding, set: NamedSet): void {
  const { neuron } = inputs[spike]?.takes ?? {};
  if (neuron === undefined) return;
  const { bits, signed = false } = typeof neuron === 'number' ? { bits: neuron } : neuron;
  const count = encodedInputs(set, encoding);
  if (count > 2 ** (signed ? bits - 1 : bits))
    throw new PlasticoreError(
      'data',
      `data set '${set.name}' has ${count} inputs; input '${spike}' takes a neuron of ${bits} bits`,
      { hint: 'state more bits in the hw-model, or choose other data' },
    );
}

function hostOf(
  chip: DataController,
  options: Options,
  encoding: Encoding,
  { train, test }: Dataset,
  seed: number,
): Host {
  let sent: (input: string, values: readonly number[]) => void = (input, values) => chip.send(input, values);
  const send = (input: string | undefined, values: Told): void => {
    if (input === undefined) return;
    const takes = Object.keys(chip.data.inputs[input]?.takes ?? {});
    sent(
      input,
      takes.map((number) => values[told.find((known) => known === number) ?? 'step']),
    );
  };
  const presenter = (set: LabelledSet, learns: boolean) => {
    const encode = createSetEncoder(set, plainEncoding(encoding));
    return (
      { sample, epoch, augment }: Omit<EncodingContext, 'seed'>,
      observe: () => void = () => undefined,
    ): number => {
      const context = { sample, epoch, seed, augment };
      const { steps, offsets, indices } = encode(context, at(chip.cores, 0).image.steps);
      const label = learns ? at(set.labels, sample) : 0;
      const values = { neuron: 0, step: 0, label, learns: Number(learns) };
      send(options.begin, values);
      for (let step = 0; step < steps; step++) {
        for (const neuron of indices.subarray(offsets[step], offsets[step + 1]))
          send(options.spike, { ...values, neuron, step });
        send(options.step, { ...values, step });
        observe();
      }
      send(options.end, { ...values, step: steps });
      return indexOfLargest(chip.read(options.answer, 0));
    };
  };
  const [learn, meet] = [presenter(train, true), presenter(train, false)];
  const ask = presenter(test, false);
  return {
    learn: (sample, epoch, { augment } = {}) => learn({ sample, epoch, augment }),
    meet: (sample, epoch, { augment } = {}) => meet({ sample, epoch, augment }),
    ask: (sample, observe) => ask({ sample, epoch: noEpoch }, observe),
    counters: () => chip.counters(),
    resetCounters: () => chip.resetCounters(),
    watch: (watcher) => chip.watch(watcher),
    record(about) {
      const recording = recordingOf(chip, about);
      sent = (input, values) => recording.send(input, values);
      return () => recording.finish();
    },
  };
}

/** Any chip whose hw-model states its controller as data: what experiments have in place of a chip's own section. */
export const controller: Chip = {
  name: 'controller',
  host: defineHost({
    description:
      'How samples are presented to a chip whose hw-model states its controller as data: which inputs are sent, and where the answer is.',
    options: dataOptions,
    registers: [],
    encodesSamples: false,
    hosting: dataHosting,
  }),
};
