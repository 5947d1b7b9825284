import { Packr } from 'msgpackr/pack';
import { readBytes, statIfThere, writeAtomically } from '../../fs/index.ts';
import { sha256 } from '../../native/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import { checkIdentity, type RunIdentity } from './identity.ts';
import type { RunState } from './state.ts';

/** A checkpoint file: this, packed as msgpack with typed arrays. */
interface CheckpointFile {
  readonly format: string;
  readonly sha256: string;
  /** Packed {@link Checkpoint}. */
  readonly content: Uint8Array;
}

interface Checkpoint {
  readonly identity: RunIdentity;
  readonly state: RunState;
}

const format = 'plasticore/checkpoint/1';
const packr = new Packr({ structuredClone: true });

/** Writes a checkpoint whole or not at all. */
export function writeCheckpoint(path: string, identity: RunIdentity, state: RunState): void {
  const checkpoint: Checkpoint = { identity, state };
  const content = packr.pack(checkpoint);
  const file: CheckpointFile = { format, sha256: sha256([content]), content };
  writeAtomically(path, packr.pack(file));
}

/**
 * The state that a checkpoint holds; undefined where there is none.
 *
 * @throws PlasticoreError `file` for a damaged checkpoint, `usage` for one of another run
 */
export function readCheckpoint(path: string, identity: RunIdentity): RunState | undefined {
  if (statIfThere(path) === undefined) return undefined;
  const { identity: found, state } = unpack(path);
  checkIdentity(found, identity, 'this checkpoint', path);
  return state;
}

function unpack(path: string): Checkpoint {
  const damaged = (reason: string) =>
    new PlasticoreError('file', `not a checkpoint of this release, or a damaged one: ${reason}`, {
      file: path,
      hint: `run with ${option('overwrite')} instead of ${option('resume')} to start from the beginning`,
    });
  try {
    const file = packr.unpack(readBytes(path)) as Partial<CheckpointFile> | null;
    if (file?.format !== format) throw damaged(`format ${file?.format} found, ${format} expected`);
    if (!(file.content instanceof Uint8Array) || sha256([file.content]) !== file.sha256)
      throw damaged('its SHA-256 does not match');
    return packr.unpack(file.content) as Checkpoint;
  } catch (error) {
    if (error instanceof PlasticoreError) throw error;
    throw damaged(error instanceof Error ? error.message : String(error));
  }
}
