import { expect, test } from 'vitest';
import { deployCell, loadExperiment } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { coreImageOf } from '../../src/image/index.ts';
import { planCore } from '../../src/rtl/index.ts';
import { failure } from '../hardware/tiny.ts';

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
