import { describe, expect, test } from 'vitest';
import type { Core } from '../../src/engine/index.ts';
import { barrierTime, StepClock } from '../../src/machine/step-clock.ts';
import { at } from '../../src/text/index.ts';
import { loihiWith } from '../support/loihi.ts';
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

describe('the barrier', () => {
  const barrierOf = (set: string) => at([loihiWith(set).chip?.costs.barrier], 0);

  test('of a table with steps takes the next smaller number of tiles', () => {
    expect([1, 2, 3, 4, 28, 29, 32].map((tiles) => barrierTime(barrierOf('sanafe'), tiles))).toEqual([
      600, 1000, 1000, 1400, 1400, 1800, 1800,
    ]);
  });

  test('of a linear table lies between its neighbours', () => {
    expect([1, 32].map((tiles) => barrierTime(barrierOf('davies2018'), tiles))).toEqual([113, 465]);
    expect(barrierTime(barrierOf('davies2018'), 16)).toBeCloseTo(113 + (15 / 31) * 352, 9);
  });
});
