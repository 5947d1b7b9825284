import { expect, test } from 'vitest';
import { Dice } from '../../../engine/random/dice.ts';
import { pop, push, type Timed } from './plain.ts';
import { TimeHeap } from './time-heap.ts';

test('of equal times, the one comes out that a plain binary heap gives', () => {
  const dice = new Dice(3);
  for (let round = 0; round < 50; round++) {
    const heap = new TimeHeap(40);
    const plain: Timed[] = [];
    const inside = new Set<number>();
    for (let move = 0; move < 200; move++) {
      const number = dice.whole(0, 39);
      if (!inside.has(number) && dice.whole(0, 2) > 0) {
        const time = dice.whole(0, 5);
        heap.push(number, time);
        push(plain, { number, time });
        inside.add(number);
      } else {
        expect(heap.earliest).toBe(plain[0]?.time ?? Number.POSITIVE_INFINITY);
        const out = pop(plain)?.number ?? -1;
        expect(heap.pop()).toBe(out);
        inside.delete(out);
      }
      expect(heap.size).toBe(plain.length);
    }
  }
});

test('a cleared heap is empty', () => {
  const heap = new TimeHeap(2);
  heap.push(1, 5);
  heap.clear();
  expect([heap.size, heap.pop()]).toEqual([0, -1]);
});
