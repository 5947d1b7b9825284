import { byKey, type MergedFiles, type Path, valueAt } from '../text/index.ts';
import type { ChipFile } from './chip.ts';
import { chosenCosts } from './chip-model.ts';
import { usualFlavour, usualTemperatureC } from './estimate/index.ts';
import type { HwModelFile } from './schema.ts';
import { auto } from './values.ts';

/** Figures used with a shape (capacity, word, ports, node, supply, lanes) other than the one they were stated for. */
export interface OtherShape {
  /** The part of the hw-model that states them: `banks.state`. */
  readonly entry: string;
  readonly figures: readonly string[];
  readonly statedFor: string;
  readonly usedWith: string;
  /** Whether they are energies or powers; otherwise areas. */
  readonly isEnergy: boolean;
}

/**
 * A figure is valid for the shape it was stated for: the energy of a bank's access for its capacity, word, ports, node
 * and supply. Costs do not scale with the design. If a file, `--set` or `--vary` changes the shape but not the figure,
 * the figure no longer fits. It is then marked, here and in every table that depends on it.
 */

interface Shape {
  readonly path: Path;
  describe(value: unknown): string;
}

const node: Shape = { path: ['technologyNm'], describe: (value) => `${value} nm` };
const supply: Shape = { path: ['supplyV'], describe: (value) => `${value} V` };
const temperature: Shape = {
  path: ['temperatureC'],
  describe: (value) => `${value ?? usualTemperatureC} degrees`,
};
const lanes: Shape = { path: ['lanes'], describe: (value) => `${value} lanes` };
const datapath: Shape = { path: ['datapathBits'], describe: (value) => `a datapath of ${value} bits` };
const perLane: Shape = {
  path: ['registers', 'perLane'],
  describe: (value) => `${value} registers a lane`,
};
const fifo: Shape = { path: ['router', 'fifoDepth'], describe: (value) => `a FIFO of ${value} events` };
const bankShape = (name: string): readonly Shape[] => [
  { path: ['banks', name, 'capacityBits'], describe: (value) => `${value} bits` },
  { path: ['banks', name, 'wordBits'], describe: (value) => `words of ${value} bits` },
  { path: ['banks', name, 'ports'], describe: describePorts },
];
const flavourOf = (name: string): Shape => ({
  path: ['banks', name, 'flavour'],
  describe: (value) => `${value ?? usualFlavour} transistors`,
});
const bankSupply: Shape = {
  path: ['bankSupplyV'],
  describe: (value) => (value === undefined ? "the core's supply" : `banks at ${value} V`),
};

/** A group of figures, with the shape they depend on. */
interface Rule {
  /** The mapping that states the figures. */
  readonly entry: Path;
  /** Keys of energies and powers in that mapping. */
  readonly energy: readonly string[];
  readonly area?: readonly string[];
  readonly energyShape: readonly Shape[];
  readonly areaShape?: readonly Shape[];
  /** What single figures depend on besides. */
  readonly ownShape?: Readonly<Record<string, readonly Shape[]>>;
}

/** The figures of a model that are used with a shape other than the one they were stated for. */
export function otherShapes(layered: MergedFiles<HwModelFile>): readonly OtherShape[] {
  return rulesOf(layered.value).flatMap(
    ({ entry, energy, area = [], energyShape, areaShape = [], ownShape = {} }) => [
      ...compare(layered, entry, energy, (figure) => [...energyShape, ...(ownShape[figure] ?? [])], true),
      ...compare(layered, entry, area, () => areaShape, false),
    ],
  );
}

function rulesOf(model: HwModelFile): readonly Rule[] {
  const { banks, operations, kernels, otherKernels, clockPower, registers, chip } = model;
  return [
    ...(chip === undefined ? [] : networkRules(chip)),
    ...Object.entries(banks)
      .filter(([, { macros }]) => macros === undefined)
      .map(
        ([name]): Rule => ({
          entry: ['banks', name],
          energy: ['readPj', 'writePj', 'wirePj', 'leakUw'],
          area: ['areaUm2'],
          energyShape: [...bankShape(name), node, supply, bankSupply],
          areaShape: [...bankShape(name), node],
          ownShape: { leakUw: [temperature, flavourOf(name)] },
        }),
      ),
    ...(['integer', 'float32'] as const).flatMap((arithmetic) =>
      Object.entries(operations?.[arithmetic] ?? {}).map(
        ([name, unit]): Rule => ({
          entry: ['operations', arithmetic, name],
          energy: byWidth(unit?.energyPj),
          area: ['areaUm2'],
          energyShape: [node, supply],
          areaShape: arithmetic === 'integer' ? [datapath, node] : [node],
        }),
      ),
    ),
    ...kernelRules(kernels, ['kernels']),
    ...kernelRules(otherKernels, ['otherKernels']),
    {
      entry: ['router'],
      energy: ['pushPj', 'popPj'],
      area: ['areaUm2'],
      energyShape: [fifo, node, supply],
      areaShape: [fifo, node],
    },
    // An FPGA is as large, whatever core is on it.
    ...(model.fpga?.overhead === undefined ? [powerRule(['staticPower'])] : []),
    ...(clockPower === undefined
      ? []
      : [{ entry: ['clockPower'], energy: ['uwPerMhz'], energyShape: [lanes, node, supply] }]),
    // A hard-wired core has neither.
    ...(model.sequencer === 'hardwired'
      ? []
      : [
          {
            entry: ['registers'],
            energy: byWidth(registers?.energyPj),
            area: ['areaUm2'],
            energyShape: [node, supply],
            areaShape: [perLane, datapath, node],
          },
          { entry: ['fetch'], energy: ['energyPj'], energyShape: [node, supply] },
        ]),
    {
      entry: ['control'],
      energy: ['energyPj'],
      area: ['areaUm2'],
      energyShape: [node, supply],
      areaShape: [node],
    },
  ];
}

/** The figures of a table by width; none if it is estimated. */
function byWidth(table: Readonly<Record<string, number>> | typeof auto = auto): readonly string[] {
  return table === auto ? [] : Object.keys(table).map((width) => `energyPj.${width}`);
}

function kernelRules(kernels: HwModelFile['kernels'], path: Path): readonly Rule[] {
  return Object.keys(kernels).flatMap((name): Rule[] => [
    { entry: [...path, name], energy: ['energyPjPerItem'], energyShape: [node, supply] },
    { entry: [...path, name], energy: ['energyPjPerTile'], energyShape: [lanes, node, supply] },
  ]);
}

function powerRule(entry: Path): Rule {
  return { entry, energy: ['powerUw'], energyShape: [lanes, node, supply] };
}

/** The cost set in use. */
function networkRules(chip: ChipFile): readonly Rule[] {
  const { name, set } = chosenCosts(chip);
  const path = ['chip', 'costSets', name];
  const energyShape = [node, supply];
  return [
    ...['send', 'receive', 'tile', 'barrier'].map(
      (part): Rule => ({ entry: [...path, part], energy: ['energyPj'], energyShape }),
    ),
    { entry: [...path, 'hop'], energy: ['energyPj.x', 'energyPj.y'], energyShape },
    ...kernelRules(set.kernels, [...path, 'kernels']),
    ...kernelRules(set.otherKernels, [...path, 'otherKernels']),
    ...(set.staticPower === undefined ? [] : [powerRule([...path, 'staticPower'])]),
  ];
}

/** The figures of one entry whose shape has changed, grouped by the change. */
function compare(
  { value, statedWith }: MergedFiles<HwModelFile>,
  entry: Path,
  figures: readonly string[],
  shapeOf: (figure: string) => readonly Shape[],
  isEnergy: boolean,
): OtherShape[] {
  const alike = new Map<string, OtherShape & { figures: string[] }>();
  for (const figure of figures) {
    const path = [...entry, ...figure.split('.')];
    const amount = valueAt(value, path);
    // Zero is zero in any shape, and an estimate is one for this shape.
    if (amount === undefined || amount === 0 || amount === auto) continue;
    const stated = statedWith(path);
    // The control of a core with microcode is none of a hard-wired one: an estimate takes its place.
    if (entry[0] === 'control' && keyOf(valueAt(stated, ['sequencer'])) !== keyOf(value.sequencer)) continue;
    const changed = shapeOf(figure).filter(
      (part) => keyOf(valueAt(stated, part.path)) !== keyOf(valueAt(value, part.path)),
    );
    if (changed.length === 0) continue;
    const list = (of: unknown) => changed.map((part) => part.describe(valueAt(of, part.path))).join(', ');
    const [statedFor, usedWith] = [list(stated), list(value)];
    const known = alike.get(statedFor);
    if (known === undefined)
      alike.set(statedFor, { entry: entry.join('.'), figures: [figure], statedFor, usedWith, isEnergy });
    else known.figures.push(figure);
  }
  return [...alike.values()];
}

/** A key that is equal for equal values, regardless of the order of mappings. */
function keyOf(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : JSON.stringify(value ?? null);
}

function describePorts(value: unknown): string {
  const ports = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return `${ports.map(([kind, count]) => `${count} ${kind}`).join(' and ')} ports`;
}

/** Describes all figures whose shape changed in the same way in one phrase. */
export function describeOtherShapes(shapes: readonly OtherShape[]): string[] {
  const alike = byKey(shapes, ({ isEnergy, statedFor, usedWith }) =>
    JSON.stringify([isEnergy, statedFor, usedWith]),
  );
  return [...alike.values()].map((group) => {
    const { figures = [], statedFor, usedWith, isEnergy } = group[0] ?? {};
    const what = group.length === 1 ? figures.join(', ') : isEnergy ? 'energies' : 'areas';
    const entries = group.map(({ entry }) => entry).join(', ');
    return `${what} of ${entries}: stated for ${statedFor}, used with ${usedWith}`;
  });
}
