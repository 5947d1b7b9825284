import { beforeAll, describe, expect, test } from 'vitest';
import { scratch } from '../support/scratch.ts';
import { inThorough } from '../support/thorough.ts';
import { damaged, tryCase } from './case.ts';
import { type Specimen, specimens } from './kinds.ts';

// npx tsx test/fuzz/fuzz.ts 10000 1 tries any number of cases, and watches memory and time as well.

const { folder } = scratch();

let all: readonly Specimen[] = [];
beforeAll(async () => {
  all = await specimens(folder);
}, 120_000);

describe('files of every kind', () => {
  test('are taken as they are', { timeout: 120_000 }, async () => {
    // Many experiments share a program, its rules and its core.
    const nameOf = ({ kind, bytes }: Specimen) => `${kind} ${Buffer.from(bytes).toString('base64')}`;
    // The quick run has one of each kind.
    const different = new Map(all.map((specimen) => [inThorough(nameOf(specimen), specimen.kind), specimen]));
    for (const specimen of different.values()) {
      const result = await tryCase({ specimen, bytes: specimen.bytes }, 0);
      // A failure that is read is the failure of the run.
      expect([specimen.kind, result]).toEqual([
        specimen.kind,
        specimen.kind === 'failure.json' ? 'refused' : 'taken',
      ]);
    }
  });

  test('are taken or refused when they are damaged', { timeout: 120_000 }, async () => {
    const faults: unknown[] = [];
    for (let index = 0; index < 150; index++) {
      const result = await tryCase(damaged(all, 7, index), index);
      if (typeof result === 'object') faults.push(result);
    }
    expect(faults).toEqual([]);
  });
});
