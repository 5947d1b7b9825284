import { deploy, noSettings } from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { coreImageOf } from '../../../src/image/index.ts';
import type { RecordedTrace } from '../../golden/plain/recorded-trace.ts';

/** The bundled model of ReckOn, with a recording's settings. */
export function reckonImage({ settings }: Pick<RecordedTrace, 'settings'>) {
  const reckon = { name: 'reckon', from: '' };
  const program = Object.entries(settings?.program ?? {}).map(([path, value]) => ({
    path: path.split('.'),
    value,
    place: { file: 'trace' },
  }));
  const request = {
    program: reckon,
    hw: reckon,
    precision: 'own',
    seed: 1,
    settings: { ...noSettings, program },
  };
  return coreImageOf(deploy(request, findFile).image);
}
