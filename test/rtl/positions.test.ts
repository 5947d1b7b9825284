import { expect, test } from 'vitest';
import { deployCell, loadExperiment } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { coreImageOf } from '../../src/image/index.ts';
import { planCore } from '../../src/rtl/index.ts';
import { failure, load } from '../hardware/tiny.ts';
import { imageOf, roundCore } from '../support/core.ts';

test('a kernel that names positions of a field is refused, with its line', () => {
  const { image, hw } = deployCell(
    loadExperiment(findFile('experiment', 'speech-windows', '')),
    { precision: 'mp16-8' },
    findFile,
  );
  expect(failure(() => planCore(coreImageOf(image), hw))).toMatchObject({
    message:
      'speech-windows on reference: keepLevel(input) line 4 names a position of a field, which is not written yet',
    hint: 'simulate it, or keep each number in a field of its own',
  });
});

test('a test of synapses, whose rows may end within a tile, is refused', () => {
  const program = `format: plasticore/program/1
name: tested
populations: {a: {size: 3, fields: {}}, n: {size: 6, fields: {v: {bits: 8}}}}
input: a
projections: {p: {from: a, to: n, initialWeights: {uniform: 0}}}
microcode: {rule: rule.uc}
events: {tick: [{run: set, over: p}, {when: learning, do: [{stopUnlessAny: p.weight}, {run: set, over: p}]}]}
readout: n.v
`;
  const hw = roundCore.replace('fillCycles: 3, ', '');
  const image = imageOf(program, 'kernel set over synapses\nld r0, post.v\nst r0, syn.weight\nend\n', hw);
  expect(failure(() => planCore(image, load(hw)))).toMatchObject({
    message: 'tested on round: tests p.weight, whose items lie in rows',
    hint: 'test a field of neurons',
  });
});
