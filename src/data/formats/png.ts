import { convertIndexedToRgb, type DecodedPng, decode, hasPngSignature } from 'fast-png';
import { messageOf, PlasticoreError } from '../../text/index.ts';
import type { NamedBytes } from './idx.ts';

/** A picture in grey, its rows from the top: 0 is black, 255 white. */
export interface GreyPicture {
  readonly shape: readonly [rows: number, columns: number];
  readonly values: Uint8Array;
}

/** The signature, and the head of the first chunk, before width and height (PNG, third edition, 5.2 and 11.2.1). */
const sizeAt = 16;
/** Each pixel is an input, and inputs have numbers of 16 bits. */
const mostPixels = 2 ** 16;
/** Deflate codes at most 258 bytes in 2 bits, so that a file of this size unpacks to 512 MiB at most. */
const mostBytes = 2 ** 19;

/**
 * Reads a PNG file of 8 or 16 bits, in grey, in colours or with a palette.
 *
 * Colours become grey as BT.601 weighs them: 0.299 red + 0.587 green + 0.114 blue. 16 bits become 8, and what is
 * transparent lies on black.
 *
 * @throws PlasticoreError `data` for a file that is damaged, too large, or of another kind
 */
export function readPng({ name: file, bytes }: NamedBytes): GreyPicture {
  const refused = (message: string, hint?: string) => new PlasticoreError('data', message, { file, hint });
  if (!hasPngSignature(bytes) || bytes.length < sizeAt + 8) throw refused('this is no PNG file');
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [columns, rows] = [head.getUint32(sizeAt), head.getUint32(sizeAt + 4)];
  const small = 'make the pictures smaller';
  if (columns * rows < 1 || columns * rows > mostPixels)
    throw refused(`${rows} x ${columns} pixels found, 1 to 2^16 expected`, small);
  if (bytes.length > mostBytes)
    throw refused(`${bytes.length} bytes found, at most ${mostBytes} expected`, small);
  let picture: DecodedPng;
  try {
    picture = decode(bytes, { checkCrc: true });
    if (picture.width !== columns || picture.height !== rows) throw new Error('it has two heads');
    const { palette, channels, depth } = picture;
    if (palette !== undefined && channels === 1 && depth === 8)
      picture = { ...picture, data: convertIndexedToRgb(picture), channels: palette[0]?.length ?? 0 };
  } catch (error) {
    throw refused(`damaged PNG file: ${messageOf(error)}`);
  }
  const { data, channels, depth, transparency = [] } = picture;
  if (depth < 8) throw refused(`${depth} bits a pixel found, 8 or 16 expected`, 'save it with 8 bits');
  return { shape: [rows, columns], values: greyOf(data, channels, 2 ** depth - 1, transparency) };
}

/**
 * @param channels 1 for grey, 3 for colours, and one more where there is an opacity
 * @param most what is white, or opaque
 * @param clear the one colour that is transparent, where channels have no opacity; otherwise empty
 */
function greyOf(
  data: ArrayLike<number>,
  channels: number,
  most: number,
  clear: ArrayLike<number>,
): Uint8Array {
  const hasOpacity = channels % 2 === 0;
  const values = new Uint8Array(data.length / channels);
  for (let pixel = 0; pixel < values.length; pixel++) {
    const at = (channel: number): number => data[pixel * channels + channel] ?? 0;
    const grey = channels < 3 ? at(0) : (299 * at(0) + 587 * at(1) + 114 * at(2)) / 1000;
    const isClear =
      clear.length === channels && Array.from(clear).every((value, channel) => at(channel) === value);
    const opacity = hasOpacity ? at(channels - 1) / most : isClear ? 0 : 1;
    values[pixel] = Math.round((255 * grey * opacity) / most);
  }
  return values;
}
