import { at } from '../../text/index.ts';
import { type FunctionAlgebra, readFunction, tableNumbers } from './cells.ts';
import { attributeOf, type Group, groupName, type Liberty, pinsOf } from './liberty.ts';

/** What a library says by the slew of a signal, in its unit of time, and by the load that a cell drives, in pF. */
type PowerTable = (slew: number, loadPf: number) => number;

/** An energy that a library states: of edges at a pin, caused by another one, in some states of the cell. */
interface PowerEntry {
  /** The pin that changes, and the one whose slew decides. */
  readonly pin: number;
  readonly by: number;
  /** In pJ, of a falling and of a rising edge. */
  readonly edges: readonly [fall: PowerTable, rise: PowerTable];
}

interface PowerPin {
  readonly name: string;
  readonly isOutput: boolean;
  /** Whether it takes the clock. */
  readonly isClock: boolean;
  /** Of an input. */
  readonly capacitancePf: number;
  /** The slew of an output, in the library's unit of time: the mean of both edges. */
  readonly slew: PowerTable;
  /** The entry for an edge here, by the state of the cell and by the input that changed last; -1 for none. */
  readonly entryOf: (state: number, last: number) => number;
}

/** The energies of a cell. A state has a bit for each pin, the lowest one for the first. */
export interface CellPower {
  readonly pins: readonly PowerPin[];
  readonly entries: readonly PowerEntry[];
  /** In uW. */
  readonly leakageUw: (state: number) => number;
}

/** Reads the energies of all cells of a library, by the names of the cells. */
export function cellPowers(liberty: Liberty): ReadonlyMap<string, CellPower> {
  const units = unitsOf(liberty.library);
  return new Map(liberty.cells.map((cell) => [groupName(cell), cellPower(cell, units)]));
}

interface Units {
  /** Of the unit of capacitance. */
  readonly pf: number;
  /** Of the unit of energy, which is that of capacitance times the square of that of voltage. */
  readonly pj: number;
  /** Of the unit of leakage. */
  readonly uw: number;
  readonly templates: ReadonlyMap<string, Group>;
}

function unitsOf(library: Group): Units {
  const pf = scaled(attributeOf(library, 'capacitive_load_unit').replace(',', ''), 1) * 1e12;
  const volts = scaled(attributeOf(library, 'voltage_unit'), 1);
  return {
    pf,
    pj: pf * volts ** 2,
    uw: scaled(attributeOf(library, 'leakage_power_unit'), 1e-9) * 1e6,
    templates: new Map(library.groups.map((group) => [groupName(group), group])),
  };
}

const prefixes = { f: 1e-15, p: 1e-12, n: 1e-9, u: 1e-6, m: 1e-3 } as const;

/** A number with its unit, `1nW`, in the unit without its prefix. */
function scaled(text: string, absent: number): number {
  const [, number, prefix] = /^\s*([\d.e+-]+)\s*([fpnum]?)[A-Za-z]+/i.exec(text) ?? [];
  if (number === undefined) return absent;
  const by = Object.entries(prefixes).find(([name]) => name === prefix)?.[1] ?? 1;
  return Number(number) * by;
}

function cellPower(cell: Group, units: Units): CellPower {
  const groups = pinsOf(cell).filter((pin) => attributeOf(pin, 'direction') !== 'internal');
  const names = groups.map(groupName);
  const entries: PowerEntry[] = [];
  const pins = groups.map((pin, index): PowerPin => {
    const isOutput = attributeOf(pin, 'direction') === 'output';
    // Entries with a condition come first: the one without holds in the states that are left.
    const own = pin.groups
      .filter(({ kind }) => kind === 'internal_power')
      .sort((a, b) => Number(b.attributes.has('when')) - Number(a.attributes.has('when')))
      .flatMap((group) => {
        const related = attributeOf(group, 'related_pin').split(/\s+/).filter(Boolean);
        const causes = isOutput ? related.map((name) => names.indexOf(name)) : [index];
        const holds = conditionOf(attributeOf(group, 'when'), names);
        return causes.map((by) => {
          const edges = [
            tableOf(group, ['fall_power', 'power'], units, units.pj),
            tableOf(group, ['rise_power', 'power'], units, units.pj),
          ] as const;
          entries.push({ pin: index, by: Math.max(0, by), edges });
          return { by, holds, entry: entries.length - 1 };
        });
      });
    const choices = (isOutput ? [...names.keys()] : [index]).map((last) =>
      remembered((state) => {
        const open = own.filter(({ holds }) => holds(state));
        return (open.find(({ by }) => by === last) ?? open[0])?.entry ?? -1;
      }),
    );
    return {
      name: at(names, index),
      isOutput,
      isClock: ['clock', 'clock_gate_clock_pin'].some((name) => attributeOf(pin, name) === 'true'),
      capacitancePf: isOutput ? 0 : Number(attributeOf(pin, 'capacitance')) * units.pf,
      slew: meanSlew(pin, units),
      entryOf: (state, last) => at(choices, isOutput ? last : 0)(state),
    };
  });
  return { pins, entries, leakageUw: leakageOf(cell, names, units) };
}

/** Computes what follows from a state once, when it comes up: a cell with many pins has too many for a table. */
function remembered(of: (state: number) => number): (state: number) => number {
  const known = new Map<number, number>();
  return (state) => {
    const found = known.get(state) ?? of(state);
    known.set(state, found);
    return found;
  };
}

/** By state; in states that no entry has, that of the cell. */
function leakageOf(cell: Group, names: readonly string[], { uw }: Units): CellPower['leakageUw'] {
  const entries = cell.groups
    .filter(({ kind }) => kind === 'leakage_power')
    .map((group) => ({
      value: Number(attributeOf(group, 'value')),
      when: attributeOf(group, 'when'),
      holds: conditionOf(attributeOf(group, 'when'), names),
    }));
  const mean = Number(
    attributeOf(cell, 'cell_leakage_power') || (entries.find(({ when }) => when === '')?.value ?? 0),
  );
  return remembered(
    (state) => uw * (entries.find(({ when, holds }) => when !== '' && holds(state))?.value ?? mean),
  );
}

/** Whether a condition holds in a state; one on what is no pin never does. */
function conditionOf(text: string, names: readonly string[]): (state: number) => boolean {
  if (text === '') return () => true;
  let isKnown = true;
  const algebra: FunctionAlgebra<(state: number) => boolean> = {
    pin: (name) => {
      const bit = names.indexOf(name);
      isKnown &&= bit >= 0;
      return (state) => ((state >> bit) & 1) === 1;
    },
    constant: (value) => () => value === 1,
    not: (of) => (state) => !of(state),
    join: (operator, of) => {
      if (operator === '&') return (state) => of.every((term) => term(state));
      if (operator === '|') return (state) => of.some((term) => term(state));
      return (state) => of.filter((term) => term(state)).length % 2 === 1;
    },
  };
  const holds = readFunction(text, algebra);
  return isKnown ? holds : () => false;
}

function meanSlew(pin: Group, units: Units): PowerTable {
  const tables = pin.groups
    .filter(({ kind }) => kind === 'timing')
    .flatMap((timing) =>
      ['rise_transition', 'fall_transition'].flatMap((name) =>
        timing.groups.some(({ kind }) => kind === name) ? [tableOf(timing, [name], units, 1)] : [],
      ),
    );
  return (slew, load) =>
    tables.reduce((sum, table) => sum + table(slew, load), 0) / Math.max(1, tables.length);
}

/**
 * The first table of these names in a group, which interpolates between its values and holds those at its ends beyond
 * them.
 */
function tableOf(
  parent: Group,
  names: readonly string[],
  { pf, templates }: Units,
  unit: number,
): PowerTable {
  const [group] = names.flatMap((name) => parent.groups.filter(({ kind }) => kind === name));
  if (group === undefined) return () => 0;
  const template = templates.get(groupName(group));
  const values = tableNumbers(group, 'values');
  const axes = ([1, 2] as const).flatMap((axis) => {
    const own = tableNumbers(group, `index_${axis}`);
    const index = own.length > 0 || template === undefined ? own : tableNumbers(template, `index_${axis}`);
    const variable = template === undefined ? '' : attributeOf(template, `variable_${axis}`);
    // A load is a capacitance; all other variables here are slews.
    return index.length === 0 ? [] : [{ index, isLoad: variable.includes('capacitance') }];
  });
  const columns = axes.length < 2 ? 1 : at(axes, 1).index.length;
  return (slew, loadPf) => {
    const [row = 0, column = 0] = axes.map(({ index, isLoad }) => place(index, isLoad ? loadPf / pf : slew));
    const valueAt = (r: number, c: number): number => values[r * columns + c] ?? 0;
    const between = (r: number): number => mix(column, (c) => valueAt(r, c));
    return unit * mix(row, between);
  };
}

/** Where a value lies among those of an index, as a position with its fraction. */
function place(index: readonly number[], value: number): number {
  const above = index.findIndex((own) => own > value);
  if (above === 0) return 0;
  if (above < 0) return index.length - 1;
  const [low, high] = [at(index, above - 1), at(index, above)];
  return above - 1 + (value - low) / (high - low);
}

function mix(position: number, of: (index: number) => number): number {
  const low = Math.floor(position);
  const part = position - low;
  return part === 0 ? of(low) : (1 - part) * of(low) + part * of(low + 1);
}
