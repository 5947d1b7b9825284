import { afterEach, expect, test } from 'vitest';
import { loadExperiment, pathSetting, resolveCell } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { createMachine } from '../../src/machine/index.ts';

const { Memory } = WebAssembly;
afterEach(() => {
  WebAssembly.Memory = Memory;
});

/** Memories that are made meanwhile. */
function countMemories(work: () => void): number {
  let count = 0;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      count += 1;
    }
  };
  work();
  WebAssembly.Memory = Memory;
  return count;
}

// A browser has room for about a hundred memories; loihi-chip has 128 cores.
test('all cores of a program lie in one memory', () => {
  const experiment = loadExperiment(findFile('experiment', 'many-cores', ''));
  const settings = pathSetting('program.placement.cores', 6, {});
  const { image } = resolveCell(experiment, { settings }, findFile);
  expect(image.cores).toHaveLength(6);
  expect(countMemories(() => createMachine(image))).toBe(1);
});
