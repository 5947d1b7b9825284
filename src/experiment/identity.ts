import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { contentOf, type Dataset, describeEncoding } from '../dataset/index.ts';
import { writeImage } from '../image/index.ts';
import type { Cell } from './cell.ts';
import type { RecordingPlan } from './recording.ts';

/** What a run's result depends on; two runs of equal identity end in the same bytes. */
export interface RunIdentity {
  readonly cell: string;
  readonly precision: string;
  readonly hwModel: string;
  readonly seed: number;
  readonly epochs: number;
  readonly encoder: string;
  readonly imageSha256: string;
  readonly dataSha256: string;
  readonly recorded: string;
}

export function runIdentity(cell: Cell, data: Dataset, record: RecordingPlan | undefined): RunIdentity {
  const { image } = cell;
  return {
    cell: cell.name,
    precision: image.machine.precision,
    hwModel: image.machine.hwModel,
    seed: image.seed,
    epochs: cell.epochs,
    encoder: describeEncoding(cell.encoder),
    imageSha256: bytesToHex(sha256(writeImage(image))),
    dataSha256: dataHash(data),
    recorded: JSON.stringify(record ?? null),
  };
}

/** SHA-256 of all samples and labels. */
function dataHash({ train, test }: Dataset): string {
  const hash = sha256.create();
  for (const set of [train, test]) {
    for (const bytes of contentOf(set)) hash.update(bytes);
  }
  return bytesToHex(hash.digest());
}
