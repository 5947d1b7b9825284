import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { commandLine } from '../../cli/in-process.ts';
import { argv } from '../../support/argv.ts';
import { needs } from '../../support/needs.ts';
import { scratch } from '../../support/scratch.ts';
import { traceOf } from './recording.ts';

// Skipped where it is missing: PLASTICORE_SYNTZULA=FOLDER with emg.npz
describe('the first half of the recording of SYNtzulA', needs('syntzula'), () => {
  const { path } = scratch();

  test.each(engineNames)(
    'is identical on engine %s: encoder, layer 1, outputs',
    async (engine) => {
      const npz = readFileSync(join(process.env.PLASTICORE_SYNTZULA ?? '', 'emg.npz'));
      const file = path(`${engine}.json`);
      writeFileSync(file, JSON.stringify(traceOf(npz, 9999)));
      const { status, stdout } = await commandLine(argv`verify ${file} --engine ${engine}`);
      expect(stdout).toContain('169983 inputs, 9999 outputs, 16566 encoded, 37314 layer1');
      expect(status).toBe(0);
    },
    300_000,
  );
});
