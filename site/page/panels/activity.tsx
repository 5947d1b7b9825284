import { energy, grouped, percent, shareOfPj, time } from '../../../src/report/index.ts';
import type { CostView, OpenDesign } from '../../shared/protocol.ts';
import { bench } from '../store.ts';
import { Panel } from './panel.tsx';

/** Whether a curve of accuracy says anything: it learns, and there are classes to be right about. */
export function hasCurve({ classes, epochs, trainSamples }: OpenDesign): boolean {
  return classes > 0 && epochs > 0 && trainSamples > 0;
}

/** What a network does that learns no classes: how many of its answers are right, if it answers, and its work. */
export function Activity({ opened }: { readonly opened: OpenDesign }) {
  const accuracy = bench.frame.value?.testAccuracy;
  const cost = bench.cost.value;
  return (
    <Panel
      id="activity"
      title="What it does"
      about={
        opened.epochs > 0 && opened.trainSamples > 0
          ? 'This network learns numbers, not classes, so no answer is right or wrong.'
          : 'This network learns nothing here. It runs as it is.'
      }
    >
      {opened.classes > 0 && (
        <p class="figure">
          <strong id="accuracy-now">{accuracy === undefined ? '…' : percent(accuracy)}</strong>{' '}
          <span>of its answers so far are right</span>
        </p>
      )}
      {cost !== undefined && cost.samples > 0 && <Work cost={cost} opened={opened} />}
    </Panel>
  );
}

function Work({ cost, opened }: { readonly cost: CostView; readonly opened: OpenDesign }) {
  const { samples } = cost;
  const perSample: readonly (readonly [name: string, value: string])[] = [
    ...opened.populations.map(
      ({ name, size }) =>
        [
          `spikes of ${name}, ${size === 1 ? '1 neuron' : `${grouped(size)} neurons`}`,
          counted((cost.spikes[name] ?? 0) / samples),
        ] as const,
    ),
    ['synaptic operations', counted(cost.sops / samples)],
    ['weights changed', counted(cost.updates / samples)],
    ['cycles', counted(cost.cycles / samples)],
    ['time on the chip', time(cost.latencyNs / samples)],
    ['energy', energy(shareOfPj(cost.energyPj, samples))],
  ];
  return (
    <table>
      <caption>
        {opened.steps === 1 ? 'In a sample' : `In a sample of ${grouped(opened.steps)} steps`}, mean of{' '}
        {grouped(samples)}
      </caption>
      <tbody>
        {perSample.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="number">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Few of a thing are not rounded to none. */
function counted(value: number): string {
  return value > 0 && value < 10 ? value.toFixed(1) : grouped(value);
}
