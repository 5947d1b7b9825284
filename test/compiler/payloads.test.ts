import { describe, expect, it } from 'vitest';
import { edit, failure, load } from '../hardware/tiny.ts';
import { imageOf, roundCore, roundFloatCore } from '../support/core.ts';

const program = (payload: string, spike = '{run: take, over: loop}'): string => `format: plasticore/program/1
name: graded
steps: 2
parameters: {width: weightBits}
input: in
populations:
  in: {size: 6}
  out: {size: 1000${payload}, fields: {v: {bits: 16}}}
projections:
  p: {from: in, to: out}
  loop: {from: out, to: out}
microcode: {rule: rule.uc}
events:
  tick: [{deliver: in}, {run: send, over: out}, {deliver: out}]
  spike:
    in: [{run: take0, over: p}]
    out: [${spike}]
readout: out.v
`;

const send = `kernel send over neurons
  ld    r0, self.v
  cmp.gt r1, r0, 3
  emit  r1, r0
end
`;

const take = `kernel take over row
  ld    r0, ev.value
  ld    r1, post.v
  add.s r0, r0, r1
  st    r0, post.v
end
kernel take0 over row
  ld    r1, post.v
  st    r1, post.v
end
`;

/** {@link roundCore} with room for a thousand neurons that all meet. */
const wide = edit(roundCore, 'fifoDepth: 64', 'fifoDepth: 4096').replaceAll(
  /capacityBits: \d+/g,
  'capacityBits: 67108864',
);

const compileWith = (payload: string, rules = send + take, spike?: string, core = wide) =>
  imageOf(program(payload, spike), rules, load(core));

describe('a payload', () => {
  it('compiles, and says what values are possible', () => {
    const image = compileWith(', payload: {bits: width, signed: false}');
    expect(image.populations[1]?.payload).toEqual({ bits: 8, signed: false, shift: 10 });
    const taken = image.kernels.find(({ name }) => name === 'take')?.code[0];
    expect(taken).toMatchObject({ mnemonic: 'ld', operands: [{ is: 'register' }, { is: 'payload' }] });
    expect(taken).toMatchObject({ low: 0, high: 255 });
  });

  it.each([
    [
      'wider than an address has room for',
      [', payload: {bits: 15}'],
      "beside the 10 bits that number the neurons of 'out', and on a datapath of 32, a spike carries at most 14, found 15",
      '',
    ],
    ['of no bits', [', payload: {bits: 0}'], 'bits: expected a whole number of at least 1, found 0', ''],
    [
      'that spikes do not have',
      [''],
      "kernel 'send' over out sends a value, and spikes of 'out' carry none",
      'give populations.out a payload',
    ],
    [
      'that nothing sends',
      [', payload: {bits: 8}', send.replace('emit  r1, r0', 'emit  r1') + take],
      "kernel 'send' over out sends no value, and spikes of 'out' carry one",
      'write emit r, value',
    ],
    [
      'of another kind than what is sent',
      [', payload: {bits: 8, kind: integer}'],
      "'emit.v r1, r0' expects integer, but r0 is real",
      '',
    ],
    [
      'that spikes of the input do not have',
      [
        ', payload: {bits: 8}',
        send + take.replace('kernel take0 over row\n', 'kernel take0 over row\n  ld r0, ev.value\n'),
      ],
      "ev.value: spikes of 'in' carry no value",
      'populations.in.payload says what they carry',
    ],
    [
      'taken by a kernel over a whole projection',
      [', payload: {bits: 8}', send + take.replace('kernel take over row', 'kernel take over synapses')],
      "kernel 'take' takes the value of a spike, which only kernels over its row or its neuron can",
      'move it to events.spike or events.previousSpike',
    ],
  ] as const)('%s is refused', (_, [payload, rules], message, hint) => {
    const error = failure(() => imageOf(program(payload), rules ?? send + take, load(wide)));
    expect([error, ...error.others].map((one) => one.message).join('\n')).toContain(message);
    expect([error, ...error.others].map((one) => one.hint ?? '').join('\n')).toContain(hint);
  });

  it('of reals is refused on a float32 core, which sends integers', () => {
    const error = failure(() => imageOf(program(', payload: {bits: 8}'), send + take, roundFloatCore));
    expect([error, ...error.others].map((one) => one.message).join('\n')).toContain(
      'spikes of a float32 core carry integers',
    );
  });
});
