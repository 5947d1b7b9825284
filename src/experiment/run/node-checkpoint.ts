import { join } from 'node:path';
import { Packr } from 'msgpackr/pack';
import * as z from 'zod';
import { coreStateSchema } from '../../engine/index.ts';
import { listFolder, readBytes, statIfThere, writeAtomically } from '../../fs/index.ts';
import { checkMachineState } from '../../machine/index.ts';
import { sha256 } from '../../random/index.ts';
import { messageOf, option, PlasticoreError } from '../../text/index.ts';
import type { Cell } from '../description/index.ts';
import type { KeptState } from '../session/index.ts';
import { checkRunState, type RunSetting } from './check-state.ts';
import { checkIdentity, identitySchema, type RunIdentity } from './identity.ts';
import type { RunState } from './run.ts';

/** The content of a checkpoint file, packed as msgpack with typed arrays. */
interface CheckpointFile {
  readonly format: string;
  readonly sha256: string;
  /** Packed {@link Checkpoint}. */
  readonly content: Uint8Array;
}

interface Checkpoint {
  readonly identity: RunIdentity;
  readonly state: RunState | KeptState;
}

const format = 'plasticore/checkpoint/1';
const packr = new Packr({ structuredClone: true });

/** Writes a checkpoint atomically. */
export function writeCheckpoint(path: string, identity: RunIdentity, state: RunState): void {
  writePacked(path, { identity, state });
}

/** Writes a state that a run keeps, named by its steps, into a folder. */
export function writeKeptState(folder: string, identity: RunIdentity, state: KeptState): void {
  writePacked(join(folder, `${state.steps}.msgpack`), { identity, state });
}

function writePacked(path: string, checkpoint: Checkpoint): void {
  const content = packr.pack(checkpoint);
  const file: CheckpointFile = { format, sha256: sha256([content]), content };
  writeAtomically(path, packr.pack(file));
}

/**
 * Reads the state in a checkpoint; undefined if there is none.
 *
 * @param setting the run that will resume from it
 * @throws PlasticoreError `file`, with the place, for a damaged checkpoint; `usage` for one of another run
 */
export function readCheckpoint(
  path: string,
  identity: RunIdentity,
  setting: RunSetting,
): RunState | undefined {
  if (statIfThere(path) === undefined) return undefined;
  const content = unpack(path);
  const { data: found } = checkpointSchema.safeParse(content);
  if (found === undefined) throw damaged(path, 'it does not identify its run');
  checkIdentity(found.identity, identity, 'this checkpoint', path);
  try {
    return checkRunState(found.state, setting);
  } catch (error) {
    if (error instanceof PlasticoreError) throw damaged(path, error.message);
    throw error;
  }
}

/**
 * The latest state that a run has kept by the time that so many steps were done; undefined if there is none.
 *
 * @throws PlasticoreError `file` for a damaged state; `usage` for one of another run
 */
export function readKeptState(
  folder: string,
  steps: number,
  identity: RunIdentity,
  cell: Cell,
): KeptState | undefined {
  const [latest] = listFolder(folder)
    .flatMap(({ name }) => (/^\d+\.msgpack$/.test(name) ? [Number.parseInt(name, 10)] : []))
    .filter((kept) => kept <= steps)
    .sort((a, b) => b - a);
  if (latest === undefined) return undefined;
  const path = join(folder, `${latest}.msgpack`);
  const { data: found } = checkpointSchema.safeParse(unpack(path));
  if (found === undefined) throw damaged(path, 'it does not identify its run');
  // A recording changes nothing.
  const { recorded } = identity;
  checkIdentity({ ...found.identity, recorded }, identity, 'this state', path);
  const { data: state } = keptSchema.safeParse(found.state);
  if (state === undefined || state.steps !== latest) throw damaged(path, 'it is not a state between samples');
  try {
    checkMachineState(cell.image, state.core, ['core']);
  } catch (error) {
    if (error instanceof PlasticoreError) throw damaged(path, error.message);
    throw error;
  }
  return state;
}

const keptSchema: z.ZodType<KeptState> = z.strictObject({
  samples: z.int().min(0),
  steps: z.int().min(0),
  core: coreStateSchema,
});
const checkpointSchema = z.strictObject({ identity: identitySchema, state: z.unknown() });

function damaged(path: string, reason: string): PlasticoreError {
  return new PlasticoreError('file', `damaged, or not a checkpoint of this release: ${reason}`, {
    file: path,
    hint: `run with ${option('overwrite')} instead of ${option('resume')} to start from the beginning`,
  });
}

function unpack(path: string): unknown {
  try {
    const file = packr.unpack(readBytes(path)) as Partial<CheckpointFile> | null;
    if (file?.format !== format) throw damaged(path, `format ${file?.format} found, ${format} expected`);
    if (!(file.content instanceof Uint8Array) || sha256([file.content]) !== file.sha256)
      throw damaged(path, 'its SHA-256 does not match');
    return packr.unpack(file.content);
  } catch (error) {
    if (error instanceof PlasticoreError) throw error;
    throw damaged(path, messageOf(error));
  }
}
