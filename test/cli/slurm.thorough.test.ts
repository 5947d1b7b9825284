import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { argv } from '../support/argv.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';
import { type OneMachine, startSlurm } from '../support/slurm.ts';
import { commandLine, type Finished } from './in-process.ts';
import { main } from './spawn.ts';

const { folder } = scratch();
const at = (name: string): string => join(folder, name);

const small = argv`sweep mnist-snn --set program.populations.hidden.size=16`;
const explore = ['explore', ...small.slice(1)];

test('is refused where there is no Slurm, and without a folder', async () => {
  const lines: readonly (readonly [readonly string[], string])[] = [
    [
      argv`--on slurm`,
      'plasticore: --on slurm needs --out\n  a folder that the nodes of the cluster reach under the same name\n',
    ],
    [argv`--slurm-args time=1`, 'plasticore: --slurm-args needs --on slurm\n'],
    [
      argv`--on slurm --out ${at('none')} --slurm-args array=1-2`,
      `plasticore: --slurm-args: '--array=1-2' is set already\n  --workers limits how many cells run at the same time; outputs of jobs are in ${at('none/slurm')}\n`,
    ],
  ];
  for (const [args, stderr] of lines)
    expect(await commandLine(argv`${small} ${args}`)).toEqual({ status: 2, stdout: '', stderr });
  const nowhere = await run(argv`--on slurm --limit 10 --epochs 1 --out ${at('nowhere')}`, {
    PATH: '/nonexistent',
  });
  expect(nowhere.status).toBe(2);
  expect(nowhere.stderr).toContain("plasticore: --on slurm: there is no Slurm here: no command 'sbatch'");
});

test('says what Slurm says where it is installed and not configured', async () => {
  const programs = mkdtempSync(join(folder, 'programs-'));
  const sbatch = join(programs, 'sbatch');
  writeFileSync(
    sbatch,
    '#!/bin/sh\necho "sbatch: error: resolve_ctls_from_dns_srv: Unknown host" >&2\nexit 1\n',
  );
  chmodSync(sbatch, 0o755);
  vi.stubEnv('PATH', `${programs}:${process.env.PATH}`);
  const ended = await commandLine(argv`${small} --on slurm --limit 10 --out ${at('mute')}`);
  vi.unstubAllEnvs();
  expect(ended).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'mnist-snn: 35 cells, engine fast\n' +
      'plasticore: --on slurm: Slurm does not answer: resolve_ctls_from_dns_srv: Unknown host\n' +
      '  SLURM_CONF names its configuration; sinfo shows whether it answers; without --on, cells run on this computer\n',
  });
});

/** Starts a sweep, or another command, as a process of its own. */
function start(args: readonly string[], env: NodeJS.ProcessEnv, command = small): ChildProcess {
  return spawn(process.execPath, [main, ...command, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function end(child: ChildProcess): Promise<Finished> {
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.on('data', (text) => {
      written[stream] += String(text);
    });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...written };
}

const run = (args: readonly string[], env: NodeJS.ProcessEnv, command = small): Promise<Finished> =>
  end(start(args, env, command));

/** All files below a folder, without the times in reports. */
function contentOf(root: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        const text = readFileSync(path, 'latin1');
        const { timing: _, ...report } =
          name === 'report.json' ? (JSON.parse(text) as { timing: unknown }) : { timing: 0 };
        return [path.slice(root.length), name === 'report.json' ? JSON.stringify(report) : text];
      }),
  );
}

// Skipped where Slurm is missing, or not root's to start: apt-get install slurm-wlm munge
describe('on a Slurm of one machine', needs('slurm'), () => {
  let slurm: OneMachine;
  beforeAll(async () => {
    slurm = await startSlurm();
  });
  afterAll(() => slurm?.stop());

  /** Elements that wait or run, as JOB_ELEMENT. */
  const active = (): string[] =>
    slurm
      .ask('squeue', '--noheader', '--array', '--format=%F_%K')
      .split('\n')
      .filter((line) => line !== '')
      .sort();

  test('cells leave the same bytes as on this computer, also those that fail', async () => {
    // Each update takes a weight times 2^20: integers saturate; floats overflow, and then inf - inf is not a number.
    writeFileSync(
      at('blow-up.uc'),
      `kernel learn over synapses where pre.trace and post.signal
  ld     r0, pre.trace
  ld     r1, post.signal
  mul    r2, r0, r1
  sra.sr r2, r2, #rate
  ld     r3, syn.shadow
${'  add.s  r3, r3, r3\n'.repeat(20)}  add.s  r3, r3, r2
  st     r3, syn.shadow
end
`,
    );
    const rule = `program.microcode.update=${at('blow-up.uc')}`;
    const cells = argv`--precision mp16-8,mp16-4,fp32 --seeds 1 --limit 50 --epochs 1`;
    const args = argv`${cells} --set ${rule} --quiet`;
    const [here, there] = await Promise.all([
      run(argv`${args} --out ${at('here')}`, process.env),
      run(argv`${args} --out ${at('there')} --on slurm --workers 2`, slurm.env),
    ]);
    expect(there).toEqual(here);
    expect(there.status).toBe(1);
    expect(there.stderr).toContain('plasticore: 1 of 3 cells failed; fp32_seed=1: not a number: kernel');
    expect(contentOf(at('there'))).toEqual(contentOf(at('here')));
  });

  test('a search finds the same designs as on this computer', async () => {
    const space = at('space.yaml');
    writeFileSync(
      space,
      'format: plasticore/space/1\naxes: {precision: [mp16-4, mp16-8], hw.lanes: [8, 16]}\nobjectives: [accuracy, energy]\n',
    );
    const args = argv`--space ${space} --limit 50 --epochs 1 --quiet`;
    const [here, there] = await Promise.all([
      run(argv`${args} --out ${at('found')}`, process.env, explore),
      run(argv`${args} --out ${at('found-there')} --on slurm`, slurm.env, explore),
    ]);
    expect(there).toEqual(here);
    expect(there.status).toBe(0);
    expect(contentOf(at('found-there'))).toEqual(contentOf(at('found')));
  });

  test('what Slurm refuses is said in its words', async () => {
    const args = [
      ...['--seeds', '1', '--precision', 'fp32', '--limit', '10'],
      ...['--epochs', '1', '--out', at('refused')],
    ];
    const { status, stderr } = await run(
      argv`${args} --on slurm --slurm-args=--partition=nowhere`,
      slurm.env,
    );
    expect(status).toBe(2);
    expect(stderr).toMatch(/plasticore: --on slurm: Slurm refuses the jobs: .*[Ii]nvalid partition/);
    expect(existsSync(at('refused/slurm'))).toBe(false);
  });

  /** Cells that go on until they are stopped. */
  const endless = [
    ...['--seeds', '1,2', '--precision', 'fp32'],
    ...['--epochs', '100000', '--checkpoint-seconds', '0.2'],
  ];

  test('jobs go on without their follower, are followed again, and end with checkpoints', async () => {
    const onSlurm = argv`${endless} --out ${at('endless')} --on slurm`;
    const checkpoint = (seed: number) => {
      const runs = existsSync(at('endless/runs')) ? readdirSync(at('endless/runs')) : [];
      const run = runs.find((name) => name.endsWith(`_seed=${seed}`)) ?? 'none';
      return at(`endless/runs/${run}/checkpoint.msgpack`);
    };
    const killed = start(onSlurm, slurm.env);
    while (![1, 2].every((seed) => existsSync(checkpoint(seed)))) await setTimeout(100);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const jobs = active();
    expect(jobs).toHaveLength(2);
    const local = await run(argv`${endless} --out ${at('endless')} --resume`, slurm.env);
    expect([local.status, local.stderr]).toEqual([
      2,
      `plasticore: ${at('endless')}: jobs of Slurm may still work on these cells\n  --on slurm with --resume follows them; or cancel them, and remove ${at('endless/slurm')}\n`,
    ]);

    const following = start([...onSlurm, '--resume'], slurm.env);
    const ended = end(following);
    // It tells its progress when it has found them.
    await once(following.stderr ?? following, 'data');
    // While they are followed, both jobs go on: each writes another checkpoint.
    const written = (seed: number) => statSync(checkpoint(seed)).mtimeMs;
    const before = new Map([1, 2].map((seed) => [seed, written(seed)]));
    while ([...before].some(([seed, time]) => written(seed) === time)) await setTimeout(100);
    expect(active()).toEqual(jobs);
    following.kill('SIGINT');
    expect(await ended).toMatchObject({
      status: 130,
      stderr: expect.stringContaining('its jobs are cancelled'),
    });
    await expect.poll(active).toEqual([]);
    expect(existsSync(at('endless/slurm'))).toBe(false);
    for (const seed of [1, 2]) expect(existsSync(checkpoint(seed))).toBe(true);
  });

  test('a cell that Slurm ends is named, the others go on, and nothing is lost', async () => {
    const args = argv`--seeds 1,2 --precision fp32 --limit 2000 --epochs 2`;
    const onSlurm = argv`${args} --out ${at('lost')} --on slurm`;
    // One at a time, so that the second still waits.
    const following = end(start([...onSlurm, '--workers', '1'], slurm.env));
    while (active().length < 2) await setTimeout(50);
    slurm.ask('scancel', active()[1] ?? '');
    expect(await following).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        // By when it is cancelled, Slurm lists it or not.
        /plasticore: Slurm has ended 1 of 2 cells before they were done: \w+_seed=2 \((CANCELLED|no longer in the queue)\)\n {2}what is done is kept: --resume goes on from the checkpoints\n/,
      ),
    });
    expect(readFileSync(at('lost/cells.csv'), 'utf8')).toMatch(/^fp32,fp32,2,.*unfinished/m);
    const [resumed, here] = await Promise.all([
      run(argv`${onSlurm} --resume --quiet`, slurm.env),
      run(argv`${args} --out ${at('whole')} --quiet`, process.env),
    ]);
    expect(resumed).toEqual(here);
    expect(resumed.status).toBe(0);
    expect(contentOf(at('lost'))).toEqual(contentOf(at('whole')));
  });
});
