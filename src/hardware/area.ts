import type { HwModel } from './model.ts';

/** Area of a core in um2. */
export interface CoreArea {
  readonly totalUm2: number;
  /**
   * By unit, named as in the hw-model's file: `banks.<name>`, `operations.<arithmetic>.<class>` (the units of that
   * class in all lanes), `router`, `control`.
   */
  readonly byUnit: Readonly<Record<string, number>>;
}

/** Computes the area of a core: its banks, the units of its lanes, its router and its control. */
export function coreArea(model: HwModel): CoreArea {
  const byUnit: Record<string, number> = {};
  for (const bank of model.banks) byUnit[`banks.${bank.name}`] = bank.areaUm2;
  for (const [arithmetic, units] of Object.entries(model.operations)) {
    for (const [name, unit] of Object.entries(units)) {
      byUnit[`operations.${arithmetic}.${name}`] = model.lanes * unit.unitsPerLane * unit.areaUm2;
    }
  }
  byUnit.router = model.router.areaUm2;
  byUnit.control = model.control.areaUm2;
  return { totalUm2: Object.values(byUnit).reduce((sum, area) => sum + area, 0), byUnit };
}
