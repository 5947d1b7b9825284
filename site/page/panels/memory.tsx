import { grouped, percent } from '../../../src/report/index.ts';
import { Bar } from '../marks/bars.tsx';
import { bench, pinned } from '../store.ts';
import { Panel } from './panel.tsx';

/** How full each bank is, and what the precision saves. */
export function Memory() {
  const opened = bench.opened.value;
  if (opened === undefined) return null;
  const { banks, memory } = opened;
  const other = pinned.value?.opened.value;
  const saved = memory.savings.find(({ basis }) => basis === 'training') ?? memory.savings[0];
  return (
    <Panel
      id="memory"
      title="Memory"
      about="A bank is a memory of the core. Each bar shows how much of a bank the program takes. Shadow weights have more bits: only learning needs them."
    >
      <p class="figure">
        <strong id="memory-now">{grouped(memory.totalBits / 8 / 1000)} kB</strong> <span>to learn</span>
        {' · '}
        <strong>{grouped(memory.inferenceBits / 8 / 1000)} kB</strong> <span>to answer alone</span>
        {other !== undefined && (
          <span class="pinned"> · pinned {grouped(other.memory.totalBits / 8 / 1000)} kB</span>
        )}
      </p>
      <table class="bars">
        <caption class="hidden">Bits used of each bank</caption>
        <tbody>
          {banks.map(({ name, usedBits, capacityBits }) => {
            const before = other?.banks.find((bank) => bank.name === name);
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="wide">
                  <Bar
                    share={usedBits / capacityBits}
                    pinnedShare={before && before.usedBits / before.capacityBits}
                    tone={usedBits > 0.9 * capacityBits ? 'orange' : 'blue'}
                  />
                </td>
                <td class="number">
                  {grouped(usedBits / 8000)} of {grouped(capacityBits / 8000)} kB
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {saved !== undefined && (
        <p class="about">
          {saved.ratio > 0.0005
            ? `${percent(saved.ratio)} less than the same network in 32-bit floats (${saved.basis}).`
            : 'As much as the same network in 32-bit floats.'}
        </p>
      )}
      <details>
        <summary>Every field</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">field</th>
              <th scope="col">bank</th>
              <th scope="col">bits each</th>
              <th scope="col">items</th>
              <th scope="col">needed for</th>
            </tr>
          </thead>
          <tbody>
            {memory.fields.map(({ name, bank, bitsPerItem, count, neededFor }) => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>{bank ?? 'a view'}</td>
                <td class="number">{bitsPerItem}</td>
                <td class="number">{grouped(count)}</td>
                <td>{neededFor}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Panel>
  );
}
