import { describe, expect, test } from 'vitest';
import { instructionSetPage } from '../../scripts/instruction-set-page.ts';
import { assemble, domains, hostScalars, operations } from '../../src/isa/index.ts';
import { specifications } from './specification.ts';

const page = instructionSetPage();

/** The cells of the row of a table that starts with some code. */
function rowOf(code: string): string[] {
  const rows = page.split('\n').filter((line) => line.startsWith(`| \`${code}\` |`));
  expect(rows, code).toHaveLength(1);
  return (
    rows[0]
      ?.split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()) ?? []
  );
}

describe('every operation has its own line', () => {
  const lines = page
    .split('\n')
    .filter((line) => /^\| `[a-z.]+ /.test(line) && !/`(kernel|routine) /.test(line));

  test('and nothing else has', () => {
    const mnemonics = lines.map((line) => /`([a-z.]+) /.exec(line)?.[1]);
    expect([...mnemonics].sort()).toEqual(operations.map(({ mnemonic }) => mnemonic).sort());
  });

  test.each(Object.entries(specifications))('which says whether %s draws', (mnemonic, { draws }) => {
    const cells = lines.find((line) => line.startsWith(`| \`${mnemonic} `))?.split(/(?<!\\)\|/);
    expect(cells?.at(5)?.trim()).toBe(draws ? 'yes' : '');
  });

  test('with operands, kinds, cost and meaning', () => {
    expect(rowOf('add.s rd, a, b').slice(1)).toEqual([
      'a, b values',
      'N ← N, N',
      'add, compare',
      '',
      'a + b',
    ]);
    expect(rowOf('abs rd, a').at(-1)).toBe('\\|a\\|');
    expect(rowOf('clip rd, a, b, c').slice(1, 4)).toEqual([
      'a value; b, c constants',
      'N ← N, N, N',
      '2 compare',
    ]);
    expect(rowOf('mulsra.sr rd, a, b, n').slice(1, 5)).toEqual([
      'a, b values; n constant',
      'N ← N, N, -',
      'multiply, shift, add, random',
      'yes',
    ]);
    expect(rowOf('ld.row rd, role.field, a').slice(1, 4)).toEqual(['a register', 'A ← A, B', 'words']);
    expect(rowOf('st a, role.field').slice(1, 4)).toEqual(['a register', 'A, A', 'words']);
    expect(rowOf('emit a').slice(1, 4)).toEqual(['a register', 'B', 'FIFO push']);
  });
});

test('domains and host scalars are all there', () => {
  for (const { name, meaning } of domains) expect(rowOf(name)[1]).toBe(meaning);
  expect(rowOf('synapses').at(-1)).toBe('rows by `pre`, columns by `post`');
  expect(rowOf('neuron').at(-1)).toBe('none');
  for (const name of hostScalars) expect(page).toContain(`\`host.${name}\``);
});

test('the generator’s first ten words for seed 1, lane 0', () => {
  expect(page).toContain('0x50653bed');
  expect(page).toContain('0x1404ec41 0xb81d9867 0x693ec00f 0x96d06a90 0xebc6cd71');
  expect(page).toContain('0x7f767ce5 0xadba1690 0x026445a4 0xd0c0994c 0xbec66fb8');
});

test('the kernels shown can be assembled', () => {
  const shown = [...page.matchAll(/```asm[^\n]*\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  expect(assemble(shown.join('\n'), 'page').map(({ name }) => name)).toEqual([
    'learn',
    'fire',
    'keepBox',
    'learnWithDelay',
  ]);
});

test('tables are whole: each line has as many cells as its head', () => {
  let columns = 0;
  for (const line of page.split('\n')) {
    if (!line.startsWith('|')) columns = 0;
    else {
      const cells = line.split(/(?<!\\)\|/).length;
      if (columns > 0) expect(cells, line).toBe(columns);
      columns = cells;
    }
  }
});
