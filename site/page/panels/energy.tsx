import { energy, grouped, shareOfPj, time } from '../../../src/report/index.ts';
import { Bar } from '../marks/bars.tsx';
import { bench, pinned } from '../store.ts';
import { Panel } from './panel.tsx';

/** Where the energy goes, by unit. */
export function Energy() {
  const cost = bench.cost.value;
  const part = bench.frame.value?.part;
  if (cost === undefined) return null;
  const { samples, energyPj, energyInterval, byUnitPj, cycles, latencyNs } = cost;
  const each = Math.max(1, samples);
  const other = pinned.value?.cost.value;
  const otherEach = Math.max(1, other?.samples ?? 1);
  const units = Object.entries(byUnitPj)
    .filter(([, pj]) => pj > 0)
    .sort(([, a], [, b]) => b - a);
  const largest = Math.max(
    ...units.map(([, pj]) => pj / each),
    ...Object.values(other?.byUnitPj ?? {}).map((pj) => pj / otherEach),
    Number.MIN_VALUE,
  );
  return (
    <Panel
      id="energy"
      title="Energy"
      about={`This is the mean of the ${grouped(samples)} samples ${part === 'train' ? 'learnt' : 'answered'} so far, and the parts of the core that take it.`}
    >
      <p class="figure">
        <strong id="energy-now">{energy(shareOfPj(energyPj, each))}</strong> <span>a sample</span> ·{' '}
        <strong>{energy(energyPj)}</strong> <span>so far</span>
        {other !== undefined && (
          <span class="pinned"> · pinned {energy(shareOfPj(other.energyPj, otherEach))}</span>
        )}
      </p>
      <p class="about">
        {energyPj !== null
          ? `The figures of the core are estimates: it may be ${energy(energyInterval.low / each)} to ${energy(energyInterval.high / each)}.`
          : 'The model of this core has no energies: they are unknown.'}{' '}
        A sample takes <span id="cycles-now">{grouped(cycles / each)}</span> cycles, or{' '}
        {time(latencyNs / each)} on the chip.
      </p>
      <table class="bars">
        <caption class="hidden">Energy of each unit, a sample</caption>
        <tbody>
          {units.map(([unit, pj]) => (
            <tr key={unit}>
              <th scope="row">{unit}</th>
              <td class="wide">
                <Bar
                  tone="green"
                  share={pj / each / largest}
                  pinnedShare={other && (other.byUnitPj[unit] ?? 0) / otherEach / largest}
                />
              </td>
              <td class="number">{energy(pj / each)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
