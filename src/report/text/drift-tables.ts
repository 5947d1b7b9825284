import type { Drift } from '../drift.ts';
import { grouped, percent } from './format.ts';
import { type Style, table } from './table.ts';

/** Floats and integers beside each other: by layer, and the answers. */
export function driftTables(drift: Drift, style: Style): string {
  const { layers, agreement, accuracy, recorded, precision } = drift;
  const digits = (value: number | undefined, places: number) => value?.toFixed(places) ?? '';
  const core = precision === 'fp32' ? 'float32 core' : 'integer';
  const of = (samples = drift.samples) => (samples === drift.samples ? '' : `, for ${grouped(samples)}`);
  const rows = layers.map(({ node, population, neurons, rate, differing, correlation, error }) => [
    node,
    population,
    grouped(neurons),
    digits(rate?.float, 4),
    digits(rate?.integer, 4),
    differing === undefined ? '' : percent(differing),
    digits(correlation, 4),
    error === undefined ? '' : error.toPrecision(3),
  ]);
  const answers = [
    ...(accuracy === undefined ? [] : [['right', percent(accuracy.float, 2), percent(accuracy.integer, 2)]]),
    ...(recorded === undefined
      ? []
      : [
          [
            `as recorded in the data${of(recorded.samples)}`,
            percent(recorded.float, 2),
            percent(recorded.integer, 2),
          ],
        ]),
    ['as in float', '', percent(agreement, 2)],
  ];
  const caused = layers.flatMap(({ node, causes }) =>
    causes === undefined
      ? []
      : [
          [
            node,
            ...[causes.weights, causes.leak, causes.threshold, causes.accumulator].map((share) =>
              percent(share),
            ),
          ],
        ],
  );
  return [
    table(
      [
        'layer',
        'population',
        'neurons',
        'rate, float',
        core,
        'spikes that differ',
        'correlation',
        'error of potentials',
      ],
      rows,
      'llr',
      style,
    ),
    ...(caused.length === 0
      ? []
      : [
          table(
            ['spikes that differ by one cause alone', 'weights', 'leak', 'threshold', 'accumulator'],
            caused,
            'lr',
            style,
          ),
        ]),
    table([`answers to ${grouped(drift.samples)} samples`, 'float', core], answers, 'lr', style),
  ].join('\n\n');
}
