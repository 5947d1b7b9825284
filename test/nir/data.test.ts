import { readFileSync } from 'node:fs';
import { gunzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { eventsOf, type Grid, gridOf, readNirData, writeNirData } from '../../src/nir/index.ts';
import { expectError } from '../support/errors.ts';
import { battery, bytesOf } from './files.ts';

/** What files/README.md says of it: in and lif have two samples of three steps of 1e-4 s. */
const written = {
  name: 'observed.h5',
  bytes: gunzipSync(readFileSync(new URL('files/observed.h5.gz', import.meta.url))),
};
const dt = 1e-4;

async function gridsOf(bytes: Uint8Array) {
  const data = await readNirData({ name: 'x.h5', bytes });
  const of = (node: string, name: string) => {
    const seen = data?.get(node)?.get(name);
    if (seen === undefined) throw new Error(`nothing of ${node}`);
    const { shape, values } = gridOf(seen, dt, name);
    return { is: seen.is, shape, values: [...values] };
  };
  return { nodes: [...(data?.keys() ?? [])].sort(), of };
}

describe('what nir.write_data has written', () => {
  test('grids, events and events with values', async () => {
    const { nodes, of } = await gridsOf(written.bytes);
    expect(nodes).toEqual(['in', 'lif', 'out']);
    expect(of('in', 'spikes')).toEqual({
      is: 'grid',
      shape: [2, 3, 2],
      values: [0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0],
    });
    // Neuron 1 at 0.5e-4 and neuron 0 at 2e-4; in the second sample neuron 2 at 1e-4. 2e-4 / 1e-4 is a little above 2.
    expect(of('lif', 'spikes')).toEqual({
      is: 'events',
      shape: [2, 3, 3],
      values: [0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0],
    });
    expect(of('lif', 'membrane').values).toEqual(Array.from({ length: 18 }, (_, at) => at / 8));
    expect(of('out', 'spikes')).toEqual({ is: 'events', shape: [2, 3, 1], values: [2, 0, 1, 0, 0, 5] });
  });

  test('a grid of other steps than the graph is read with is refused', async () => {
    const seen = (await readNirData(written))?.get('in')?.get('spikes');
    expectError(
      () => seen && gridOf(seen, 1e-3, 'in'),
      'data',
      'in has steps of 0.0001, and the graph is read with 0.001',
    );
  });

  test('a graph is none', async () => {
    expect(await readNirData({ name: 'lif.nir', bytes: bytesOf(battery, 'lif.nir') })).toBeUndefined();
  });
});

describe('what is written is read again', () => {
  const grid: Grid = {
    is: 'grid',
    shape: [2, 3, 2],
    values: Float64Array.of(0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0),
    dt,
  };

  const seenAs = (name: string, seen: Grid | ReturnType<typeof eventsOf>) => new Map([[name, seen]]);

  test('as events, each in the middle of its step, and as a grid; nodes of a graph within a graph, too', async () => {
    const events = eventsOf(grid);
    expect([...events.neuron]).toEqual([1, 0, 1, -1]);
    expect([...events.time].map((time) => time / dt)).toEqual([0.5, 2.5, 1.5, Infinity]);
    expect(events.value).toBeUndefined();
    const bytes = await writeNirData(
      new Map([
        ['block/n', seenAs('spikes', events)],
        ['block/m', seenAs('potential', grid)],
        ['n', seenAs('spikes', eventsOf({ ...grid, values: grid.values.map((value) => 2.5 * value) }))],
      ]),
    );
    const { nodes, of } = await gridsOf(bytes);
    expect(nodes).toEqual(['block/m', 'block/n', 'n']);
    for (const [node, name, is] of [
      ['block/n', 'spikes', 'events'],
      ['block/m', 'potential', 'grid'],
    ] as const)
      expect(of(node, name)).toEqual({ is, shape: [2, 3, 2], values: [...grid.values] });
    expect(of('n', 'spikes').values).toEqual([...grid.values].map((value) => 2.5 * value));
  });

  test('the end of events is a step that a whole division finds', () => {
    // 3e-4 / 1e-4 is 2.9999999999999996: nir would find two steps.
    for (let steps = 1; steps < 400; steps++) {
      const { end } = eventsOf({ is: 'grid', shape: [1, steps, 1], values: new Float64Array(steps), dt });
      expect(Math.floor(end / dt)).toBe(steps);
    }
  });
});
