/*
 * The random generator on the core.
 *
 * One xorshift32 in each lane, with a 32-bit state s that is never zero. A step is
 *
 *     s ^= s << 13; s ^= s >>> 17; s ^= s << 5
 *
 * An n-bit draw steps, then takes the n top bits of the new state, `s >>> (32 - n)`; a draw of 0 bits also steps and
 * gives 0. Every drawing operation steps all lanes, once for each visited tile.
 *
 * The first state of a lane, modulo 2^32 throughout, is
 *
 *     mix(mix(seed) + 0x9E3779B9 * (1 + lane + 1024 * core)),  or 1 where that is 0
 *
 * with murmur3's 32-bit finaliser as `mix`. For seed 1, lane 0, core 0 it is 0x50653bed, and the ten words drawn
 * first are
 *
 *     0x1404ec41 0xb81d9867 0x693ec00f 0x96d06a90 0xebc6cd71
 *     0x7f767ce5 0xadba1690 0x026445a4 0xd0c0994c 0xbec66fb8
 *
 * xorshift32: G. Marsaglia, "Xorshift RNGs", J. Stat. Software 8(14), 2003. mix: A. Appleby, MurmurHash3, fmix32.
 */

import { goldenRatio, mix } from './mix.ts';

/** The most lanes that a core can have: the distance between the seeds of two cores. */
const lanesPerCore = 1024;

/** The first state of each lane of a core. `seed` is taken modulo 2^32; no state is zero. */
export function seedLanes(seed: number, lanes: number, core = 0): Uint32Array {
  const base = mix(seed);
  return Uint32Array.from({ length: lanes }, (_, lane) => {
    const distance = Math.imul(goldenRatio, 1 + lane + lanesPerCore * core);
    return mix(base + distance) || 1;
  });
}

/** The state after a step, unsigned. */
export function stepLane(state: number): number {
  let s = state;
  s ^= s << 13;
  s ^= s >>> 17;
  s ^= s << 5;
  return s >>> 0;
}

/** The draw from a state after its lane has stepped: its top `bits` bits (0 to 32), unsigned. */
export function topBits(state: number, bits: number): number {
  return bits === 0 ? 0 : state >>> (32 - bits);
}
