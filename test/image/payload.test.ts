import { expect, test } from 'vitest';
import { isSpikeOf, neuronIn, sentFrom, valueIn } from '../../src/image/index.ts';

const of = (size: number, shift: number, bits: number, signed = false) => ({
  size,
  payload: { shift, bits, signed },
});

test('the value of a spike lies above its neuron', () => {
  const ten = of(10, 4, 3, true);
  // 9 in the lower four bits; -4 is 100 above them.
  expect(sentFrom(ten, 9, -4)).toBe(0b100_1001);
  expect([neuronIn(ten, 0b100_1001), valueIn(ten, 0b100_1001)]).toEqual([9, -4]);
  // Saturated: 3 is the most of three bits.
  expect(sentFrom(ten, 0, 100)).toBe(0b011_0000);
  expect(sentFrom(ten, 0, -100)).toBe(0b100_0000);
  expect(isSpikeOf(ten, 0b111_1001)).toBe(true);
  expect(isSpikeOf(ten, 0b000_1010)).toBe(false);
  expect(isSpikeOf(ten, 0b1000_0000)).toBe(false);
  for (const wrong of [-1, 0.5, 2 ** 32, Number.NaN]) expect(isSpikeOf(ten, wrong)).toBe(false);
});

test('a single neuron takes no bits', () => {
  const one = of(1, 0, 4);
  expect(sentFrom(one, 0, 20)).toBe(15);
  expect([neuronIn(one, 15), valueIn(one, 15)]).toEqual([0, 15]);
  expect([isSpikeOf(one, 15), isSpikeOf(one, 16)]).toEqual([true, false]);
});

test('neuron and value may take 32 bits together', () => {
  const wide = of(2 ** 20, 20, 12);
  const address = sentFrom(wide, 2 ** 20 - 1, 4095) >>> 0;
  expect(address).toBe(2 ** 32 - 1);
  expect(isSpikeOf(wide, address)).toBe(true);
  expect([neuronIn(wide, address), valueIn(wide, address)]).toEqual([2 ** 20 - 1, 4095]);
});
