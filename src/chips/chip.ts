import * as z from 'zod';
import type { Watcher } from '../control/index.ts';
import type { Dataset, Encoding, LabelledSet } from '../data/index.ts';
import { checkJson, type GoldenFormat } from '../golden/index.ts';
import type { ChipModel } from '../hardware/index.ts';
import type { Counters, Image, PlaceInPass } from '../image/index.ts';
import type { ChipWork, Crew, Machine } from '../machine/index.ts';
import {
  command,
  list,
  oneOf,
  option,
  PlasticoreError,
  positive,
  type SourceModule,
  strictObject,
  suggest,
  text,
  truth,
} from '../text/index.ts';
import type { ChipNetworks } from './network.ts';
import type { ChipRtl, RecordingAbout } from './recording/index.ts';

/** How a sample of the training set is presented. */
interface Presenting {
  /** `false` leaves out the random changes that its encoder makes for training. */
  readonly augment?: boolean | undefined;
  /** Its place in the pass over the data; absent if it is presented alone. */
  readonly place?: PlaceInPass | undefined;
}

/** Presents the samples of a data set to a core and reads the answers. */
export interface Host {
  /** Presents a sample of the training set, with its label. Returns the answer: a class, or -1 for none. */
  learn(sample: number, epoch: number, how?: Presenting): number;
  /** Presents a sample of the training set without learning it. Returns the answer. A host that cannot has none. */
  meet?(sample: number, epoch: number, how?: Presenting): number;
  /**
   * Presents a sample of the test set or of the validation split, without learning. Returns the answer.
   *
   * @param observe called whenever spikes and fields are to be recorded
   */
  ask(sample: number, observe?: (() => void) | undefined): number;
  counters(): Counters;
  resetCounters(): void;
  /**
   * Writes down what the chip does from here on, before it has done anything. Returns a function that ends it, and
   * gives the trace in a format of the chip's recordings. A host that cannot has none.
   */
  record?(about: RecordingAbout): () => unknown;
  /**
   * Tells what its controller does from here on, where that is data. Returns how many entries each queue holds now. A
   * host without such a controller has none.
   */
  watch?(watcher: Watcher): readonly number[];
  /** Time steps of a sample, where its cores count none. */
  readonly steps?: number | undefined;
  /** A caution about how fast samples run. */
  readonly remark?: string | undefined;
  /**
   * On a chip of many cores: adds the spikes of the latest sample to the counts of their neurons, by the neuron's
   * number on its core.
   *
   * @param counts one array for each population, one element for each of its neurons
   */
  countSpikes?(counts: readonly Float64Array[]): void;
}

/** A data set to check: its training set, with the name of the whole data set. */
export type NamedSet = LabelledSet & { readonly name: string };

/** A chip's host with its options, before it has a core. */
export interface Hosting {
  /** How samples become events, on one line: part of a run's identity, and shown in its report. */
  describe(encoding: Encoding): string;
  /**
   * Checks that a data set fits the chip.
   *
   * @throws PlasticoreError `data`, or `invalid-value` if the chip's configuration is at fault
   */
  check(image: Image, encoding: Encoding, set: NamedSet): void;
  /**
   * Programs the chip and returns its host.
   *
   * @param machine the chip's core; of a chip that makes its cores, one like all others, whose image and engine they
   * have
   * @param crew threads that run the cores of a chip of many together
   */
  start(machine: Machine, encoding: Encoding, data: Dataset, crew?: Crew<ChipWork>): Host;
}

/** How one cell of an experiment hosts a chip. Plain data, so that it passes between threads. */
export interface ChipSetup {
  /** Name of the chip. */
  readonly chip: string;
  /** The chip's section of the experiment, checked. */
  readonly options: unknown;
  /** Values of the program's parameters that the chip's host asks for. */
  readonly registers: Readonly<Record<string, number>>;
  /** The section `chip` of the hw-model: the cores and the network between them. */
  readonly model?: ChipModel | undefined;
  /** The module that the chip is in; absent for a bundled one. */
  readonly module?: SourceModule | undefined;
}

/** The same, with its description: see {@link Hosting.describe}. */
export interface DescribedSetup extends ChipSetup {
  readonly input: string;
}

/** How experiments run a chip: present samples, teach, ask. */
export interface ChipHost {
  /** Describes the chip's section in an experiment, for the schema used by editors. */
  readonly description: string;
  /** Its section in an experiment. */
  readonly options: z.ZodType;
  /** Parameters of the program that it needs to know: constants, the same in each epoch. */
  readonly registers: readonly string[];
  /** Whether it turns samples into events without the experiment's encoder. */
  readonly encodesSamples: boolean;
  /**
   * Whether it makes the cores of its chip itself, all like the one that it is handed: no weights can be given to it,
   * and nothing of a single core is recorded.
   */
  readonly makesCores?: boolean | undefined;
  hosting(setup: ChipSetup): Hosting;
}

/** A published energy, of a sample in inference or of a synaptic operation. */
interface PublishedEnergy {
  /** The hw-model of the chip. */
  readonly hwModel: string;
  readonly of: 'inference' | 'operation';
  readonly pj: number;
  readonly cite: string;
}

/** A chip with its own controller: everything that the rest of Plasticore needs to know about it. */
export interface Chip {
  /** The value of `controller:` in an hw-model, and the key of the chip's section in an experiment. */
  readonly name: string;
  /** Loads formats of its own for its recordings. A chip whose controller is data needs none. */
  readonly golden?: (() => Promise<readonly GoldenFormat[]>) | undefined;
  /** Where its RTL is to be had, where there is a bench for it. */
  readonly rtl?: ChipRtl | undefined;
  /** Absent if no experiment can run the chip; its recordings can be replayed all the same. */
  readonly host?: ChipHost | undefined;
  /** How networks of other tools come to it; absent if its neurons take none. */
  readonly networks?: ChipNetworks | undefined;
  /** Energies that have been published of it, beside which a report puts those of runs. */
  readonly published?: readonly PublishedEnergy[] | undefined;
  /** Where it was loaded from; absent for a chip that is bundled. A module does not state it. */
  readonly module?: SourceModule | undefined;
}

/** The definition of a host in a chip's folder; {@link defineHost} makes a {@link ChipHost} of it. */
export interface HostDefinition<Options, Register extends string>
  extends Omit<ChipHost, 'options' | 'registers' | 'hosting'> {
  readonly options: z.ZodType<Options>;
  readonly registers: readonly Register[];
  hosting(
    options: Options,
    registers: Readonly<Record<Register, number>>,
    model: ChipModel | undefined,
  ): Hosting;
}

/** Makes a host from its definition. The types of its options and registers are not visible outside its folder. */
export function defineHost<Options, Register extends string>(
  definition: HostDefinition<Options, Register>,
): ChipHost {
  const { options, registers, hosting } = definition;
  return {
    ...definition,
    hosting(setup) {
      if (!hasAll(setup.registers, registers)) throw new Error(`the setup of ${setup.chip} lacks a register`);
      return hosting(options.parse(setup.options), setup.registers, setup.model);
    },
  };
}

function hasAll<Key extends string>(
  values: Readonly<Record<string, number>>,
  keys: readonly Key[],
): values is Readonly<Record<Key, number>> {
  return keys.every((key) => Object.hasOwn(values, key));
}

/** A chip as something names that runs on it, with the hash of its module if it is in one. */
export interface NamedChip {
  readonly chip: string;
  readonly module?: Pick<SourceModule, 'file' | 'sha256'> | undefined;
}

/**
 * Finds the host of a chip by the chip's name.
 *
 * @throws PlasticoreError `usage` if no chip in the list has that name, or the chip has no host; `image` if it is in
 * another module
 */
export function findHost(chips: readonly Chip[], named: NamedChip): ChipHost {
  const chip = chips.find(({ name }) => name === named.chip);
  checkModule(named, chip);
  if (chip === undefined)
    throw new PlasticoreError('usage', `there is no chip '${named.chip}'`, {
      hint: suggest(
        named.chip,
        chips.map(({ name }) => name),
      ),
    });
  if (chip.host !== undefined) return chip.host;
  throw new PlasticoreError('usage', `no experiment can run chip '${chip.name}': it has no host`, {
    hint: `${command('verify')} replays its recordings`,
  });
}

/**
 * Checks that a chip is the one that something was made for: from the same module, with the same text, or bundled.
 *
 * @param chip the chip of that name that is known here, if any
 * @throws PlasticoreError `image`
 */
export function checkModule({ chip: name, module: wanted }: NamedChip, chip: Chip | undefined): void {
  const known = chip?.module;
  if (wanted === undefined && known === undefined) return;
  if (wanted === undefined)
    throw new PlasticoreError(
      'image',
      `the controller '${name}' is code of a module here, and what is to run under it names none`,
      { file: known?.file, hint: `'controller: ./${name}.mjs' in the hw-model names the module` },
    );
  const { file, sha256 } = wanted;
  if (known?.sha256 === sha256) return;
  const what = `the controller '${name}' is code of the module ${file} with SHA-256 ${sha256}`;
  throw known === undefined
    ? new PlasticoreError('image', `${what}, which is not loaded here`, {
        hint: `commands load it where it is, by the hw-model or ${option('chip', file)}; a browser loads none`,
      })
    : new PlasticoreError('image', `${what}; the one here has ${known.sha256}`, {
        file: known.file,
        hint: 'compile anew, or take the module that it was compiled with',
      });
}

/** A value that only code can make: what it is in words, and how it is told from others. */
function made<T>(what: string, is: (value: unknown) => boolean) {
  return z.custom<T>(is, {
    error: ({ input }) =>
      input === undefined ? `missing: expected ${what}` : `expected ${what}, found ${kind(input)}`,
  });
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const isFunction = (value: unknown): boolean => typeof value === 'function';

/** A schema of zod tells good values from bad ones by this function. */
function isSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && isFunction(Reflect.get(value, 'safeParse'));
}

const hostShape = strictObject({
  description: text('what the section of the chip in an experiment is for'),
  options: made<z.ZodType>("a schema of zod, such as kit's strictObject({...})", isSchema),
  registers: list(text('the name of a parameter of the program'), 'names of parameters of the program'),
  encodesSamples: truth,
  makesCores: truth.optional(),
  hosting: made<ChipHost['hosting']>('a function, as defineHost makes it', isFunction),
});

const networksShape = strictObject({
  program: text('the name of a program'),
  delivery: oneOf('when spikes arrive', ['same', 'next']),
  hasLeaked: truth,
  map: made<ChipNetworks['map']>('a function that puts a network on the chip', isFunction),
});

const chipShape = strictObject({
  name: text('the name of the chip'),
  golden: made<NonNullable<Chip['golden']>>('a function that loads formats of traces', isFunction).optional(),
  rtl: strictObject({
    from: text('what its folder is'),
    sources: list(text('the name of a file'), 'files of Verilog'),
  }).optional(),
  host: hostShape.optional(),
  networks: networksShape.optional(),
  published: list(
    strictObject({
      hwModel: text('the name of an hw-model'),
      of: oneOf('what the energy is of', ['inference', 'operation']),
      pj: positive('an energy in pJ'),
      cite: text('a source'),
    }),
    'published energies',
  ).optional(),
});

const formatShape = strictObject({
  name: text('the name of a format, such as my-golden/1'),
  read: made<GoldenFormat['read']>('a function, as goldenFormat makes it', isFunction),
});

/** The required shape of a chip's module, for a hint. */
const usual =
  'a module of a chip ends with: export default { name, golden, host }, with goldenFormat and defineHost';

/**
 * Checks the shape of a chip, from wherever it comes.
 *
 * @param file the module that it is from, for errors
 * @throws PlasticoreError `unknown-key` or `invalid-value` with the part that is wrong, and what was expected
 */
export function chipFrom(value: unknown, file: string): Chip {
  if (typeof value !== 'object' || value === null)
    throw new PlasticoreError(
      'invalid-value',
      value === undefined
        ? 'has no default export: expected a chip'
        : `its default export is ${kind(value)}: expected a chip`,
      { file, hint: usual },
    );
  const chip = checkJson({ value, file, locate: () => ({ file, hint: usual }) }, chipShape);
  const { golden } = chip;
  return golden === undefined ? chip : { ...chip, golden: async () => formatsFrom(await golden(), file) };
}

/** Checks the formats that a chip has loaded. */
function formatsFrom(value: unknown, file: string): readonly GoldenFormat[] {
  const hint = 'golden is a function that returns a list of what goldenFormat makes, or the promise of one';
  const shape = z.object({ golden: list(formatShape, 'a list of formats of traces') });
  return checkJson({ value: { golden: value }, file, locate: () => ({ file, hint }) }, shape).golden;
}
