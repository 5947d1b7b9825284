import { type Override, type Resolve, resolveAt } from '../text/index.ts';
import { hwModelSchema } from './checks.ts';
import { chosenCosts } from './chip-checks.ts';
import { exact } from './interval.ts';
import { type Layered, layerReader } from './layers.ts';
import { readChip } from './load-chip.ts';
import { chooseMacros, parseMacros } from './macros.ts';
import {
  type Arithmetic,
  type Bank,
  type CostClass,
  type HwModel,
  type Interval,
  otherShapeKind,
  type Ports,
  type Router,
  type Source,
  type SourceKind,
  type StatedCost,
  type Unit,
} from './model.ts';
import { otherShapes } from './other-shapes.ts';
import type { BankEntry, HwModelFile } from './schema.ts';

/**
 * Reads an hw-model.
 *
 * @param text the YAML text
 * @param file its name, for errors and for `resolve`
 * @param resolve finds the hw-model that this one extends, and its CSV files of SRAM macros
 * @param overrides replace parts of it, after merging and before validation
 * @throws PlasticoreError with all faults that a single pass can find, each with its place in the file that states it. Checks
 * that involve several keys are made only if each key is valid on its own.
 */
export function loadHwModel(
  text: string,
  file: string,
  resolve: Resolve,
  overrides: readonly Override[] = [],
): HwModel {
  return hwModelReader(text, file, resolve)(overrides);
}

/** The same for many sets of overrides: the files are parsed once. */
export function hwModelReader(
  text: string,
  file: string,
  resolve: Resolve,
): (overrides: readonly Override[]) => HwModel {
  const read = layerReader<HwModelFile>(text, file, hwModelSchema, resolve);
  return (overrides) => modelOf(read(overrides), resolve);
}

function modelOf(layered: Layered<HwModelFile>, resolve: Resolve): HwModel {
  const { value } = layered;
  const shapes = otherShapes(layered);
  const used = new UsedSources();
  /** The source of an entry's figures. Energies stated for another shape get that kind, whatever their source. */
  const source = (id: string, ...path: readonly string[]): Source => {
    const { interval, ...stated } = found(value.sources[id]);
    const own = interval === undefined ? exact : { low: interval[0], high: interval[1] };
    const isOther = shapes.some(({ entry, isEnergy }) => isEnergy && entry === path.join('.'));
    return used.of({
      ...stated,
      interval: own,
      ...(isOther ? { name: `${id} (${otherShapeKind})`, kind: otherShapeKind } : { name: id }),
    });
  };
  const sourced = <Entry extends { readonly source: string }>(entry: Entry, ...path: readonly string[]) => ({
    ...entry,
    source: source(entry.source, ...path),
  });
  const unit = ({ source: id, ...entry }: UnitEntry, ...path: readonly string[]): Unit => ({
    ...entry,
    sources: { energyPj: source(id, ...path), areaUm2: source(id) },
  });
  const units = (arithmetic: Arithmetic, entries: Units = {}): HwModel['operations']['integer'] =>
    Object.fromEntries(
      Object.entries(entries).flatMap(([name, entry]): [string, Unit][] =>
        entry === undefined ? [] : [[name, unit(entry, 'operations', arithmetic, name)]],
      ),
    );
  const stated = (kernels: HwModelFile['kernels'], ...path: readonly string[]): HwModel['kernels'] =>
    Object.fromEntries(
      Object.entries(kernels).map(([name, cost]): [string, StatedCost] => [
        name,
        {
          cyclesPerItem: cost.cyclesPerItem ?? 0,
          cyclesPerTile: cost.cyclesPerTile ?? 0,
          energyPjPerItem: cost.energyPjPerItem ?? 0,
          energyPjPerTile: cost.energyPjPerTile ?? 0,
          source: source(cost.source, ...path, name),
        },
      ]),
    );
  const chosen = value.chip && chosenCosts(value.chip);
  const setPath = ['chip', 'costSets', chosen?.name ?? ''];
  const model: Omit<HwModel, 'figures'> = {
    name: value.name,
    description: value.description,
    technologyNm: value.technologyNm,
    supplyV: value.supplyV,
    clockMhz: value.clockMhz,
    arithmetic: value.arithmetic,
    baseline: value.baseline,
    like: value.like,
    lanes: value.lanes,
    datapathBits: value.datapathBits,
    precision: value.precision ?? { shadowBits: [], weightBits: [], accumulatorBits: [] },
    inferenceWeights: value.inferenceWeights,
    columnGate: value.columnGate,
    controller: value.controller,
    kernels: {
      ...stated(value.kernels, 'kernels'),
      ...stated(chosen?.set.kernels ?? {}, ...setPath, 'kernels'),
    },
    operations: {
      integer: units('integer', value.operations?.integer),
      float32: units('float32', value.operations?.float32),
    },
    generators: Object.entries(value.generators).map(([name, { recurrence, ...entry }]) => ({
      name,
      near: recurrence[0],
      far: recurrence[1],
      ...entry,
      words: Math.floor(entry.bitsPerAdvance / entry.wordBits),
    })),
    banks: Object.entries(value.banks).map(([name, entry]) => ({
      name,
      wordBits: entry.wordBits,
      ports: readPorts(entry),
      bitMask: entry.bitMask,
      ...readCosts(name, entry, layered, resolve),
      sources: {
        readPj: source(entry.source, 'banks', name),
        writePj: source(entry.source, 'banks', name),
        leakUw: source(entry.source, 'banks', name),
        areaUm2: source(entry.source),
      },
    })),
    placement: value.placement,
    router: readRouter(value.router, source),
    overheads: sourced(value.overheads),
    staticPower:
      chosen?.set.staticPower === undefined
        ? sourced(value.staticPower, 'staticPower')
        : sourced(chosen.set.staticPower, ...setPath, 'staticPower'),
    clockPower: value.clockPower && sourced(value.clockPower, 'clockPower'),
    control: { areaUm2: value.control.areaUm2, sources: { areaUm2: source(value.control.source) } },
    chip: value.chip && readChip(value.chip, sourced),
    otherShapes: shapes,
  };
  return { ...model, figures: used.figures };
}

type Units = NonNullable<HwModelFile['operations']>['integer'];
type UnitEntry = NonNullable<NonNullable<Units>[CostClass]>;

/** The sources that a model's figures come from. */
class UsedSources {
  readonly figures = {
    kinds: {} as Record<string, SourceKind>,
    intervals: {} as Record<string, Interval>,
  };

  of(source: Source): Source {
    this.figures.kinds[source.name] = source.kind;
    this.figures.intervals[source.name] = source.interval;
    return source;
  }
}

function readRouter(
  { source: id, ...entry }: HwModelFile['router'],
  source: (id: string, ...path: readonly string[]) => Source,
): Router {
  const energy = source(id, 'router');
  return { ...entry, sources: { pushPj: energy, popPj: energy, areaUm2: source(id) } };
}

type BankCosts = Pick<Bank, 'capacityBits' | 'readPj' | 'writePj' | 'leakUw' | 'areaUm2'>;

function readCosts(
  name: string,
  entry: BankEntry,
  { value, locate }: Layered<HwModelFile>,
  resolve: Resolve,
): BankCosts {
  if (entry.macros === undefined) {
    return {
      capacityBits: entry.capacityBits,
      readPj: found(entry.readPj),
      writePj: found(entry.writePj),
      leakUw: found(entry.leakUw),
      areaUm2: found(entry.areaUm2),
    };
  }
  const place = locate(['banks', name, 'macros']);
  const csv = resolveAt(entry.macros, place.file, place, resolve);
  const wanted = {
    capacityBits: entry.capacityBits,
    wordBits: entry.wordBits,
    ports: readPorts(entry),
    periodNs: 1000 / value.clockMhz,
  };
  const { capacityBits, readPj, writePj, leakUw, areaUm2 } = chooseMacros(
    parseMacros(csv.text, csv.file),
    wanted,
    place,
  );
  return { capacityBits, readPj, writePj, leakUw, areaUm2 };
}

function readPorts({ ports }: BankEntry): Ports {
  return ports.shared === undefined
    ? { read: found(ports.read), write: found(ports.write) }
    : { shared: ports.shared };
}

/** Unwraps a value that the schema guarantees to be present. */
function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a value that the schema requires is missing');
  return value;
}
