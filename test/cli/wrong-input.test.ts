import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Packr } from 'msgpackr';
import { beforeAll, describe, expect, test } from 'vitest';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { writeRandomShd } from '../support/shd-files.ts';
import { commandLine } from './in-process.ts';

const { folder, path } = scratch();

/** A copy of a bundled file with one part replaced. */
function changed(from: string, to: string, part: string, replacement: string): string {
  const text = readFileSync(from, 'utf8');
  if (text.split(part).length !== 2) throw new Error(`'${part}' is not once in ${from}`);
  writeFileSync(
    path(to),
    text.replace(part, () => replacement),
  );
  return path(to);
}

/** One message that names the place, a hint below it at most, nothing on standard output, exit status 2. */
async function expectRefused(args: readonly string[], ...parts: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await commandLine(args);
  const lines = stderr.trimEnd().split('\n');
  for (const part of parts) expect(stderr).toContain(part);
  expect(lines[0]).toMatch(/^plasticore: /);
  expect(lines.length).toBeLessThanOrEqual(2);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
}

const compile = (program: string, ...rest: readonly string[]) => [
  ...['compile', program, '--hw', 'reference'],
  ...['--precision', 'mp16-8', '-o', path('never.pcore')],
  ...[...rest],
];

beforeAll(async () => {
  cpSync('programs/rules', path('rules'), { recursive: true });
  const { status } = await commandLine(argv`${compile('mnist-snn')} --out ${path('good.pcore')}`);
  if (status !== 0) throw new Error('no image to damage');
  rmSync(path('never.pcore'), { force: true });
});

describe('wrong input is refused', () => {
  test('an unknown key in an experiment', async () => {
    const file = changed('experiments/mnist-snn.yaml', 'e.yaml', '\nepochs:', '\nepoch:');
    const line =
      readFileSync(file, 'utf8')
        .split('\n')
        .findIndex((text) => text.startsWith('epoch:')) + 1;
    await expectRefused(argv`run ${file}`, `${file}:${line}:1: unknown key 'epoch'; did you mean 'epochs'?`);
  });

  test('an unknown key in a program', async () => {
    const file = changed('programs/mnist-snn.yaml', 'p.yaml', '\nsteps:', '\nstep:');
    await expectRefused(compile(file), `${file}:`, ":1: unknown key 'step'; did you mean 'steps'?");
  });

  test.each([
    ['hw.faults={seed:1}', "--set hw.faults: unknown key 'seed:1'; ", 'seed: 1'],
    ['hw.kernels={fire: {cyclesPerItem:2}}', "unknown key 'cyclesPerItem:2'; ", 'cyclesPerItem: 2'],
    ['hw.sources={own:1}', 'own:1: expected a name', 'own: 1'],
    ['program.parameters={gain:1}', 'parameters: gain:1: expected a name', 'gain: 1'],
  ])('no space behind a colon, in %s', async (set, where, meant) => {
    const hint = `a space is missing behind the colon: '${meant}'`;
    await expectRefused(argv`run mnist-snn --set ${set}`, where, hint);
  });

  test('no space behind a colon, in a file that extends another', async () => {
    const file = path('colon.yaml');
    const head = 'format: plasticore/hw-model/1\nextends: reference\nname: colon\ndescription: x\n';
    writeFileSync(file, `${head}router: {fifoDepth:4}\n`);
    const hint = "a space is missing behind the colon: 'fifoDepth: 4'";
    await expectRefused(argv`hw check ${file}`, `${file}:5:`, hint);
  });

  test('a key with a colon that has a value is one that is not known', async () => {
    await expectRefused(
      argv`run mnist-snn --set ${"hw.faults={'seed:1': 2}"}`,
      "unknown key 'seed:1'; did you mean 'seed'?",
    );
  });

  test('an unknown key in an hw-model', async () => {
    const file = path('h.yaml');
    writeFileSync(
      file,
      'format: plasticore/hw-model/1\nextends: reference\nname: h\ndescription: d\nlans: 8\n',
    );
    await expectRefused(argv`hw check ${file}`, `${file}:5:1: unknown key 'lans'; did you mean 'lanes'?`);
  });

  test('an unknown option, an unknown command, an invalid value', async () => {
    await expectRefused(
      argv`run mnist-snn --epoch 2`,
      "unknown option '--epoch'",
      "did you mean '--epochs'?",
    );
    await expectRefused(argv`runn mnist-snn`, "unknown command 'runn'", "did you mean 'run'?");
    await expectRefused(argv`run mnist-snn --seed one`, '--seed: expected a whole number', "found 'one'");
  });

  test('a width that is not offered', async () => {
    await expectRefused(
      argv`run mnist-snn --precision mp16-7`,
      "hw-model 'reference' offers inference weights of 4, 8, 12 or 16 bits, found 7",
      'offered: mp8-4, mp8-8, mp16-4, mp16-8, mp16-12, mp16-16, fp32',
    );
  });

  test('a program that does not fit', async () => {
    await expectRefused(
      compile('mnist-snn', '--set', 'hw.banks.weight.capacityBits=1048576'),
      'weight bank: 1 638 400 bits needed, 1 048 576 available',
      'fits at mp8-4',
    );
  });

  test('an undefined field, parameter or register in microcode', async () => {
    const rule = (name: string, part: string, replacement: string) => {
      changed('programs/rules/lif.uc', `rules/${name}.uc`, part, replacement);
      return changed('programs/mnist-snn.yaml', `${name}.yaml`, 'rules/lif.uc', `rules/${name}.uc`);
    };
    const fire = 'cmp.ge   r1, r0, #threshold';
    await expectRefused(
      compile(rule('field', 'ld       r1, post.v', 'ld       r1, post.w')),
      `${path('rules/field.uc')}:7:`,
      "'hidden' has no field 'w'",
    );
    await expectRefused(
      compile(rule('parameter', fire, 'cmp.ge   r1, r0, #treshold')),
      `${path('rules/parameter.uc')}:15:`,
      "'#treshold' is not defined",
      "did you mean 'threshold'?",
    );
    await expectRefused(
      compile(rule('register', fire, 'cmp.ge   r1, r9, #threshold')),
      `${path('rules/register.uc')}:15:`,
      'r9',
    );
    const routine = `routine many\n${'ldi r2, 0\n'.repeat(2000)}end\n`;
    const head = 'kernel integrate over row\n';
    await expectRefused(
      compile(rule('long', head, `${routine}${head}${'call many\n'.repeat(3)}`)),
      `${path('rules/long.uc')}:`,
      "kernel 'integrate' has more than 4096 instructions",
    );
  });

  test('a truncated IDX file, and a label out of range', async () => {
    const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 7, 8);
    const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 3, 4);
    const write = (name: string, trainImages: Uint8Array, testLabels: Uint8Array) => {
      mkdirSync(path(name));
      writeFileSync(path(name, 'train-images-idx3-ubyte'), trainImages);
      writeFileSync(path(name, 'train-labels-idx1-ubyte'), labels);
      writeFileSync(path(name, 't10k-images-idx3-ubyte'), images);
      writeFileSync(path(name, 't10k-labels-idx1-ubyte'), testLabels);
      return path(name);
    };
    const short = write('short', images.subarray(0, 17), labels);
    await expectRefused(argv`data check ${short}`, `${join(short, 'train-images-idx3-ubyte')}: truncated`);
    const wrong = write('wrong', images, Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 3, 10));
    await expectRefused(
      argv`run mnist-snn --data ${wrong}`,
      join(wrong, 't10k-labels-idx1-ubyte'),
      'label 1 is 10',
      '0..9',
    );
  });

  test('an image with a flipped bit, and one of a future version', async () => {
    const bytes = readFileSync(path('good.pcore'));
    const flipped = Uint8Array.from(bytes);
    const middle = bytes.length >> 1;
    flipped[middle] = (flipped[middle] ?? 0) ^ 1;
    writeFileSync(path('flipped.pcore'), flipped);
    await expectRefused(
      argv`run ${path('flipped.pcore')}`,
      `${path('flipped.pcore')}: the image is damaged`,
      'SHA-256',
    );
    const packr = new Packr({ structuredClone: true, useRecords: false });
    const future = packr.pack({ ...(packr.unpack(bytes) as object), version: 9 });
    writeFileSync(path('future.pcore'), future);
    await expectRefused(
      argv`inspect ${path('future.pcore')}`,
      'version 9',
      'it needs plasticore 9.0 or later',
    );
  });

  test('an encoder or a validation split that the data do not allow', async () => {
    const data = path('shd');
    writeRandomShd(data, { trainOfClass: 1, testOfClass: 1, spikes: 9, seed: 1 });
    const run = (experiment: string, ...rest: readonly string[]) =>
      argv`run ${experiment} --epochs 1 ${rest}`;
    const set = (name: string, value: string) => argv`--set experiment.${name}=${value}`;
    await expectRefused(
      run('shd-snn', '--data', data, ...set('encoder.counts', 'true')),
      "the encoder gives spikes values, and those of 'input' carry none",
      'a payload',
    );
    await expectRefused(
      run('speech-snn', '--data', data, ...set('encoder.channels.last', '700')),
      'channels 200 to 700 are to be encoded',
      'channels 0 to 699',
    );
    await expectRefused(
      run('speech-snn', '--data', data, ...set('encoder.groupChannels', '9')),
      'has 56 inputs encoded from 700 channels',
      'takes 50',
    );
    await expectRefused(
      run('speech-snn', '--data', data, ...set('encoder.augment.equalise', '{doublings: 1}')),
      '--set experiment.encoder.augment.equalise: knots: expected a number of knots',
    );
    await expectRefused(
      run('speech-snn', '--data', data, '--validate'),
      'shd: does not number recordings (extra/recording)',
      'fraction: 0.1',
    );
    await expectRefused(
      run('shd-snn', '--data', data, '--validate', ...set('validation', '{speakers: [99]}')),
      'shd: no samples of speaker 99',
    );
    await expectRefused(
      run('mnist-snn', '--validate', ...set('validation', '{speakers: [1]}')),
      'has no speakers, so none can be held out',
    );
    await expectRefused(
      run('mnist-snn', '--validate', ...set('validation', '{speakers: [1], fraction: 0.1}')),
      'expected one of fraction, speakers and recordings, found fraction and speakers',
    );
  });

  test('an image that takes no samples', async () => {
    const ranc = argv`--hw ranc --precision own -o ${path('ranc.pcore')}`;
    expect((await commandLine(argv`compile ranc ${ranc}`)).status).toBe(0);
    await expectRefused(
      argv`run ${path('ranc.pcore')} --quiet`,
      "program 'ranc' takes no samples",
      "controller 'ranc' runs it, in an experiment with a section 'ranc:'",
    );
    const args = argv`--hw odin --precision own -o ${path('odin.pcore')}`;
    expect((await commandLine(argv`compile odin ${args}`)).status).toBe(0);
    await expectRefused(
      argv`run ${path('odin.pcore')} --quiet`,
      "program 'odin' takes no samples",
      "controller 'odin' runs it, in an experiment with a section 'odin:'",
    );
  });

  test('a program where an experiment is expected', async () => {
    await expectRefused(
      argv`run programs/mnist-snn.yaml`,
      "this is a program ('plasticore/program/1'); an experiment is expected here",
      'plasticore compile and inspect take programs',
    );
  });

  test('a page that shows a file, but is none', async () => {
    const page = '# Cores\n\nA core is described in YAML:\n\nformat: plasticore/hw-model/1\n';
    writeFileSync(path('page.md'), page);
    await expectRefused(
      argv`inspect ${path('page.md')}`,
      `${path('page.md')}: neither an image nor a file that states its format`,
      'an experiment or a program has a key such as format: plasticore/program/1',
    );
    const late =
      'name: late # its format comes last\nlanes: 4\n\n  # below\nformat: "plasticore/hw-model/1"\n';
    writeFileSync(path('late.yaml'), late);
    await expectRefused(argv`inspect ${path('late.yaml')}`, 'this is an hw-model');
    // In braces, as JSON has it, a format stands anywhere; inside of another key it is another's.
    writeFileSync(path('braces.yaml'), '# a core\n---\n{name: braces, "format": plasticore/hw-model/1}\n');
    await expectRefused(argv`inspect ${path('braces.yaml')}`, 'this is an hw-model');
    writeFileSync(path('inside.json'), '{"shows": {"format": "plasticore/hw-model/1"}}');
    await expectRefused(argv`inspect ${path('inside.json')}`, 'nor a file that states its format');
    writeFileSync(path('cut.json'), '{"format": "plasticore/hw-model/1", ');
    await expectRefused(argv`inspect ${path('cut.json')}`, 'nor a file that states its format');
  });

  test('options that need another, spelled as flags', async () => {
    await expectRefused(argv`run mnist-snn --resume`, '--resume needs --out', 'for example --out runs/first');
    await expectRefused(argv`run mnist-snn --set hw.lans=3`, "--set hw.lans: unknown key 'lans'");
  });

  test('a missing file, and a directory instead of a file', async () => {
    await expectRefused(argv`run ${path('none.yaml')}`, `'${path('none.yaml')}': no such file`);
    await expectRefused(argv`run ${path('rules')}/`, 'holds no learnt.pcore', 'expected an image');
    await expectRefused(argv`inspect ${path('none.pcore')}`, `${path('none.pcore')}: no such file`);
    mkdirSync(path('folder.pcore'));
    await expectRefused(argv`run ${path('folder.pcore')}`, 'holds no learnt.pcore');
    await expectRefused(argv`run mnist-snn --data ${path('nix')}`, path('nix'), 'no such file or directory');
  });

  test('an output that cannot be written, before the work', async () => {
    await expectRefused(
      argv`run mnist-snn --json ${path('nix/report.json')}`,
      path('nix/report.json'),
      'no folder',
    );
    // Where Linux makes no folder, whoever asks: to be refused, not to be tried for ever.
    await expectRefused(argv`run mnist-snn --out /proc/nix/deep`, '/proc/nix/deep', 'cannot be written');
  });

  test('and leaves nothing behind', () => {
    expect(readdirSync(folder).filter((name) => /never|\.tmp$/.test(name))).toEqual([]);
  });
});

test('an encoder with options is named with an option that gives them', async () => {
  const refused = '(delta and population have options: --set experiment.encoder={delta: {threshold: 4}})';
  await expectRefused(argv`run mnist-snn --encoder population`, refused, "found 'population'");
});

test('the words of a microcode that the core lacks are refused', async () => {
  await expectRefused(
    argv`run mnist-snn --hw anp-like --precision mp8-8 --set hw.microcode.words=3`,
    "hw-models/anp-like.yaml:15:12: sequencer: expected microcode, found 'hardwired': 'microcode' is stated, too",
  );
});

test.each([
  ['bins', 'the data are features; bins are an encoder for spikes with their times'],
  ['steps', 'the data are features; steps are an encoder for spikes in time steps'],
])('the encoder %s is known, and refused where it does not suit the data', async (name, message) => {
  await expectRefused(argv`run mnist-snn --encoder ${name} --limit 1`, message);
});
