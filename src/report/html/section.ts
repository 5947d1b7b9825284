import { isUnknown } from '../figures.ts';
import { type Column, numberCell, numbers, type TableCell } from '../text/columns.ts';
import { decimals, energy, grouped, unknown } from '../text/format.ts';
import type { DesignPoint, DesignSpace } from './designs.ts';
import { missing } from './figure.ts';
import { html, type Markup } from './markup.ts';
import type { DesignRuns, PageSubject } from './study.ts';

/** The subject of a page: runs of a few designs or of many, or a search. */
export interface Subject {
  readonly page: 'runs' | 'many designs' | 'search';
  /** Of a search, only the runs that designs of the front share. */
  readonly all: PageSubject;
  /** The runs in sections about runs: of many designs, those of the front. */
  readonly study: PageSubject;
  /** The designs as points of a space. */
  readonly space: DesignSpace;
  /** The number of runs on disk. */
  readonly runs: number;
}

/** A part of the page with its own heading. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** The title in a word or two, for the list of sections. */
  readonly short: string;
  /** Undefined if it has nothing to say about a subject. */
  of(subject: Subject): Markup | undefined;
}

/** More pictures of one kind would make the page slow to open, and nobody would look at them all. */
const mostPictured = 24;

/** The designs that get a picture, and a note if some do not. */
export function pictured(designs: readonly DesignRuns[]): {
  readonly designs: readonly DesignRuns[];
  readonly note: Markup | null;
} {
  if (designs.length <= mostPictured) return { designs, note: null };
  const note = html`<p class="note">The first ${mostPictured} of ${designs.length} designs.</p>
`;
  return { designs: designs.slice(0, mostPictured), note };
}

/** Columns of tables, in place of an accuracy. */
export function regressionColumns<Row>(
  of: (row: Row) => { readonly [name in 'sMAPE' | 'R2']: number | null } | undefined,
): Column<Row>[] {
  return [
    numbers('sMAPE', (row) => of(row)?.sMAPE, decimals(2), 'sMAPE'),
    numbers('R2', (row) => of(row)?.R2, decimals(4), 'R2'),
  ];
}

/** In place of a chart of accuracies. */
export function noAccuracy(): Markup {
  return missing('Samples ask for numbers: there are sMAPE and R2 in the overview, and no accuracy.');
}

/**
 * An energy in a table.
 *
 * @param hasRun whether it was counted: an energy that is null all the same is one that nobody knows
 */
export function energyCell(
  pj: number | null | undefined,
  hasRun: boolean,
  format: (pj: number) => string = energy,
): TableCell {
  return numberCell(pj, format, hasRun ? unknown : undefined);
}

/** More names would be a list and no sentence. */
const mostNamed = 5;

/** Says which designs charts of energies leave out; null if they leave out none. */
export function unknownNote(points: readonly DesignPoint[]): Markup | null {
  const left = points.filter(({ figures }) =>
    (['energyPj', 'trainingEnergyPj'] as const).some((key) => isUnknown(figures, key)),
  );
  if (left.length === 0) return null;
  const names =
    left.length > mostNamed ? `${grouped(left.length)} designs` : left.map(({ name }) => name).join('; ');
  const which = left.length === points.length ? 'All energies' : `The energies of ${names}`;
  return html`<p class="missing">${which} are unknown, as the hw-model states none: charts of energies leave them out.</p>
`;
}

/** A figure that stands out: its name, its value, and what it is of. */
export type Card = readonly [name: string, value: string, detail: string];

export function cardList(cards: readonly Card[]): Markup {
  return html`<dl class="cards">
${cards.map(
  ([name, value, detail]) =>
    html`<div class="card"><dt>${name}</dt><dd><strong>${value}</strong> <span>${detail}</span></dd></div>
`,
)}</dl>
`;
}
