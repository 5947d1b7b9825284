/** A file that somebody dropped on the page, or chose. */
export interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}
