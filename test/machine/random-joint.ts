import { fieldRange } from '../../src/image/index.ts';
import type { ActionSpec, ConnectSpec, FieldSpec, ProgramSpec } from '../../src/program/index.ts';
import { at } from '../../src/text/index.ts';
import type { Dice } from '../engine/random/dice.ts';
import { type KernelText, randomKernel } from '../engine/random/kernel.ts';
import type { KnownField, Network } from '../engine/random/network.ts';
import type { RandomProgram } from '../engine/random/program.ts';
import { randomSparse } from '../engine/random/sparse.ts';

/** The projections whose rows several cores visit for the same spikes. */
const joints = ['joint0', 'joint1'] as const;

/** The populations to which such projections lead. */
export function targetsOf({ projections }: ProgramSpec): Set<string> {
  return new Set(joints.flatMap((name) => projections[name]?.to ?? []));
}

/** Steps in which spikes of the step before arrive. */
const moreSteps = 3;

/**
 * A program on the core, the populations and the samples of a random one that joint cores may carry out: spikes of the
 * input, and those of the step before, run one kernel each over rows of weights that nothing writes. Undefined for
 * cores of floats.
 */
export function withJoint(dice: Dice, random: RandomProgram): RandomProgram | undefined {
  const { hw, spec } = random;
  const { input = '' } = spec;
  if (hw.arithmetic === 'float32' || hw.controller !== undefined) return undefined;
  const bits = Math.min(hw.datapathBits, dice.pick([8, 12, 16]));
  const overflow = dice.pick(['saturate', 'saturate-symmetric', 'wrap'] as const);
  const own: FieldSpec = { kind: 'integer', bits, signed: true, overflow };
  const real: FieldSpec = { ...own, kind: 'real' };
  const populations = Object.fromEntries(
    Object.entries(spec.populations).map(([name, { size, shape, payload, fields }]) => {
      const carries = name === input && payload !== undefined;
      return [name, { size, shape, fields: { ...fields, own, real }, ...(carries && { payload }) }];
    }),
  );
  const others = Object.keys(populations).filter((name) => name !== input);
  const senders = dice.chance(0.5) ? [input, dice.pick(others)] : [dice.pick([input, ...others])];
  const projections: ProgramSpec['projections'] = {};
  const kernels: KernelText[] = [];
  const tick: ActionSpec[] = [];
  const spike: Record<string, ActionSpec[]> = {};
  const previousSpike: Record<string, ActionSpec[]> = {};
  for (const [index, from] of senders.entries()) {
    const name = at(joints, index);
    const to = from === input || dice.chance(0.3) ? dice.pick(others) : from;
    const sizeOf = (population: string): number => populations[population]?.size ?? 1;
    const connect = dice.chance(0.4) ? ('dense' as const) : singles(dice, hw, sizeOf(from), sizeOf(to));
    projections[name] = { from, to, connect, initialWeights: { uniform: 0 }, fields: {} };
    kernels.push(visiting(dice, name, random, { populations, projections }, own));
    const list = from === input ? spike : previousSpike;
    list[from] = [{ run: name, over: name }];
    tick.push(from === input ? { deliver: from } : { deliver: from, spikes: 'previous' });
  }
  for (const over of others) {
    kernels.push(firing(`fire_${over}`, 2 ** (bits - 1)));
    tick.push({ run: `fire_${over}`, over }, { deliver: over });
  }
  return {
    ...random,
    spec: {
      ...spec,
      steps: spec.steps + moreSteps,
      populations,
      projections,
      events: { sample: [], tick, spike, previousSpike, scalars: {}, on: {} },
    },
    kernels,
    samples: random.samples.map((sample) => ({
      ...sample,
      spikes: [...sample.spikes, ...Array.from({ length: moreSteps }, () => [])],
    })),
  };
}

/** Listed synapses that lead to single neurons. */
function singles(dice: Dice, hw: RandomProgram['hw'], pre: number, post: number): ConnectSpec {
  for (;;) {
    const connect = randomSparse(dice, hw, pre, post);
    if (connect.sparse.block === 1) return connect;
  }
}

/** A kernel that only adds to what its targets alone have. */
function visiting(
  dice: Dice,
  name: string,
  random: RandomProgram,
  made: Pick<ProgramSpec, 'populations' | 'projections'>,
  own: FieldSpec,
): KernelText {
  const network = networkOf(random, made, name, own);
  const request = { name, domain: 'row', over: name, mayEmit: false, writesShadow: false } as const;
  const rest = { keepsToColumns: true, isByColumns: false, isDetached: false };
  for (;;) {
    const kernel = randomKernel(dice, { ...request, ...rest }, random.hw, network);
    const text = kernel.lines.join(' ');
    if (/\bst r/.test(text) && !/pre\.|host\.|\.index/.test(text)) return kernel;
  }
}

/** Neurons that come nearer to a threshold in each step. */
function firing(name: string, above: number): KernelText {
  const lines = [
    'ld r0, self.own',
    `add r0, r0, ${Math.floor(above / 4)}`,
    `cmp.gt r1, r0, ${Math.floor(above / 2)}`,
    'sel r0, r1, 0, r0',
    'st r0, self.own',
    'emit r1',
  ];
  return { name, domain: 'neurons', gates: [], lines };
}

/** What such a kernel may touch: the weights, and two fields of their targets. */
function networkOf(
  { hw, spec }: RandomProgram,
  { populations, projections }: Pick<ProgramSpec, 'populations' | 'projections'>,
  over: string,
  { bits: ownBits, overflow }: FieldSpec,
): Network {
  const to = projections[over]?.to ?? '';
  const [weightBits = 1] = hw.precision.weightBits;
  const field = (
    name: string,
    kind: KnownField['kind'],
    bits: number,
    of: FieldSpec['overflow'],
  ): KnownField => ({
    name,
    kind,
    range: fieldRange({ bits, signed: true, overflow: of }),
    isView: false,
    isInRecord: false,
  });
  const bits = Number(ownBits);
  return {
    populations,
    projections,
    parameters: spec.parameters,
    known: {
      fields: new Map([
        [over, [field(`${over}.weight`, 'real', weightBits, 'saturate')]],
        [to, [field(`${to}.own`, 'integer', bits, overflow), field(`${to}.real`, 'real', bits, overflow)]],
      ]),
      parameters: [],
    },
    plastic: [],
    weightless: [],
    longestRows: new Map(),
    scalars: [],
    readout: to,
    regressionBits: undefined,
    hasNewOperations: false,
    mostLabel: (populations[to]?.size ?? 1) - 1,
  };
}
