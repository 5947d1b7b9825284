import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Chip, chipFrom, findHost } from '../../src/chips/index.ts';
import { chips as bundledChips } from '../../src/chips/kit.ts';
import { chipsFor, loadChip } from '../../src/chips/node.ts';
import { type Experiment, findHwModel, loadExperiment, resolveCell } from '../../src/experiment/index.ts';
import { openExperiment } from '../../src/experiment/node.ts';
import { findFile, hashModule } from '../../src/fs/index.ts';
import { readImage, writeImage } from '../../src/image/index.ts';
import { type ErrorCode, findAmong, type SourceModule } from '../../src/text/index.ts';
import { expectError, expectRejection } from '../support/errors.ts';
import { root } from '../support/root.ts';
import { scratch } from '../support/scratch.ts';

const { folder } = scratch();

/** Writes a module in a folder of its own, so that any name can be taken again. */
let written = 0;
function moduleOf(text: string, name = 'mine.mjs'): SourceModule {
  const own = join(folder, String(written++));
  mkdirSync(own);
  writeFileSync(join(own, name), text);
  const module = findFile.module?.(join(own, name), '');
  if (module === undefined) throw new Error('no modules here');
  return module;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const template = join(root, 'templates/chip');
const textOf = (file: string): string => readFileSync(join(template, file), 'utf8');

describe('a module of a chip', () => {
  test('is loaded, and imports plasticore/chips from wherever it is', async () => {
    const module = moduleOf(textOf('mine.mjs'));
    const chip = await loadChip(module);
    expect(chip).toMatchObject({ name: 'mine', module });
    expect((await chip.golden?.())?.map(({ name }) => name)).toEqual(['mine-golden/1']);
    const named = { chip: 'mine', module };
    expect((await chipsFor(named)).map(({ name }) => name)).toEqual([
      ...bundledChips.map(({ name }) => name),
      'mine',
    ]);
  });

  test.each<[string, string, string, ErrorCode?]>([
    ['does not parse', 'export default {', 'mine.mjs: cannot be imported: SyntaxError', 'file'],
    ['throws', '\n\nthrow new Error("no luck");', 'mine.mjs:3: cannot be imported: Error: no luck', 'file'],
    ['throws what is no error', 'throw 7;', 'mine.mjs: cannot be imported: 7', 'file'],
    [
      'imports what is not there',
      "import { nothing } from 'plasticore/chips'; export default {};",
      "does not provide an export named 'nothing'",
      'file',
    ],
    ['has no default export', 'export const chip = {};', 'mine.mjs: has no default export'],
    ['exports no object', 'export default () => {};', 'its default export is a function'],
    ['has no name', 'export default {};', 'name: expected the name of the chip, found nothing'],
    ['has another name', "export default { name: 'yours' };", "expected 'mine', as the file"],
    [
      'has an unknown part',
      "export default { name: 'mine', goldne() {} };",
      "unknown key 'goldne'; did you mean 'golden'?",
      'unknown-key',
    ],
    [
      'has formats that are no function',
      "export default { name: 'mine', golden: [] };",
      'golden: expected a function that loads formats of traces, found a list',
    ],
    [
      'has a host without options',
      "export default { name: 'mine', host: { description: '', registers: [], encodesSamples: true } };",
      'host.options: missing: expected a schema of zod',
    ],
    [
      'has a host that is no function',
      "export default { name: 'mine', host: { description: '', registers: [], encodesSamples: true, options: { safeParse() {} }, hosting: 3 } };",
      'host.hosting: expected a function, as defineHost makes it, found a number',
    ],
    [
      'takes networks that it puts nowhere',
      "export default { name: 'mine', networks: { program: 'mine', delivery: 'same', hasLeaked: false } };",
      'networks.map: missing: expected a function that puts a network on the chip',
    ],
    [
      'takes networks at no known time',
      "export default { name: 'mine', networks: { program: 'mine', delivery: 'later', hasLeaked: false, map() {} } };",
      'networks.delivery: expected when spikes arrive',
    ],
    [
      'publishes an energy without a source',
      "export default { name: 'mine', published: [{ hwModel: 'mine', of: 'operation', pj: 3 }] };",
      'published.0.cite: expected a source, found nothing',
    ],
  ])('is refused if it %s', async (_, text, message, code = 'invalid-value') => {
    await expectRejection(loadChip(moduleOf(text)), code, message);
  });

  test('is refused if its formats are none, when they are asked for', async () => {
    const chip = await loadChip(moduleOf("export default { name: 'mine', golden: () => [{ name: 'x' }] };"));
    await expectRejection(
      Promise.resolve(chip.golden?.()),
      'invalid-value',
      'mine.mjs: golden.0.read: missing: expected a function, as goldenFormat makes it',
    );
  });

  test('is refused under the name of a bundled chip', async () => {
    const module = moduleOf("export default { name: 'odin' };", 'odin.mjs');
    await expectRejection(loadChip(module), 'usage', "odin.mjs: 'odin' is a bundled chip");
  });

  test('is refused if its text has changed since it was hashed, and loaded anew if it is hashed again', async () => {
    const text = (pj: number) =>
      `export default { name: 'mine', published: [{ hwModel: 'mine', of: 'operation', pj: ${pj}, cite: 'us' }] };`;
    const module = moduleOf(text(1));
    expect((await loadChip(module)).published?.[0]?.pj).toBe(1);
    writeFileSync(module.file, text(2));
    await expectRejection(
      loadChip(module),
      'image',
      `its SHA-256 was ${sha256(text(1))}, and is ${sha256(text(2))}`,
    );
    const again = findFile.module?.(module.file, '') ?? module;
    expect((await loadChip(again)).published?.[0]?.pj).toBe(2);
  });
});

describe('the hash of a module', () => {
  test('is that of its file', () => {
    const { file, sha256: hash } = moduleOf("import 'node:fs'; export default 1;");
    expect(hash).toBe(sha256("import 'node:fs'; export default 1;"));
    expect(hashModule(file)).toBe(hash);
  });

  test('is that of all its files, listed as sha256sum lists them, if it imports some', () => {
    const main = "import { part } from './part.mjs'; export default part;";
    const part = "export * from './mine.mjs'; export const part = 1;";
    const { file } = moduleOf(main);
    const alone = hashModule(file);
    expect(alone).toBe(sha256(main));
    writeFileSync(join(file, '../part.mjs'), part);
    const lines = [`${sha256(main)}  mine.mjs\n`, `${sha256(part)}  part.mjs\n`];
    expect(hashModule(file)).toBe(sha256(lines.sort().join('')));
  });
});

describe('an hw-model that names a module', () => {
  const open = (overrides: Parameters<typeof findHwModel>[3] = []) =>
    findHwModel({ name: join(template, 'core.yaml'), from: '' }, '', findFile, overrides);
  const set = (value: string) => [{ path: ['controller'], value, place: { file: 'here' } }];

  test('has its name and its hash, without running it', () => {
    expect(open()).toMatchObject({
      controller: 'mine',
      controllerModule: { sha256: sha256(textOf('mine.mjs')) },
    });
    // A bundled controller, and one of another file.
    expect(open(set('odin'))).toMatchObject({ controller: 'odin' });
    expect(open(set('odin')).controllerModule).toBeUndefined();
    const other = moduleOf("throw new Error('it runs');", 'other.mjs');
    expect(open(set(other.file))).toMatchObject({ controller: 'other', controllerModule: other });
  });

  test('is refused if the file is missing or no module', () => {
    expectError(() => open(set('./mnie.mjs')), 'file', 'here: ', 'mnie.mjs');
    expectError(
      () => open(set('./chip.py')),
      'invalid-value',
      'here: controller: expected the name of a controller',
    );
  });

  test('is refused where no code is loaded, as in a browser', () => {
    const files = ['core.yaml', 'program.yaml', 'mine.uc', 'mine.mjs'].map((file) => [file, textOf(file)]);
    const find = findAmong(Object.fromEntries(files));
    expectError(
      () => findHwModel({ name: './core.yaml', from: '' }, '', find),
      'usage',
      "core.yaml:16:13: controller: './mine.mjs' is a module of code, and none is loaded here",
      'a browser runs the bundled controllers alone',
    );
  });

  test('gives its experiment a section, and the cell, its image and its file the hash', async () => {
    const said: SourceModule[] = [];
    const file = join(template, 'experiment.yaml');
    const experiment: Experiment = await openExperiment(file, { onModule: (module) => said.push(module) });
    const hash = sha256(textOf('mine.mjs'));
    expect(said).toMatchObject([{ sha256: hash }]);
    const cell = resolveCell(experiment, {}, findFile);
    expect(cell.chip).toMatchObject({ chip: 'mine', module: { sha256: hash }, options: { ticks: 4 } });
    const { controllerModule } = readImage(writeImage(cell.image), 'mine.pcore').core;
    expect(controllerModule).toEqual({ file: 'mine.mjs', sha256: hash });
    // It passes between threads.
    expect(structuredClone(cell)).toEqual(cell);
    // Read without its module, the section is unknown.
    expectError(() => loadExperiment(findFile('experiment', file, '')), 'unknown-key', "unknown key 'mine'");
  });
});

describe('what was made for a chip in a module', () => {
  const text = "export default { name: 'mine' };";
  const wanted = { file: 'mine.mjs', sha256: sha256(text) };

  test('is refused by a module with another text, and where there is none', async () => {
    const other = await loadChip(moduleOf(`${text} // changed`));
    const found = (chips: readonly Chip[]) => () => findHost(chips, { chip: 'mine', module: wanted });
    const what = `the controller 'mine' is code of the module mine.mjs with SHA-256 ${wanted.sha256}`;
    expectError(found([other]), 'image', `${what}; the one here has ${sha256(`${text} // changed`)}`);
    expectError(found(bundledChips), 'image', `${what}, which is not loaded here`, 'a browser loads none');
    // The same text elsewhere is the same chip; it only has no host.
    const same = await loadChip(moduleOf(text));
    expectError(found([same]), 'usage', "no experiment can run chip 'mine'");
  });

  test('is not made for a module if it names none', async () => {
    const chips = [...bundledChips, await loadChip(moduleOf(text))];
    expectError(() => findHost(chips, { chip: 'mine' }), 'image', 'what is to run under it names none');
  });
});

test('bundled chips pass the check of modules, and have none', () => {
  for (const chip of bundledChips) {
    expect(chip.module).toBeUndefined();
    const { golden: _, ...others } = chip;
    expect(chipFrom(others, 'chip')).toEqual(others);
  }
});
