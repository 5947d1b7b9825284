import { strFromU8, strToU8, unzlibSync, zlibSync } from 'fflate';
import type { DesignSpace } from './designs.ts';
import { base64 } from './pictures/png.ts';

/** Designs in few bytes, as a page carries them for its script: packed JSON in base64. Numbers keep seven digits. */
export function packDesigns(space: DesignSpace): string {
  const rounded = (_: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(7)) : value;
  return base64(zlibSync(strToU8(JSON.stringify(space, rounded)), { level: 9 }));
}

/** The designs again. */
export function unpackDesigns(packed: string): DesignSpace {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const space: DesignSpace = JSON.parse(strFromU8(unzlibSync(bytes)));
  // JSON has null where a design has made no choice.
  const points = space.points.map((point) => ({
    ...point,
    choices: point.choices.map((own) => own ?? undefined),
  }));
  return { ...space, points };
}
