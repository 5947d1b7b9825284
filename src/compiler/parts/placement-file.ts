import * as z from 'zod';
import type { Placement } from '../../image/index.ts';
import { slices } from '../../program/index.ts';
import {
  formatTag,
  jsonSchemaOf,
  key,
  type Path,
  type Place,
  parseYaml,
  recordOf,
  strictObject,
} from '../../text/index.ts';
import { rangeText, statedPlacement } from './placement.ts';

/** A placement file: where every neuron of a program is. */
const placementSchema = strictObject({
  format: key(
    formatTag('placement', 1),
    'The kind of the file, and the version of its format.',
    'plasticore/placement/1',
  ),
  populations: key(
    recordOf(z.string(), slices),
    'By population: which of its neurons, first and last, are on which core, counted from 0. Every neuron of the program is named once.',
    { input: { '0-783': 0 }, hidden: { '0-127': 1, '128-255': 2 }, output: { '0-9': 0 } },
  ),
});

/** A placement that somebody states, with the places of its parts. */
export interface GivenPlacement {
  readonly slices: Placement;
  /** The place of a population in it, or of a range of its neurons; default: in the program. */
  readonly locate?: ((path: Path) => Place) | undefined;
}

/**
 * Reads a placement file.
 *
 * @throws PlasticoreError with the place of what is wrong
 */
export function readPlacement(text: string, file: string): GivenPlacement {
  const { value, locate } = parseYaml(text, file, placementSchema);
  return {
    slices: statedPlacement(value.populations),
    locate: (path) => locate(['populations', ...path]),
  };
}

/** A placement as a file: equal placements make equal texts. */
export function placementText(placement: Placement): string {
  const populations = Object.entries(placement).flatMap(([name, own]) => [
    `  ${name}:`,
    ...own.map((slice) => `    ${rangeText(slice)}: ${slice.core}`),
  ]);
  return ['format: plasticore/placement/1', 'populations:', ...populations, ''].join('\n');
}

/** The JSON Schema (draft 7) of a placement file. */
export function placementJsonSchema(): z.core.JSONSchema.BaseSchema {
  return jsonSchemaOf(placementSchema, 'Plasticore placement');
}
