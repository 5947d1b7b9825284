import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { lastNumber, readVcd } from '../trace/read-vcd.ts';
import { commandLine, refused, stoppedLine } from './in-process.ts';

const { folder, path: at } = scratch();

/** A run of 20 + 20 samples of 8 steps, small enough for milliseconds. */
const small = argv`mnist-snn --limit 20 --epochs 1 --set program.populations.hidden.size=16`;

test('writes waveforms and a timeline, and says what they are of', async () => {
  const files = argv`--vcd ${at('a.vcd')} --perfetto ${at('a.json')}`;
  const { status, stderr, stdout } = await commandLine(argv`trace ${small} --steps 0..9 ${files}`);
  expect(status).toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/at step 0 after \d+\.\d\d s; about [\d.]+ MB to write\n.*10 steps of 'mnist-snn'/);
  const { signals } = readVcd(readFileSync(at('a.vcd'), 'utf8'));
  const step = signals.get('mnist_snn/step');
  expect(step && lastNumber(step)).toBe(9);
  const { traceEvents } = JSON.parse(readFileSync(at('a.json'), 'utf8')) as {
    readonly traceEvents: readonly { readonly name: string }[];
  };
  for (let step = 0; step < 10; step++)
    expect(traceEvents).toContainEqual(expect.objectContaining({ name: `step ${step}` }));
  // What was estimated is about what was written.
  const told = Number(/about ([\d.]+) MB/.exec(stderr)?.[1]) * 1e6;
  const written = statSync(at('a.vcd')).size + statSync(at('a.json')).size;
  expect(told / written).toBeGreaterThan(0.5);
  expect(told / written).toBeLessThan(2);
});

describe('a run that keeps states', () => {
  const out = at('run');

  test('is traced by its folder from the state before, to the same bytes as from its beginning', async () => {
    expect((await commandLine(argv`run ${small} --out ${out} --keep-states 7 --quiet`)).status).toBe(0);
    // 40 samples of 8 steps: states after 7, 14, ... 35 of them.
    expect(readdirSync(join(out, 'states')).sort()).toEqual(
      ['112.msgpack', '168.msgpack', '224.msgpack', '280.msgpack', '56.msgpack', 'run.json'].sort(),
    );
    for (const [steps, state] of [
      ['60..70', 56],
      // Learning ends with step 159.
      ['150..171', 112],
      ['319', 280],
    ] as const) {
      const [kept, whole] = [at(`kept-${steps}.vcd`), at(`whole-${steps}.vcd`)];
      const { status, stderr } = await commandLine(argv`trace ${out} --steps ${steps} --vcd ${kept}`);
      expect(status, stderr).toBe(0);
      expect(stderr).toContain(`goes on from the state after ${state} steps`);
      await commandLine(argv`trace ${small} --steps ${steps} --vcd ${whole}`);
      expect(readFileSync(kept, 'utf8')).toBe(readFileSync(whole, 'utf8'));
    }
  });

  test('refuses a window beyond the run before it says where it goes on', async () => {
    const line = argv`trace ${out} --steps 1000..1010 --vcd ${at('n.vcd')}`;
    expect(await commandLine(line)).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'plasticore: --steps 1000..1010: the run has 320 steps, 0 to 319\n  a longer run has more: --epochs, --limit\n',
    });
  });

  test('speaks of one step', async () => {
    const line = argv`trace ${out} --steps 57 --vcd ${at('one.vcd')}`;
    expect((await commandLine(line)).stderr).toMatch(
      /^goes on from the state after 56 steps\nat step 57 .*\n.*one\.vcd: 1 step of 'mnist-snn'/,
    );
  });

  test('has its own options, and its own states', async () => {
    const line = argv`trace ${out} --epochs 2 --steps 0 --vcd ${at('n.vcd')}`;
    const { status, stderr } = await commandLine(line);
    expect([status, stderr]).toEqual([
      2,
      `plasticore: ${out}: --epochs is for experiments and images: a run has been started with its own\n`,
    ]);
    const file = join(out, 'states', 'run.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"limit": 20', '"limit": 21'));
    expect(await refused(argv`trace ${out} --steps 60 --vcd ${at('n.vcd')}`)).toContain(
      'this state belongs to another run: its limit of samples is 20',
    );
    writeFileSync(file, '{}');
    const damaged = await commandLine(argv`trace ${out} --steps 60 --vcd ${at('n.vcd')}`);
    expect([damaged.status, damaged.stderr]).toEqual([2, expect.stringContaining('run.json: damaged')]);
    writeFileSync(file, text);
    const state = join(out, 'states', '56.msgpack');
    writeFileSync(state, readFileSync(state).subarray(0, 1000));
    const cut = await commandLine(argv`trace ${out} --steps 60 --vcd ${at('n.vcd')}`);
    expect([cut.status, cut.stderr]).toEqual([2, expect.stringContaining('56.msgpack: damaged')]);
    expect(existsSync(at('n.vcd'))).toBe(false);
  });

  test('begins without the states of another that was killed early', async () => {
    const killed = at('killed');
    cpSync(join(out, 'states'), join(killed, 'states'), { recursive: true });
    await commandLine(argv`run ${small} --seed 2 --out ${killed} --keep-states 30 --quiet`);
    expect(readdirSync(join(killed, 'states')).sort()).toEqual(['240.msgpack', 'run.json']);
  });

  test('loses its states when it is run anew, and needs a folder for them', async () => {
    await commandLine(argv`run ${small} --out ${out} --overwrite --quiet`);
    expect(existsSync(join(out, 'states'))).toBe(false);
    const none = await commandLine(argv`trace ${out} --steps 0 --vcd ${at('n.vcd')}`);
    expect([none.status, none.stderr]).toEqual([
      2,
      expect.stringContaining('not of a run that has kept states'),
    ]);
    const nowhere = await commandLine(argv`run ${small} --keep-states 7`);
    expect([nowhere.status, nowhere.stderr]).toEqual([
      2,
      expect.stringContaining('--keep-states needs --out'),
    ]);
  });
});

test('shows samples that are presented again, whose steps count as those of the run do', async () => {
  const replaying = argv`${small} --set program.replay=output.signal`;
  const { stdout } = await commandLine(argv`run ${replaying} --quiet --json -`);
  const { train, test } = JSON.parse(stdout) as Record<'train' | 'test', { counters: { steps: number } }>;
  const steps = train.counters.steps + test.counters.steps;
  // Without replay, 20 + 20 samples of 8 steps.
  expect(steps).toBeGreaterThan(320);
  const last = steps - 1;
  const shown = await commandLine(argv`trace ${replaying} --steps ${last} --vcd ${at('again.vcd')}`);
  expect([shown.status, shown.stderr]).toEqual([0, expect.stringContaining('1 step of')]);
  const beyond = await commandLine(argv`trace ${replaying} --steps 0..${steps} --vcd ${at('no.vcd')}`);
  expect([beyond.status, beyond.stderr]).toEqual([
    2,
    expect.stringContaining(`the run has ${steps} steps, 0 to ${last}`),
  ]);
  expect(existsSync(at('no.vcd'))).toBe(false);
});

describe('is refused, with nothing written:', () => {
  const line = (...args: string[]) => commandLine(argv`trace ${small} ${args}`);
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    [
      'a window beyond the run',
      argv`--steps 300..320 --vcd ${at('x.vcd')}`,
      'plasticore: --steps 300..320: the run has 320 steps, 0 to 319\n  a longer run has more: --epochs, --limit\n',
    ],
    [
      'a window that is none',
      argv`--steps 5..4 --vcd ${at('x.vcd')}`,
      "plasticore: --steps: expected steps as A..B, found '5..4'\n  steps count from 0: 0..9 are the first ten\n",
    ],
    [
      'an unknown signal',
      argv`--steps 0 --vcd ${at('x.vcd')} --signals kernls`,
      "plasticore: --signals: there is no signal 'kernls'\n  did you mean 'kernels'?; items of a field are v:hidden or v:hidden[0-9]\n",
    ],
    [
      'an unknown population',
      argv`--steps 0 --vcd ${at('x.vcd')} --signals v:hiden`,
      "plasticore: --signals: there is no population or projection 'hiden'\n  did you mean 'hidden'?\n",
    ],
    [
      'items that a field does not have',
      argv`--steps 0 --vcd ${at('x.vcd')} --signals v:hidden[10-16]`,
      "plasticore: --signals: 'v:hidden[10-16]': hidden.v has items 0 to 15\n  for example [0-9]\n",
    ],
    [
      'nothing to write',
      argv`--steps 0`,
      'plasticore: nothing to write\n  --vcd FILE writes waveforms, --perfetto FILE a timeline, --activity FILE the bits that toggle\n',
    ],
    [
      'signals without a file that shows them',
      argv`--steps 0 --activity ${at('x.vcd')} --signals kernels`,
      'plasticore: --signals: there is nothing to show them in\n  --vcd FILE or --perfetto FILE shows them; --activity FILE counts toggles of the whole core\n',
    ],
    [
      'one file for two things',
      argv`--steps 0 --vcd ${at('x.vcd')} --activity ${at('x.vcd')}`,
      `plasticore: ${at('x.vcd')}: two of the options name one file\n`,
    ],
    [
      'a folder that is not there',
      argv`--steps 0 --vcd ${at('none/x.vcd')}`,
      `plasticore: ${at('none/x.vcd')}: cannot be written: there is no folder '${at('none')}'\n`,
    ],
  ];
  test.each(cases)('%s', async (_, args, stderr) => {
    expect(await line(...args)).toEqual({ status: 2, stdout: '', stderr });
    expect(existsSync(at('x.vcd'))).toBe(false);
  });

  test('a file that exists, unless it may be replaced', async () => {
    const file = at('mine.vcd');
    writeFileSync(file, 'mine');
    const args = argv`--steps 0 --vcd ${file}`;
    expect(await line(...args)).toEqual({
      status: 2,
      stdout: '',
      stderr: `plasticore: ${file}: there is a file of that name\n  --overwrite replaces it\n`,
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await line(...args, '--overwrite')).status).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('$enddefinitions $end');
  });

  test('files larger than allowed, before they are written', async () => {
    const { status, stderr } = await line('--steps', '0..99', '--vcd', at('x.vcd'), '--max-megabytes', '0.1');
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^plasticore: --steps 0\.\.99: about [\d.]+ MB would be written, more than 0\.10 MB\n/,
    );
    expect(stderr).toContain('fewer steps, some of the --signals, or a larger --max-megabytes');
    expect(existsSync(at('x.vcd'))).toBe(false);
  });

  test('a full disk', async () => {
    const line = argv`trace ${small} --steps 0..20 --vcd /dev/full`;
    const { status, stderr } = await commandLine(line);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('/dev/full: cannot be written: the disk is full'),
    ]);
  });

  test('a chip whose controller is code; states of one that is data', async () => {
    const stderr = await refused(argv`trace ranc-mnist --steps 0 --vcd ${at('x.vcd')}`);
    expect(stderr).toContain("a controller runs 'ranc-mnist'");
    const toggles = await refused(argv`trace odin-mnist --steps 0 --activity ${at('x.json')}`);
    expect(toggles).toContain("'odin-mnist' runs under a controller");
    const run = await commandLine(argv`run odin-mnist --out ${at('odin')} --keep-states 5`);
    expect([run.status, run.stderr]).toEqual([
      2,
      expect.stringContaining('cannot be run again from a state'),
    ]);
    expect(existsSync(at('odin'))).toBe(false);
  });
});

test('a signal stops it, and no half-written file stays', async () => {
  const files = argv`--vcd ${at('s.vcd')} --perfetto ${at('s.json')}`;
  const { status, stderr } = await stoppedLine(argv`trace ${small} --steps 0..300 ${files}`, {
    signal: 'SIGINT',
    message: 'MB to write',
  });
  expect([status, stderr]).toEqual([130, expect.stringContaining('stopped by SIGINT')]);
  expect(readdirSync(folder).filter((name) => name.startsWith('s.'))).toEqual([]);
});
