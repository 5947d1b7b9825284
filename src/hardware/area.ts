import { tableOf } from '../text/index.ts';
import type { HwModel } from './model.ts';
import type { Source } from './source.ts';

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
export function areaOfParts(
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
