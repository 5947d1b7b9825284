import { describe, expect, it } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import type { OdinTrace } from '../../../src/trace/index.ts';
import { recordOdin } from '../../../src/trace/index.ts';
import { firstDifference } from '../../support/difference.ts';
import { goldenNames, goldenText } from '../../support/golden.ts';
import { odin } from './odin.ts';

describe.each(engineNames)('ODIN on the %s engine', (engine) => {
  it.each(goldenNames.odin)('does all that its RTL did: %s', (name) => {
    const { expected, ...stimulus } = JSON.parse(goldenText(name)) as OdinTrace;
    const { recorded } = recordOdin(stimulus, odin(engine));
    expect(firstDifference(expected, recorded)).toBeUndefined();
  });
});
