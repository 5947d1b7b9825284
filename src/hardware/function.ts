import type { HwModel } from './model.ts';
import type { Unit } from './units.ts';

/**
 * The part of a model that decides what a program does on it, and so what is counted: spikes, states, weights, words
 * and tiles. Everything else turns counts into cycles, time, energy and area. Two models with equal function share the
 * counts of a run.
 *
 * On a chip of many cores, the time of a step is counted, so that all that takes time belongs to the function. So does
 * everything on a core with a controller of its own, which may count cycles itself.
 *
 * A part of a model that is not named here belongs to its function: a part that is forgotten costs a run, not the
 * truth.
 */
export function functionOf(hw: HwModel): Readonly<Record<string, unknown>> {
  const {
    name: _name,
    description: _description,
    baseline: _baseline,
    figures: _figures,
    otherShapes: _shapes,
    clockRemarks: _remarks,
    timeInterval: _times,
    stepPeriodUs: _period,
    ...model
  } = hw;
  if (model.controller !== undefined) return model;
  const {
    technologyNm: _node,
    supplyV: _supply,
    bankSupplyV: _bankSupply,
    staticPower: _static,
    clockPower: _clock,
    activity: _activity,
    control: _control,
    sequencer: _sequencer,
    microcode: _microcode,
    registers,
    fetch: _fetch,
    ...rest
  } = model;
  const { clockMhz, overheads, kernels, otherKernels, operations, banks, router, chip, ...func } = rest;
  const hasCores = chip !== undefined;
  return {
    ...func,
    banks: banks.map(({ name, wordBits, bitMask, ports, capacityBits }) => ({
      name,
      wordBits,
      bitMask,
      ...(hasCores && { ports, capacityBits }),
    })),
    // A program that names more registers does not fit.
    registersPerLane: registers?.perLane,
    units: Object.values(operations).map((units) => Object.keys(units).sort()),
    router: { fifoDepth: router.fifoDepth, whenFull: router.whenFull },
    ...(hasCores && {
      chip: inTime(chip),
      clockMhz,
      overheads: inTime(overheads),
      unitsPerLane: Object.values(operations).map(unitsOf),
      kernels: cyclesOf(kernels),
      otherKernels: cyclesOf(otherKernels),
    }),
  };
}

function cyclesOf(kernels: HwModel['kernels']): unknown {
  return Object.entries(kernels).map(([name, { cyclesPerItem, cyclesPerTile }]) => ({
    name,
    cyclesPerItem,
    cyclesPerTile,
  }));
}

/** Without energies, and without the sources of figures. */
function inTime(value: object): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, part: unknown) =>
      ['source', 'sources', 'energyPj'].includes(key) ? undefined : part,
    ),
  );
}

function unitsOf(units: Readonly<Record<string, Unit>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(units).map(([name, { unitsPerLane }]) => [name, unitsPerLane]));
}
