import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import type { EventSet, FeatureSet } from '../../../src/data/index.ts';
import { sampleSheet } from '../../../src/report/html/pictures/samples.ts';

/** The grey of each pixel of the picture within an SVG; -1 where it is transparent. */
function pixelsOf(svg: string): { readonly width: number; readonly height: number; readonly grey: number[] } {
  const [, packed = ''] = /base64,([^"]+)"/.exec(svg) ?? [];
  const { width, height, data, palette = [] } = decode(Buffer.from(packed, 'base64'));
  const grey = Array.from(data, (index) => {
    const [red = 0, , , opacity] = palette[index] ?? [];
    return opacity === 0 ? -1 : red;
  });
  return { width, height, grey };
}

const common = { name: 'train', classes: 2, labels: Uint8Array.of(1, 0, 1) };

test('pictures: a row for each class, its first samples from the left, a pixel between them', () => {
  const set: FeatureSet = {
    ...common,
    kind: 'features',
    inputs: 2,
    shape: [1, 2],
    count: 3,
    values: Uint8Array.of(0, 255, 255, 0, 255, 255),
  };
  const { svg, samples } = sampleSheet(set, ['no', '<yes>']);
  expect(samples).toEqual([1, 0, 2]);
  expect(svg).toContain('>0 no</text>');
  expect(svg).toContain('>1 &lt;yes&gt;</text>');
  const { width, height, grey } = pixelsOf(svg);
  // Eight places of two pixels, and a gap between each two; two rows, and a gap.
  expect([width, height]).toEqual([23, 3]);
  expect(grey.slice(0, 6)).toEqual([255, 0, -1, -1, -1, -1]);
  expect(grey.slice(23, 46)).toEqual(new Array(23).fill(-1));
  expect(grey.slice(46, 52)).toEqual([0, 255, -1, 255, 255, -1]);
});

test('features that are no picture fill a square; spikes are counted by channel and step', () => {
  const three: FeatureSet = {
    ...{ ...common, classes: 0, labels: Uint8Array.of(0) },
    ...{ kind: 'features', inputs: 3, count: 1, values: Uint8Array.of(255, 255, 255) },
  };
  expect(pixelsOf(sampleSheet(three, undefined).svg).grey.slice(0, 2)).toEqual([255, 255]);
  const spikes: EventSet = {
    ...{ ...common, classes: 0, labels: Uint8Array.of(0) },
    ...{ kind: 'events', inputs: 2, steps: 3, count: 1, speakers: undefined },
    times: Float32Array.of(0, 0, 2),
    units: Uint16Array.of(1, 1, 0),
    starts: Uint32Array.of(0),
    ends: Uint32Array.of(3),
  };
  const { svg, what } = sampleSheet(spikes, undefined);
  const { width, grey } = pixelsOf(svg);
  // Channel 0 above channel 1; two spikes are white, one is half as bright.
  expect([grey.slice(0, 3), grey.slice(width, width + 3)]).toEqual([
    [0, 0, 128],
    [255, 0, 0],
  ]);
  expect(what).toBe('the first samples; time across, channels downward');
  // Spikes that carry 1, 3 and 2: 4 in one place are white, 2 are half as bright.
  const carried = sampleSheet({ ...spikes, values: Uint8Array.of(1, 3, 2) }, undefined);
  expect(pixelsOf(carried.svg).grey.slice(0, 3)).toEqual([0, 0, 128]);
});
