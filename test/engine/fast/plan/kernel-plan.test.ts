import { describe, expect, it } from 'vitest';
import { type KernelPlan, planKernels } from '../../../../src/engine/fast/plan/kernel-plan.ts';
import { planModule } from '../../../../src/engine/fast/plan/module-plan.ts';
import { describePlan } from '../../../../src/engine/fast/plan/words.ts';
import type { CoreImage } from '../../../../src/image/index.ts';
import { edit } from '../../../hardware/tiny.ts';
import { imageOf, roundCore, roundFloatCore } from '../../../support/core.ts';

const lanes16 = (core: string): string =>
  edit(core, 'lanes: 4', 'lanes: 16').replaceAll(/capacityBits: \d+/g, 'capacityBits: 1048576');

/** An input of 40 neurons with traces, joined to 32 of b; the tick runs kernel k. */
function imageWith(microcode: string, over: string, core = lanes16(roundCore)): CoreImage {
  return imageOf(
    `format: plasticore/program/1
name: two
steps: 1
input: a
populations:
  a: {size: 40, fields: {trace: {bits: 8, signed: false}}}
  b: {size: 32, fields: {x: {bits: 16}, g: {bits: 8}, n: {kind: integer, bits: 8}}}
projections: {p: {from: a, to: b}}
microcode: {rule: rule.uc}
events: {tick: [{run: k, over: ${over}}], spike: {a: [{run: s, over: p}]}}
readout: b.x
`,
    `${microcode}
kernel s over row
  ld r0, syn.weight
  ld r1, post.x
  add.s r1, r1, r0
  st r1, post.x
end`,
    core,
  );
}

function planOf(header: string, body: string, over: string, core?: string): KernelPlan {
  const [plan] = planKernels(imageWith(`kernel k over ${header}\n${body}\nend`, over, core));
  if (plan === undefined) throw new Error('no plan');
  return plan;
}

const whens = ({ lines }: KernelPlan): string[] => lines.map(({ when }) => when);

describe('the plan of a kernel', () => {
  it('over neurons: no rows, all columns in blocks, shared values once a run', () => {
    const plan = planOf(
      'neurons',
      `  ld r0, host.step
  ld r1, self.index
  cmp.eq r1, r1, r0
  sel r1, r1, 1, 0
  st r1, self.g`,
      'b',
    );
    expect(plan).toMatchObject({ lanes: 'i16x8', because: 'every value fits 16 bits' });
    expect(plan.rows).toEqual({ visits: 'none' });
    expect(plan.columns).toEqual({ visits: 'blocks', inLanes: false });
    expect(whens(plan)).toEqual(['run', 'item', 'item', 'item', 'item']);
    // 32 columns are two blocks of 16, so no mask is needed.
    expect(plan.pieces).toEqual([
      {
        lanes: 'i16x8',
        vector: 8,
        block: 16,
        from: 0,
        to: 32,
        past: 32,
        isMasked: false,
        keepsGenerators: false,
      },
    ]);
  });

  it('gated by rows and columns: constants once a run, the row once a row, ranges by hand', () => {
    const plan = planOf(
      'synapses where pre.trace and post.g',
      `  ldi r3, 3
  ld r0, pre.trace
  mul r4, r0, r3
  ld r1, post.g
  mul r2, r0, r1
  ld r5, syn.shadow
  add.s r5, r5, r2
  st r5, syn.shadow`,
      'p',
    );
    expect(plan.rows).toMatchObject({ visits: 'where', count: 40, isKept: false });
    expect(plan.columns).toMatchObject({ visits: 'gated tiles' });
    expect(whens(plan)).toEqual(['run', 'row', 'row', 'item', 'item', 'item', 'item', 'item']);
    // trace is 0 .. 255, g -128 .. 127: their product is -32640 .. 32385.
    expect(plan.lines[2]?.range).toEqual({ low: 0, high: 765 });
    expect(plan.lines[4]?.range).toEqual({ low: -32640, high: 32385 });
    // Only a store that saturates reads the sum, and where g is zero the sum is the shadow weight itself.
    expect(plan.lines[6]?.saturates).toBe(true);
    expect(plan.lines[7]?.isUnchanged).toBe(true);
    expect(plan.pieces[0]).toMatchObject({ lanes: 'i16x8', vector: 8, block: 16, isMasked: true });
  });

  it('that reduces: a reduce changes no gate of a later row, so rows are tested as they come', () => {
    const plan = planOf('synapses where pre.trace', '  ldi r0, 1\n  reduce r0, pre.trace', 'p');
    expect(plan.rows).toMatchObject({ visits: 'where', isKept: false });
    expect(plan.reduces.map(({ line }) => line)).toEqual([1]);
  });

  it('by columns: the tile once, the row once, the item each time', () => {
    const image = imageWith(
      `kernel k over synapses
  ld r0, post.n
  any r1, r0
  ld r2, pre.trace
  cmp.gt r2, r2, 0
  ld.row r3, syn.weight, r2
  ld r4, syn.weight
  sel r4, r1, r4, r3
  st r4, syn.weight
end`,
      'p, order: columns',
    );
    const [plan] = planKernels(image);
    expect(plan && whens(plan)).toEqual(['tile', 'tile', 'row', 'row', 'item', 'item', 'item', 'item']);
    expect(plan?.lines[4]?.predicateWhen).toBe('row');
    expect(plan?.columns).toEqual({ visits: 'tiles' });
    expect(plan?.rows).toEqual({ visits: 'all', count: 40 });
  });

  it('over a part of its columns: vectors as far as whole blocks go, the rest one by one', () => {
    const plan = planOf('neurons', '  ld r0, self.g\n  st r0, self.g', 'b, columns: 21');
    expect(plan.pieces.map(({ lanes, from, to }) => [lanes, from, to])).toEqual([
      ['i16x8', 0, 16],
      ['one', 16, 21],
    ]);
    const narrow = planOf('neurons', '  ld r0, self.g\n  st r0, self.g', 'b, columns: 9');
    expect(narrow).toMatchObject({ lanes: 'one', because: '9 columns are no whole block' });
  });

  it('that draws: each block at its lane, generators in registers unless it emits', () => {
    const drawing = planOf('neurons', '  rnd r0, 3\n  st r0, self.n', 'b');
    expect(drawing.columns).toEqual({ visits: 'blocks', inLanes: true });
    expect([drawing.draws, drawing.pieces[0]?.keepsGenerators]).toEqual([1, true]);
    const emitting = planOf('neurons', '  rnd r0, 3\n  emit r0', 'b');
    expect(emitting.pieces[0]?.keepsGenerators).toBe(false);
  });

  it('of floats: four lanes; on a core of three lanes: one', () => {
    const body = '  ld r0, syn.weight\n  st r0, syn.weight';
    expect(planOf('synapses', body, 'p', lanes16(roundFloatCore)).lanes).toBe('f32x4');
    const three = edit(roundCore, 'lanes: 4', 'lanes: 3').replaceAll(
      /capacityBits: \d+/g,
      'capacityBits: 1048576',
    );
    expect(planOf('synapses', body, 'p', three)).toMatchObject({
      lanes: 'one',
      because: '3 lanes are not whole vectors of 4',
    });
  });

  it('that spikes run: post-synaptic fields stay in registers for a whole batch', () => {
    const image = imageWith('kernel k over neurons\n  ld r0, self.g\n  st r0, self.g\nend', 'b');
    const [, integrate] = planKernels(image);
    expect(integrate?.resident).toEqual([image.fields.findIndex(({ name }) => name === 'b.x')]);
    expect(integrate?.rows).toEqual({ visits: 'one' });
  });
});

it('a module is planned once: each kernel has its counters and its scratch', () => {
  const { kernels, counters, scratch } = planModule(
    imageWith('kernel k over neurons where self.g\n  ld r0, self.x\n  st r0, self.x\nend', 'b'),
  );
  expect(kernels.map(({ index }) => index)).toEqual([0, 1]);
  // A column gate's tiles, items and words are counted; those of an ungated kernel follow from its runs.
  expect(counters.kernels.map(({ work }) => work.by)).toEqual(['tiles', 'visits']);
  expect(scratch.kernels[0]?.tiles).toBeGreaterThan(scratch.kernels[0]?.mask ?? 0);
});

it('says a plan in words', () => {
  // Shadow weights have 16 bits, symmetric; weights 8. The sum is -32767 - 32640 .. 32767 + 32385.
  const image = imageWith(
    `kernel k over synapses where pre.trace and post.g
  ld r0, pre.trace
  ld r1, post.g
  mul r2, r0, r1
  ld r3, syn.shadow
  add.s r3, r3, r2
  st r3, syn.shadow
end`,
    'p',
  );
  expect(describePlan(image, planKernels(image))).toBe(`; k(p)
kernel k over synapses where pre.trace and post.g
; lanes    vectors of i16x8, because every value fits 16 bits
; rows     of 40, those where a.trace is not zero
; columns  of 32, the tiles of 16 where b.g is not zero
  ld       r0, pre.trace   ; each row, 0 .. 255
  ld       r1, post.g      ; each vector, -128 .. 127
  mul      r2, r0, r1      ; each vector, -32640 .. 32385
  ld       r3, syn.shadow  ; each vector, -32767 .. 32767
  add.s    r3, r3, r2      ; each vector, -65407 .. 65152, 16 bits may saturate it: only stores that saturate read it
  st       r3, syn.shadow  ; each vector, no mask: p.shadow stays as it is where the gate is zero
end

; s(p)
kernel s over row
; lanes    vectors of i16x8, because every value fits 16 bits
; rows     that of the event's neuron
; columns  32, blocks of at least 16
; spikes   together; for each block of columns, b.x in registers
  ld       r0, syn.weight  ; each vector, -128 .. 127
  ld       r1, post.x      ; each vector, -32768 .. 32767
  add.s    r1, r1, r0      ; each vector, -32896 .. 32894, 16 bits may saturate it: only stores that saturate read it
  st       r1, post.x      ; each vector
end
`);
});

describe('the plan of a kernel that names positions', () => {
  const planWith = (domain: string, body: string, size = 32): readonly [CoreImage, KernelPlan] => {
    const image = imageOf(
      `format: plasticore/program/1
name: two
steps: 3
input: a
populations:
  a: {size: 40, fields: {past: {bits: 8, positions: steps}}}
  b: {size: ${size}, fields: {x: {bits: 16}, y: {kind: integer, bits: 16}, open: {kind: flag, positions: steps}}}
projections: {p: {from: a, to: b}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: a}${domain === 'synapses' ? ', {run: k, over: p}' : domain === 'neurons' ? ', {run: k, over: b}' : ''}]${domain === 'row' ? ', spike: {a: [{run: k, over: p}]}' : ''}}
readout: b.x
`,
      `kernel k over ${domain}\n${body}\nend\n`,
      lanes16(roundCore),
    );
    const [plan] = planKernels(image);
    if (plan === undefined) throw new Error('no plan');
    return [image, plan];
  };
  const correlates = 'ldi r0, 1\ncorrelate r1, post.open, pre.past, r0\nst r1, post.x';
  const nameOf = (image: CoreImage, field: number | undefined) => image.fields[field ?? -1]?.name;

  it('takes vectors, lists the flags that many rows ask for, and copies the numbers that many columns do', () => {
    const [image, plan] = planWith('synapses', correlates);
    expect(plan.lanes).toBe('i16x8');
    const { listed, copied } = plan.positions;
    expect(listed.map((field) => nameOf(image, field))).toEqual(['b.open']);
    // Positions 0 to 2 of the flags ask for -1 to 1 of the numbers.
    expect(copied.map((copy) => ({ ...copy, field: nameOf(image, copy.field) }))).toEqual([
      { field: 'a.past', before: 1, after: 0 },
    ]);
    const words = describePlan(image, [plan]);
    expect(words).toContain('flags    those set of b.open listed before the first row');
    expect(words).toContain('copies   all positions of a.past, when a row begins');
  });

  it('adds up at once where distances differ by constants', () => {
    const of = (distance: string, register: string) =>
      `${distance}\ncorrelate r2, post.open, pre.past, ${register}\n`;
    const body = `${of('ld r0, post.y\nclip r0, r0, -5, 4', 'r0')}${of('add r1, r0, 2', 'r1')}${of('sub r1, r1, 3', 'r1')}${of('mul r1, r0, 2', 'r1')}st r2, post.x`;
    const [, { positions }] = planWith('synapses', body);
    const walks = [...positions.walks].map(([line, { sums }]) => [line, sums.map(({ further }) => further)]);
    expect(walks).toEqual([
      [2, [0, 2, -1]],
      [8, [0]],
    ]);
    // Distances from -10 to 8: positions -8 to 12.
    expect(positions.copied).toMatchObject([{ before: 8, after: 10 }]);
  });

  it('copies nothing where distances have no bounds', () => {
    const [, { positions }] = planWith(
      'synapses',
      'ld r0, post.y\ncorrelate r1, post.open, pre.past, r0\nst r1, post.x',
    );
    expect(positions.copied).toEqual([]);
  });

  it.each([
    ['ld r0, host.step', 40, 'i16x8'],
    ['ld r0, self.index\nand r0, r0, 1', 32, 'i16x8'],
    ['ld r0, self.index\nand r0, r0, 1', 40, 'one'],
  ])('a position from %j in one of %i neurons is taken by %s', (position, size, lanes) => {
    const [, plan] = planWith('neurons', `${position}\nldi r1, 1\nst.at r1, self.open, r0`, size);
    expect(plan.lanes).toBe(lanes);
  });

  it('lists none for the row of a spike', () => {
    const [, plan] = planWith('row', correlates);
    expect(plan.positions).toMatchObject({ listed: [], copied: [] });
  });
});
