import type * as z from 'zod';
import { key, type MergedFiles, strictObject, whole } from '../text/index.ts';
import { arithmetic, instructionFetch, registers as registerEstimator } from './estimate/index.ts';
import type { Estimates, SourcedFigure } from './estimates.ts';
import type { Source, Sources } from './source.ts';
import {
  type Arithmetic,
  auto,
  type CostClass,
  costClasses,
  estimable,
  estimableByWidth,
  type ReportFault,
  sourceOfStated,
} from './values.ts';

/** The units of one class in a lane, for one kind of number. */
export interface Unit {
  /** How many operations of this class a lane starts in a cycle. */
  readonly unitsPerLane: number;
  /**
   * Energy of one operation on one lane, by operand width in bits. The narrowest width that holds an operation counts.
   */
  readonly energyPj: Readonly<Record<number, number>>;
  readonly areaUm2: number;
  readonly sources: { readonly energyPj: Source; readonly areaUm2: Source };
}

/** The registers of a lane. */
export interface Registers {
  readonly perLane: number;
  /** Energy of reading or writing one, by width in bits. */
  readonly energyPj: Readonly<Record<number, number>>;
  /** Of all registers of a lane. */
  readonly areaUm2: number;
  readonly sources: { readonly energyPj: Source; readonly areaUm2: Source };
}

/** The units of a lane by class. */
export type UnitsOfLane = Readonly<Partial<Record<CostClass, Unit>>>;

/** The cost of fetching an instruction, once for all lanes. */
export interface Fetch {
  readonly energyPj: number;
  readonly sources: { readonly energyPj: Source };
}

const unit = strictObject({
  unitsPerLane: key(
    whole('a number of units', 1, 1024),
    'Operations of this class that a lane can start in each cycle.',
    1,
  ),
  energyPj: key(
    estimableByWidth,
    'Energy in pJ of one operation on one lane, by operand width in bits, or `auto`: at 8, 16 and 32 bits as [estimated](estimators/arithmetic.md). An operation is charged at the narrowest width that holds its operands. Energies must not fall with the width, and the widest entry must cover the datapath (32 bits for float32).',
    { 8: 0.0156, 16: 0.026, 32: 0.052 },
  ),
  areaUm2: key(estimable('um2'), 'Area of one unit in µm², or `auto`.', 53.04),
  source: sourceOfStated,
});

/** The work done by a lane's unit of each class. */
const classMeanings: Readonly<Record<CostClass, string>> = {
  move: 'Moves a value between registers, or selects one of two.',
  add: 'Adds, subtracts or negates.',
  multiply: 'Multiplies.',
  shift: 'Shifts.',
  compare: 'Compares, or takes the smaller or larger of two.',
  logic: 'Combines bits.',
  random: "Steps the lane's random generator.",
};
const classes: readonly CostClass[] = costClasses;
const units = strictObject(
  Object.fromEntries(classes.map((name) => [name, key(unit, classMeanings[name]).optional()])) as Record<
    CostClass,
    z.ZodOptional<typeof unit>
  >,
);

/** By the kind of numbers. */
export const operationsSection = strictObject({
  integer: key(units, 'Units for integers and flags, by class of operation.').optional(),
  float32: key(
    units,
    'Units for floats, by class of operation: at least move, add, multiply, shift and compare on a float32 core.',
  ).optional(),
});

export const registersSection = strictObject({
  perLane: key(
    whole('a number of registers', 1, 1024),
    'Registers of a lane; a kernel that names more is refused.',
    16,
  ),
  energyPj: key(
    estimableByWidth,
    'Energy in pJ of reading or writing one register of a lane, by width in bits, or `auto`: at 8, 16 and 32 bits as [estimated](estimators/registers.md).',
    { 8: 0.18, 16: 0.36, 32: 0.72 },
  ),
  areaUm2: key(estimable('um2'), 'Area in µm² of all registers of a lane, or `auto`.', 1130),
  source: sourceOfStated,
});

export const fetchSection = strictObject({
  energyPj: key(
    estimable('pJ'),
    'Energy in pJ of fetching one instruction, once for all lanes; or `auto`: [estimated](estimators/fetch.md).',
    1.3,
  ),
  source: sourceOfStated,
});

/** What of a model describes its lanes. */
interface LaneFile {
  readonly technologyNm: number;
  readonly supplyV: number;
  readonly datapathBits: number;
  readonly sequencer?: 'microcode' | 'hardwired' | undefined;
  readonly operations?: z.infer<typeof operationsSection> | undefined;
  readonly registers?: z.infer<typeof registersSection> | undefined;
  readonly fetch?: z.infer<typeof fetchSection> | undefined;
}

export function checkUnits(
  model: Pick<LaneFile, 'datapathBits' | 'operations'>,
  arithmetic: Arithmetic,
  report: ReportFault,
): void {
  const needed = arithmetic === 'integer' ? model.datapathBits : 32;
  for (const name of costClasses) {
    const energies = model.operations?.[arithmetic]?.[name]?.energyPj;
    if (energies === undefined || energies === auto) continue;
    const path = ['operations', arithmetic, name, 'energyPj'];
    const table = Object.entries(energies)
      .map(([width, pj]) => ({ width: Number(width), pj }))
      .sort((a, b) => a.width - b.width);
    const widest = table.at(-1);
    if (widest === undefined) report(path, 'expected at least one width, found none');
    else if (widest.width < needed) {
      report(path, `expected an energy for ${needed} bits, found none above ${widest.width}`);
    }
    table.forEach((entry, index) => {
      const narrower = table[index - 1];
      if (narrower === undefined || entry.pj >= narrower.pj) return;
      const least = `at least the ${narrower.pj} pJ of ${narrower.width} bits`;
      report([...path, entry.width], `expected ${least}, found ${entry.pj} pJ`);
    });
  }
}

type UnitEntry = z.infer<typeof unit>;

/** The units of a lane, their registers, and instruction fetch. */
export class LaneFigures {
  readonly #value: LaneFile;
  readonly #estimates: Estimates;
  readonly #sources: Sources;

  constructor(layered: MergedFiles<LaneFile>, estimates: Estimates, sources: Sources) {
    this.#value = layered.value;
    this.#estimates = estimates;
    this.#sources = sources;
  }

  units(numbers: Arithmetic): UnitsOfLane {
    return Object.fromEntries(
      Object.entries(this.#value.operations?.[numbers] ?? {}).flatMap(([name, entry]): [string, Unit][] =>
        entry === undefined ? [] : [[name, this.#unit(numbers, name, entry)]],
      ),
    );
  }

  #unit(numbers: Arithmetic, name: string, { source, energyPj, areaUm2, unitsPerLane }: UnitEntry): Unit {
    const path = ['operations', numbers, name];
    const at = (widthBits: number) =>
      this.#estimates.of(
        arithmetic,
        path,
        { widthBits: this.#estimates.input(widthBits, 'datapathBits') },
        `${numbers}-${name}`,
      );
    const whole = numbers === 'float32' || name === 'random' ? [32] : this.#widths();
    const energy = this.#byWidth(energyPj, whole, (width) => at(width).of('energyPj'), source, path);
    const area = at(whole.at(-1) ?? 32).or('areaUm2', areaUm2, () => this.#sources.named(source));
    return {
      unitsPerLane,
      energyPj: energy.table,
      areaUm2: area.value,
      sources: { energyPj: energy.source, areaUm2: area.source },
    };
  }

  /** The widths at which integer operations are estimated, up to the datapath. */
  #widths(): number[] {
    const { datapathBits } = this.#value;
    return [...[8, 16].filter((width) => width < datapathBits), datapathBits];
  }

  /** A table as stated, or estimated at some widths. */
  #byWidth(
    stated: UnitEntry['energyPj'],
    widths: readonly number[],
    at: (width: number) => SourcedFigure,
    source: string | undefined,
    path: readonly string[],
  ): { readonly table: Readonly<Record<number, number>>; readonly source: SourcedFigure['source'] } {
    if (stated !== auto) return { table: stated, source: this.#sources.named(source, ...path) };
    const rows = widths.map((width) => ({ width, ...at(width) }));
    const [first] = rows;
    if (first === undefined) throw new Error('no widths');
    return {
      table: Object.fromEntries(rows.map(({ width, value }) => [width, value])),
      source: first.source,
    };
  }

  registers(): Registers | undefined {
    const entry = this.#value.registers;
    if (entry === undefined || this.#isHardwired) return undefined;
    const { perLane, energyPj, areaUm2, source } = entry;
    const at = (widthBits: number) =>
      this.#estimates.of(registerEstimator, ['registers'], {
        widthBits: this.#estimates.input(widthBits, 'datapathBits'),
      });
    const energy = this.#byWidth(energyPj, this.#widths(), (width) => at(width).of('energyPj'), source, [
      'registers',
    ]);
    const area =
      areaUm2 === auto
        ? at(this.#value.datapathBits).of('areaUm2')
        : { value: areaUm2 / perLane, source: this.#sources.named(source) };
    return {
      perLane,
      energyPj: energy.table,
      areaUm2: perLane * area.value,
      sources: { energyPj: energy.source, areaUm2: area.source },
    };
  }

  fetch(): Fetch | undefined {
    const entry = this.#value.fetch;
    if (entry === undefined || this.#isHardwired) return undefined;
    const energy = this.#estimates
      .of(instructionFetch, ['fetch'], {})
      .or('energyPj', entry.energyPj, () => this.#sources.named(entry.source, 'fetch'));
    return { energyPj: energy.value, sources: { energyPj: energy.source } };
  }

  get #isHardwired(): boolean {
    return this.#value.sequencer === 'hardwired';
  }
}
