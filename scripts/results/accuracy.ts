import type { Report } from '../../src/report/index.ts';
import { accuracy, of, precisions, table } from './common.ts';

/**
 * Test accuracies in per cent from Gomez and Tang, "Full Integer Arithmetic Online Training for Spiking Neural
 * Networks" (ICANN 2025), mean and standard deviation, by network and precision.
 */
export const published: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'mnist-snn': {
    'mp8-4': '94.24 ± 0.27',
    'mp8-8': '96.89 ± 0.14',
    'mp16-4': '95.47 ± 0.15',
    'mp16-8': '97.55 ± 0.09',
    'mp16-16': '97.43 ± 0.14',
    fp32: '97.33 ± 0.15',
  },
  'mnist-csnn': {
    'mp8-4': '95.19 ± 0.84',
    'mp8-8': '97.16 ± 0.20',
    'mp16-4': '97.73 ± 0.19',
    'mp16-8': '98.10 ± 0.10',
    'mp16-16': '97.88 ± 0.17',
    fp32: '97.85 ± 0.12',
  },
  'shd-snn': {
    'mp16-4': '49.85 ± 1.29',
    'mp16-8': '50.10 ± 1.14',
    'mp16-12': '62.06 ± 1.16',
    'mp16-16': '61.92 ± 1.53',
    fp32: '55.27 ± 1.97',
  },
  'shd-rsnn': {
    'mp16-4': '57.62 ± 0.95',
    'mp16-8': '64.63 ± 1.49',
    'mp16-12': '70.50 ± 1.43',
    'mp16-16': '67.75 ± 1.34',
    fp32: '71.64 ± 0.95',
  },
};

/** Our accuracies beside the published ones. */
export function accuracyTables(reports: readonly Report[]): Record<string, string> {
  const ours = (label: string, experiment: string, columns: readonly string[]) => [
    label,
    ...columns.map((precision) => accuracy(of(reports, experiment, precision)) || '-'),
  ];
  const theirs = (label: string, experiment: string, columns: readonly string[]) => [
    label,
    ...columns.map((precision) => published[experiment]?.[precision] ?? '-'),
  ];
  const wide = precisions.filter((precision) => !precision.startsWith('mp8'));
  const some = ['mp16-8', 'fp32'];
  return {
    mnist: table(
      ['test %', ...precisions],
      [
        ours('SNN, here', 'mnist-snn', precisions),
        theirs('SNN, published', 'mnist-snn', precisions),
        ours('CSNN, here', 'mnist-csnn', precisions),
        theirs('CSNN, published', 'mnist-csnn', precisions),
      ],
    ),
    spoken: table(
      ['test %, ten spoken digits', ...wide],
      [
        ours('RSNN', 'spoken-rsnn', wide),
        ours('SNN', 'spoken-snn', wide),
        ours('RSNN, speakers held out', 'spoken-held-out', wide),
      ],
    ),
    twenty: table(
      ['test %, 20 classes', ...some],
      [
        ours('SNN, synthetic speech', 'twenty-snn', some),
        ours('RSNN, synthetic speech', 'twenty-rsnn', some),
        ours('RSNN, synthetic speech, voices held out', 'twenty-held-out', some),
        theirs('SNN, published on SHD', 'shd-snn', some),
        theirs('RSNN, published on SHD', 'shd-rsnn', some),
      ],
    ),
    shd: table(
      ['test %, SHD, 20 classes', ...wide],
      [
        ours('SNN, here', 'shd-snn', wide),
        theirs('SNN, published', 'shd-snn', wide),
        ours('RSNN, here', 'shd-rsnn', wide),
        theirs('RSNN, published', 'shd-rsnn', wide),
      ],
    ),
  };
}
