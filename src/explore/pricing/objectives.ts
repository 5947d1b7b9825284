import type { ObjectiveName } from '../../experiment/index.ts';
import { type Costs, type ExploredFigures, noFigures, type Objective } from '../../report/index.ts';
import { evaluate, type Place, tableOf } from '../../text/index.ts';

/** The objectives that a search may have. */
export const objectives: Readonly<Record<ObjectiveName, Objective>> = {
  accuracy: { name: 'accuracy', figure: 'accuracy', unit: 'share', better: 'more' },
  energy: { name: 'energy', figure: 'energyPj', unit: 'pJ', better: 'less' },
  trainingEnergy: { name: 'trainingEnergy', figure: 'trainingEnergyPj', unit: 'pJ', better: 'less' },
  latency: { name: 'latency', figure: 'latencyNs', unit: 'ns', better: 'less' },
  trainingLatency: { name: 'trainingLatency', figure: 'trainingLatencyNs', unit: 'ns', better: 'less' },
  area: { name: 'area', figure: 'areaUm2', unit: 'um2', better: 'less' },
  bits: { name: 'bits', figure: 'bits', unit: 'bit', better: 'less' },
  inferenceBits: { name: 'inferenceBits', figure: 'inferenceBits', unit: 'bit', better: 'less' },
};

/** The figures of a design as costs, less is better; undefined if one of them is missing. */
export function costsOf(figures: ExploredFigures, wanted: readonly Objective[]): Costs | undefined {
  const costs: number[] = [];
  for (const { figure, better } of wanted) {
    const value = figures[figure];
    if (value === null) return undefined;
    costs.push(better === 'more' ? -value : value);
  }
  return costs;
}

/** By the last letters of a figure's name: other units of it, as factors. */
const otherUnits: Readonly<Record<string, Readonly<Record<string, number>>>> = tableOf({
  Pj: { Nj: 1e-3, Uj: 1e-6 },
  Ns: { Us: 1e-3, Ms: 1e-6 },
  Um2: { Mm2: 1e-6 },
});

/** The figures of a design by the names that constraints know: each in all its units; NaN if it has none. */
function constrained(figures: ExploredFigures): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  for (const [name, figure] of Object.entries(figures) as [string, number | null][]) {
    const value = figure ?? Number.NaN;
    names.set(name, value);
    for (const [unit, others] of Object.entries(otherUnits)) {
      if (!name.endsWith(unit)) continue;
      for (const [other, factor] of Object.entries(others))
        names.set(`${name.slice(0, -unit.length)}${other}`, value * factor);
    }
  }
  return names;
}

/**
 * Checks a constraint before any figure is known.
 *
 * @throws PlasticoreError at its place, for a formula that cannot be evaluated or names no figure
 */
export function checkConstraint(formula: string, place: Place): void {
  const any = Object.fromEntries(Object.keys(noFigures).map((name) => [name, 1])) as Record<
    keyof ExploredFigures,
    number
  >;
  meets(any, formula, place);
}

/** The first constraint that figures miss. A figure that is missing meets none. */
export function missedBy(
  figures: ExploredFigures,
  constraints: readonly { readonly formula: string; readonly place: Place }[],
): string | undefined {
  return constraints.find(({ formula, place }) => !meets(figures, formula, place))?.formula;
}

function meets(figures: ExploredFigures, formula: string, place: Place): boolean {
  const names = constrained(figures);
  return evaluate(formula, (name) => names.get(name), [...names.keys()], place) !== 0;
}
