import { describe, expect, it } from 'vitest';
import { edit, failure } from '../hardware/tiny.ts';
import { rowInPhases } from '../machine/round-mesh.ts';
import { imageOf, roundCore } from '../support/core.ts';
import { compileSmall, smallProgram, smallRules } from './small.ts';

/** A projection of the small program with a delay. */
const withDelay = (name: 'p' | 'loop', delay: string): [string, string] =>
  name === 'p'
    ? ['    initialWeights: {uniform: 100}\n', `    initialWeights: {uniform: 100}\n    delay: ${delay}\n`]
    : ['    from: out\n    to: out\n', `    from: out\n    to: out\n    delay: ${delay}\n`];

const compileWith = (...edits: readonly (readonly [string, string])[]) =>
  imageOf(
    edits.reduce((text, [from, to]) => edit(text, from, to), smallProgram),
    smallRules,
  );

const previous: [string, string] = ['    - deliver: out\n', '    - {deliver: out, spikes: previous}\n'];
const kept: [string, string] = [
  '    out:\n      - {run: integrate, over: loop}\n',
  '  previousSpike: {out: [{run: integrate, over: loop}]}\n',
];

/** The core of the tests in a chip whose ring has room for so many steps. */
const ringOf = (steps: number): string => rowInPhases(2, `delay: ${steps}`);

describe('a delay', () => {
  it.each(['8', '{uniform: [8, 8]}'])('of %s steps is refused where the ring has room for 7', (delay) => {
    const compileOn = (steps: number) =>
      imageOf(edit(smallProgram, ...withDelay('p', delay)), smallRules, ringOf(steps));
    expect(compileOn(8).events.delayed).toHaveLength(1);
    expect(failure(() => compileOn(7))).toMatchObject({
      message: "'p' has a delay of 8 steps, beyond the ring of 'round', where a spike waits 7 at most",
      hint: 'shorten it, or let neurons between the two populations pass the spikes on',
      file: 'net.yaml',
    });
  });

  it('compiles for all synapses, for each, and as a formula', () => {
    expect(compileSmall().events.delayed).toEqual([]);
    expect(compileWith(withDelay('p', '3')).events.delayed).toMatchObject([
      { population: 0, lists: [{ delay: 3, actions: [{ does: 'run' }] }] },
    ]);
    expect(compileWith(withDelay('p', 'weightBits + 54')).events.delayed).toMatchObject([
      { lists: [{ delay: 62 }] },
    ]);
    const drawn = compileWith(withDelay('loop', '{uniform: [2, 4]}'), previous, kept);
    expect(drawn.events.delayed).toMatchObject([
      { population: 1, lists: [{ delay: 2 }, { delay: 3 }, { delay: 4 }] },
    ]);
    // 4 takes three bits.
    expect(drawn.fields.find(({ name }) => name === 'loop.delay')?.bits).toBe(3);
  });

  it.each([
    ['0', 'delay: expected a whole number of steps from 1 to 62, found 0', "leave out 'delay'"],
    ['63', 'delay: expected a whole number of steps from 1 to 62, found 63'],
    ['1.5', 'delay: expected a whole number of steps from 1 to 62, found 1.5'],
    ['-1', 'delay: expected a whole number of steps from 1 to 62, found -1'],
    ['rate', "'rate' changes with the epoch"],
    [
      'true',
      'expected a number of steps, a formula, or one for each synapse (uniform, file or values), found true',
    ],
    ['{uniform: [0, 63]}', 'delay: expected a whole number of steps from 0 to 62, found 63'],
    ['{uniform: 5}', 'delays are drawn from a least to a greatest one', 'uniform: [0, 7]'],
    ['{uniform: [5, 4]}', 'the least delay, 5, is above the greatest, 4'],
    ['{values: [1, 2, 3]}', "'projections.p.delay.values' has 3 values, expected 6 x 5 (pre x post)"],
    [
      `{values: [${new Array(31).fill(1).join(', ')}]}`,
      "'projections.p.delay.values' has 31 values, expected 6 x 5 (pre x post)",
    ],
    [
      `{values: [${new Array(30).fill(1).with(7, 63).join(', ')}]}`,
      'delay of synapse [1, 2]: expected a whole number of steps from 0 to 62, found 63',
    ],
    [
      `{values: [${new Array(30).fill(1).with(29, 0.5).join(', ')}], scale: 1}`,
      'delay of synapse [5, 4]: expected a whole number of steps from 0 to 62, found 0.5',
    ],
  ])('of %s is refused', (delay, message, hint = '') => {
    const error = failure(() => compileWith(withDelay('p', delay)));
    expect(error.message).toContain(message);
    expect(error.hint ?? '').toContain(hint);
    expect(error.file).toBe('net.yaml');
  });

  it.each([
    [
      'spikes that act in the step that emits them',
      [withDelay('loop', '1')],
      "'loop' has a delay, but spikes of 'out' act in the step that emits them",
      'move the action to events.previousSpike.out, and write {deliver: out, spikes: previous}',
    ],
    [
      'spikes that no step delivers',
      [withDelay('loop', '1'), ['    - deliver: out\n', ''], kept],
      "spikes of 'out' wait for delays: each step has to deliver them exactly once",
      'write {deliver: out, spikes: previous} once in the tick list',
    ],
    [
      'spikes that some steps do not deliver',
      [withDelay('p', '1'), ['    - deliver: in\n', '    - {deliver: in, every: 2}\n']],
      "spikes of 'in' wait for delays: each step has to deliver them exactly once",
      'write {deliver: in} once in the tick list, without a condition',
    ],
    [
      'a delivery behind a test',
      [withDelay('p', '1'), ['    - deliver: in\n', '    - stopUnlessAny: out.v\n    - deliver: in\n']],
      "spikes of 'in' wait for delays: each step has to deliver them exactly once",
      'before any stopUnlessAny',
    ],
    [
      'a list that tests a field',
      [
        withDelay('p', '1'),
        [
          '      - {run: integrate, over: p}\n',
          '      - stopUnlessAny: out.v\n      - {run: integrate, over: p}\n',
        ],
      ],
      "the list of spikes of 'in' tests a field, and some of what it runs waits for a delay",
      'test the field in the tick list',
    ],
    [
      'rows that no spike visits',
      [withDelay('p', '1'), ['      - {run: integrate, over: p}\n', '      []\n']],
      "spikes of 'in' run no kernel over rows of 'p', so that nothing waits",
      'run one in events.spike.in',
    ],
    [
      'a name that the core takes',
      [withDelay('p', '1'), ['      trace: {bits', '      delayed: {bits: 8}\n      trace: {bits']],
      "'delayed' is a field that every population or projection has already",
      '',
    ],
    [
      'the first columns of synapses with delays of their own',
      [
        withDelay('p', '{uniform: [1, 2]}'),
        ['      - {run: integrate, over: p}\n', '      - {run: integrate, over: p, columns: 2}\n'],
      ],
      'a kernel over row that is not dense has no columns to choose',
      '',
    ],
    [
      'a list that clears the spikes that wait',
      [withDelay('p', '1'), ['clear: [out.v]', 'clear: [in.delayed]']],
      "'in' has no field 'delayed'",
      '',
    ],
  ] as const)('for %s is refused', (_, edits, message, hint) => {
    const error = failure(() => compileWith(...edits));
    expect(error.message).toContain(message);
    expect(error.hint ?? '').toContain(hint);
  });

  /** The small program with drawn delays and a rule of its own over `p`, behind the other rules. */
  const withRule = (...lines: readonly string[]) => {
    const delayed = edit(smallProgram, ...withDelay('p', '{uniform: [1, 2]}'));
    const program = edit(delayed, '{run: integrate, over: p}', '{run: own, over: p}');
    return imageOf(program, `${smallRules}\nkernel own over row\n${lines.join('\n')}\nend\n`);
  };

  it('of a synapse is read and not stored by kernels', () => {
    expect(withRule('ld r5, syn.delay', 'add r5, r5, r5').work).toContain('own(p, delay 1)');
    const error = failure(() => withRule('ldi r5, 1', 'st r5, syn.delay'));
    expect(error.message).toContain("'syn.delay' is the delay of a synapse, which no kernel changes");
  });

  it('of their own is refused where a rule sums over the row', () => {
    const error = failure(() => withRule('ld r0, syn.weight', 'reduce r0, pre.trace'));
    expect(error.message).toContain(
      "kernel 'own' sums over rows of 'p', whose synapses act in different steps",
    );
    expect(error.hint).toContain('state one delay for the projection');
  });

  it('of their own takes a register, and is refused where none is free', () => {
    const all = Array.from({ length: 16 }, (_, register) => `ldi r${register}, 1`);
    const error = failure(() => withRule(...all, 'st r0, post.signal'));
    expect(error.message).toContain(
      "kernel 'own' uses all 16 registers, and one has to take the delays of 'p'",
    );
  });

  it('takes bits of a bank, and is refused where the bank has too few', () => {
    const image = compileWith(withDelay('p', '62'));
    const plain = compileSmall();
    const words = (of: typeof image) => of.banks.map(({ usedWords }) => usedWords);
    // 62 rows of 6 flags, a word of 16 bits each.
    expect(words(image)).toEqual(words(plain).map((used, bank) => used + (bank === 2 ? 62 : 0)));
    const small = edit(roundCore, 'state: {capacityBits: 16384', 'state: {capacityBits: 512');
    const error = failure(() => imageOf(edit(smallProgram, ...withDelay('p', '62')), smallRules, small));
    expect(error.message).toContain('state bank: ');
  });
});
