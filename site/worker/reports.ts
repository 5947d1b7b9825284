/** The report of a run, as the design that it is of. */
import { type Cell, describeInput, imageHash } from '../../src/experiment/index.ts';
import { energy, percent, type Report, reportFault, scoredPhase } from '../../src/report/index.ts';
import { command, type Find, jsonValue, option, PlasticoreError, tableOf } from '../../src/text/index.ts';
import { type Design, defaultDesign, type SettingValue } from '../shared/design.ts';
import type { DroppedFile } from '../shared/dropped-file.ts';
import type { DesignOfFile } from '../shared/protocol.ts';
import { compileDesign } from './compile.ts';

/**
 * The design of a report, which need not be that of a bundled experiment as it is.
 *
 * @throws PlasticoreError `data` for what is no report, `file` for one of an experiment that is not bundled
 */
export function designOfReport(file: DroppedFile, find: Find): DesignOfFile {
  const report = readReport(file);
  const { provenance } = report;
  const { experiment, precision, seed, epochs, limit } = provenance;
  const plain: Design = { ...defaultDesign, experiment, precision, seed };
  const own = compileAs(plain, provenance.hwModel, find);
  const changes = settingsOf(own.cell, provenance.settings);
  const settings: Record<string, SettingValue> = tableOf({
    ...(epochs !== own.cell.epochs && { 'experiment.epochs': epochs }),
    ...(limit !== null && limit !== own.cell.limit && { 'experiment.limit': limit }),
    ...changes.settings,
  });
  const design = { ...own.design, settings };
  const { cell } = compileDesign(design, find);
  return { design, notes: [...changes.notes, ...differences(report, cell)], figures: figuresOf(report) };
}

function readReport({ name, bytes }: DroppedFile): Report {
  const value = jsonValue(
    new TextDecoder().decode(bytes),
    (reason) => new PlasticoreError('data', `no JSON: ${reason}`, { file: name }),
  );
  const fault = reportFault(value);
  if (fault === undefined) return value as Report;
  throw new PlasticoreError('data', `not the report of a run: ${fault}`, {
    file: name,
    hint: `${command('run EXPERIMENT', option('json', 'report.json'))} writes one`,
  });
}

/** Compiles a design on the core of the report, which is the experiment's own, its baseline, or one that was named. */
function compileAs(design: Design, hwModel: string, find: Find) {
  const own = compileDesign(design, find);
  return own.cell.image.core.hwModel === hwModel ? own : compileDesign({ ...design, hw: hwModel }, find);
}

/** Settings of the report that the experiment does not make itself. */
function settingsOf(
  { settings: own }: Cell,
  reported: readonly string[],
): { readonly settings: Record<string, SettingValue>; readonly notes: readonly string[] } {
  const settings = tableOf<SettingValue>();
  const notes: string[] = [];
  for (const text of reported.filter((each) => !own.includes(each))) {
    const split = text.indexOf('=');
    const [path, value] = [text.slice(0, split), JSON.parse(text.slice(split + 1)) as unknown];
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
      settings[path] = value;
    else notes.push(`The setting ${text} is not a single value, so the page leaves it out.`);
  }
  return { settings, notes };
}

/** What keeps the page from running what the report is of. */
function differences({ provenance }: Report, cell: Cell): string[] {
  const notes: string[] = [];
  if (imageHash(cell) !== provenance.imageSha256)
    notes.push(
      'It ran another image: its program, rules or core are not those of this version, or it had settings, weights or a placement of its own.',
    );
  if (provenance.encoder !== describeInput(cell))
    notes.push(
      `Its samples were encoded by ${provenance.encoder}; here, ${describeInput(cell)} encodes them.`,
    );
  if (provenance.validation !== undefined)
    notes.push('It was scored on a part of its training set; the page uses the test set.');
  if (provenance.data.name !== embeddedName && cell.task === undefined)
    notes.push(`It ran on the data '${provenance.data.name}': drop their files here to get the same run.`);
  return notes;
}

/** The digits that come with the package and the page. */
const embeddedName = 'mnist-embedded';

function figuresOf(report: Report): DesignOfFile['figures'] {
  const { on, phase } = scoredPhase(report);
  const { stateSha256 } = report.provenance;
  return [
    ...(phase.accuracy === null
      ? []
      : [{ name: `accuracy on the ${on} set`, value: percent(phase.accuracy, 2) }]),
    ...(phase.perSample === null
      ? []
      : [{ name: 'energy of an answer', value: energy(phase.perSample.energyPj.total) }]),
    ...(stateSha256 === undefined
      ? []
      : [{ name: 'state at its end', value: stateSha256.slice(0, 12), whole: stateSha256 }]),
  ];
}
