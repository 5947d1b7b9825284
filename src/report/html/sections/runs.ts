import { column, keyed, numbers, numeric, tabled } from '../../text/columns.ts';
import { grouped, inUnit, time } from '../../text/format.ts';
import { dataTable } from '../figure.ts';
import { html } from '../markup.ts';
import { energyCell, regressionColumns, type Section } from '../section.ts';
import { isRegression, type PerSample, type PhaseName } from '../study.ts';

export const runTable: Section = {
  id: 'runs',
  title: 'All runs',
  short: 'Runs',
  of({ all: { designs, missing } }) {
    const asksForNumbers = isRegression(designs);
    const all = designs.flatMap(({ label, runs }) =>
      runs.map(({ name, report }) => ({ name, label, report })),
    );
    type Row = (typeof all)[number];
    const costs = (phase: PhaseName, of: (perSample: PerSample) => number) => (row: Row) => {
      const { perSample } = row.report[phase];
      return perSample === null ? null : of(perSample);
    };
    const energyOf = (phase: PhaseName) => (row: Row) => {
      const { perSample } = row.report[phase];
      return energyCell(perSample?.energyPj.total, perSample !== null);
    };
    const cycles = ({ counters }: PerSample) => counters.cycles;
    const latency = ({ latencyNs }: PerSample) => latencyNs;
    const scores = asksForNumbers
      ? regressionColumns(({ report }: Row) => report.test.regression)
      : [
          numbers('accuracy', ({ report }: Row) => report.test.accuracy, inUnit.share, 'accuracy'),
          numbers(
            'accuracy while learning',
            ({ report }: Row) => report.train.accuracy,
            inUnit.share,
            'trainAccuracy',
          ),
        ];
    return html`${dataTable({
      id: 'all-runs',
      caption: 'Runs, with energy, cycles and latency of a sample',
      ...tabled(all, [
        column('run', ({ name }) => (name === '' ? 'this folder' : name)),
        column('design', ({ label }) => label),
        numbers('seed', ({ report }) => report.provenance.seed),
        ...scores,
        numbers('memory, bits', ({ report }) => report.memory.totalBits, grouped, 'memoryBits'),
        numbers('for inference', ({ report }) => report.memory.inferenceBits, grouped, 'inferenceBits'),
        numbers('cycles, training', costs('train', cycles), grouped, 'trainCyclesPerSample'),
        numbers('cycles, test', costs('test', cycles), grouped, 'testCyclesPerSample'),
        numeric('energy, training', energyOf('train'), 'trainEnergyPjPerSample'),
        numeric('energy, test', energyOf('test'), 'testEnergyPjPerSample'),
        numbers('latency, training', costs('train', latency), time, 'trainLatencyNsPerSample'),
        numbers('latency, test', costs('test', latency), time, 'testLatencyNsPerSample'),
      ]),
    })}${
      missing.length === 0
        ? null
        : dataTable({
            id: 'missing-runs',
            caption: 'Cells of the sweep without a result',
            ...tabled(missing, keyed('cell', 'reason')),
          })
    }`;
  },
};
