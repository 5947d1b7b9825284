import { type Image, readImage } from '../image/index.ts';
import { readBytes } from './read-bytes.ts';

/** Reads an image from disk. */
export function readImageFile(path: string): Image {
  return readImage(readBytes(path, 'plasticore compile makes an image'), path);
}
