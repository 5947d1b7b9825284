import { expect, test } from 'vitest';
import type { Core } from '../../src/engine/index.ts';
import { StepClock } from '../../src/machine/step-clock.ts';
import { roundMesh } from './round-mesh.ts';

test('a core sends after it has computed: 50 ns of cycles and 3 packets of 1 ns, then the barrier', () => {
  const { chip } = roundMesh();
  if (chip === undefined) throw new Error('a mesh has a chip');
  // 5 cycles at 100 MHz.
  const busy = {
    image: { costs: { clockMhz: 100, eventCycles: 0 } },
    busyCycles: () => 5,
  } as unknown as Core;
  const idle = { ...busy, busyCycles: () => 0 };
  const clock = new StepClock(chip, [busy, idle], [0, 1]);
  clock.work();
  clock.send(0, 1, 3, 'spikes');
  clock.endPhase();
  expect(clock.counts()).toMatchObject({ timePs: 54_000, sendingPs: 53_000, barrierPs: 1000 });
});
