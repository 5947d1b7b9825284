import { expect, test } from 'vitest';
import { Mesh } from '../../src/hardware/index.ts';
import { PhasePackets } from '../../src/machine/phase-packets.ts';

test('as many packets arrive as were sent', () => {
  const mesh = new Mesh({ columns: 2, rows: 2, coresPerTile: 1, numbering: 'by-row' });
  const packets = new PhasePackets(mesh, [0, 1, 2]);
  packets.count(0, 1, 5);
  packets.count(2, 1, 2);
  packets.count(1, 0, 1);
  expect(packets.addUp()).toBe(8);
  expect([[...packets.sent], [...packets.received]]).toEqual([
    [5, 1, 2],
    [1, 7, 0],
  ]);
});
