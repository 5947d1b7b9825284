import { expect, test } from 'vitest';
import { Mesh } from '../../src/hardware/index.ts';
import { TrafficCounters } from '../../src/machine/index.ts';
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

test.each(['by-column', 'by-row'] as const)(
  'numbered %s: a packet that forks passes each link of its routes once',
  (numbering) => {
    const mesh = new Mesh({ columns: 5, rows: 4, coresPerTile: 2, numbering });
    const counters = new TrafficCounters(mesh);
    const dice = new Dice(9);
    const loads = new Float64Array(4 * mesh.tiles);
    const received = new Float64Array(mesh.cores);
    const byDirection = [0, 0, 0, 0];
    const route = new Int32Array(mesh.longest);
    let packets = 0;
    for (let tree = 0; tree < 300; tree++) {
      const source = dice.whole(0, mesh.cores - 1);
      const drawn = Array.from({ length: dice.whole(1, 12) }, () => dice.whole(0, mesh.cores - 1));
      const destinations = [...new Set(drawn)].filter((core) => core !== source);
      const count = dice.whole(1, 3);
      const links = new Set(
        destinations.flatMap((core) => [...route.subarray(0, mesh.route(source, core, route))]),
      );
      for (const link of links) {
        loads[link] = (loads[link] ?? 0) + count;
        byDirection[link % 4] = (byDirection[link % 4] ?? 0) + count;
      }
      for (const core of destinations) received[core] = (received[core] ?? 0) + count;
      packets += count;
      counters.countTree(source, destinations, count);
    }
    expect(counters.loads()).toEqual(loads);
    expect(counters.hopsByDirection()).toEqual(byDirection);
    expect(counters.hops).toBe(byDirection.reduce((sum, hops) => sum + hops));
    expect(counters.packets).toBe(packets);
    expect(counters.packetsReceived).toEqual(received);
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
