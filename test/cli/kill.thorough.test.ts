import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Packr } from 'msgpackr/pack';
import { describe, expect, test } from 'vitest';
import { hash32 } from '../../src/random/index.ts';
import { argv } from '../support/argv.ts';
import { resultsIn } from '../support/results.ts';
import { scratch } from '../support/scratch.ts';
import { plasticore, start } from './spawn.ts';

const { path } = scratch();

/**
 * Kills of each of the four commands, in place of those that the tests state: `KILLS=25 npx vitest run --mode thorough
 * test/cli/kill`.
 */
const kills = process.env.KILLS === undefined ? undefined : Number(process.env.KILLS);

writeFileSync(
  path('small.yaml'),
  `format: plasticore/experiment/1
name: small
program: mnist-snn
hw: reference
precisions: [mp16-8, fp32]
seeds: [1]
epochs: 2
limit: 200
sweep: {program.populations.hidden.size: [64, 96]}
default: {precision: mp16-8, seed: 1}
`,
);

/** A kill and what is resumed after it take a few seconds, on a busy machine a minute. */
const timeout = 600_000 + (kills ?? 0) * 60_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** When a file was written last; 0 before it is. */
const written = (file: string) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/**
 * Starts a command and kills it with SIGKILL so many ms after it has first written `sign`, or after its start where
 * `isEarly`.
 *
 * @param isWanted whether what it has written there is the sign; anything if absent
 * @returns whether it was still running
 */
async function kill(
  args: readonly string[],
  {
    sign,
    ms,
    isEarly,
    isWanted = () => true,
  }: { readonly sign: string; readonly ms: number; readonly isEarly: boolean; isWanted?(): boolean },
): Promise<boolean> {
  const before = written(sign);
  const isSigned = (): boolean => written(sign) !== before && isWanted();
  const child = start(args);
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
  while (!isEarly && child.exitCode === null && !isSigned()) await pause(2);
  await Promise.race([exit, pause(ms)]);
  const isRunning = child.exitCode === null;
  child.kill('SIGKILL');
  const [status] = await exit;
  if (!isRunning) expect(status).toBe(0);
  return isRunning;
}

const packr = new Packr({ structuredClone: true });

/** Where a run resumes from a checkpoint. */
function placeIn(checkpoint: string): {
  readonly part: string;
  readonly epoch: number;
  readonly done: number;
} {
  const { content } = packr.unpack(readFileSync(checkpoint));
  const { part, epoch, done } = packr.unpack(content).state;
  return { part, epoch, done };
}

/**
 * Kills a command again and again, each time after a delay that `seed` names, and resumes it; once it gets to its end
 * its folder is held against that of an undisturbed one, and the next folder begins.
 *
 * @param begun what each folder holds at first; empty if absent
 */
async function killAgainAndAgain(
  args: readonly string[],
  {
    name,
    sign,
    seed,
    moments: stated,
    begun: from,
  }: {
    readonly name: string;
    readonly sign: string;
    readonly seed: number;
    readonly moments: number;
    readonly begun?: string;
  },
): Promise<void> {
  const moments = kills ?? stated;
  const whole = path(`${name}-whole`);
  const started = performance.now();
  const undisturbed = start([...args, '--out', whole]);
  const exit = once(undisturbed, 'exit');
  while (written(join(whole, sign)) === 0 && undisturbed.exitCode === null) await pause(2);
  const atWork = performance.now();
  expect((await exit)[0]).toBe(0);
  const [startMs, workMs] = [atWork - started, performance.now() - atWork];
  const expected = resultsIn(whole);

  let folders = 0;
  const out = () => path(`${name}-${folders}`);
  for (let killed = 0, tries = 0; killed < moments; tries++) {
    expect(tries).toBeLessThan(5 * moments);
    // The first two anywhere from the start of the process, the others while it works.
    const isEarly = killed < 2;
    const ms = (hash32(seed, tries) / 2 ** 32) * (isEarly ? startMs : workMs);
    if (from !== undefined && !existsSync(out())) cpSync(from, out(), { recursive: true });
    const resume = argv`--out ${out()} --resume --checkpoint-seconds 0`;
    if (await kill([...args, ...resume], { sign: join(out(), sign), ms, isEarly })) killed += 1;
    else {
      expect(resultsIn(out())).toEqual(expected);
      folders += 1;
    }
  }
  const { status, stderr } = plasticore(argv`${args} --out ${out()} --resume`);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(resultsIn(out())).toEqual(expected);
}

describe('killed again and again and resumed, it ends in the same bytes as undisturbed:', () => {
  test('a run', { timeout }, async () => {
    const args = argv`run ${path('small.yaml')} --validate 0.3 --record v:hidden,spikes:* --quiet`;
    await killAgainAndAgain(args, { name: 'run', sign: 'checkpoint.msgpack', seed: 1, moments: 4 });
  });

  test('a life', { timeout }, async () => {
    const life = '[{classes: [0, 1]}, {classes: [2, 3], passes: 2, test: all}, {classes: [4, 5]}]';
    const set = argv`--set experiment.life=${life} --set experiment.epochs=1`;
    const args = argv`run ${path('small.yaml')} --limit 150 ${set} --quiet`;
    await killAgainAndAgain(args, { name: 'life', sign: 'checkpoint.msgpack', seed: 5, moments: 3 });
  });

  test('a life, within each pass and wherever a pass or test has ended', { timeout }, async () => {
    const stages = '{classes: [0, 1]}, {classes: [2, 3], passes: 2, test: all}, {classes: [4, 5]}';
    const life = argv`--set experiment.life=[${stages}] --set experiment.epochs=1`;
    const runOf = (limit: string): string[] =>
      argv`run ${path('small.yaml')} --limit ${limit} ${life} --quiet`;
    const wholeOf = (args: readonly string[], name: string): string => {
      const out = path(name);
      expect(plasticore(argv`${args} --out ${out}`).status).toBe(0);
      return out;
    };
    // A checkpoint follows each sample. Passes are so long that a busy machine sees one of theirs.
    const long = runOf('600');
    const within = path('within');
    const checkpoint = join(within, 'checkpoint.msgpack');
    const often = argv`${long} --out ${within} --resume --checkpoint-seconds 0`;
    for (const pass of [0, 1, 2, 3]) {
      const isWanted = (): boolean => {
        // A life that ends takes its checkpoint away, also between a look at its time and this one.
        if (!existsSync(checkpoint)) return false;
        const { part, epoch, done } = placeIn(checkpoint);
        return part === 'train' && epoch === pass && done > 0;
      };
      // A machine that is too busy misses it, and the life begins anew.
      let tries = 0;
      while (!(await kill(often, { sign: checkpoint, ms: 0, isEarly: false, isWanted }))) {
        expect(++tries).toBeLessThan(200);
        rmSync(within, { recursive: true });
      }
    }
    expect(plasticore(argv`${long} --out ${within} --resume`).status).toBe(0);
    expect(resultsIn(within)).toEqual(resultsIn(wholeOf(long, 'within-whole')));
    const args = runOf('150');
    const whole = wholeOf(args, 'ends-whole');
    for (let folder = 0; folder < Math.max(1, Math.floor((kills ?? 0) / 4)); folder++) {
      const out = path(`ends-${folder}`);
      const sign = join(out, 'checkpoint.msgpack');
      // Checkpoints are written there alone.
      const resume = argv`${args} --out ${out} --resume --checkpoint-seconds 3600`;
      const places = new Set<string>();
      // What is killed at the end of its last test begins there again.
      for (let last = ''; await kill(resume, { sign, ms: 0, isEarly: false }); ) {
        const { part, epoch, done } = placeIn(sign);
        expect(part === 'score' || done === 0).toBe(true);
        const place = `${part} ${epoch} ${done}`;
        if (place === last) break;
        places.add(place);
        last = place;
      }
      // Four passes and three tests; a busy computer may miss the shortest.
      expect(places.size).toBeGreaterThanOrEqual(4);
      expect(places.size).toBeLessThanOrEqual(4 + 3);
      expect(plasticore(argv`${args} --out ${out} --resume`).status).toBe(0);
      expect(resultsIn(out)).toEqual(resultsIn(whole));
    }
  });

  test('a sweep', { timeout }, async () => {
    const args = argv`sweep ${path('small.yaml')} --validate --workers 2 --quiet`;
    await killAgainAndAgain(args, { name: 'sweep', sign: 'space.json', seed: 2, moments: 4 });
    // Of each cell five files; what is swept, the result, and its designs and cells as tables.
    expect(Object.keys(resultsIn(path('sweep-whole')))).toHaveLength(4 * 5 + 4);
  });

  test('a search', { timeout }, async () => {
    writeFileSync(
      path('space.yaml'),
      `format: plasticore/space/1
axes:
  precision: [mp16-8, fp32]
  hidden: {path: program.populations.hidden.size, values: [64, 96]}
  hw.clockMhz: [100, 200]
`,
    );
    const args = argv`explore ${path('small.yaml')} --space ${path('space.yaml')} --workers 2 --quiet`;
    await killAgainAndAgain(args, { name: 'search', sign: 'space.json', seed: 4, moments: 3 });
  });

  test('a sweep that was partly done', { timeout }, async () => {
    const args = argv`sweep ${path('small.yaml')} --validate --workers 2 --quiet`;
    const begun = path('part');
    const part = argv`--precision fp32 --vary program.populations.hidden.size=96`;
    expect(plasticore(argv`${args} ${part} --out ${begun}`).status).toBe(0);
    await killAgainAndAgain(args, { name: 'extended', sign: 'space.json', seed: 3, moments: 2, begun });
  });
});

test('a resumed sweep does not repeat finished cells', { timeout: 120_000 }, () => {
  const out = path('sweep-whole');
  expect(existsSync(out)).toBe(true);
  const reports = Object.keys(resultsIn(out)).filter((name) => name.endsWith('report.json'));
  const texts = () => reports.map((name) => readFileSync(join(out, name), 'utf8'));
  const before = texts();
  rmSync(join(out, 'cells.csv'));
  const args = argv`sweep ${path('small.yaml')} --validate --out ${out} --resume`;
  const { status, stderr } = plasticore(args);
  expect(status).toBe(0);
  expect(stderr).toContain('small: 4 cells, 4 of them finished before');
  // With their timing.
  expect(texts()).toEqual(before);
  expect(existsSync(join(out, 'cells.csv'))).toBe(true);
});
