import type { CoreReport, MemoryReport, PhaseReport } from './schema.ts';
import type { FigureUnit } from './text/format.ts';

/** The features by which two designs are compared. A run has all; a compiled program those that take no run. */
export interface DesignFeatures {
  readonly name: string;
  /** Its sources, and how it ran, part by part: program, hw-model, precision, files, settings. */
  readonly facts: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The head and the instructions of each kernel. A run's report has none; its files are among the facts. */
  readonly code?: ReadonlyMap<string, readonly string[]> | undefined;
  readonly memory: MemoryReport;
  readonly core: CoreReport;
  /** Costs by phase: training, and the scored samples. */
  readonly phases?: ReadonlyMap<string, PhaseReport> | undefined;
}

type Unit = FigureUnit | 'text';

/** Something in which two designs differ; null where one of them has no such thing, or nobody knows it. */
export interface DesignDifference {
  readonly what: string;
  readonly unit: Unit;
  readonly one: string | number | null;
  readonly other: string | number | null;
  /** Whose value nobody knows; absent where it is nobody's. */
  readonly unknown?: readonly ('one' | 'other')[];
}

export interface DifferencePart {
  readonly part: string;
  readonly differing: readonly DesignDifference[];
  /** How many more things were compared, and are the same. */
  readonly alike: number;
}

/** In what two designs differ, part by part. Costs are those of one sample. */
export function difference(one: DesignFeatures, other: DesignFeatures): DifferencePart[] {
  const [mine, others] = [partsOf(one, other), partsOf(other, one)];
  return [...new Set([...mine.keys(), ...others.keys()])].map((part) => {
    // A part that only one of them has is not compared.
    const [a, b] = [mine.get(part), others.get(part)];
    const names = a === undefined || b === undefined ? [] : [...new Set([...a.keys(), ...b.keys()])];
    const rows = names.map((what): DesignDifference => {
      const [first, second] = [a?.get(what), b?.get(what)];
      const unit = first?.unit ?? second?.unit ?? 'text';
      const unknown = (['one', 'other'] as const).filter(
        (which) => (which === 'one' ? first : second)?.isUnknown,
      );
      return {
        what,
        unit,
        one: first?.value ?? null,
        other: second?.value ?? null,
        ...(unknown.length > 0 && { unknown }),
      };
    });
    const differing = rows.filter((row) => row.one !== row.other);
    return { part, differing, alike: rows.length - differing.length };
  });
}

interface Value {
  readonly unit: Unit;
  readonly value: string | number | null;
  readonly isUnknown?: boolean;
}
type Values = ReadonlyMap<string, Value>;

function partsOf(
  { facts, code, memory, core, phases }: DesignFeatures,
  other: DesignFeatures,
): Map<string, Values> {
  const texts = (all: Iterable<readonly [string, string]>): Values =>
    new Map([...all].map(([name, value]) => [name, { unit: 'text', value }]));
  const bits = (value: number): Value => ({ unit: 'bit', value });
  return new Map<string, Values>([
    ...[...facts].map(([part, values]) => [part, texts(values)] as const),
    ...(code === undefined ? [] : [['microcode', texts(linesOf(code, other.code))] as const]),
    [
      'memory',
      new Map([
        ...memory.fields.map(({ name, totalBits }) => [name, bits(totalBits)] as const),
        ['all', bits(memory.totalBits)],
        ['for inference', bits(memory.inferenceBits)],
      ]),
    ],
    [
      'area',
      // A core without an area has no parts of it either.
      new Map(
        core.area.totalUm2 === 0
          ? []
          : [
              ...Object.entries(core.area.byUnit).map(([unit, value]): [string, Value] => [
                unit,
                { unit: 'um2', value },
              ]),
              ['all', { unit: 'um2', value: core.area.totalUm2 }],
            ],
      ),
    ],
    [
      'kernels: cycles a tile, and what sets them',
      new Map(
        core.kernels.flatMap(({ name, intervalCycles, boundBy }): [string, Value][] => [
          [name, { unit: 'cycle', value: intervalCycles }],
          [`${name} is bound by`, { unit: 'text', value: boundBy }],
        ]),
      ),
    ],
    ...[...(phases ?? [])].map(([name, phase]) => [`${name}, a sample`, phaseValues(phase)] as const),
  ]);
}

/** The lines of each kernel, with their positions; of a kernel that the other has not, the head. */
function linesOf(
  code: ReadonlyMap<string, readonly string[]>,
  other: DesignFeatures['code'],
): (readonly [string, string])[] {
  return [...code].flatMap(([kernel, [head = '', ...lines]]) => [
    [kernel, head] as const,
    ...(other?.has(kernel) ? lines.map((line, index) => [`${kernel}, ${index + 1}`, line] as const) : []),
  ]);
}

function phaseValues({ accuracy, regression, samples, perSample }: PhaseReport): Values {
  const values: [string, Value][] = [
    ...(regression === undefined
      ? [['accuracy', { unit: 'share', value: accuracy }] satisfies [string, Value]]
      : ([
          ['sMAPE', { unit: 'count', value: regression.sMAPE }],
          ['R2', { unit: 'count', value: regression.R2 }],
        ] satisfies [string, Value][])),
    ['samples', { unit: 'count', value: samples }],
  ];
  if (perSample === null) return new Map(values);
  const { counters, latencyNs, energyPj } = perSample;
  return new Map([
    ...values,
    ['cycles', { unit: 'cycle', value: counters.cycles }],
    ['latency', { unit: 'ns', value: latencyNs }],
    ['synaptic operations', { unit: 'count', value: counters.sops }],
    ['weight updates', { unit: 'count', value: counters.updates }],
    ['energy', { unit: 'pJ', value: energyPj.total, isUnknown: energyPj.total === null }],
    ...Object.entries(energyPj.byUnit).map(([unit, value]): [string, Value] => [
      `energy of ${unit}`,
      { unit: 'pJ', value },
    ]),
  ]);
}
