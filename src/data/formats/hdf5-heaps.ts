/** The header of a collection in the global heap: signature, version 1, three zeros (HDF5 File Format, III.E). */
const head = [0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0];
const headBytes = 16;
/** Index (2 bytes), references (2), reserved (4), size (8). */
const objectHeadBytes = 16;

/**
 * Looks for an object outside its collection in the global heap, which holds rows of variable length. If damage has
 * left an object of size zero, the HDF5 library would loop forever.
 *
 * @returns a description of the first fault, or undefined
 */
export function faultOfHeaps(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = bytes.indexOf(0x47); start >= 0; start = bytes.indexOf(0x47, start + 1)) {
    if (start + headBytes > bytes.length) return undefined;
    if (!head.every((byte, index) => bytes[start + index] === byte)) continue;
    const end = start + Number(view.getBigUint64(start + 8, true));
    // The library itself rejects a collection that extends past the end of the file.
    if (end <= bytes.length && !objectsFit(view, start + headBytes, end))
      return `the heap at byte ${start} holds an object that does not fit it`;
  }
  return undefined;
}

/** Whether objects lie one after the other from `start` on. Object 0 is free space; its size includes its header. */
function objectsFit(view: DataView, start: number, end: number): boolean {
  for (let at = start; at + objectHeadBytes <= end; ) {
    const isFree = view.getUint16(at, true) === 0;
    const size = Number(view.getBigUint64(at + 8, true));
    const taken = isFree ? size : objectHeadBytes + Math.ceil(size / 8) * 8;
    if (taken < objectHeadBytes || at + taken > end) return false;
    at += taken;
  }
  return true;
}
