/** Explains in plain words why the system refused a file: one wording for each reason. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { type ErrorCode, messageOf, PlasticoreError, tableOf } from '../text/index.ts';

/** The attempted operation on a file or folder. */
type Deed = 'read' | 'written';

interface Reason {
  readonly text: string;
  /** `system` if the machine is at fault rather than the name: then the user did nothing wrong. */
  readonly code: Extract<ErrorCode, 'file' | 'system'>;
}

const file = (text: string): Reason => ({ text, code: 'file' });
const system = (text: string): Reason => ({ text, code: 'system' });

/** By the system's error code; an unlisted code is reported in the system's own words. */
const reasons: Readonly<Record<string, (path: string, deed: Deed) => Reason>> = tableOf({
  ENOENT: (path, deed) =>
    file(deed === 'read' ? 'no such file or directory' : `there is no folder '${dirname(path)}'`),
  ENOTDIR: (path, deed) => file(deed === 'read' ? noDirectory(path) : 'a part of the path is a file'),
  EISDIR: () => file('it is a directory, not a file'),
  EEXIST: () => file('there is a file of that name'),
  ENAMETOOLONG: () => file('its name is too long'),
  ELOOP: () => file('its symbolic links form a loop'),
  ERR_FS_FILE_TOO_LARGE: () => file('it is larger than 2 GiB'),
  EACCES: () => system('permission denied'),
  EPERM: () => system('permission denied'),
  EROFS: () => system('the file system is read-only'),
  ENOSPC: () => system('the disk is full'),
  EDQUOT: () => system('the disk quota is exceeded'),
  EFBIG: () => system('it is larger than the file system allows'),
  EIO: () => system('the disk reports an input/output error'),
  EMFILE: () => system('too many files are open'),
  ENOMEM: () => system('there is not enough memory'),
});

function noDirectory(path: string): string {
  return existsSync(path)
    ? 'it is a file, not a directory'
    : 'no such file or directory: a part of the path is a file';
}

/** Why the system refused a file or folder. */
export function faultOf(path: string, error: unknown, deed: Deed): Reason {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code]?.(path, deed) ?? system(messageOf(error));
}

/**
 * The error for a file or folder that cannot be read; for a missing relative path it names the folder it starts from.
 */
export function cannotRead(path: string, error: unknown, hint?: string): PlasticoreError {
  const { text, code } = faultOf(path, error, 'read');
  if (!text.startsWith('no such')) {
    return new PlasticoreError(code, `cannot be read: ${text}`, { file: path, hint });
  }
  const where = isAbsolute(path) ? '' : ` (relative to ${process.cwd()})`;
  return new PlasticoreError(code, `${text}${where}`, { file: path, hint });
}

/** The error for a file or folder that cannot be written. */
export function cannotWrite(path: string, error: unknown): PlasticoreError {
  if (error instanceof PlasticoreError) return error;
  const { text, code } = faultOf(path, error, 'written');
  return new PlasticoreError(code, `cannot be written: ${text}`, { file: path });
}
