import { describe, expect, test } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { loadExperiment, parseSettings, resolveCell, runCell } from '../../../src/experiment/index.ts';
import { loadFor } from '../../../src/experiment/node.ts';
import { findFile } from '../../../src/fs/index.ts';
import { addCounts, price } from '../../../src/image/index.ts';
import { formatTrace, goldenFormats, readTrace, replayTrace, traceOf } from '../../../src/trace/index.ts';
import { edit } from '../../hardware/tiny.ts';

const cell = resolveCell(
  loadExperiment(findFile('experiment', 'many-cores', '')),
  { limit: 1, epochs: 1, settings: parseSettings(['program.populations.hidden.size=64']) },
  findFile,
);
const source = { program: 'mnist-snn', hwModel: 'mesh', settings: cell.settings };

const formats = await goldenFormats();
const verdictOf = (text: string, engine: string) =>
  replayTrace(readTrace(text, 'many.json', formats), {
    file: 'many.json',
    engine,
    find: findFile,
    readImage: () => {
      throw new Error('the trace names no image');
    },
  });

describe('a golden trace of a program on many cores', async () => {
  const data = await loadFor(cell, undefined);
  const trace = traceOf(cell, data, source);
  const text = formatTrace(trace);

  test('has the counters of the run, and says where the neurons are', async () => {
    const { history, scored } = await runCell(cell, data);
    const [epoch] = history;
    if (epoch === undefined) throw new Error('an epoch was expected');
    const counters = addCounts(epoch.counters, scored.counters);
    expect(trace.expected.counters).toMatchObject({
      cycles: price(counters, cell.image.costs).cycles,
      router: { pushes: counters.pushes, pops: counters.pops, drops: 0, stalls: 0 },
    });
    const cycles = trace.expected.samples.map((sample) => sample.cycles?.reduce((a, b) => a + b) ?? 0);
    const ran = [epoch.counters, scored.counters].map((each) => price(each, cell.image.costs).cycles);
    for (const [sample, each] of cycles.entries()) expect(each).toBeCloseTo(ran[sample] ?? 0, 6);
    expect(trace.placement).toEqual(cell.image.placement);
  });

  test.each(engineNames)('replays identically on the %s engine, and one spike less is found', (engine) => {
    expect(verdictOf(text, engine).agrees).toBe(true);
    const [sample] = trace.expected.samples;
    const step = sample?.spikes.hidden?.findIndex((neurons) => neurons.length > 1) ?? -1;
    const neurons = sample?.spikes.hidden?.[step] ?? [];
    const wrong = edit(text, JSON.stringify(neurons), JSON.stringify(neurons.slice(1)));
    expect(verdictOf(wrong, engine)).toMatchObject({ agrees: false });
  });

  test('does not verify on cores of another placement', () => {
    const { output = [] } = cell.image.placement;
    const placement = {
      ...trace.placement,
      output: output.map((slice) => ({ ...slice, core: (slice.core + 1) % 8 })),
    };
    const moved = formatTrace({ ...trace, placement });
    expect(verdictOf(moved, 'fast')).toMatchObject({ agrees: false });
  });
});
