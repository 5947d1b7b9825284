import { compile } from '../../src/compiler/index.ts';
import { writeNpz } from '../../src/data/index.ts';
import type { EngineName } from '../../src/engine/index.ts';
import { findHwModel, noSettings } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import {
  type ImportedNetwork,
  type InputNumbers,
  importNir,
  inputSpikes,
  type Mapping,
} from '../../src/import/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import {
  type Conventions,
  conventions,
  type NirGraph,
  type NirNode,
  type NodeType,
} from '../../src/nir/index.ts';
import { createProgram } from '../../src/program/index.ts';
import type { Dice } from '../engine/random/dice.ts';

/** A graph from nodes with their parameters, shape by shape, and edges written `a -> b`. */
export function graph(
  nodes: Readonly<
    Record<
      string,
      readonly [NodeType, Readonly<Record<string, readonly [readonly number[], readonly number[]]>>]
    >
  >,
  ...edges: readonly string[]
): NirGraph {
  return {
    nodes: new Map(
      Object.entries(nodes).map(([name, [type, parameters]]): [string, NirNode] => [
        name,
        {
          type,
          parameters: new Map(
            Object.entries(parameters).map(([parameter, [shape, values]]) => [
              parameter,
              { shape, values: Float64Array.from(values) },
            ]),
          ),
        },
      ]),
    ),
    edges: edges.flatMap((text) => {
      const names = text.split(' -> ');
      return names.slice(1).map((to, at) => ({ from: names[at] ?? '', to }));
    }),
    notes: [],
    version: '1.0',
  };
}

/** NIR's equations with steps of 1. */
export const strict: Conventions = { ...conventions.strict, dt: 1 };

export interface Choice {
  readonly rules?: Conventions;
  readonly weightBits?: number;
  readonly accumulatorBits?: number;
  readonly steps?: number;
  readonly delivery?: 'same' | 'next';
  readonly input?: InputNumbers;
  readonly entry?: Mapping['entry'];
  readonly gains?: Mapping['gains'];
}

export function importOf(nir: NirGraph, choice: Choice = {}): ImportedNetwork {
  const { rules = strict, weightBits = 16, accumulatorBits = 24, steps = 40, delivery = 'same' } = choice;
  const { input = inputSpikes, entry = 'each step', gains = 'weights' } = choice;
  return importNir(
    { graph: nir, rules, input, name: 'net', file: 'net.nir', steps },
    { widths: { weightBits, accumulatorBits }, delivery, entry, gains },
  );
}

/** A core that runs what was imported. */
export function coreOf(
  imported: ImportedNetwork,
  engine: EngineName = 'fast',
  precision = 'mp16-16',
): Machine {
  const bytes = writeNpz(imported.arrays);
  const program = createProgram(imported.description, { arrays: (file) => ({ file, bytes }) });
  const hw = findHwModel({ name: 'reference', from: '' }, precision, findFile, noSettings.hw);
  return createMachine(compile(program, hw, { precision, seed: 1 }), { engine });
}

/** A convolution that takes each place once, with nothing around it. */
export const everyPlace = {
  stride: [[2], [1, 1]],
  padding: [[2], [0, 0]],
  dilation: [[2], [1, 1]],
  groups: [[], [1]],
} as const;

/** Parameters of a shape whose numbers are drawn. */
export const drawnFrom = (dice: Dice) => (shape: readonly number[], low: number, high: number) =>
  [
    shape,
    Array.from(
      { length: shape.reduce((product, length) => product * length, 1) },
      () => low + (high - low) * dice.fraction(),
    ),
  ] as const;
