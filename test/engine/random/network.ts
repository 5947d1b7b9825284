import type { HwModel } from '../../../src/hardware/index.ts';
import { fieldRange } from '../../../src/image/index.ts';
import type { DomainName, NumberKind, Role, ValueRange } from '../../../src/isa/index.ts';
import {
  type FieldSpec,
  type ParameterSpec,
  type ProgramSpec,
  programLimits,
} from '../../../src/program/index.ts';
import type { Dice } from './dice.ts';
import { longestRow, type Picture, randomPictures } from './pictures.ts';
import { mostTargets, randomSparse } from './sparse.ts';

/** A field, as the kernel generator needs to know it. */
export interface KnownField {
  /** `population.field` or `projection.field`. */
  readonly name: string;
  readonly kind: NumberKind;
  /** Undefined for floats. */
  readonly range: ValueRange | undefined;
  /** A view of the shadow weight, which is not stored into. */
  readonly isView: boolean;
  /** Whether it shares its words with other fields. */
  readonly isInRecord: boolean;
}

/** A parameter of the program: its values over the schedule lie between these. */
export interface KnownParameter extends ValueRange {
  readonly name: string;
  readonly use: 'shift' | 'signedShift' | 'value';
}

/** A scalar of the named events. */
export interface KnownScalar extends ValueRange {
  readonly name: string;
  readonly kind: 'integer' | 'flag';
}

/** Populations, projections, fields and parameters of a random program. */
export interface Network {
  readonly populations: ProgramSpec['populations'];
  readonly projections: ProgramSpec['projections'];
  readonly parameters: Record<string, ParameterSpec>;
  readonly known: {
    readonly fields: ReadonlyMap<string, readonly KnownField[]>;
    readonly parameters: readonly KnownParameter[];
  };
  /** Whether kernels have operations that came to the instruction set later. */
  readonly hasNewOperations: boolean;
  /** Projections whose shadow weights some kernel has to write. */
  readonly plastic: readonly string[];
  /** Projections without weights. */
  readonly weightless: readonly string[];
  /** For each projection, at least as many synapses as a row of it has. */
  readonly longestRows: ReadonlyMap<string, number>;
  /** Scalars that come with named events; none where the program runs on samples. */
  readonly scalars: readonly KnownScalar[];
  /** The population that answers. */
  readonly readout: string;
  /** Set if samples ask it, of one neuron, for a number of so many bits. */
  readonly regressionBits: number | undefined;
  /** The largest label: the number of an item of the readout, or a number that is asked for. */
  readonly mostLabel: number;
}

/**
 * @param sparse decides about sparse connections, so that programs without one are what they were
 * @param asks decides about regressions, likewise
 * @param adds decides about operations that came later, likewise
 */
export function randomNetwork(dice: Dice, sparse: Dice, asks: Dice, adds: Dice, hw: HwModel): Network {
  const fields = new Map<string, KnownField[]>();
  const populations: ProgramSpec['populations'] = {};
  const names = ['a', 'b', 'c'].slice(0, dice.whole(2, 3));
  const pictures = dice.chance(0.4) ? randomPictures(dice, hw, names) : new Map<string, Picture>();
  const last = names.at(-1) ?? 'a';
  const isAsked = hw.controller === undefined && !pictures.has(last) && asks.chance(0.2);
  const mostBits = Math.min(programLimits.labelBits, hw.datapathBits - 1);
  const regressionBits = isAsked ? asks.whole(1, mostBits) : undefined;
  for (const name of names) {
    const specs = randomFields(dice, hw, dice.whole(1, 5));
    const shape = pictures.get(name)?.shape;
    const drawn = shape?.reduce((product, length) => product * length, 1) ?? randomSize(dice, hw.lanes);
    populations[name] = { size: isAsked && name === last ? 1 : drawn, shape, fields: specs };
    fields.set(name, knownFields(name, specs, hw));
  }
  const projections: ProgramSpec['projections'] = {};
  const plastic: string[] = [];
  const weightless: string[] = [];
  const longestRows = new Map<string, number>();
  for (let index = dice.whole(1, 3); index > 0; index--) {
    const name = `p${index}`;
    const [first = 'a'] = names;
    const slid = names.filter((to) => pictures.get(to)?.made !== undefined);
    const made = slid.length > 0 && dice.chance(0.75) ? dice.pick(slid) : undefined;
    const ends = { from: dice.chance(0.6) ? first : dice.pick(names), to: dice.pick(names) };
    const isSparse = sparse.chance(0.2);
    const sizeOf = (population: string): number => populations[population]?.size ?? 1;
    const plain = {
      ...ends,
      connect: isSparse ? randomSparse(sparse, hw, sizeOf(ends.from), sizeOf(ends.to)) : ('dense' as const),
    };
    const joined = made === undefined ? plain : { to: made, ...(pictures.get(made)?.made ?? plain) };
    const hasWeights = joined.connect === 'dense' || !('pooling' in joined.connect);
    const specs = hasWeights && dice.chance(0.3) ? randomFields(dice, hw, dice.whole(1, 2)) : {};
    const isPlastic = hasWeights && dice.chance(0.6);
    projections[name] = { ...joined, initialWeights: { uniform: 0 }, fields: specs };
    const { size = 1, shape } = populations[joined.to] ?? {};
    const { connect } = joined;
    const isSlid = connect !== 'dense' && !('sparse' in connect);
    const mostOfRow = connect !== 'dense' && 'sparse' in connect ? mostTargets(connect, size) : size;
    longestRows.set(name, isSlid && shape !== undefined ? longestRow(connect, shape) : mostOfRow);
    if (isPlastic) plastic.push(name);
    if (!hasWeights) weightless.push(name);
    const weights = hasWeights ? knownWeights(name, isPlastic, hw) : [];
    fields.set(name, [...weights, ...knownFields(name, specs, hw)]);
  }
  const parameters: Record<string, ParameterSpec> = {};
  const known: KnownParameter[] = [];
  for (let index = dice.whole(1, 4); index > 0; index--) {
    const use = dice.pick(['shift', 'shift', 'signedShift', 'value'] as const);
    const name = `${use}${index}`;
    const { spec, low, high } = randomParameter(dice, use);
    parameters[name] = spec;
    known.push({ name, use, low, high });
  }
  const drawn = dice.pick(names);
  const readout = isAsked ? last : drawn;
  return {
    populations,
    projections,
    parameters,
    known: { fields, parameters: known },
    hasNewOperations: adds.chance(0.2),
    plastic,
    weightless,
    longestRows,
    scalars: hw.controller === undefined ? [] : randomScalars(dice, populations, hw),
    readout,
    regressionBits,
    mostLabel: regressionBits === undefined ? (populations[readout]?.size ?? 1) - 1 : 2 ** regressionBits - 1,
  };
}

/** The two that every event has, a flag, and an integer. */
function randomScalars(
  dice: Dice,
  populations: ProgramSpec['populations'],
  { datapathBits }: HwModel,
): KnownScalar[] {
  const high = Math.max(...Object.values(populations).map(({ size }) => size)) - 1;
  const bits = dice.whole(1, datapathBits);
  return [
    { name: 'neuron', kind: 'integer', low: 0, high },
    { name: 'post', kind: 'integer', low: 0, high },
    { name: 'isOn', kind: 'flag', low: 0, high: 1 },
    { name: 'amount', kind: 'integer', low: -(2 ** (bits - 1)), high: 2 ** (bits - 1) - 1 },
  ];
}

/** One to seventy neurons, often about the edge of a tile. */
function randomSize(dice: Dice, lanes: number): number {
  const size = dice.chance(0.4)
    ? dice.pick([lanes, lanes, 8, 16]) * dice.whole(1, 3) + dice.whole(-1, 1)
    : dice.whole(1, dice.pick([8, 20, 70]));
  return Math.min(70, Math.max(1, size));
}

function randomFields(dice: Dice, hw: HwModel, count: number): Record<string, FieldSpec> {
  const specs: Record<string, FieldSpec> = {};
  const record = dice.chance(0.4) ? 'word' : undefined;
  const state = hw.banks.find(({ name }) => name === hw.placement.state);
  const shadow = hw.banks.find(({ name }) => name === hw.placement.shadow);
  let left = Math.min(state?.wordBits ?? 0, shadow?.wordBits ?? 0);
  for (let index = 0; index < count; index++) {
    const kind = dice.pick(['real', 'real', 'real', 'integer', 'integer', 'flag'] as const);
    const signed = dice.chance(0.7);
    const most = hw.datapathBits - (signed ? 0 : 1);
    const bits = Math.min(most, dice.pick([1, 4, 8, 8, 12, 15, 16, 16, 24, 32, dice.whole(1, 32)]));
    const isAccumulator = kind !== 'flag' && signed && dice.chance(0.15);
    const spec: FieldSpec = {
      kind,
      ...(kind !== 'flag' && (isAccumulator ? { accumulator: bits } : { bits })),
      signed,
      overflow: dice.pick(['saturate', 'saturate-symmetric', 'wrap']),
    };
    const [width] = widthsOf(spec, hw);
    const fits = record !== undefined && (width ?? 0) <= left;
    if (fits) left -= width ?? 0;
    specs[`f${index}`] = fits ? { ...spec, record } : spec;
  }
  return specs;
}

/** The width of a field on a core, and whether it is signed. */
function widthsOf(spec: FieldSpec, hw: HwModel): [bits: number, signed: boolean] {
  if (spec.kind === 'flag') return [1, false];
  if (spec.kind === 'real' && hw.arithmetic === 'float32') return [32, true];
  const needed = Number(spec.bits ?? spec.accumulator);
  if (spec.bits !== undefined) return [needed, spec.signed];
  const offered = [...hw.precision.accumulatorBits].sort((a, b) => a - b);
  return [offered.find((width) => width >= needed) ?? needed, spec.signed];
}

function knownFields(owner: string, specs: Readonly<Record<string, FieldSpec>>, hw: HwModel): KnownField[] {
  return Object.entries(specs).map(([name, spec]) => {
    const [bits, signed] = widthsOf(spec, hw);
    const isFloat = spec.kind === 'real' && hw.arithmetic === 'float32';
    return {
      name: `${owner}.${name}`,
      kind: spec.kind,
      range: isFloat ? undefined : fieldRange({ bits, signed, overflow: spec.overflow }),
      isView: false,
      isInRecord: spec.record !== undefined,
    };
  });
}

function knownWeights(owner: string, isPlastic: boolean, hw: HwModel): KnownField[] {
  const isFloat = hw.arithmetic === 'float32';
  const [shadowBits = 1] = hw.precision.shadowBits;
  const [weightBits = 1] = hw.precision.weightBits;
  const range = (bits: number, overflow: FieldSpec['overflow']) =>
    isFloat ? undefined : fieldRange({ bits, signed: true, overflow });
  const weight: KnownField = {
    name: `${owner}.weight`,
    kind: 'real',
    range: range(weightBits, 'saturate'),
    isView: isPlastic,
    isInRecord: false,
  };
  if (!isPlastic) return [weight];
  return [
    weight,
    {
      name: `${owner}.shadow`,
      kind: 'real',
      range: range(shadowBits, 'saturate-symmetric'),
      isView: false,
      isInRecord: false,
    },
  ];
}

function randomParameter(dice: Dice, use: KnownParameter['use']): ValueRange & { spec: ParameterSpec } {
  const least = use === 'shift' ? 0 : use === 'signedShift' ? -3 : -200;
  const most = use === 'value' ? 200 : 7;
  const values = [dice.whole(least, most)];
  const add: Record<string, number> = {};
  for (const epoch of [1, 3]) {
    if (!dice.chance(0.5)) continue;
    const next = dice.whole(least, most);
    add[epoch] = next - (values.at(-1) ?? 0);
    values.push(next);
  }
  return { spec: { value: values[0] ?? 0, add }, low: Math.min(...values), high: Math.max(...values) };
}

/** The owners of a kernel's roles: populations and projections by name. */
export function rolesOf(domain: DomainName, over: string, { projections }: Network): Map<Role, string> {
  const projection = projections[over];
  if (domain === 'neurons' || domain === 'neuron' || projection === undefined)
    return new Map([['self', over]]);
  if (domain === 'weights') return new Map([['syn', over]]);
  return new Map([
    ['pre', projection.from],
    ['syn', over],
    ['post', projection.to],
  ]);
}
