import { type Activity, figureKinds } from '../../../hardware/index.ts';
import { tableOf } from '../../../text/index.ts';
import { energy, percent } from '../../text/format.ts';
import { missing } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { lookOf, type Stacks, stacksOf } from '../options/stacks.ts';
import { type Section, unknownNote } from '../section.ts';
import {
  anyReport,
  type DesignRuns,
  hasRun,
  hasUnknownEnergies,
  type PageSubject,
  type PerSample,
  type PhaseName,
  partMeans,
  phases,
} from '../study.ts';
import { type StackedFigure, stackedFigures } from './stacked.ts';

const phaseNames: Readonly<Record<PhaseName, string>> = { train: 'a training sample', test: 'a test sample' };

export const energyBreakdown: Section = {
  id: 'energy',
  title: 'Energy by unit, by kernel and by kind of source',
  short: 'Energy',
  of: ({ study, space }) => html`${unknownNote(space.points)}<h3 class="group">By unit</h3>
${amounts(study, 'unit', ({ energyPj }) => energyPj.byUnit)}
<h3 class="group">By kernel</h3>
<p>Operations and bank accesses of each kernel; the router, leakage and static power belong to none.</p>
${amounts(study, 'kernel', byKernel)}
<h3 class="group">By kind of source</h3>
<p>Which share of the energy rests on figures that were measured on a chip, simulated, synthesised, fitted, derived from others, or estimated from published ones.</p>
${shares(study)}
<h3 class="group">By data</h3>
${togglesOf(study)}`,
};

/** Which bits toggle, as figures assume or as they were counted. */
function togglesOf({ designs }: PageSubject): Markup {
  const said = designs.flatMap((design) => {
    const activity = anyReport(design).core.activity;
    return activity === undefined ? [] : [describeActivity(activity)];
  });
  const texts = said.length === 0 ? ['No report here says which bits toggle.'] : [...new Set(said)];
  return html`${texts.map((text) => html`<p>${text}</p>`)}
`;
}

function describeActivity({ togglesPerBit, low, high, measured }: Activity): string {
  if (measured === undefined)
    return `Of the bits of words and operands, ${percent(togglesPerBit)} are assumed to toggle from one to the next; the bounds of energies have room for ${percent(low)} to ${percent(high)}.`;
  const parts = Object.entries(measured.togglesPerBit).map(([part, share]) => `${part} ${percent(share)}`);
  return `Bits that toggle, as counted in steps ${measured.first} to ${measured.last}: ${parts.join(', ')}; elsewhere, ${percent(togglesPerBit)} are assumed.`;
}

function byKernel({ energyPj }: PerSample): Record<string, number> {
  const sums = tableOf<number>();
  for (const { name, energyPj: pj } of energyPj.byKernel) sums[name] = (sums[name] ?? 0) + (pj ?? 0);
  return sums;
}

/** One chart for each phase. */
function amounts(
  { designs }: PageSubject,
  by: 'unit' | 'kernel',
  of: (perSample: PerSample) => Readonly<Record<string, number>>,
): Markup {
  const known = designs.filter((design) => !hasUnknownEnergies(design));
  const figures = phases.flatMap((phase): StackedFigure[] => {
    const stacks = partsOf(known, phase, of);
    if (stacks.bars.length === 0) return [];
    return [
      {
        id: `energy-${by}-${phase}`,
        title: `Energy of ${phaseNames[phase]}, by ${by}`,
        stacks,
        look: lookOf(stacks, 'energy', 'J', 1e12, energy),
        part: by,
        unit: 'pJ',
      },
    ];
  });
  return html`${stackedFigures(figures)}${whatIsMissing(designs)}`;
}

function shares(study: PageSubject): Markup {
  const designs = study.designs.filter((design) => !hasUnknownEnergies(design));
  const [only, ...others] = kindsOf(designs);
  // A bar with a single part would add nothing to this sentence.
  if (only !== undefined && others.length === 0)
    return html`<p>All energy here rests on figures of one kind: <em>${only}</em>.</p>
`;
  const figures = phases.flatMap((phase): StackedFigure[] => {
    const stacks = partsOf(designs, phase, ({ energyPj: { total, bySourceKind } }) =>
      Object.fromEntries(
        Object.entries(bySourceKind).map(([kind, pj]) => [kind, total === null ? 0 : pj / total]),
      ),
    );
    if (stacks.bars.length === 0) return [];
    return [
      {
        id: `energy-source-${phase}`,
        title: `Kinds of source behind the energy of ${phaseNames[phase]}`,
        stacks,
        look: { axisName: 'share of the energy, %', format: (share) => percent(share), unit: 0.01, max: 1 },
        part: 'kind of source',
        unit: 'share',
      },
    ];
  });
  // Each kind keeps its colour whether or not the others are present.
  return stackedFigures(figures, figureKinds);
}

/** The kinds of source behind the energy of any design, in any phase. */
function kindsOf(designs: readonly DesignRuns[]): string[] {
  const found = phases.flatMap((phase) =>
    partsOf(designs, phase, ({ energyPj }) => energyPj.bySourceKind).parts.flatMap(({ name, values }) =>
      values.some((pj) => pj > 0) ? [name] : [],
    ),
  );
  return [...new Set(found)];
}

/** A single note for phases that no run has. */
function whatIsMissing(designs: readonly DesignRuns[]): Markup | null {
  const has = (phase: PhaseName) =>
    partsOf(designs, phase, ({ energyPj }) => energyPj.byUnit).bars.length > 0;
  if (!has('train')) {
    return missing('No run here was trained: a run of an epoch or more has this.');
  }
  return has('test') ? null : missing('None of these runs was tested.');
}

/** Means over seeds, for the designs that have the phase. */
export function partsOf(
  designs: readonly DesignRuns[],
  phase: PhaseName,
  of: (perSample: PerSample) => Readonly<Record<string, number>>,
): Stacks {
  const shown = designs.filter((design) => hasRun(design, phase));
  return stacksOf(
    shown.map(({ label }) => label),
    shown.map((design) => partMeans(design, phase, of)),
  );
}
