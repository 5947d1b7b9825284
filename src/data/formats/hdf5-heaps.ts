/** A collection of the global heap: signature, version 1, three zeros (HDF5 File Format Specification, III.E). */
const head = [0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0];
const headBytes = 16;
/** Index (2 bytes), references (2), reserved (4), size (8). */
const objectHeadBytes = 16;

/**
 * Finds an object of a global heap, where rows of variable length are kept, that does not lie within its collection.
 * Where damage has left one of no size, the HDF5 library would never come to the end of the collection.
 *
 * @returns what is wrong with the first, or undefined
 */
export function faultOfHeaps(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = bytes.indexOf(0x47); start >= 0; start = bytes.indexOf(0x47, start + 1)) {
    if (start + headBytes > bytes.length) return undefined;
    if (!head.every((byte, index) => bytes[start + index] === byte)) continue;
    const end = start + Number(view.getBigUint64(start + 8, true));
    // The library itself refuses a collection that the file does not hold.
    if (end <= bytes.length && !objectsFit(view, start + headBytes, end))
      return `the heap at byte ${start} holds an object that does not fit it`;
  }
  return undefined;
}

/** Whether objects lie one after the other from `start` on; object 0 is what is free, its head included in its size. */
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
