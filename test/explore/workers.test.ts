import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Cell, loadExperiment, parseSettings, resolveCell } from '../../src/experiment/index.ts';
import { runFiles, runInFolder } from '../../src/experiment/node.ts';
import type { CellsProgress } from '../../src/explore/index.ts';
import type { CellOutcome } from '../../src/explore/node.ts';
import { findFile } from '../../src/fs/index.ts';
import { coreImageOf, imageOfCore } from '../../src/image/index.ts';
import { builtModule } from '../support/build.ts';
import { inThisThread } from '../support/in-this-thread.ts';
import { scratch } from '../support/scratch.ts';
import { inThorough, thorough } from '../support/thorough.ts';

// Threads that run as built: from the sources each takes two seconds to start.
const { runCells } = await builtModule<typeof import('../../src/explore/node.ts')>('explore/node.js');
const { PlasticoreError } = await builtModule<typeof import('../../src/text/index.ts')>('text/index.js');

const { folder, path } = scratch();

const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''));

/** A network small enough to run in milliseconds. */
const smallCell = (precision: string, seed: number, limit = 20): Cell =>
  resolveCell(
    experiment,
    {
      precision,
      seed,
      limit,
      epochs: 1,
      settings: parseSettings(['program.populations.hidden.size=16', 'program.steps=5']),
    },
    findFile,
  );

const cells = [smallCell('mp16-8', 1), smallCell('fp32', 1), smallCell('mp16-8', 2)];
const runs = cells.map((cell) => ({ cell }));
/** What the quick run does not need threads for. */
const quickly = inThorough({}, { on: inThisThread });

/** A float32 cell in whose first sample not-a-number would be stored: every weight is one. */
function brokenCell(): Cell {
  const cell = smallCell('fp32', 7);
  const { image } = cell;
  const core = coreImageOf(image);
  const contents = core.contents.map((words, bank) =>
    image.banks[bank]?.name === 'weight' ? words.map(() => 0x7fc00000) : words,
  );
  return { ...cell, image: imageOfCore({ ...core, contents }) };
}

function withoutTiming(outcome: CellOutcome | undefined): string {
  if (outcome === undefined || 'failure' in outcome) throw new Error('a report was expected');
  return JSON.stringify({ ...outcome.report, timing: undefined });
}

async function errorOf(runs: Promise<unknown>): Promise<unknown> {
  return runs.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** The outcomes of the three cells by the number of workers that are asked for, with what they told on their way. */
const ran = new Map<number, ReturnType<typeof runWith>>();

async function runWith(workers: number) {
  const seen: CellsProgress[] = [];
  const outcomes = await runCells(runs, { workers, onProgress: (progress) => seen.push(progress) });
  return { outcomes, seen };
}

/** Threads start slowly: for each number of workers, the cells run once. */
function ranWith(workers: number): ReturnType<typeof runWith> {
  const run = ran.get(workers) ?? runWith(workers);
  ran.set(workers, run);
  return run;
}

describe('cells on worker threads', () => {
  test('give what they give in this thread, in their order, with any number of workers', async () => {
    const here = await Promise.all(cells.map((cell) => runInFolder(cell)));
    const expected = here.map((outcome) => withoutTiming(outcome));
    expect(new Set(expected).size).toBe(cells.length);
    for (const workers of inThorough([1, 2, 8], [2])) {
      expect((await ranWith(workers)).outcomes.map(withoutTiming)).toEqual(expected);
    }
  });

  test('write their results into their folders', async () => {
    const folderOf = ({ image: { core, seed } }: Cell) => path(`${core.precision}-${seed}`);
    const outcomes = await runCells(
      cells.map((cell) => ({ cell: () => cell, out: folderOf(cell) })),
      { workers: 2, ...quickly },
    );
    for (const [index, cell] of cells.entries()) {
      const report: unknown = JSON.parse(readFileSync(join(folderOf(cell), runFiles.report), 'utf8'));
      expect(outcomes[index]).toEqual({ report });
    }
    expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.tmp'))).toEqual(
      [],
    );
  });

  test('tell how far they are, together', async () => {
    const { seen } = await ranWith(2);
    expect(seen.at(-1)).toMatchObject({ cellsDone: 3, cellsRunning: 0, cells: 3, done: 120, total: 120 });
    // Two at a time.
    expect(Math.max(...seen.map(({ cellsRunning }) => cellsRunning))).toBe(2);
    expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).sort((a, b) => a - b));
  });

  if (thorough)
    test('tell it in full to a process that is busy: the end does not overtake the last word on the way', async () => {
      const seen: CellsProgress[] = [];
      const clock = new Int32Array(new SharedArrayBuffer(4));
      // Of what lies waiting after each pause, the end of a cell may be read first.
      const busy = setInterval(() => Atomics.wait(clock, 0, 0, 400));
      await runCells(runs, { workers: 2, onProgress: (progress) => seen.push(progress) });
      clearInterval(busy);
      expect(seen.at(-1)).toMatchObject({ cellsDone: 3, done: 120, total: 120 });
    });

  test('run with the engine that is asked for', async () => {
    const [outcome] = await runCells([{ cell: smallCell('mp16-8', 1, 10) }], {
      engine: 'reference',
      ...quickly,
    });
    expect(outcome).toMatchObject({ report: { timing: { engine: 'reference' } } });
  });

  test('say how many of them ran at the same time', async () => {
    const workersOf = async (workers: number) =>
      (await ranWith(workers)).outcomes.map((outcome) =>
        'report' in outcome ? outcome.report.timing.workers : undefined,
      );
    expect(await workersOf(2)).toEqual([2, 2, 2]);
    // No more than there are cells.
    if (thorough) expect(await workersOf(8)).toEqual([3, 3, 3]);
  });

  test('no jobs are no work; no workers are refused', async () => {
    expect(await runCells([])).toEqual([]);
    for (const workers of [0, 1.5]) {
      await expect(runCells(runs, { workers })).rejects.toThrow(`at least 1, found ${workers}`);
    }
  });
});

describe('a fault in a worker', () => {
  test('of a run is its outcome: an error with its place, and the others go on', async () => {
    const [first, second] = await runCells([{ cell: brokenCell() }, { cell: smallCell('mp16-8', 1) }], {
      workers: 2,
    });
    if (first === undefined || !('failure' in first)) throw new Error('a failure was expected');
    expect(first.failure).toBeInstanceOf(PlasticoreError);
    expect(first.failure.code).toBe('run');
    expect(first.failure.describe()).toMatch(/^mnist-snn at fp32, seed 7: not a number: kernel 'integrate'/);
    expect(first.failure.hint).toContain('lower the learning rate');
    expect(second).toHaveProperty('report');
  });

  if (thorough)
    test('of the input ends them all, with the place that the worker gave', async () => {
      const data = path('none.npz');
      const error = await errorOf(
        runCells(
          runs.map((run) => ({ ...run, data })),
          { workers: 2 },
        ),
      );
      expect(error).toBeInstanceOf(PlasticoreError);
      expect(error).toMatchObject({ code: 'file', file: data });
      const engine = await errorOf(runCells(runs, { workers: 1, engine: 'fasst' }));
      expect(engine).toMatchObject({ code: 'usage', hint: "did you mean 'fast'?" });
    });
});

describe('an abort', () => {
  const slow = (seed: number) => smallCell('mp16-8', seed, 2000);

  test('stops every run between two samples, with a checkpoint, and throws its reason', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const outOf = (seed: number) => path(`stopped-${seed}`);
    const stopped = runCells(
      [1, 2, 3].map((seed) => ({ cell: slow(seed), out: outOf(seed) })),
      {
        workers: 2,
        engine: 'reference',
        signal: stop.signal,
        onProgress: ({ done }) => {
          if (done > 0) stop.abort(reason);
        },
      },
    );
    expect(await errorOf(stopped)).toBe(reason);
    // The third was not begun.
    for (const seed of [1, 2]) expect(readdirSync(outOf(seed))).toEqual([runFiles.checkpoint]);
    expect(existsSync(outOf(3))).toBe(false);
  });

  test('before the start begins nothing', async () => {
    const out = path('never');
    const signal = AbortSignal.abort(new Error('never'));
    await expect(
      runCells(
        runs.map((run) => ({ ...run, out })),
        { signal },
      ),
    ).rejects.toThrow('never');
    expect(existsSync(out)).toBe(false);
  });
});
