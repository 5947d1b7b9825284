import { expect, test } from 'vitest';
import { command, option, PlasticoreError } from '../../src/text/index.ts';

const error = new PlasticoreError('usage', `${option('checkpointSeconds')} needs ${option('out')}`, {
  file: option('set', 'hw.lanes=8'),
  line: 3,
  hint: `for example ${option('out', 'runs/first')}`,
});

test('an error names options by their keys', () => {
  expect(error.message).toBe("'checkpointSeconds' needs 'out'");
  expect(error.hint).toBe("for example out 'runs/first'");
  expect(error.describe()).toBe(
    "set 'hw.lanes=8':3: 'checkpointSeconds' needs 'out'\n  for example out 'runs/first'",
  );
});

test('whoever shows it spells them, also at another place and after rebuilding it from its parts', () => {
  const spell = (key: string, value?: string) => `<${key}${value === undefined ? '' : `=${value}`}>`;
  const hint = '  for example <out=runs/first>';
  expect(error.describe(spell)).toBe(`<set=hw.lanes=8>:3: <checkpointSeconds> needs <out>\n${hint}`);
  const parts = structuredClone(error.parts);
  const moved = PlasticoreError.of(parts).at({ file: 'e.yaml', line: 4 });
  expect(moved.describe(spell)).toBe(`e.yaml:4: <checkpointSeconds> needs <out>\n${hint}`);
});

test('a message does not grow with a name that a file states', () => {
  const name = 'x'.repeat(100_000);
  const long = new PlasticoreError('data', `array '${name}': expected 3 axes\nfound 2`);
  expect(long.message.length).toBeLessThan(600);
  expect(long.message).toMatch(
    /^array 'xxx.*\.\.\. \(\d+ characters\) \.\.\. x+': expected 3 axes\nfound 2$/,
  );
  expect(PlasticoreError.of(long.parts).message).toBe(long.message);
});

test('a command is the same for every reader', () => {
  const hint = `${command('run EXPERIMENT', option('out', 'DIR'), option('keepStates'))} writes it`;
  expect(hint).toBe('plasticore run EXPERIMENT --out DIR --keep-states writes it');
  expect(new PlasticoreError('usage', 'nothing there', { hint }).hint).toBe(hint);
});
