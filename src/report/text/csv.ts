import type { EpochReport } from '../schema.ts';

/** `history.csv`: a line for each epoch of training; `validationAccuracy` only if a validation split is held out. */
export function historyCsv(history: readonly EpochReport[]): string {
  const populations = Object.keys(history[0]?.spikes ?? {});
  const isValidated = history.some(({ validationAccuracy }) => validationAccuracy !== undefined);
  const head = [
    'epoch',
    'samples',
    'accuracy',
    ...(isValidated ? ['validationAccuracy'] : []),
    'cycles',
    'sops',
    'updates',
    ...populations.map((name) => `spikes.${name}`),
    'energyPj',
  ];
  return csv([
    head,
    ...history.map((row) => [
      row.epoch,
      row.samples,
      row.accuracy ?? '',
      ...(isValidated ? [row.validationAccuracy ?? ''] : []),
      row.cycles,
      row.sops,
      row.updates,
      ...populations.map((name) => row.spikes[name] ?? 0),
      row.energyPj,
    ]),
  ]);
}

/** `predictions.csv`: a line for each scored sample, in the order of its set. */
export function predictionsCsv(labels: ArrayLike<number>, predictions: readonly number[]): string {
  return csv([
    ['sample', 'label', 'prediction'],
    ...predictions.map((prediction, sample) => [sample, labels[sample] ?? '', prediction]),
  ]);
}

/** Lines of comma-separated cells, quoted where necessary. */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number) =>
    /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('');
}
