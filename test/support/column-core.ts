import { eventCore } from './event-core.ts';

/**
 * {@link eventCore} with generators: one whose words are its lanes, one that serves pairs of lanes with words of 3 of 7
 * bits.
 */
export const columnCore = eventCore.replace(
  'banks:\n',
  `generators:
  wide: {recurrence: [3, 25], bitsPerAdvance: 128, wordBits: 32, lanes: 4}
  pairs: {recurrence: [1, 15], bitsPerAdvance: 7, wordBits: 3, lanes: 2}
banks:
`,
);

/**
 * `columns` neurons, of which the first five are pre-synaptic. Three records of 8 bits share a word with their gain; 32
 * / `weightBits` synapses share one.
 */
export const columnProgram = (columns: number, weightBits = 8): string => `format: plasticore/program/1
name: columns
populations:
  n:
    size: 8
    fields:
      t: {kind: integer, bits: 4, signed: false, record: word}
      g: {kind: integer, bits: 4, signed: false, record: word}
      gain: {kind: integer, bits: 8, signed: false, record: word, perWord: true}
      drawn: {kind: integer, bits: 8, signed: false, bank: weight}
projections:
  p:
    from: n
    to: n
    weights: none
    fields:
      w: {kind: integer, bits: ${weightBits}, signed: false, record: synapse}
microcode: {rule: rule.uc}
events:
  scalars: {from: {bits: 4}}
  on:
    learnWide: [{run: learnWide, over: p, order: columns, rows: 5, columns: ${columns}}]
    learnPairs: [{run: learnPairs, over: p, order: columns, rows: 5, columns: ${columns}}]
    draw: [{run: drawPairs, over: n, columns: ${columns}}]
    drawOne: [{run: drawPairs, over: n, only: neuron}]
    hold: [{hold: [n.t, n.drawn], after: 5, period: 2}]
`;

const learn = (name: string, generator: string): string => `kernel ${name} over synapses
  ld      r0, post.g
  any     r1, r0
  ld      r2, pre.t
  cmp.ne  r3, r2, 0
  or      r3, r3, r1
  draw.if r4, ${generator}, r3
  and     r4, r4, 0x7
  ld      r5, syn.w
  ld      r6, post.gain
  add     r4, r4, r6
  add     r4, r4, r2
  add     r5, r5, r4
  st.tile r5, syn.w, r3
end
`;

export const columnRules = `${learn('learnWide', 'wide')}
${learn('learnPairs', 'pairs')}
kernel drawPairs over neurons
  ld      r0, self.index
  ld      r1, ev.from
  cmp.ge  r2, r0, r1
  draw.if r3, pairs, r2
  add     r3, r3, 1
  st      r3, self.drawn
end
`;
