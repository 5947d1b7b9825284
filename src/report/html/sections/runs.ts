import { grouped, percent, time } from '../../text/format.ts';
import { dataTable, numberCell, type TableCell } from '../figure.ts';
import type { Run } from '../input.ts';
import { html } from '../markup.ts';
import type { Section } from '../section.ts';
import { isRegression } from '../study.ts';
import { regressionCells, regressionColumns } from './regression.ts';
import { energyCell } from './unknown.ts';

export const runTable: Section = {
  id: 'runs',
  title: 'All runs',
  short: 'Runs',
  render: ({ all: { designs, missing } }) =>
    html`${dataTable({
      id: 'all-runs',
      caption: 'Runs, with energy, cycles and latency of a sample',
      columns: [
        { head: 'run' },
        { head: 'design' },
        { head: 'seed', number: true },
        ...(isRegression(designs)
          ? regressionColumns
          : [
              { head: 'accuracy', csv: 'accuracy', number: true },
              { head: 'training accuracy', csv: 'trainAccuracy', number: true },
            ]),
        { head: 'memory, bits', csv: 'memoryBits', number: true },
        { head: 'for inference', csv: 'inferenceBits', number: true },
        { head: 'cycles, training', csv: 'trainCyclesPerSample', number: true },
        { head: 'cycles, test', csv: 'testCyclesPerSample', number: true },
        { head: 'energy, training', csv: 'trainEnergyPjPerSample', number: true },
        { head: 'energy, test', csv: 'testEnergyPjPerSample', number: true },
        { head: 'latency, training', csv: 'trainLatencyNsPerSample', number: true },
        { head: 'latency, test', csv: 'testLatencyNsPerSample', number: true },
      ],
      rows: designs.flatMap(({ label, runs }) =>
        runs.map((run) => runRow(label, run, isRegression(designs))),
      ),
    })}${
      missing.length === 0
        ? null
        : dataTable({
            id: 'missing-runs',
            caption: 'Cells of the sweep without a result',
            columns: [{ head: 'cell' }, { head: 'reason' }],
            rows: missing.map(({ cell, reason }) => [cell, reason]),
          })
    }`,
};

function runRow(label: string, { name, report }: Run, asksForNumbers: boolean): TableCell[] {
  const { train, test, memory, provenance } = report;
  const [learning, testing] = [train.perSample, test.perSample];
  return [
    name === '' ? 'this folder' : name,
    label,
    numberCell(provenance.seed, String),
    ...(asksForNumbers
      ? regressionCells(test.regression)
      : [test.accuracy, train.accuracy].map((one) => numberCell(one, (share) => percent(share, 2)))),
    numberCell(memory.totalBits, grouped),
    numberCell(memory.inferenceBits, grouped),
    numberCell(learning?.counters.cycles ?? null, grouped),
    numberCell(testing?.counters.cycles ?? null, grouped),
    energyCell(learning?.energyPj.total, learning !== null),
    energyCell(testing?.energyPj.total, testing !== null),
    numberCell(learning?.latencyNs ?? null, time),
    numberCell(testing?.latencyNs ?? null, time),
  ];
}
