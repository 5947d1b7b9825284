import { describe, expect, it } from 'vitest';
import { type Image, readImage, writeImage } from '../../src/image/index.ts';
import { compileSmall } from '../compiler/small.ts';
import { failure } from '../hardware/tiny.ts';
import { fuzz, type Verdict } from './fuzz.ts';

describe('an image with one changed number and a valid checksum', () => {
  it('is refused, or runs alike on both engines', () => {
    const verdicts: Verdict[] = [];
    fuzz(150, 1, (verdict) => verdicts.push(verdict));
    expect(verdicts.filter(({ is }) => is === 'fault')).toEqual([]);
    // Most changes contradict something; those of seeds and figures do not.
    expect(verdicts.filter(({ is }) => is === 'refused').length).toBeGreaterThan(75);
    expect(verdicts.filter(({ is }) => is === 'alike').length).toBeGreaterThan(15);
  });

  const image = compileSmall();
  const [bank, field, kernel] = [image.banks[0], image.fields[0], image.kernels[0]];
  if (bank === undefined || field === undefined || kernel === undefined) throw new Error('an empty image');

  it.each<[string, Partial<Image>, string]>([
    ['a step count', { steps: 1e12 }, 'steps: expected a whole number, 1 to 1048576'],
    ['a bank', { banks: image.banks.with(0, { ...bank, usedWords: 9e6 }) }, 'contents.0: expected'],
    [
      'a width',
      { fields: image.fields.with(0, { ...field, bits: 33 }) },
      'fields.0.bits: expected a whole number',
    ],
    ['a count', { fields: image.fields.with(0, { ...field, count: 7 }) }, 'fields.0.count: expected 6 items'],
    [
      'a layout',
      { fields: image.fields.with(0, { ...field, layout: 99 }) },
      'fields.0.layout: there is no layout 99',
    ],
    ['a readout', { readout: 77 }, 'readout: there is no field 77'],
    [
      'a list',
      { events: { ...image.events, tick: [{ does: 'run', kernel: 50 }] } },
      'events.tick.0.kernel: there is no kernel 50',
    ],
    [
      'a proven range',
      {
        kernels: image.kernels.with(0, {
          ...kernel,
          code: kernel.code.map((line) => ({ ...line, high: 3 })),
        }),
      },
      'kernels.0.code.0.low: expected',
    ],
    [
      'a cost',
      { costs: { ...image.costs, eventCycles: Number.NaN } },
      'costs.eventCycles: expected a number',
    ],
  ])('is refused with the place: %s', (_, changed, message) => {
    const error = failure(() => readImage(writeImage({ ...image, ...changed }), 'a.pcore'));
    expect(error.code).toBe('image');
    expect(error.message).toContain(`the image contradicts itself: ${message}`);
    expect(error.file).toBe('a.pcore');
  });
});
