import type { LabelledSet } from '../../data/index.ts';
import { command } from '../../text/index.ts';
import { column, tabled } from '../text/columns.ts';
import type { DataSubject } from './data-source.ts';
import { dataTable, figure } from './figure.ts';
import { framed } from './frame.ts';
import { html, type Markup } from './markup.ts';
import { sampleSheet } from './pictures/samples.ts';
import { pageScript } from './scripts.ts';

/** A page about a data set: tables, and the first samples as pictures. Equal data give equal bytes. */
export function dataPage({ title, about, notes, tables, sets, classNames }: DataSubject): string {
  const understood = html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>
${tables.map(dataTable)}`;
  const shown = sets.filter(({ count }) => count > 0).map((set) => sampleFigure(set, classNames));
  const parts = [
    { id: 'data', title: 'What was understood', short: 'Understood', body: understood },
    { id: 'samples', title: 'Samples', short: 'Samples', body: html`<div class="plots">${shown}</div>` },
  ];
  return framed({ title, about, parts, code: pageScript, madeBy: command('data check') }).drawn(() => '')
    .text;
}

function sampleFigure(set: LabelledSet, classNames: readonly string[] | undefined): Markup {
  const { svg, what, samples } = sampleSheet(set, classNames);
  return figure({
    id: `samples-${set.name}`,
    title: set.name,
    alt: `Samples of the set ${set.name}: ${what}`,
    picture: svg,
    note: `${what[0]?.toUpperCase()}${what.slice(1)}.`,
    data: () =>
      tabled(samples, [
        column('sample', String),
        column('label', (sample) => (set.classes === 0 ? null : set.labels[sample])),
      ]),
  });
}
