/**
 * The whole state of the page as the part of its address behind `#`, which no browser sends to a server:
 * `s1.` and, in base64url, the CRC-32 of a JSON text and the text, packed with deflate.
 */
import { deflateSync, Inflate } from 'fflate';
import { crc32 } from '../../src/random/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import type { Design } from './design.ts';
import { defaultLook, type Look } from './look.ts';
import { design, fields, flag, look, optional, text, whole } from './read-link.ts';

/** The design and the view that a link reopens. */
export interface SharedState {
  /** The version of the package that made it. */
  readonly version: string;
  readonly design: Design;
  /** Samples presented. */
  readonly position: number;
  /** Whether the run stands still there; otherwise it goes on. */
  readonly isStill: boolean;
  readonly look: Look;
  /** The design that it is compared with, and the samples presented to that one. */
  readonly pinned: { readonly design: Design; readonly position: number } | undefined;
}

/** The format that this code writes. */
const format = 1;
/** The longest link in characters: some programs cut longer addresses off. */
export const mostCharacters = 60_000;
/** The most that a link is unpacked to: texts get about a tenth as long. More is not packed either: it takes long. */
const mostBytes = 600_000;
/** So many bytes are unpacked at a time, which deflate makes at most a thousand times as long. */
const piece = 1024;
const checkBytes = 4;

/**
 * A state as the text behind `#`.
 *
 * @throws PlasticoreError `usage` where it is too long for a link
 */
export function writeLink(state: SharedState): string {
  const bytes = new TextEncoder().encode(JSON.stringify(withoutDefaults(state)));
  if (bytes.length > mostBytes) throw tooLong();
  const packed = deflateSync(bytes, { level: 9 });
  const all = new Uint8Array(checkBytes + packed.length);
  new DataView(all.buffer).setUint32(0, crc32(bytes));
  all.set(packed, checkBytes);
  const link = `s${format}.${toBase64Url(all)}`;
  if (link.length > mostCharacters) throw tooLong();
  return link;
}

function tooLong(): PlasticoreError {
  return new PlasticoreError('usage', 'this design is too long for a link', {
    hint: `a link has at most ${mostCharacters} characters: download the design as files instead`,
  });
}

/**
 * Reads the text behind `#`.
 *
 * @returns undefined if it is empty
 * @throws PlasticoreError `format` if it is damaged, or of a newer version
 */
export function readLink(fragment: string): SharedState | undefined {
  if (fragment === '') return undefined;
  const [, version = '', content = ''] = /^s(\d{1,6})\.([\w-]*)$/.exec(fragment) ?? [];
  if (Number(version) > format)
    throw new PlasticoreError('format', 'this link was made by a newer version of the playground', {
      hint: 'open it there, or get the newer version',
    });
  if (Number(version) !== format) throw damaged();
  if (fragment.length > mostCharacters) throw damaged();
  try {
    return read(content);
  } catch {
    // For any fault inside, the only help is to ask for the link again.
    throw damaged();
  }
}

function damaged(): PlasticoreError {
  return new PlasticoreError('format', 'this link is damaged', {
    hint: 'a part of it may be missing: copy it again, to its end',
  });
}

function read(content: string): SharedState {
  const all = fromBase64Url(content);
  const bytes = inflate(all.subarray(checkBytes));
  if (crc32(bytes) !== new DataView(all.buffer).getUint32(0)) throw damaged();
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  const state = fields(value, ['version', 'design', 'position', 'isStill', 'look', 'pinned']);
  return {
    version: text(state.version),
    design: design(state.design),
    position: optional(state.position, whole) ?? 0,
    isStill: optional(state.isStill, flag) ?? false,
    look: optional(state.look, look) ?? defaultLook,
    pinned: optional(state.pinned, (each) => {
      const other = fields(each, ['design', 'position']);
      return { design: design(other.design), position: optional(other.position, whole) ?? 0 };
    }),
  };
}

/** Short links for what has not been changed. */
function withoutDefaults({ version, design, position, isStill, look, pinned }: SharedState): unknown {
  const filled = Object.entries(look).filter(([key, value]) => value !== defaultLook[key as keyof Look]);
  return {
    version,
    design: designWithoutDefaults(design),
    ...(position > 0 && { position }),
    ...(isStill && { isStill }),
    ...(filled.length > 0 && { look: Object.fromEntries(filled) }),
    ...(pinned !== undefined && {
      pinned: {
        design: designWithoutDefaults(pinned.design),
        ...(pinned.position > 0 && { position: pinned.position }),
      },
    }),
  };
}

function designWithoutDefaults({ settings, edits, ...choices }: Design): unknown {
  return {
    ...choices,
    ...(Object.keys(settings).length > 0 && { settings }),
    ...(Object.keys(edits).length > 0 && { edits }),
  };
}

/** Unpacks piece by piece, so that a few bytes cannot fill the memory. */
function inflate(packed: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  let isComplete = false;
  const stream = new Inflate((part, isLast) => {
    parts.push(part);
    length += part.length;
    isComplete = isLast;
  });
  for (let at = 0; at < packed.length; at += piece) {
    stream.push(packed.subarray(at, at + piece), at + piece >= packed.length);
    if (length > mostBytes) throw damaged();
  }
  if (!isComplete) throw damaged();
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function toBase64Url(bytes: Uint8Array): string {
  const characters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(characters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(characters, (character) => character.charCodeAt(0));
  // The last character has bits that stand for nothing: one that another program has set is a sign of damage.
  if (toBase64Url(bytes) !== text) throw damaged();
  return bytes;
}
