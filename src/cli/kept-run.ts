import { join } from 'node:path';
import * as z from 'zod';
import { stateFiles } from '../experiment/node.ts';
import { makeFolder, readTextIfThere, statIfThere, writeAtomically } from '../fs/index.ts';
import { isBareName, jsonValue, PlasticoreError, validated } from '../text/index.ts';
import type { CellLine } from './subject.ts';

/** How a run was started, from its folder: the options that chose its cell, as given. */
const keptRunSchema = z.strictObject({
  schema: z.literal('plasticore/kept-run/1'),
  experiment: z.string(),
  hw: z.string().optional(),
  chip: z.string().optional(),
  data: z.string().optional(),
  precision: z.string().optional(),
  seed: z.number().optional(),
  epochs: z.number().optional(),
  limit: z.number().optional(),
  set: z.array(z.string()).optional(),
  weights: z.string().optional(),
  inference: z.boolean().optional(),
  placement: z.string().optional(),
  validate: z.union([z.number(), z.literal(true)]).optional(),
  encoder: z.custom<CellLine['encoder']>().optional(),
});

/** The options that choose a cell, out of more. */
const chosenKeys = Object.keys(keptRunSchema.shape).filter((key) => key !== 'schema');

/** Writes how a run was started beside the states that it keeps, so that they can be found by its folder alone. */
export function writeKeptRun(out: string, line: CellLine): void {
  const chosen = Object.fromEntries(Object.entries(line).filter(([key]) => chosenKeys.includes(key)));
  const text = JSON.stringify({ schema: 'plasticore/kept-run/1', ...chosen }, null, 2);
  const folder = join(out, stateFiles.folder);
  makeFolder(folder);
  writeAtomically(join(folder, stateFiles.run), `${text}\n`);
}

/** A run whose steps are to be run again. */
export interface KeptRun {
  readonly line: CellLine;
  /** The folder of the states that it has kept; undefined for what is no run, and starts from its beginning. */
  readonly states: string | undefined;
}

/**
 * The subject of a command line: the folder of a run that has kept states, with the options that it was started with;
 * or an experiment or an image, with the options of the line.
 *
 * @throws PlasticoreError `usage` for a run without states, or for options beside a run
 */
export function keptRun(line: CellLine): KeptRun {
  const { experiment: path } = line;
  if (isBareName(path) || statIfThere(path)?.isDirectory() !== true) return { line, states: undefined };
  const states = join(path, stateFiles.folder);
  const file = join(states, stateFiles.run);
  const text = readTextIfThere(file);
  if (text === undefined)
    throw new PlasticoreError('usage', 'is a folder, but not of a run that has kept states', {
      file: path,
      hint: 'plasticore run EXPERIMENT --out DIR --keep-states 100 keeps some; or trace the experiment, with the options of the run',
    });
  const given = chosenKeys.find((key) => key !== 'experiment' && line[key as keyof CellLine] !== undefined);
  if (given !== undefined)
    throw new PlasticoreError(
      'usage',
      `--${given} is for experiments and images: a run has been started with its own`,
      {
        file: path,
      },
    );
  const damaged = (reason: string) =>
    new PlasticoreError('file', `damaged, or written by another release: ${reason}`, { file });
  const { schema: _, ...chosen } = validated(keptRunSchema, jsonValue(text, damaged), damaged);
  return { line: { ...chosen, data: chosen.data, set: chosen.set }, states };
}
