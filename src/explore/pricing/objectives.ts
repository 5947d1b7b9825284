import {
  amount,
  betterOf,
  type Costs,
  type FigureName,
  type Figures,
  figureNames,
  figureUnit,
  grouped,
  isUnknown,
  type Miss,
  type Objective,
  type ObjectiveName,
  percent,
  wantedFigures,
} from '../../report/index.ts';
import {
  type BinaryOperator,
  type CompiledFormula,
  closures,
  type FormulaMeaning,
  type Place,
  PlasticoreError,
  readFormula,
  tableOf,
} from '../../text/index.ts';

/** The objectives that a search may have. */
export const objectives = Object.fromEntries(
  wantedFigures.map(({ objective, name: figure }) => [
    objective,
    { name: objective, figure, unit: figureUnit[figure], better: betterOf(figure) },
  ]),
) as Readonly<Record<ObjectiveName, Objective>>;

/** The figures of a design as costs, less is better; undefined if one of them is missing. */
export function costsOf(figures: Figures, wanted: readonly Objective[]): Costs | undefined {
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
  Mw: { Uw: 1e3 },
});

interface NamedFigure {
  readonly figure: FigureName;
  readonly factor: number;
}

/** The figures of a design by the names that constraints know: each in all its units. */
const figuresByName: ReadonlyMap<string, NamedFigure> = new Map(
  figureNames.flatMap((figure): [string, NamedFigure][] => [
    [figure, { figure, factor: 1 }],
    ...Object.entries(otherUnits)
      .filter(([unit]) => figure.endsWith(unit))
      .flatMap(([unit, others]) =>
        Object.entries(others).map(([other, factor]): [string, NamedFigure] => [
          `${figure.slice(0, -unit.length)}${other}`,
          { figure, factor },
        ]),
      ),
  ]),
);

/** A formula over the figures of a design, read once. A figure that is missing meets none. */
export interface Constraint {
  readonly formula: string;
  /** The figures that it names. */
  readonly figures: ReadonlySet<FigureName>;
  readonly meets: (figures: Figures) => boolean;
  /** The sides of a formula that compares two, `areaMm2 <= 1`; undefined for any other. */
  readonly sides: (figures: Figures) => readonly [number, number] | undefined;
}

const comparisons: readonly BinaryOperator[] = ['<', '<=', '>', '>=', '=='];

/** @throws PlasticoreError at its place, for a formula that cannot be evaluated or names no figure */
export function readConstraint({
  formula,
  place,
}: {
  readonly formula: string;
  readonly place: Place;
}): Constraint {
  // Any numbers, to see whether the formula has a value.
  let current = Object.fromEntries(figureNames.map((name) => [name, 1])) as Figures;
  const figures = new Set<FigureName>();
  const value = (name: string): CompiledFormula | undefined => {
    const named = figuresByName.get(name);
    if (named !== undefined) figures.add(named.figure);
    return named && (() => (current[named.figure] ?? Number.NaN) * named.factor);
  };
  const compared = new Map<CompiledFormula, readonly [CompiledFormula, CompiledFormula]>();
  const meaning: FormulaMeaning<CompiledFormula> = {
    ...closures,
    binary(operator, left, right) {
      const made = closures.binary(operator, left, right);
      if (comparisons.includes(operator)) compared.set(made, [left, right]);
      return made;
    },
  };
  const compute = readFormula(formula, { value, known: [...figuresByName.keys()] }, meaning, place);
  if (!Number.isFinite(compute()))
    throw new PlasticoreError('invalid-value', `'${formula}' is ${compute()}`, place);
  return {
    formula,
    figures,
    meets: (own) => {
      current = own;
      const met = compute();
      return Number.isFinite(met) && met !== 0;
    },
    sides: (own) => {
      current = own;
      const [left, right] = compared.get(compute) ?? [];
      return left && right && [left(), right()];
    },
  };
}

/** Whether it depends on what designs answer, not on their costs alone. */
export function isAboutAccuracy({ formula }: Pick<Constraint, 'formula'>): boolean {
  return /\baccuracy\b/.test(formula);
}

/** Why figures keep a design off the front: nobody knows one that is wanted, or they miss a constraint. */
export interface Refusal {
  readonly status: 'unknown' | 'outside';
  readonly reason: string;
  readonly misses?: readonly Miss[];
}

/** Why figures keep a design off the front, if they do. */
export function refusalOf(
  figures: Figures,
  wanted: readonly Objective[],
  constraints: readonly Constraint[],
): Refusal | undefined {
  const judged = [...wanted.map(({ figure }) => figure), ...constraints.flatMap((one) => [...one.figures])];
  const lacks = Object.values(objectives).find(
    ({ figure }) => judged.includes(figure) && isUnknown(figures, figure),
  );
  if (lacks !== undefined)
    return { status: 'unknown', reason: `nobody knows its ${lacks.name}: the hw-model states no energies` };
  const misses = constraints.flatMap((one) => missOf(one, figures) ?? []);
  if (misses.length === 0) return undefined;
  return { status: 'outside', reason: `misses ${misses.map(missText).join('; ')}`, misses };
}

function missOf({ formula: constraint, meets, sides }: Constraint, figures: Figures): Miss | undefined {
  if (meets(figures)) return undefined;
  const [left, right] = sides(figures) ?? [];
  if (left === undefined || right === undefined || !Number.isFinite(left) || !(Math.abs(right) > 0))
    return { constraint, figure: null, by: null };
  return { constraint, figure: left, by: Math.abs(left / right - 1) };
}

/** `areaMm2 <= 3 by 14 %: 3.42`, `areaMm2 <= 0.1 by a factor of 185: 18.5` */
function missText({ constraint, figure, by }: Miss): string {
  if (figure === null || by === null) return constraint;
  const share = by < 9 ? percent(by, by < 0.1 ? 1 : 0) : `a factor of ${grouped(Math.round(by + 1))}`;
  return `${constraint} by ${share}: ${amount(figure)}`;
}
