import { describe, expect, test } from 'vitest';
import {
  type CellChoice,
  checkImageChoice,
  loadExperiment,
  parseSettings,
  resolveCell,
} from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import type { Image } from '../../../src/image/index.ts';
import { expectError } from '../../support/errors.ts';

const source = findFile('experiment', 'mnist-snn', '');
const cellOf = (choice: CellChoice = {}, text = source.text) =>
  resolveCell(loadExperiment({ ...source, text }), choice, findFile);
const set = (...options: readonly string[]) => ({ settings: parseSettings(options) });

/** The constant operands of a kernel's instruction. */
const constants = (image: Image, kernel: string, mnemonic: string) =>
  image.kernels
    .filter(({ name }) => name === kernel)
    .flatMap(({ code }) => code.filter((line) => line.mnemonic === mnemonic))
    .flatMap(({ operands }) =>
      operands.flatMap((operand) => (operand.is === 'number' ? [operand.value] : [])),
    );

describe('a cell', () => {
  test('is the default one, changed by what is chosen', () => {
    const { image, epochs, encoder } = cellOf();
    expect(image.core).toMatchObject({ hwModel: 'reference', precision: 'mp16-8' });
    expect([image.seed, encoder]).toEqual([1, 'bernoulli']);
    const chosen = cellOf({ precision: 'mp16-16', seed: 7, epochs: epochs + 1, limit: 5, encoder: 'phase' });
    expect(chosen.image.core.precision).toBe('mp16-16');
    expect(chosen).toMatchObject({ epochs: epochs + 1, limit: 5, encoder: 'phase', image: { seed: 7 } });
  });

  test('at fp32 runs on the baseline of the hw-model', () => {
    expect(cellOf({ precision: 'fp32' }).image.core).toMatchObject({
      hwModel: 'fp32',
      arithmetic: 'float32',
    });
  });

  test('takes parameters from the program, the experiment, the precision and --set, in that order', () => {
    // threshold = 2 ** (max(weightBits, 8) - 1 + gain)
    expect(constants(cellOf().image, 'fire', 'cmp.ge')).toEqual([128]);
    expect(constants(cellOf({ precision: 'mp16-4' }).image, 'fire', 'cmp.ge')).toEqual([512]);
    const changed = cellOf({ precision: 'mp16-4', ...set('program.parameters.gain=1') });
    expect(constants(changed.image, 'fire', 'cmp.ge')).toEqual([256]);
    expect(changed.settings).toContain('program.parameters.gain=1');
    expect(changed.settings).not.toContain('program.parameters.gain=2');
  });

  test('--set changes program and hw-model before they are checked', () => {
    const { image } = cellOf(set('hw.lanes=32', 'program.populations.hidden.size=128', 'program.steps=4'));
    expect(image).toMatchObject({ core: { lanes: 32 }, steps: 4 });
    expect(image.populations.map(({ size }) => size)).toEqual([784, 128, 10]);
  });

  test("an experiment's own set chooses another rule, relative to the experiment", () => {
    const rounding = loadExperiment(findFile('experiment', 'rounding-truncating', ''));
    const mnemonics = resolveCell(rounding, {}, findFile)
      .image.kernels.filter(({ name }) => name === 'learn')
      .map(({ code }) => code.find(({ mnemonic }) => mnemonic.startsWith('sra'))?.mnemonic);
    expect(mnemonics).toEqual(['sra', 'sra']);
  });

  test.each([
    [['hw.lans=32'], "set 'hw.lans'", "unknown key 'lans'; did you mean 'lanes'?"],
    [['hw.lanes=0'], "set 'hw.lanes'", 'found 0'],
    [['program.parameters.gian=2'], "set 'program.parameters.gian'", "'parameters' has no 'gian'"],
    [['program.populations.hiden.size=2'], "set 'program.populations.hiden.size'", "did you mean 'hidden'?"],
    [['program.microcode.9=x.uc'], "set 'program.microcode.9'", "'microcode' has no '9'"],
    [['program.microcode.update=nix.uc'], "set 'program.microcode.update'", "'nix.uc': no such file"],
    [['programm.steps=2'], "set 'programm.steps'", "did you mean 'program'?"],
    [['program.steps'], "set 'program.steps'", 'expected path=value'],
    [['program.steps=[1'], "set 'program.steps'", 'is not a YAML value'],
    [['program=3'], "set 'program'", 'expected a path'],
    [['program=rule.yaml'], "set 'program'", "another file: set 'experiment.program=FILE'"],
    [['hw=large'], "set 'hw'", "or several: sweep vary 'hw=FILE,FILE'"],
  ] as const)('--set %j is refused with its place', (options, place, message) => {
    let described = '';
    try {
      cellOf(set(...options));
    } catch (error) {
      described = String((error as { describe?: () => string }).describe?.());
    }
    expect(described.startsWith(`${place}: `)).toBe(true);
    expect(described).toContain(message);
  });

  test('a parameter that the program has not is refused at its place in the experiment', () => {
    const text = source.text.replace('parameters: {gain: 0,', 'parameters: {gian: 0,');
    const line = text.split('\n').findIndex((row) => row.includes('gian')) + 1;
    expectError(() => cellOf({}, text), 'unknown-key', `mnist-snn.yaml:${line}:`, "no 'gian'");
  });

  test('an image refuses what it was not compiled for', () => {
    const { image } = cellOf();
    expect(() => checkImageChoice(image, { hw: 'reference', precision: 'mp16-8', seed: 1 })).not.toThrow();
    expectError(
      () => checkImageChoice(image, { seed: 2 }),
      'usage',
      "seed '2'",
      'compiled for 1',
      'compiles it again',
    );
    expectError(() => checkImageChoice(image, { precision: 'mp8-4' }), 'usage', "precision 'mp8-4'");
    expectError(
      () => checkImageChoice(image, set('hw.lanes=8')),
      'usage',
      "set 'hw.lanes'",
      'already compiled',
    );
  });
});

describe('bundled files', () => {
  test('a name that is not bundled, a missing file, a directory', () => {
    expectError(
      () => findFile('program', 'mnist-sn', ''),
      'file',
      "no bundled program 'mnist-sn'",
      "'mnist-snn'",
    );
    expectError(() => findFile('program', './nix.yaml', ''), 'file', "'nix.yaml': no such file");
    expectError(() => findFile('program', './src', ''), 'file', "'src': it is a directory, not a file");
    expectError(() => findFile('program', 'package.json/x.yaml', ''), 'file', 'no such file');
  });
});
