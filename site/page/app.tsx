import { energy } from '../../src/report/index.ts';
import { bench } from './store.ts';

void bench.open(bench.design.value, { play: true });

export function App() {
  const frame = bench.frame.value;
  return (
    <main>
      <p id="position">{frame?.position ?? 0}</p>
      <p>{Math.round(frame?.samplesPerSecond ?? 0)}</p>
      <p>{energy(frame?.cost.energyPj ?? 0)}</p>
    </main>
  );
}
