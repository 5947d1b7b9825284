import { describe, expect, it } from 'vitest';
import { type CoreImage, imageOfCore, readImage, writeImage } from '../../src/image/index.ts';
import { compileSmall } from '../compiler/small.ts';
import { failure } from '../hardware/tiny.ts';
import { inThorough } from '../support/thorough.ts';
import { coreCounts, fuzz, tinyImages, type Verdict } from './fuzz.ts';

const programs = inThorough(60, 20);
const withoutSigns = (value: object): unknown => JSON.parse(JSON.stringify(value));

it.each(coreCounts)('images of programs on %s are read back as they were written', (count) => {
  for (const image of tinyImages(1, count, programs)) {
    const read = readImage(writeImage(image), 'a.pcore');
    // Of a range that is 0, the compiler may have found -0.
    expect(withoutSigns(read)).toEqual(withoutSigns(image));
  }
});

describe('an image with one changed number and a valid checksum', () => {
  it.each(coreCounts)('is refused, or runs alike on both engines: of a program on %s', (count) => {
    const verdicts: Verdict[] = [];
    fuzz(inThorough(150, 50), 1, count, (verdict) => verdicts.push(verdict), programs);
    expect(verdicts.filter(({ is }) => is === 'fault')).toEqual([]);
    // Most changes contradict something; those of seeds and figures do not.
    expect(verdicts.filter(({ is }) => is === 'refused').length).toBeGreaterThan(inThorough(75, 25));
    expect(verdicts.filter(({ is }) => is === 'alike').length).toBeGreaterThan(inThorough(15, 5));
  });

  const image = compileSmall();
  const [bank, field, kernel, projection] = [
    image.banks[0],
    image.fields[0],
    image.kernels[0],
    image.projections[0],
  ];
  if (bank === undefined || field === undefined || kernel === undefined || projection === undefined)
    throw new Error('an empty image');

  it.each<[string, Partial<CoreImage>, string]>([
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
      'weights of two rows',
      {
        projections: image.projections.with(0, {
          ...projection,
          segments: { ...projection.segments, firstWeight: Uint32Array.of(0, 5, 10, 12, 20, 25) },
        }),
      },
      'projections.0.segments.firstWeight.3: weights 12 to 16 lie in two rows of 5',
    ],
    [
      'a cost',
      { costs: { ...image.costs, eventCycles: Number.NaN } },
      'costs.eventCycles: expected a number',
    ],
  ])('is refused with the place: %s', (_, changed, message) => {
    const error = failure(() => readImage(writeImage(imageOfCore({ ...image, ...changed })), 'a.pcore'));
    expect(error.code).toBe('image');
    expect(error.message).toContain(`the image contradicts itself: ${message}`);
    expect(error.file).toBe('a.pcore');
  });
});
