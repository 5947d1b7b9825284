import { isDeepStrictEqual } from 'node:util';
import { DataController } from '../../../src/chips/index.ts';
import { controllerSchema } from '../../../src/control/index.ts';
import { type Core, createCore } from '../../../src/engine/index.ts';
import type { CoreImage } from '../../../src/image/index.ts';
import { at, PlasticoreError } from '../../../src/text/index.ts';
import { differenceOf } from '../../engine/random/compare.ts';
import { Dice } from '../../engine/random/dice.ts';
import { imageOf, type RandomProgram, randomProgram } from '../../engine/random/program.ts';
import { randomState } from '../../engine/random/state.ts';
import { randomController } from './generate.ts';
import { Impossible, PlainController } from './plain.ts';
import { languageOf, type TreeController, type Width } from './tree.ts';

/** What the runs of many seeds came to. */
export interface Seen {
  programs: number;
  inputs: number;
  stopped: number;
  spikes: number;
  drops: number;
  cycles: number;
  cores: number;
}

export const nothingSeen = (): Seen => ({
  programs: 0,
  inputs: 0,
  stopped: 0,
  spikes: 0,
  drops: 0,
  cycles: 0,
  cores: 0,
});

/**
 * Runs a random controller with a random program, both of a seed, on both engines, and in plain loops on the fast one.
 * After each input everything is compared: clock, records, registers, tables, memories, counters.
 *
 * @throws Error that names the first difference
 */
export function checkController(seed: number, seen: Seen): void {
  const dice = new Dice(seed ^ 0x3c6ef372);
  const program = programOf(seed);
  const plainImage = imageOf(program);
  const tree = randomController(dice, plainImage);
  const fail = (what: string): never => {
    throw new Error(`seed ${seed}: ${what}\n${JSON.stringify(languageOf(tree))}`);
  };
  const parsed = controllerSchema.safeParse(languageOf(tree));
  if (!parsed.success) throw new Error(`seed ${seed}: refused: ${JSON.stringify(parsed.error.issues)}`);
  const image = { ...plainImage, core: { ...plainImage.core, controllerData: parsed.data } };
  const [expected, reference, fast] = ['fast', 'reference', 'fast'].map((engine) =>
    coresOf(image, program, tree.cores, engine),
  );
  const plain = new PlainController(tree, at([expected], 0) ?? []);
  const chips = [reference, fast].map((cores) => new DataController(cores ?? []));
  for (const chip of chips) chip.listen();
  fillTables(dice, tree, plain, chips);
  seen.programs += 1;
  seen.cores += tree.cores;
  for (let sent = 0; sent < 8; sent++) {
    const [name, { takes }] = dice.pick([...tree.inputs]);
    const values = [...takes.values()].map((width) => within(dice, width));
    const where = `input ${sent} (${[name, ...values].join(' ')})`;
    const [stop, other] = chips.map((chip) => stopOf(() => chip.send(name, values)));
    if (brief(stop) !== brief(other)) fail(`${where}: reference: ${stop}; fast: ${other}`);
    const plainStop = stopOf(() => plain.send(name, values));
    if ((plainStop === undefined) !== (stop === undefined))
      fail(`${where}: controller: ${stop}; plain: ${plainStop}`);
    if (stop !== undefined) {
      seen.stopped += 1;
      return;
    }
    seen.inputs += 1;
    const difference = differenceAfter(tree, plain, chips, [expected ?? [], reference ?? [], fast ?? []]);
    if (difference !== undefined) fail(`${where}: ${difference}`);
  }
  seen.spikes += plain.spikes;
  seen.drops += plain.drops;
  seen.cycles += plain.clock;
}

/** A random program of named events; of eight random programs, about one is. */
function programOf(seed: number): RandomProgram {
  for (let tried = 0; ; tried++) {
    const program = randomProgram(seed * 1000 + tried, 'one core');
    if (program.hw.controller !== undefined) return program;
  }
}

function coresOf(image: CoreImage, { seed }: RandomProgram, count: number, engine: string): readonly Core[] {
  return Array.from({ length: count }, (_, index) => {
    const core = createCore(image, { engine, index });
    core.restore(randomState(image, seed + index));
    return core;
  });
}

function fillTables(
  dice: Dice,
  tree: TreeController,
  plain: PlainController,
  chips: readonly DataController[],
): void {
  for (const [table, { rows, fields, isShared }] of tree.tables)
    for (const [field, width] of fields)
      for (let core = 0; core < (isShared ? 1 : tree.cores); core++) {
        const values = Array.from({ length: rows }, () => within(dice, width));
        plain.fill(table, field, core, values);
        for (const chip of chips) chip.write(`${table}.${field}`, core, values);
      }
}

/** A number of a width, small or large. */
function within(dice: Dice, { bits, signed }: Width): number {
  const low = signed ? -(2 ** (bits - 1)) : 0;
  const high = low + 2 ** bits - 1;
  return dice.chance(0.6)
    ? Math.min(high, dice.whole(0, 5))
    : Math.floor(low + dice.fraction() * (high - low));
}

/** Why something stopped. */
function stopOf(run: () => void): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof PlasticoreError || error instanceof Impossible) return error.message;
    throw error;
  }
  return undefined;
}

/** Of several floats that a kernel stores, the engines may come upon either first. */
function brief(stop: string | undefined): string | undefined {
  return stop?.startsWith('controller:') === true ? stop : stop && 'of the program';
}

function differenceAfter(
  tree: TreeController,
  plain: PlainController,
  chips: readonly DataController[],
  cores: readonly (readonly Core[])[],
): string | undefined {
  for (const [index, chip] of chips.entries()) {
    const engine = at(['reference', 'fast'], index);
    if (chip.cycle !== plain.clock) return `clock: plain ${plain.clock}, ${engine} ${chip.cycle}`;
    const { pushes, pops, drops, cycles } = chip.counters();
    const want = [plain.pushes, plain.pops, plain.drops, plain.clock].join();
    const have = [pushes, pops, drops, cycles].join();
    if (want !== have) return `pushes, pops, drops, cycles: plain ${want}, ${engine} ${have}`;
    for (const name of tree.registers.keys())
      for (let core = 0; core < tree.cores; core++) {
        const value = chip.read(name, core)[0];
        if (value !== plain.register(name, core))
          return `${name} of core ${core}: plain ${plain.register(name, core)}, ${engine} ${value}`;
      }
    for (const [table, { fields }] of tree.tables)
      for (const field of fields.keys())
        for (let core = 0; core < tree.cores; core++) {
          const [a, b] = [plain.column(table, field, core), chip.read(`${table}.${field}`, core)];
          if (String(a) !== String(b)) return `${table}.${field} of core ${core}: plain ${a}, ${engine} ${b}`;
        }
  }
  const all = plain.takeRecords();
  for (const [index, chip] of chips.entries()) {
    const records = chip.takeRecords();
    if (
      !isDeepStrictEqual(
        records,
        Object.fromEntries([...tree.records.keys()].map((name) => [name, all.get(name) ?? []])),
      )
    )
      return `records: plain ${JSON.stringify([...all])}, engine ${index} ${JSON.stringify(records)}`;
  }
  const [expected = [], reference = [], fast = []] = cores;
  for (const [index, core] of expected.entries()) {
    const difference =
      differenceOf(core, at(reference, index)) ?? differenceOf(at(reference, index), at(fast, index));
    if (difference !== undefined) return `core ${index}: ${difference}`;
  }
  return undefined;
}
