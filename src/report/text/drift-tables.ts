import type { Drift, LayerDrift } from '../drift.ts';
import { column, numbers } from './columns.ts';
import { layerColumns } from './drift-columns.ts';
import { grouped, percent } from './format.ts';
import { type Style, table, textTable } from './table.ts';

/** Floats and integers beside each other: by layer, and the answers. */
export function driftTables(drift: Drift, style: Style): string {
  const { layers, agreement, accuracy, recorded, precision } = drift;
  const core = precision === 'fp32' ? 'float32 core' : 'integer';
  const of = (samples = drift.samples) => (samples === drift.samples ? '' : `, for ${grouped(samples)}`);
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
  const caused = layers.filter(({ causes }) => causes !== undefined);
  return [
    textTable(layers, layerColumns(core), style, ''),
    ...(caused.length === 0
      ? []
      : [
          textTable(
            caused,
            [
              column('spikes that differ by one cause alone', ({ node }) => node),
              ...(['weights', 'leak', 'threshold', 'accumulator'] as const).map((cause) =>
                numbers(cause, ({ causes }: LayerDrift) => causes?.[cause], percent),
              ),
            ],
            style,
          ),
        ]),
    table([`answers to ${grouped(drift.samples)} samples`, 'float', core], answers, 'lr', style),
  ].join('\n\n');
}
