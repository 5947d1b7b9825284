import { Memory } from '../../image/index.ts';
import { at } from '../../text/index.ts';
import type { DataController } from '../data-controller.ts';
import {
  type ControllerExpected,
  type ControllerStep,
  type ControllerTrace,
  controllerFormat,
  type Memories,
} from './trace.ts';

/** The subject of a recording, as a file at its place refers to it. */
export type RecordedFrom =
  | { readonly program: string; readonly hwModel: string; readonly settings: readonly string[] }
  | { readonly image: string };

/** The head of a recording. */
export interface RecordingAbout {
  readonly name: string;
  readonly description: string;
  readonly source?: RecordedFrom | undefined;
}

/** A recording of a chip from here on. */
export function recordingOf(chip: DataController, { name, description, source }: RecordingAbout) {
  const memories = memoriesOf(chip);
  const recorder = new InputRecorder(chip, chip.data.banks);
  const { core, seed } = at(chip.cores, 0).image;
  return {
    send: (input: string, values: readonly number[]): void => {
      recorder.send(input, values);
    },
    finish: (): ControllerTrace => ({
      format: controllerFormat,
      name,
      description,
      ...sourceOf(source),
      precision: core.precision,
      seed,
      memories,
      ...recorder.finish(),
    }),
  };
}

/** The contents of a chip's memories that differ from its image. */
function memoriesOf(chip: DataController): Memories {
  const { registers = {}, tables = {} } = chip.data;
  const { image } = at(chip.cores, 0);
  const contents = new Memory(image);
  const zeros = (): ArrayLike<number> => [];
  const held = [
    ...Object.entries(registers).map(([name, { initial = 0 }]) => ({ name, initially: () => [initial] })),
    ...Object.entries(tables).flatMap(([name, { entry }]) =>
      Object.keys(entry).map((field) => ({ name: `${name}.${field}`, initially: zeros })),
    ),
    ...image.fields
      .filter(({ layout, view, fixed }) => layout !== undefined && view === undefined && fixed !== true)
      .map((field) => ({ name: field.name, initially: () => contents.access(image, field).readAll() })),
    // No generator is at zero, so that all are stated.
    ...image.generators.map(({ name }) => ({ name: `generators.${name}`, initially: zeros })),
  ];
  return chip.cores.map((_, core) =>
    Object.fromEntries(
      held.flatMap(({ name, initially }) => {
        const values = Array.from(chip.read(name, core));
        const before = initially();
        return values.every((value, index) => value === (before[index] ?? 0)) ? [] : [[name, values]];
      }),
    ),
  );
}

function sourceOf(
  source: RecordedFrom | undefined,
): Pick<ControllerTrace, 'program' | 'hwModel' | 'image' | 'settings'> {
  if (source === undefined) return {};
  if ('image' in source) return { image: source.image };
  const { program, hwModel, settings } = source;
  const of = (what: 'program' | 'hw') =>
    Object.fromEntries(
      settings
        .filter((setting) => setting.startsWith(`${what}.`))
        .map((setting) => {
          const equals = setting.indexOf('=');
          return [setting.slice(what.length + 1, equals), JSON.parse(setting.slice(equals + 1)) as unknown];
        }),
    );
  return { program, hwModel, settings: { program: of('program'), hw: of('hw') } };
}

/** The banks whose accesses are counted, and when they are stated. */
export interface CountedBanks {
  readonly of: readonly string[];
  readonly after?: 'end' | 'input' | undefined;
}

type BankCounts = NonNullable<ControllerStep['banks']>;

/** Writes down what a chip does with each input, as a recording states it. */
export class InputRecorder {
  readonly #chip: DataController;
  readonly #after: 'end' | 'input';
  readonly #of: readonly string[];
  readonly #counted: CountedBanks;
  readonly #start: number;
  readonly #queues: ReturnType<typeof countsOf>;
  readonly #banks: BankCounts;
  /** The states after the input before, by core and name. */
  readonly #known = new Map<string, ArrayLike<number>>();
  readonly #inputs: ControllerTrace['inputs'] = [];
  readonly #steps: ControllerStep[] = [];

  constructor(chip: DataController, counted: CountedBanks = { of: [] }) {
    const { states } = chip.data;
    this.#chip = chip;
    this.#of = states?.of ?? [];
    this.#after = states?.after ?? 'end';
    this.#counted = counted;
    this.#start = chip.cycle;
    this.#queues = countsOf(chip);
    this.#banks = this.#bankCounts();
    chip.listen();
    chip.takeRecords();
  }

  /**
   * Sends an input. Returns what is to be expected of it.
   *
   * @throws PlasticoreError as the chip does; what came before is recorded
   */
  send(input: string, values: readonly number[]): ControllerStep {
    const before = this.#counted.after === 'input' ? this.#bankCounts() : [];
    this.#chip.send(input, values);
    const records = Object.entries(this.#chip.takeRecords()).filter(([, rows]) => rows.length > 0);
    this.#inputs.push([input, ...values]);
    const step: ControllerStep = {
      cycles: this.#chip.cycle - this.#start,
      ...(records.length > 0 && {
        records: Object.fromEntries(records.map(([name, rows]) => [name, rows.map((row) => [...row])])),
      }),
      ...(before.length > 0 && { banks: this.#countsSince(before) }),
    };
    if (this.#after === 'input') {
      const changed = this.#states(true);
      if (changed.some((states) => Object.keys(states).length > 0)) step.states = changed;
    }
    this.#steps.push(step);
    return step;
  }

  /** The inputs so far, and what is to be expected of them. */
  finish(): { readonly inputs: ControllerTrace['inputs']; readonly expected: ControllerExpected } {
    const before = this.#queues;
    const { pushes, pops, drops } = countsOf(this.#chip);
    return {
      inputs: this.#inputs,
      expected: {
        inputs: this.#steps,
        ...(this.#after === 'end' && this.#of.length > 0 && { states: this.#states(false) }),
        ...(this.#banks.length > 0 && { banks: this.#countsSince(this.#banks) }),
        counters: {
          pushes: pushes - before.pushes,
          pops: pops - before.pops,
          drops: drops - before.drops,
        },
      },
    };
  }

  /** Words read and written so far, of each bank that is counted. */
  #bankCounts(): BankCounts {
    const { of } = this.#counted;
    if (of.length === 0) return [];
    const { work } = this.#chip.counters();
    const { banks } = at(this.#chip.cores, 0).image;
    return of.map((name) => {
      const bank = banks.findIndex((candidate) => candidate.name === name);
      const sum = (which: 'reads' | 'writes') =>
        work.reduce((words, counts) => words + at(counts[which], bank), 0);
      return { name, wordsRead: sum('reads'), wordsWritten: sum('writes') };
    });
  }

  #countsSince(before: BankCounts): BankCounts {
    return this.#bankCounts().map(({ name, wordsRead, wordsWritten }, index) => ({
      name,
      wordsRead: wordsRead - at(before, index).wordsRead,
      wordsWritten: wordsWritten - at(before, index).wordsWritten,
    }));
  }

  /** @param onlyChanged leaves out what is as it was when it was last asked */
  #states(onlyChanged: boolean): Memories {
    return this.#chip.cores.map((_, core) => {
      const stated: Memories[number] = {};
      for (const name of this.#of) {
        const values = this.#chip.read(name, core);
        const key = `${core} ${name}`;
        const before = this.#known.get(key);
        this.#known.set(key, values);
        if (onlyChanged && before !== undefined && isSame(before, values)) continue;
        stated[name] = Array.from(values);
      }
      return stated;
    });
  }
}

function isSame(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true;
  for (let i = 0; i < b.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function countsOf(chip: DataController) {
  const { pushes, pops, drops } = chip.counters();
  return { pushes, pops, drops };
}
