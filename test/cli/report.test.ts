import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine, refused } from './in-process.ts';

const { folder, path } = scratch();

const small = [
  ...['--limit', '20', '--epochs', '1', '--precision', 'mp8-8'],
  ...['--set', 'program.populations.hidden.size=16', '--set', 'program.steps=5'],
];

beforeAll(async () => {
  const run = await commandLine(argv`run mnist-snn ${small} --out ${path('run')} --record spikes:*`);
  const sweep = await commandLine(
    argv`sweep mnist-snn ${small} --seeds 1,2 --workers 1 --out ${path('sweep')}`,
  );
  if (run.status !== 0 || sweep.status !== 0) throw new Error(`${run.stderr}${sweep.stderr}`);
}, 120_000);

describe('plasticore report', () => {
  test('makes a page of a run, in its folder', async () => {
    const { status, stdout, stderr } = await commandLine(argv`report ${path('run')}`);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toMatch(/^\S+report\.html: 1 run, \d+ kB\n$/);
    const page = readFileSync(path('run', 'report.html'), 'utf8');
    expect(page).toContain('<title>mnist-snn: Plasticore report</title>');
    // All that a run leaves is there: a raster, receptive fields of 28 x 28 inputs, a confusion matrix.
    expect(page).not.toContain('class="missing"');
    expect(page).toContain('receptive fields of 28 x 28 inputs, of the first 16 of 16 neurons');
    expect(page).toContain('input: 784 neurons');
  });

  test('makes the same page of a sweep again in any folder', async () => {
    expect((await commandLine(argv`report ${path('sweep')} -o ${path('a.html')}`)).stderr).toContain(
      '2 runs',
    );
    cpSync(path('sweep'), path('elsewhere'), { recursive: true });
    expect(
      (await commandLine(argv`report ${path('elsewhere')} --out ${path('b.html')} --quiet`)).stderr,
    ).toBe('');
    expect(readFileSync(path('a.html'), 'utf8')).toBe(readFileSync(path('b.html'), 'utf8'));
    expect(readFileSync(path('a.html'), 'utf8')).not.toContain(folder);
  });

  test('writes every picture, and the figures behind it', async () => {
    const args = argv`--svg ${path('svg')} --csv ${path('csv')} -o ${path('c.html')}`;
    const { status, stdout, stderr } = await commandLine(argv`report ${path('sweep')} ${args}`);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    const pictures = [...readFileSync(path('c.html'), 'utf8').matchAll(/<figure id="([^"]+)"/g)].map(
      ([, id]) => id ?? '',
    );
    expect(pictures.length).toBeGreaterThan(10);
    expect(stderr).toContain(`${pictures.length} pictures`);
    expect(readdirSync(path('svg')).sort()).toEqual(pictures.map((id) => `${id}.svg`).sort());
    expect(readdirSync(path('csv')).sort()).toEqual(pictures.map((id) => `${id}.csv`).sort());
    for (const id of pictures) {
      const svg = readFileSync(path('svg', `${id}.svg`), 'utf8');
      expect(svg, id).toMatch(
        /^<svg width="[1-9][\d.]*" height="[1-9][\d.]*" .*xmlns="http:\/\/www\.w3\.org\/2000\/svg".*<\/svg>\n$/s,
      );
      expect(svg, id).not.toMatch(/var\(|data-tip|NaN|undefined/);
      const [head = '', ...rows] = readFileSync(path('csv', `${id}.csv`), 'utf8')
        .trim()
        .split('\n');
      expect(head.split(',').length, id).toBeGreaterThan(1);
      expect(rows.length, id).toBeGreaterThan(0);
    }
    // One design of two seeds.
    expect(readFileSync(path('csv', 'energy-unit-test.csv'), 'utf8')).toMatch(/^unit,mp8-8 \[pJ\]\n/);
  });

  test('makes a page of a search, whose front tells its runs', async () => {
    const space = path('space.yaml');
    writeFileSync(
      space,
      'format: plasticore/space/1\naxes:\n  hw.lanes: [8, 16]\n  hw.clockMhz: [100, 200]\n  precision: [mp8-8]\n',
    );
    const found = await commandLine(
      argv`explore mnist-snn ${small.slice(0, 4)} --space ${space} --out ${path('search')} --workers 1
        --quiet`,
    );
    expect(found.stderr).toBe('');
    const { status, stderr } = await commandLine(argv`report ${path('search')}`);
    expect(status).toBe(0);
    expect(stderr).toContain('2 runs');
    const page = readFileSync(path('search', 'report.html'), 'utf8');
    for (const id of [
      'overview',
      'advice',
      'designs-explorer',
      'fronts',
      'designs-parts',
      'architecture',
      'origin',
    ])
      expect(page).toContain(`<section id="${id}"`);
    const search = path('search', 'study.json');
    writeFileSync(search, readFileSync(search, 'utf8').replace('study/1', 'study/2'));
    await expectRefused('search', search, 'plasticore/study/2');
    writeFileSync(search, '{"schema": "plasticore/study/1"}');
    await expectRefused(
      'search',
      `${search}: a damaged study: experiment`,
      'repeat the command, which keeps its runs: plasticore explore EXPERIMENT --out DIR --resume',
    );
    // Stopped before its end, it has runs alone, priced for no design.
    rmSync(search);
    const [run = ''] = readdirSync(path('search', 'runs')).sort();
    const prices = 'is a run of a search: its prices mean nothing\n  plasticore explore';
    await expectRefused('search', `${path('search', 'runs', run)}: ${prices}`);
    const priced = await commandLine(argv`reprice ${path('search', 'runs', run)}`);
    expect(priced).toMatchObject({ status: 2, stdout: '' });
    expect(priced.stderr).toContain(`plasticore: ${path('search', 'runs', run)}: ${prices}`);
  });

  test('refuses the runs of an unfinished search on many cores, too', async () => {
    const args = argv`explore codesign-mnist ${small.slice(0, 4)} --search random --budget 1`;
    const found = await commandLine(argv`${args} --out ${path('mesh-search')} --workers 1 --quiet`);
    expect(found.stderr).toBe('');
    rmSync(path('mesh-search', 'study.json'));
    await expectRefused('mesh-search', 'is a run of a search: its prices mean nothing');
  });

  test('the help of reprice names settings that it takes', async () => {
    const { stdout } = await commandLine(argv`reprice --help`);
    const [, help = ''] = /( --set .*)/.exec(stdout) ?? [];
    const named = [...help.matchAll(/hw\.\S+=[\d.]+/g)];
    expect(named).toHaveLength(2);
    for (const [set] of named)
      expect(await commandLine(argv`reprice ${path('run')} --set ${set}`)).toMatchObject({
        status: 0,
        stderr: '',
      });
  });

  /** One message with the place, exit status 2, no page. */
  async function expectRefused(name: string, ...parts: readonly string[]): Promise<void> {
    const out = path('never.html');
    const { status, stdout, stderr } = await commandLine(argv`report ${path(name)} -o ${out}`);
    for (const part of parts) expect(stderr).toContain(part);
    expect(stderr).toMatch(/^plasticore: .*\n( {2}.*\n)?$/);
    expect({ status, stdout, isThere: existsSync(out) }).toEqual({ status: 2, stdout: '', isThere: false });
  }

  /** A copy of the run's folder with one file changed. */
  function damaged(name: string, file: string, change: (content: Buffer) => string | Uint8Array): string {
    cpSync(path('run'), path(name, 'cells', 'a'), { recursive: true });
    const changed = path(name, 'cells', 'a', file);
    writeFileSync(changed, change(readFileSync(changed)));
    return changed;
  }

  test('refuses a damaged report, a foreign one and a newer one', async () => {
    const cut = damaged('cut', 'report.json', (content) => content.subarray(0, 1000));
    await expectRefused('cut', `${cut}: not JSON, or cut short`);
    const foreign = damaged('foreign', 'report.json', () => '{"numTotalTests": 3}');
    await expectRefused('foreign', `${foreign}: not a report of plasticore`, "'plasticore/report/1'");
    const newer = damaged('newer', 'report.json', (content) =>
      content.toString().replace('plasticore/report/1', 'plasticore/report/2'),
    );
    await expectRefused('newer', `${newer}: 'plasticore/report/2' is newer`, 'needs plasticore 2.0 or later');
    const odd = damaged('odd', 'report.json', (content) =>
      content.toString().replace(/"totalBits": \d+/, '"totalBits": "many"'),
    );
    await expectRefused('odd', `${odd}: a damaged report: memory.fields.0.totalBits`);
  });

  test('refuses damaged arrays and predictions', async () => {
    const weights = damaged('weights', 'weights.npz', (content) => content.subarray(0, 100));
    await expectRefused('weights', `${weights}: not a readable .npz`);
    const predictions = damaged('predictions', 'predictions.csv', () => 'sample,label,prediction\n0,1\n');
    await expectRefused('predictions', `${predictions}: not a readable CSV file`);
  });

  test('refuses a folder without reports, no folder, and a page that cannot be written', async () => {
    mkdirSync(path('empty', 'inside'), { recursive: true });
    await expectRefused('empty', `${path('empty')}: there is no report.json, here or in a folder below`);
    await expectRefused('nowhere', `${path('nowhere')}: no such file or directory`);
    await expectRefused(join('run', 'report.json'), 'it is a file, not a directory');
    const stderr = await refused(argv`report ${path('run')} -o ${path('no', 'such', 'page.html')}`);
    expect(stderr).toContain('cannot be written');
  });
});

test('is the only command that loads the charts', async () => {
  const { metafile } = await build({
    entryPoints: ['src/cli/main.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    splitting: true,
    outdir: path('bundle'),
    write: false,
    metafile: true,
  });
  const outputs = Object.values(metafile.outputs);
  const importsOf = (output: (typeof outputs)[number] | undefined, kind: string) =>
    output?.imports.flatMap((entry) => (entry.kind === kind ? [entry.path] : [])) ?? [];
  // What Node loads to print a help text: the entry, and what it imports outright.
  const seen = new Set<string>();
  const visit = (output: (typeof outputs)[number] | undefined): void => {
    for (const imported of importsOf(output, 'import-statement')) {
      if (seen.has(imported)) continue;
      seen.add(imported);
      visit(metafile.outputs[imported]);
    }
  };
  visit(outputs.find(({ entryPoint }) => entryPoint === 'src/cli/main.ts'));
  expect([...seen]).toContain('yargs');
  expect([...seen].filter((name) => name.startsWith('echarts'))).toEqual([]);
  const later = outputs.find(({ entryPoint }) => entryPoint === 'src/report/html/render.ts');
  expect(importsOf(later, 'import-statement')).toContain('echarts/core');
});
