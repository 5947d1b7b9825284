import { crc32, deflateSync } from 'node:zlib';

/** A PNG file as the standard describes it (third edition), written apart from the reader. */
export interface PngLines {
  readonly width: number;
  /** 1 to 16 bits a channel. */
  readonly depth?: number;
  /** 0 grey, 2 colours, 3 with a palette, 4 grey with opacity, 6 colours with opacity. */
  readonly type?: number;
  /** The bytes of each line, without its filter. */
  readonly lines: readonly (readonly number[])[];
  readonly palette?: readonly number[];
  /** What is transparent: the two bytes of each channel of a colour, or the opacity of each of the palette. */
  readonly clear?: readonly number[];
}

export function pngFile({ width, depth = 8, type = 0, lines, palette, clear }: PngLines): Uint8Array {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(lines.length, 4);
  head.set([depth, type], 8);
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', head),
    ...(palette === undefined ? [] : [chunk('PLTE', Uint8Array.from(palette))]),
    ...(clear === undefined ? [] : [chunk('tRNS', Uint8Array.from(clear))]),
    chunk('IDAT', deflateSync(Uint8Array.from(lines.flatMap((line) => [0, ...line])))),
    chunk('IEND', new Uint8Array()),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
