import { roundCore } from './core.ts';

/** {@link roundCore} with its own controller, no choice of widths, 32-bit words and a bank of registers. */
export const eventCore = roundCore
  .replace('name: round', 'name: event-round')
  .replace('precision: {weightBits: [4, 8, 16], shadowBits: [8, 16], accumulatorBits: [24, 16]}\n', '')
  .replace('sources:\n', 'controller: test\nsources:\n')
  .replaceAll('wordBits: 16', 'wordBits: 32')
  .replace(
    'placement:',
    '  registers: {capacityBits: 1024, wordBits: 1, ports: {read: 1, write: 1}, bitMask: true, readPj: 0, writePj: 0, leakUw: 0, areaUm2: 1, source: guess}\nplacement:',
  );

/** Six neurons, all connected; a word of 32 bits holds four synapses of weight 3 + mark 1 (bits 4 to 7 of 8 unused). */
export const eventProgram = `format: plasticore/program/1
name: events
populations:
  n:
    size: 6
    fields:
      threshold: {kind: integer, bits: 4, signed: false, record: word, at: 3}
      v: {kind: integer, bits: 6, signed: false, record: word, at: 20}
      hot: {kind: flag, bank: registers}
      sum: {kind: integer, bits: 8}
projections:
  p:
    from: n
    to: n
    weights: none
    fields:
      w: {kind: integer, bits: 3, signed: false, record: synapse}
      mark: {kind: flag, record: synapse, at: 7}
microcode: {rule: rule.uc}
events:
  scalars: {gain: {bits: 3}, keep: {kind: flag}}
  on:
    pop: [{run: deliver, over: p}]
    stimulate: [{run: deliver, over: p, only: synapse}]
    poke: [{run: poke, over: n}]
    decay: [{run: decay, over: n}]
    decayOne: [{run: decay, over: n, only: neuron}]
    forget: [{run: forget, over: p}]
    gather: [{run: gather, over: p}]
    gatherOne: [{run: gather, over: p, only: synapse}]
    forgetRow: [{run: forget, over: p, only: row}]
`;

export const eventRules = `
routine fire                    ; r0: the new potential
  ld     r1, neuron.threshold
  cmp.ge r2, r0, r1
  sel    r0, r2, 0, r0
  st     r0, neuron.v
  st     r2, neuron.hot
  emit   r2
end

kernel deliver over row
  ld   r5, syn.w
  ld   r6, ev.gain
  mul  r5, r5, r6
  ld   r0, post.v
  add  r0, r0, r5
  min  r0, r0, 63
  call fire
  ldi  r7, 1
  st   r7, syn.mark
end

kernel gather over row
  ld     r0, syn.w
  reduce r0, pre.sum
end

kernel poke over neuron
  ld   r0, self.v
  ld   r6, ev.gain
  add  r0, r0, r6
  min  r0, r0, 63
  call fire
end

kernel decay over neurons
  ld   r0, self.v
  sub  r0, r0, 1
  max  r0, r0, 0
  st   r0, self.v
end

kernel forget over synapses
  ld   r0, syn.w
  ld   r1, ev.keep
  sub  r2, r0, 1
  max  r2, r2, 0
  sel  r0, r1, r0, r2
  st   r0, syn.w
end
`;
