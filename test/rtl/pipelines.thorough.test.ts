import { describe, expect, test } from 'vitest';
import { load } from '../hardware/tiny.ts';
import { needs } from '../support/needs.ts';
import { compiled, core } from './pipelines.ts';
import { checkImage, type HardwareOptions } from './random.ts';

// Skipped where Icarus Verilog is missing: apt-get install iverilog

describe('a shared pipeline in Icarus Verilog', needs('iverilog'), () => {
  const run = (options: HardwareOptions = {}) => {
    const spikes = [[0, 2, 3], [1], [3, 0]];
    const samples = [{ epoch: 0, label: 1, learn: true, spikes }];
    return checkImage(compiled(16), { hw: load(core), samples }, options);
  };

  test('does what each kernel does', () => {
    expect(run()).toMatchObject({ is: 'equal' });
  });

  test.each([
    // As in (member == 1'd1 ? 8'd12 : 8'd3), and in .constant_2_2(member == 1'd1 ? 3'sh2 : 3'sh1).
    ['addresses', /\(member == 1'd1 \? \d+'d\d+ : (\d+'d\d+)\)/g, '$1'],
    ['constants', /member == 1'd1 \? \d+'sh\d+ : (\d+'sh\d+)/g, '$1'],
  ])('finds a generator that gives all kernels the %s of the first', (_what, pattern, first) => {
    expect(run({ edit: (text) => text.replace(pattern, first) })).toMatchObject({ is: 'different' });
  });
});
