// ReckOn's arithmetic and generators (../specification.md, sections 2.4 to 2.6), on plain numbers.

import { BitGenerator } from './bit-generator.ts';

// 2.5
/** @returns -1, 0 or 1: by what the weight moves */
export function stochasticUpdate(
  prob: number,
  width: number,
  lrP: number,
  lrR: number,
  random: number,
): number {
  if (prob === 0) return 0;
  const largest = 2 ** width - 1;
  const a = Math.floor(Math.min(largest, Math.abs(prob) * 2 ** lrP) / 2 ** lrR);
  const isTriggered = prob === -(2 ** (width - 1)) || a >= random;
  return isTriggered ? Math.sign(prob) : 0;
}

// 2.6: the generators. A seed's bit d_i is in 2^i.
export function weightGenerator(seed: number): BitGenerator {
  const start = new Map([0, 1, 2].map((i) => [i, bit(seed, i)]));
  for (let j = 3; j < 25; j++) start.set(j - 25, bit(seed, j));
  return new BitGenerator({ a: 3, b: 25, perAdvance: 512, start });
}

export function outputWeightGenerator(seed: number): BitGenerator {
  const start = new Map([[0, bit(seed, 0)]]);
  for (let j = 1; j < 22; j++) start.set(j - 22, bit(seed, j));
  return new BitGenerator({ a: 1, b: 22, perAdvance: 448, start });
}

export function wideRoundingGenerator(seed: number): BitGenerator {
  const start = new Map([[0, bit(seed, 0)]]);
  for (let j = 1; j < 15; j++) start.set(j - 15, bit(seed, j));
  return new BitGenerator({ a: 1, b: 15, perAdvance: 15, start });
}

export function narrowRoundingGenerator(seed: number): BitGenerator {
  const start = new Map([[0, bit(seed, 0)]]);
  for (let i = 0; i < 7; i++) {
    start.set(-14 + i, bit(seed, 1 + 2 * i));
    start.set(-7 + i, bit(seed, 2 + 2 * i));
  }
  return new BitGenerator({ a: 1, b: 15, perAdvance: 7, start });
}

/** A 30-bit seed holds that of the even neuron in bits 14:0 and that of the odd one in 29:15. */
export function parities(seed: number): number[] {
  return [seed % 2 ** 15, Math.floor(seed / 2 ** 15) % 2 ** 15];
}

function bit(seed: number, index: number): number {
  return Math.floor(seed / 2 ** index) % 2;
}

export function hasBit(register: number, index: number): boolean {
  return bit(register, index) === 1;
}

/** The low bits of a whole number, as an unsigned one. */
export function low(value: number, bits: number): number {
  const size = 2 ** bits;
  return ((value % size) + size) % size;
}

function wrapTo(value: number, bits: number): number {
  const unsigned = low(value, bits);
  return unsigned >= 2 ** (bits - 1) ? unsigned - 2 ** bits : unsigned;
}

export function s16(value: number): number {
  return wrapTo(value, 16);
}

export function wrap32(value: number): number {
  return wrapTo(value, 32);
}

/** A register of 16 bits, compared as a signed number. */
export function signed16(register: number): number {
  return wrapTo(register, 16);
}

export function sat16(value: number): number {
  return Math.max(-32768, Math.min(32767, value));
}

export function clampWeight(value: number): number {
  return Math.max(-128, Math.min(127, value));
}

export function firstLargest(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

export function at<T>(items: ArrayLike<T>, index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index} of ${items.length}`);
  return item;
}
