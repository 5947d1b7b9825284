import { expect, test } from 'vitest';
import { Mesh } from '../../src/hardware/index.ts';
import { TrafficCounters } from '../../src/system/index.ts';
import { Dice } from '../engine/random/dice.ts';

test.each(['by-column', 'by-row'] as const)(
  'numbered %s: what links carry is what routes say',
  (numbering) => {
    const mesh = new Mesh({ columns: 5, rows: 3, coresPerTile: 2, numbering });
    const counters = new TrafficCounters(mesh);
    const dice = new Dice(7);
    const loads = new Float64Array(4 * mesh.tiles);
    const sent = new Float64Array(mesh.cores);
    const received = new Float64Array(mesh.cores);
    const links = new Int32Array(mesh.longest);
    const byDirection = [0, 0, 0, 0];
    let [hops, events] = [0, 0];
    for (let packet = 0; packet < 500; packet++) {
      const [source, destination] = [dice.whole(0, mesh.cores - 1), dice.whole(0, mesh.cores - 1)];
      const own = mesh.route(source, destination, links);
      for (const link of links.subarray(0, own)) {
        loads[link] = (loads[link] ?? 0) + 1;
        byDirection[link % 4] = (byDirection[link % 4] ?? 0) + 1;
      }
      expect(counters.count(source, destination, packet)).toBe(own);
      sent[source] = (sent[source] ?? 0) + 1;
      received[destination] = (received[destination] ?? 0) + 1;
      hops += own;
      events += packet;
    }
    expect(counters.loads()).toEqual(loads);
    expect(counters.hopsByDirection()).toEqual(byDirection);
    expect([counters.packets, counters.hops, counters.events]).toEqual([500, hops, events]);
    expect(counters.packetsSent).toEqual(sent);
    expect(counters.packetsReceived).toEqual(received);
    expect(counters.eventsReceived.reduce((sum, count) => sum + count)).toBe(events);
  },
);

test('steps add up to a run, and a cleared step holds nothing', () => {
  const mesh = new Mesh({ columns: 2, rows: 2, coresPerTile: 1, numbering: 'by-row' });
  const [run, step] = [new TrafficCounters(mesh), new TrafficCounters(mesh)];
  step.count(0, 3, 5); // east to tile 1, north to tile 3
  run.add(step);
  step.clear();
  expect([step.packets, ...step.loads()]).toEqual([0, ...new Array(16).fill(0)]);
  step.count(0, 1, 2);
  run.add(step);
  expect([run.packets, run.hops, run.events]).toEqual([2, 3, 7]);
  expect([...run.packetsSent]).toEqual([2, 0, 0, 0]);
  expect([...run.eventsReceived]).toEqual([0, 2, 0, 5]);
  const loads = run.loads();
  expect([loads[4 * 1], loads[4 * 3 + 3]]).toEqual([2, 1]);
  expect(run.hopsByDirection()).toEqual([2, 0, 0, 1]);
});
