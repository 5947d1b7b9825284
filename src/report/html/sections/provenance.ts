import { grouped } from '../../text/format.ts';
import { dataTable, numberCell } from '../figure.ts';
import type { RunReport } from '../input.ts';
import { html, type Markup } from '../markup.ts';
import type { Section } from '../section.ts';
import { anyReport, type DesignRuns } from '../study.ts';

/** Everything needed to repeat the runs. */
export const origin: Section = {
  id: 'origin',
  title: 'Where the figures come from',
  short: 'Origin',
  render({ all: { designs } }) {
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
    const versions = unique(({ provenance }) => [provenance.plasticore], String);
    return html`<p>Simulated by Plasticore ${versions.join(', ')}; cycles, words and energy are counted and then priced by the hw-model; none is measured on a chip. Equal runs give equal pages.</p>
${dataTable({
  id: 'origin-designs',
  caption: 'Designs',
  columns: [
    { head: 'design' },
    { head: 'experiment' },
    { head: 'program' },
    { head: 'hw-model' },
    { head: 'network' },
    { head: 'data' },
    { head: 'encoder' },
    { head: 'epochs', number: true },
    { head: 'limit', number: true },
  ],
  rows: designs.map((design) => {
    const { provenance, network } = anyReport(design);
    return [
      design.label,
      provenance.experiment,
      provenance.program,
      provenance.hwModel,
      network.populations.map(({ name, size }) => `${name} ${size}`).join(', '),
      provenance.data.name,
      provenance.encoder,
      numberCell(provenance.epochs, String),
      numberCell(provenance.limit, String),
    ];
  }),
})}${settingsTable(designs)}${dataTable({
  id: 'origin-data',
  caption: 'Data',
  columns: [
    { head: 'data set' },
    { head: 'training samples', number: true },
    { head: 'test samples', number: true },
    { head: 'description' },
    { head: 'SHA-256' },
  ],
  rows: data.map(({ name, train, test, description, sha256 }) => [
    name,
    numberCell(train, grouped),
    numberCell(test, grouped),
    description,
    sha256,
  ]),
})}${dataTable({
  id: 'origin-sources',
  caption: 'Sources',
  columns: [{ head: 'file' }, { head: 'SHA-256' }],
  rows: sources.map(({ file, sha256 }) => [file, sha256]),
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
    columns: [
      { head: 'field' },
      { head: 'file' },
      { head: 'array' },
      { head: 'scale', number: true },
      { head: 'SHA-256 of the array' },
    ],
    rows: arrays.map(({ field, file = 'given in code', array = '–', scale, sha256 }) => [
      field,
      file,
      array,
      numberCell(scale, String),
      sha256,
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
    columns: [{ head: 'design' }, { head: 'settings' }],
    rows: designs.map(({ label }, index) => [label, settings[index] ?? '']),
  });
}
