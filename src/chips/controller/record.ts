import { at, type DataController, Memory, type RecordedFrom, type RecordingAbout } from '../api.ts';
import { type ControllerExpected, type ControllerTrace, controllerFormat, type Memories } from './trace.ts';

/** A recording of a chip from here on. */
export function recordingOf(chip: DataController, { name, description, source }: RecordingAbout) {
  const memories = memoriesOf(chip);
  const recorder = new InputRecorder(chip);
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
  const held = [
    ...Object.entries(registers).map(([name, { initial = 0 }]) => ({ name, initially: () => [initial] })),
    ...Object.entries(tables).flatMap(([name, { entry }]) =>
      Object.keys(entry).map((field) => ({
        name: `${name}.${field}`,
        initially: (): ArrayLike<number> => [],
      })),
    ),
    ...image.fields
      .filter(({ layout, view, fixed }) => layout !== undefined && view === undefined && fixed !== true)
      .map((field) => ({ name: field.name, initially: () => contents.access(image, field).readAll() })),
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

/** Writes down what a chip does with each input, as a recording states it. */
export class InputRecorder {
  readonly #chip: DataController;
  readonly #after: 'end' | 'input';
  readonly #of: readonly string[];
  readonly #start: number;
  readonly #counters: ReturnType<typeof countsOf>;
  /** The states after the input before, by core and name. */
  readonly #known = new Map<string, ArrayLike<number>>();
  readonly #inputs: ControllerTrace['inputs'] = [];
  readonly #steps: ControllerExpected['inputs'] = [];

  constructor(chip: DataController) {
    const { states } = chip.data;
    this.#chip = chip;
    this.#of = states?.of ?? [];
    this.#after = states?.after ?? 'end';
    this.#start = chip.cycle;
    this.#counters = countsOf(chip);
    chip.listen();
    chip.takeRecords();
  }

  /**
   * Sends an input. Returns what is to be expected of it.
   *
   * @throws PlasticoreError as the chip does; what came before is recorded
   */
  send(input: string, values: readonly number[]): ControllerExpected['inputs'][number] {
    this.#chip.send(input, values);
    const records = Object.entries(this.#chip.takeRecords()).filter(([, rows]) => rows.length > 0);
    this.#inputs.push([input, ...values]);
    const step: ControllerExpected['inputs'][number] = {
      cycles: this.#chip.cycle - this.#start,
      ...(records.length > 0 && {
        records: Object.fromEntries(records.map(([name, rows]) => [name, rows.map((row) => [...row])])),
      }),
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
    const before = this.#counters;
    const { pushes, pops, drops } = countsOf(this.#chip);
    return {
      inputs: this.#inputs,
      expected: {
        inputs: this.#steps,
        ...(this.#after === 'end' && this.#of.length > 0 && { states: this.#states(false) }),
        counters: {
          pushes: pushes - before.pushes,
          pops: pops - before.pops,
          drops: drops - before.drops,
        },
      },
    };
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
