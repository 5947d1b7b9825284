import { describe, expect, it } from 'vitest';
import { edit, failure } from '../hardware/tiny.ts';
import { columnCore, columnProgram, columnRules } from '../support/column-core.ts';
import { imageOf } from '../support/core.ts';

const program = columnProgram(7);
const refusal = (of: string, rules = columnRules, core = columnCore) =>
  failure(() => imageOf(of, rules, core, { precision: 'own' }));
const image = imageOf(program, columnRules, columnCore, { precision: 'own' });

describe('a part of a kernel’s domain', () => {
  it('is the first rows and columns; all of them are not a part', () => {
    const parts = image.kernels.map(({ name, rows, columns, order }) => ({ name, rows, columns, order }));
    expect(parts).toEqual([
      { name: 'learnWide', rows: 5, columns: 7, order: 'columns' },
      { name: 'learnPairs', rows: 5, columns: 7, order: 'columns' },
      { name: 'drawPairs', rows: undefined, columns: 7, order: 'rows' },
      { name: 'drawPairs', rows: undefined, columns: undefined, order: 'rows' },
    ]);
    const whole = imageOf(columnProgram(8), columnRules, columnCore, { precision: 'own' });
    expect(whole.kernels[0]).toMatchObject({ rows: 5, columns: undefined });
  });

  it('lies within it', () => {
    expect(refusal(columnProgram(9)).message).toBe('expected at most 8, found 9');
    const one = edit(program, 'only: neuron', 'only: neuron, columns: 1');
    expect(refusal(one).message).toContain('a kernel over neuron has no columns to choose');
    const rows = edit(program, 'run: drawPairs, over: n, columns: 7', 'run: drawPairs, over: n, rows: 2');
    expect(refusal(rows).message).toContain('a kernel over neurons has no rows to choose');
  });
});

describe('a kernel by columns', () => {
  const rules = (before: string, after: string): string => {
    const at = columnRules.indexOf(before);
    return columnRules.slice(0, at) + after + columnRules.slice(at + before.length);
  };
  const message = (before: string, after: string): string => refusal(program, rules(before, after)).message;

  it('goes over the synapses of a dense projection', () => {
    const neurons = edit(program, 'over: n, columns: 7', 'over: n, order: columns');
    expect(refusal(neurons).message).toBe("kernel 'drawPairs' cannot run by columns: it runs over neurons");
  });

  it('has no gate, and does nothing that gathers a row or draws for the lanes', () => {
    expect(message('over synapses', 'over synapses where post.g')).toContain('it has a gate');
    expect(message('  st.tile r5', '  emit r1\n  st.tile r5')).toContain('it uses emit');
    expect(message('  st.tile r5', '  reduce r5, pre.drawn\n  st.tile r5')).toContain('it uses reduce');
    expect(message('  st.tile r5', '  rnd r9, 3\n  st.tile r5')).toContain('it uses rnd');
  });

  it('stores each synapse’s own fields', () => {
    expect(message('  st.tile r5, syn.w, r3', '  st r5, post.drawn')).toContain(
      'st accesses post.drawn, which many synapses of a tile share',
    );
  });

  it('knows the result of any before the first row', () => {
    expect(message('any     r1, r0', 'ld r9, pre.t\n  or r9, r9, r0\n  any r1, r9')).toContain(
      'any takes what differs from row to row',
    );
    const byRows = edit(
      program,
      'run: learnWide, over: p, order: columns, rows: 5',
      'run: learnWide, over: p',
    );
    expect(refusal(byRows)).toMatchObject({ hint: "add 'order: columns'" });
  });

  it('stores by a predicate that its tile shares', () => {
    const { message: found, hint } = refusal(
      program,
      rules('  st.tile r5, syn.w, r3', '  st.tile r5, syn.w, r0'),
    );
    expect(found).toBe('the predicate r0 of st.tile differs within a tile');
    expect(hint).toContain('any');
  });
});

describe('values kept once per word', () => {
  it('is of a record, behind its items, and not stored into', () => {
    expect(refusal(edit(program, 'record: word, perWord: true', 'perWord: true')).hint).toBe(
      'name the record',
    );
    const at = edit(program, 'record: word, perWord: true', 'record: word, at: 8, perWord: true');
    expect(refusal(at).hint).toBe("leave out 'at'");
    const stores = columnRules.replace('st      r3, self.drawn', 'st      r3, self.gain');
    expect(refusal(program, stores).message).toBe(
      "'self.gain' is kept once for each word and cannot be stored into",
    );
  });

  it('leaves room for an item', () => {
    const wide = edit(program, 'gain: {kind: integer, bits: 8', 'gain: {kind: integer, bits: 28');
    expect(refusal(wide).message).toContain('an item of 36 bits does not fit a 32-bit word');
  });
});

describe('hold', () => {
  it('has that many items before', () => {
    expect(refusal(edit(program, 'period: 2', 'period: 6')).message).toBe('expected at most 5, found 6');
    expect(refusal(edit(program, ', period: 2', '')).message).toContain(
      "'hold', 'after' and 'period' go together",
    );
  });
});

describe('a draw', () => {
  it('names a generator that the core declares', () => {
    const { message, hint } = refusal(program, columnRules.replace('r3, pairs', 'r3, pair'));
    expect(message).toBe("hw-model 'event-round' declares no generator 'pair'");
    expect(hint).toContain('pairs');
  });

  const drawTwice = (name: string): string =>
    edit(
      columnRules,
      `draw.if r3, ${name}, r2`,
      `draw.if r3, ${name}, r2\n  draw r4, ${name}\n  xor r3, r3, r4\n  and r3, r3, 7`,
    );

  it('comes once from a generator that serves fewer lanes than the core has', () => {
    const { message, line, file } = refusal(program, drawTwice('pairs'));
    expect(message).toBe(
      "kernel 'drawPairs' draws twice from 'pairs', which serves 2 of the core's 4 lanes at a time",
    );
    expect({ file, line }).toEqual({ file: 'rule.uc', line: 38 });
    // All lanes at once, or a kernel over one neuron, keep the order of the text.
    const wide = drawTwice('pairs').replaceAll('pairs', 'wide');
    expect(imageOf(program, wide, columnCore, { precision: 'own' })).toBeDefined();
    const one = edit(
      program,
      '{run: drawPairs, over: n, columns: 7}',
      '{run: drawPairs, over: n, only: neuron}',
    );
    expect(imageOf(one, drawTwice('pairs'), columnCore, { precision: 'own' })).toBeDefined();
  });

  it('has the range of its words', () => {
    const [wide, , pairs] = image.kernels;
    const range = (kernel: typeof wide) => kernel?.code.find(({ mnemonic }) => mnemonic === 'draw.if');
    expect(range(wide)).toMatchObject({ low: -(2 ** 31), high: 2 ** 31 - 1 });
    expect(range(pairs)).toMatchObject({ low: 0, high: 7 });
  });
});

describe('a generator', () => {
  it.each([
    ['[3, 25]', '[25, 3]', 'expected a before b, found [25, 3]'],
    ['bitsPerAdvance: 128', 'bitsPerAdvance: 31', 'an advance has 31 bits, a word 32'],
    ['wordBits: 3, lanes: 2', 'wordBits: 3, lanes: 3', "expected a divisor of the core's 4, found 3"],
    ['[1, 15]', '[1, 33]', 'expected a distance (a whole number, 2 to 32), found 33'],
  ])('has to make sense: %s is not %s', (before, after, words) => {
    expect(refusal(program, columnRules, edit(columnCore, before, after)).message).toContain(words);
  });
});
