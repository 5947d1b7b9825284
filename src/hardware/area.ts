import { tableOf } from '../text/index.ts';
import type { Bank } from './banks.ts';
import { clock, controlAreas, registers, usualControlBits, wires } from './estimate/index.ts';
import type { Estimates } from './estimates.ts';
import type { HwModel } from './model.ts';
import type { HwModelFile } from './schema.ts';
import type { Source, Sources } from './source.ts';
import { auto } from './values.ts';

/** Area of a core in um2. */
export interface CoreArea {
  readonly totalUm2: number;
  /**
   * By unit, named as in the hw-model's file: `banks.<name>`, `operations.<arithmetic>.<class>` (the units of that
   * class in all lanes), `registers` (of all lanes), `router`, `control`, `clock` (gates and buffers of its tree).
   */
  readonly byUnit: Readonly<Record<string, number>>;
  /** By the name of the source of the figures. */
  readonly bySource: Readonly<Record<string, number>>;
}

/** Computes the area of a core: its parts, and the cells of its clock tree. That of an FPGA is 0. */
export function coreArea(model: HwModel): CoreArea {
  // Lookup tables have no area of their own.
  if (model.fpga !== undefined) return { totalUm2: 0, byUnit: tableOf(), bySource: tableOf() };
  const { byUnit, bySource, totalUm2 } = areaOfParts(model);
  const tree = model.clockPower?.area;
  if (tree === undefined) return { totalUm2, byUnit, bySource };
  const ofSource = (bySource[tree.source.name] ?? 0) + tree.um2;
  return {
    totalUm2: totalUm2 + tree.um2,
    byUnit: tableOf({ ...byUnit, clock: tree.um2 }),
    bySource: tableOf({ ...bySource, [tree.source.name]: ofSource }),
  };
}

/** The area of banks, units of lanes, router and control, whatever they are built on. */
function areaOfParts(
  model: Pick<HwModel, 'banks' | 'operations' | 'registers' | 'router' | 'control' | 'lanes'>,
): CoreArea {
  const byUnit = tableOf<number>();
  const bySource = tableOf<number>();
  const take = (unit: string, areaUm2: number, { name }: Source): void => {
    byUnit[unit] = areaUm2;
    bySource[name] = (bySource[name] ?? 0) + areaUm2;
  };
  for (const { name, areaUm2, sources } of model.banks) take(`banks.${name}`, areaUm2, sources.areaUm2);
  for (const [arithmetic, units] of Object.entries(model.operations)) {
    for (const [name, { unitsPerLane, areaUm2, sources }] of Object.entries(units)) {
      take(`operations.${arithmetic}.${name}`, model.lanes * unitsPerLane * areaUm2, sources.areaUm2);
    }
  }
  if (model.registers !== undefined) {
    const { areaUm2, sources } = model.registers;
    take('registers', model.lanes * areaUm2, sources.areaUm2);
  }
  take('router', model.router.areaUm2, model.router.sources.areaUm2);
  take('control', model.control.areaUm2, model.control.sources.areaUm2);
  return { totalUm2: Object.values(byUnit).reduce((sum, area) => sum + area, 0), byUnit, bySource };
}

/** The parts between which wires and the clock tree run. */
type Parts = Parameters<typeof areaOfParts>[0] &
  Pick<HwModel, 'sequencer' | 'technologyNm' | 'supplyV' | 'datapathBits'>;

/** Adds to the parts of a core what lies between them: wires from banks to lanes, and the clock tree. */
export function readWiring(
  value: HwModelFile,
  parts: Parts,
  estimates: Estimates,
  sources: Sources,
): Pick<HwModel, 'banks' | 'clockPower'> {
  const { totalUm2 } = areaOfParts(parts);
  return {
    banks: parts.banks.map((bank) => {
      const found = wiresOf(value, bank, totalUm2, estimates, sources);
      return found === undefined ? bank : { ...bank, wires: found };
    }),
    clockPower: readClock(value, parts, totalUm2, estimates, sources),
  };
}

function wiresOf(
  value: HwModelFile,
  { name, wordBits }: Bank,
  coreUm2: number,
  estimates: Estimates,
  sources: Sources,
): Bank['wires'] {
  const entry = value.banks[name];
  if (entry?.wirePj === undefined) return undefined;
  const path = ['banks', name];
  const { value: energyPj, source } = estimates
    .of(wires, path, {
      wordBits: estimates.input(wordBits, ...path, 'wordBits'),
      // From the middle of the core to its edge.
      lengthUm: estimates.input(Math.sqrt(coreUm2) / 2, ...path),
    })
    .or('energyPj', entry.wirePj, () => sources.named(entry.source, ...path));
  return { readPj: energyPj, writePj: energyPj, source };
}

/** The share of the area of control that flip-flops take, beside those of its bits, where their number is not known. */
const flipFlopsOfControl = 0.25;

function flipFlopsOf({ control, sequencer, technologyNm }: Parts, flipFlopUm2: number): number {
  const { areaUm2, flipFlops } = control;
  const { bitUm2 } = controlAreas(technologyNm);
  // A stated area may have no room for the bits of the mean core.
  const bits = control.bits ?? (sequencer === 'hardwired' ? Math.min(usualControlBits, areaUm2 / bitUm2) : 0);
  return flipFlops ?? bits + (flipFlopsOfControl * Math.max(0, areaUm2 - bits * bitUm2)) / flipFlopUm2;
}

function readClock(
  { clockPower }: HwModelFile,
  parts: Parts,
  coreUm2: number,
  estimates: Estimates,
  sources: Sources,
): HwModel['clockPower'] {
  if (clockPower === undefined) return undefined;
  const { uwPerMhz, source } = clockPower;
  if (uwPerMhz !== auto) return { uwPerMhz, source: sources.named(source, 'clockPower') };
  const { areaUm2: flipFlopUm2 } = registers.values({ ...parts, widthBits: 1 }, '');
  const inRegisters = (parts.registers?.perLane ?? 0) * parts.lanes * parts.datapathBits;
  const estimated = estimates.of(clock, ['clockPower'], {
    flipFlops: estimates.input(
      Math.max(1, Math.round(inRegisters + flipFlopsOf(parts, flipFlopUm2))),
      'control',
    ),
    coreUm2: estimates.input(Math.max(1, coreUm2), 'control'),
  });
  const [energy, area] = [estimated.of('energyPj'), estimated.of('areaUm2')];
  // 1 pJ a period is 1 uW at 1 MHz.
  return { uwPerMhz: energy.value, source: energy.source, area: { um2: area.value, source: area.source } };
}
