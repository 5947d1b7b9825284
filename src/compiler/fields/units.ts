import type { Field } from '../../image/index.ts';
import { weightView } from '../../isa/index.ts';
import type { ProgramArray } from '../../program/index.ts';
import type { Target } from '../target.ts';
import { extraBitsOf } from './weights.ts';

/** The field of initial values: the one that they fill, or the other one of a weight and its shadow. */
export interface Unit {
  /** The field whose range they have. */
  readonly as: Field;
  /** From there to the field that they fill; absent if it is that one. */
  readonly convert?: (value: number) => number;
}

/** The array for a field; undefined if it has none. A file may have arrays of weights and of shadow weights. */
export function arrayFor(
  { program: { arrays }, leftOut }: Target,
  { name }: Field,
): ProgramArray | undefined {
  const [owner = '', field = ''] = name.split('.');
  const [weight, shadow] = [arrays.get(`${owner}.weight`), arrays.get(`${owner}.shadow`)];
  if (field === 'shadow') return shadow ?? weight;
  if (field === 'weight') return leftOut.cut.has(owner) ? (shadow ?? weight) : (weight ?? shadow);
  return arrays.get(name);
}

/**
 * The unit of a field's initial values: that which their array states; else shadow weights, where a rule of the program
 * writes them, even if the rule is left out.
 */
export function unitOf(target: Target, field: Field, array: ProgramArray | undefined): Unit {
  const { leftOut, precision } = target;
  const [owner = '', name = ''] = field.name.split('.');
  const { shadowBits, weightBits } = precision;
  const droppedBits = shadowBits - weightBits;
  const isFloat = field.storage === 'float32';
  const { cut } = target.program.spec.projections[owner] ?? {};
  if (cut !== undefined && name === 'weight' && array?.unit !== 'weight')
    return cutUnit(target, field, cut.shift);
  if (name === 'weight' && (array?.unit ?? (leftOut.cut.has(owner) ? 'shadow' : 'weight')) === 'shadow')
    return {
      as: like(field, `${owner}.shadow`, shadowBits, 'saturate-symmetric'),
      convert: isFloat ? (value) => value * 2 ** -droppedBits : weightView(droppedBits, weightBits),
    };
  if (name === 'shadow' && array?.unit === 'weight')
    return {
      as: like(field, `${owner}.weight`, weightBits, 'saturate'),
      convert: (value) => value * 2 ** droppedBits,
    };
  return { as: field };
}

/** Inference weights that kernels cut start as the floor of the shadow weights that the program states. */
function cutUnit(target: Target, field: Field, formula: number | string): Unit {
  const [owner = ''] = field.name.split('.');
  const { program, parameters, precision } = target;
  const shift = parameters.whole(formula, 0, 'shift', program.locate(['projections', owner, 'cut', 'shift']));
  const bits = precision.shadowBits + extraBitsOf(target, owner);
  return { as: like(field, `${owner}.shadow`, bits, 'saturate'), convert: (value) => value >> shift };
}

function like(field: Field, name: string, bits: number, overflow: Field['overflow']): Field {
  return { ...field, name, overflow, bits: field.storage === 'float32' ? field.bits : bits };
}
