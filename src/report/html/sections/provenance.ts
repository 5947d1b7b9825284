import { column, numbers, tabled } from '../../text/columns.ts';
import { grouped } from '../../text/format.ts';
import { dataTable } from '../figure.ts';
import type { RunReport } from '../input.ts';
import { html, type Markup } from '../markup.ts';
import type { Section } from '../section.ts';
import { anyReport, type DesignRuns } from '../study.ts';

/** Everything needed to repeat the runs. */
export const origin: Section = {
  id: 'origin',
  title: 'Where the figures come from',
  short: 'Origin',
  of({ all: { designs } }) {
    const reports = designs.flatMap(({ runs }) => runs.map(({ report }) => report));
    if (reports.length === 0) return undefined;
    const unique = <T>(of: (report: (typeof reports)[number]) => readonly T[], key: (value: T) => string) => [
      ...new Map(reports.flatMap(of).map((value) => [key(value), value])).values(),
    ];
    const data = unique(
      ({ provenance }) => [provenance.data],
      ({ sha256, name, train, test }) => [name, sha256, train, test].join(),
    );
    const sources = unique(
      ({ provenance }) => provenance.sources,
      ({ file, sha256 }) => `${file} ${sha256}`,
    ).sort((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file)));
    const all = designs.map((design) => ({ label: design.label, ...anyReport(design) }));
    const versions = unique(({ provenance }) => [provenance.plasticore], String);
    return html`<p>Simulated by Plasticore ${versions.join(', ')}; cycles, words and energy are counted and then priced by the hw-model; none is measured on a chip. Equal runs give equal pages.</p>
${dataTable({
  id: 'origin-designs',
  caption: 'Designs',
  ...tabled(all, [
    column('design', ({ label }) => label),
    column('experiment', ({ provenance }) => provenance.experiment),
    column('program', ({ provenance }) => provenance.program),
    column('hw-model', ({ provenance }) => provenance.hwModel),
    column('network', ({ network }) =>
      network.populations.map(({ name, size }) => `${name} ${size}`).join(', '),
    ),
    column('data', ({ provenance }) => provenance.data.name),
    column('encoder', ({ provenance }) => provenance.encoder),
    numbers('epochs', ({ provenance }) => provenance.epochs),
    numbers('limit', ({ provenance }) => provenance.limit),
  ]),
})}${settingsTable(designs)}${dataTable({
  id: 'origin-data',
  caption: 'Data',
  ...tabled(data, [
    column('data set', ({ name }) => name),
    numbers('training samples', ({ train }) => train, grouped),
    numbers('test samples', ({ test }) => test, grouped),
    column('description', ({ description }) => description),
    column('SHA-256', ({ sha256 }) => sha256),
  ]),
})}${dataTable({
  id: 'origin-sources',
  caption: 'Sources',
  ...tabled(sources, [column('file', ({ file }) => file), column('SHA-256', ({ sha256 }) => sha256)]),
})}${arraysTable(
  unique(
    ({ provenance }) => provenance.arrays ?? [],
    (array) => JSON.stringify(array),
  ),
)}`;
  },
};

/** Arrays that fields were filled from; each part of an array's origin gets a column. */
function arraysTable(arrays: NonNullable<RunReport['provenance']['arrays']>): Markup | null {
  if (arrays.length === 0) return null;
  return dataTable({
    id: 'origin-arrays',
    caption: 'Initial values from arrays',
    ...tabled(arrays, [
      column('field', ({ field }) => field),
      column('file', ({ file = 'given in code' }) => file),
      column('array', ({ array = '–' }) => array),
      numbers('scale', ({ scale }) => scale),
      column('SHA-256 of the array', ({ sha256 }) => sha256),
    ]),
  });
}

/** Settings are long. As one of many columns, they would make the rows tall and the table wide. */
function settingsTable(designs: readonly DesignRuns[]): Markup | null {
  const settings = designs.map((design) => anyReport(design).provenance.settings.join(' '));
  if (settings.every((text) => text === '')) return null;
  return dataTable({
    id: 'origin-settings',
    caption: 'Settings that replace parts of program and hw-model',
    ...tabled(designs, [
      column('design', ({ label }) => label),
      column('settings', (_, index) => settings[index] ?? ''),
    ]),
  });
}
