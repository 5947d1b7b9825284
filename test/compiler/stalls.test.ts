import { describe, expect, it } from 'vitest';
import { edit, failure, load } from '../hardware/tiny.ts';
import { imageOf, roundCore } from '../support/core.ts';

// `a` has eight neurons; the FIFO stalls.
const program = (lists: string): string => `format: plasticore/program/1
name: stalls
steps: 2
input: in
populations:
  in: {size: 8, fields: {n: {kind: integer, bits: 8}}}
  a: {size: 8, fields: {x: {bits: 8}, y: {bits: 8}, n: {kind: integer, bits: 8}}}
  b: {size: 8, fields: {x: {bits: 8}, n: {kind: integer, bits: 8}}}
projections:
  inA: {from: in, to: a}
  ab: {from: a, to: b}
  ba: {from: b, to: a}
  aa: {from: a, to: a}
microcode: {rule: rule.uc}
events:
${lists}
readout: a.x
`;

const microcode = `
kernel fire over neurons
  ld     r0, self.x
  cmp.ge r1, r0, 1
  st     r0, self.x
  emit   r1
end
kernel fireGated over neurons where self.n
  ld     r0, self.x
  cmp.ge r1, r0, 1
  emit   r1
end
kernel fireRandom over neurons
  rnd    r0, 1
  emit   r0
end
kernel add over row
  ld     r0, syn.weight
  sra    r0, r0, 4
  st     r0, post.x
end
kernel addGated over row where post.x
  ld     r0, syn.weight
  st     r0, post.y
end
kernel pass over row
  ld     r0, syn.weight
  cmp.ge r1, r0, 1
  emit   r1
end
kernel passAll over synapses
  ld     r0, syn.weight
  cmp.ge r1, r0, 1
  emit   r1
end
kernel grow over row
  ld     r0, syn.shadow
  add    r0, r0, 1
  st     r0, syn.shadow
end
kernel fireFrom over neurons
  draw   r0, odd
  emit   r0
end
kernel fromOdd over row
  draw   r0, odd
  st     r0, post.n
end
kernel fromEven over row
  draw   r0, even
  st     r0, post.n
end
kernel scatter over row
  rnd    r0, 4
  st     r0, post.n
end
`;

const generators = `generators:
  odd: {recurrence: [1, 15], bitsPerAdvance: 4, wordBits: 4, lanes: 4}
  even: {recurrence: [1, 15], bitsPerAdvance: 4, wordBits: 4, lanes: 4}
banks:
`;

const core = (depth: number): string =>
  edit(edit(roundCore, 'fifoDepth: 64', `fifoDepth: ${depth}`), 'banks:\n', generators);

const compileWith = (lists: string, depth: number, text = core(depth)) =>
  imageOf(program(lists), microcode, load(text), { precision: 'mp16-8' });

describe('a FIFO that stalls', () => {
  it.each([
    [
      'a field',
      '  tick: [{run: fire, over: a}, {deliver: a}]\n  spike: {a: [{run: add, over: aa}]}',
      "kernel 'fire' may fill the FIFO of 4 events and stall, but serving a spike runs 'add', which uses a.x too",
    ],
    [
      'a field as a gate',
      '  tick: [{run: fire, over: a}, {deliver: a}]\n  spike: {a: [{run: addGated, over: aa}]}',
      "'addGated', which uses a.x too",
    ],
    [
      'a field in a clear',
      '  tick: [{run: fire, over: a}, {deliver: a}]\n  spike: {a: [{from: 1, do: [{clear: [a.x]}]}]}',
      "'clear', which uses a.x too",
    ],
    [
      'a field in a test',
      '  tick: [{run: fire, over: a}, {deliver: a}]\n  spike: {a: [{stopUnlessAny: a.x}]}',
      "'stopUnlessAny', which uses a.x too",
    ],
    [
      'the generators',
      '  tick: [{run: fireRandom, over: a}, {deliver: a}]\n  spike: {a: [{run: scatter, over: ab}]}',
      "'scatter', which draws random numbers too",
    ],
    [
      'a declared generator',
      '  tick: [{run: fireFrom, over: a}, {deliver: a}]\n  spike: {a: [{run: fromOdd, over: ab}]}',
      "'fromOdd', which draws from 'odd' too",
    ],
    [
      'a field of what else waits',
      // The spikes of `a` still wait when `b` fires.
      '  tick: [{run: fire, over: a}, {run: fire, over: b}, {deliver: a}]\n  spike: {a: [{run: add, over: ab}]}',
      "kernel 'fire' may fill the FIFO of 4 events and stall, but serving a spike runs 'add', which uses b.x too",
    ],
    [
      'a weight whose view it loads',
      '  tick: [{run: passAll, over: aa}, {deliver: a}]\n  spike: {a: [{run: grow, over: aa}]}',
      "'grow', which uses aa.shadow too",
    ],
  ])('is refused where serving shares %s with the suspended kernel', (_, lists, message) => {
    const error = failure(() => compileWith(lists, 4));
    expect(error.code).toBe('fit');
    expect(error.message).toContain(message);
    expect(error.file).toBe('net.yaml');
    expect(error.hint).toContain('whenFull: drop');
    // A core that drops has no such trouble.
    const drops = edit(core(4), 'whenFull: stall', 'whenFull: drop');
    expect(compileWith(lists, 4, drops)).toBeDefined();
  });

  const shared = '  tick: [{run: fire, over: a}, {deliver: a}]\n  spike: {a: [{run: add, over: aa}]}';

  it('is allowed where it cannot fill', () => {
    expect(compileWith(shared, 8)).toBeDefined();
    const { hint } = failure(() => compileWith(shared, 7));
    expect(hint).toBe('use a FIFO of at least 8 events, or whenFull: drop');
  });

  it('counts what waits from before', () => {
    const twice =
      '  tick: [{run: fire, over: a}, {run: fire, over: b}, {deliver: a}]\n  spike: {a: [{run: add, over: ab}]}';
    expect(failure(() => compileWith(twice, 15)).hint).toContain('at least 16 events');
    expect(compileWith(twice, 16)).toBeDefined();
    // Delivered in between, they do not add up.
    const between = twice.replace('{run: fire, over: b}', '{deliver: a}, {run: fire, over: b}');
    expect(compileWith(between, 8)).toBeDefined();
    // Unless the delivery is left out in some steps.
    const sometimes = twice.replace('{run: fire, over: b}', '{deliver: a, from: 1}, {run: fire, over: b}');
    expect(failure(() => compileWith(sometimes, 15)).hint).toContain('at least 16 events');
    // Without a delivery two steps fill it.
    const never = '  tick: [{run: fire, over: a}]\n  spike: {a: [{run: add, over: aa}]}';
    expect(failure(() => compileWith(never, 15)).hint).toContain('at least 16 events');
  });

  it('is allowed where serving shares nothing', () => {
    const apart = '  tick: [{run: fire, over: a}, {deliver: a}]\n  spike: {a: [{run: add, over: ab}]}';
    expect(compileWith(apart, 1)).toBeDefined();
    // Another generator, declared or of the lanes, is another thing.
    for (const served of ['fromEven', 'scatter']) {
      const drawing = `  tick: [{run: fireFrom, over: a}, {deliver: a}]\n  spike: {a: [{run: ${served}, over: ab}]}`;
      expect(compileWith(drawing, 1)).toBeDefined();
    }
  });

  it('may fill while a spike runs a kernel that emits, however few its neurons', () => {
    // Eight inputs wait while the first row emits up to eight spikes, so that the same kernel would run within itself.
    const within = '  tick: [{deliver: in}]\n  spike: {in: [{run: pass, over: inA}]}';
    const { message, hint } = failure(() => compileWith(within, 64));
    expect(message).toContain("serving a spike runs 'pass', which uses inA.weight too");
    expect(hint).toBe('use whenFull: drop');
  });
});
