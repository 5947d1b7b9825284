/** Which experiments a person looks for. */
import { type GalleryCard, galleryGroups } from '../../shared/gallery.ts';

/**
 * The cards that have all words of a search: in their names, their groups, their descriptions, or in the data that they
 * need. A part of a word is enough.
 *
 * @param descriptions by the name of the experiment: a card has only the first sentence
 */
export function matching(
  cards: readonly GalleryCard[],
  search: string,
  descriptions: ReadonlyMap<string, string>,
): readonly GalleryCard[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return cards.filter(({ name, group, line, needs = '' }) => {
    const text = [name, galleryGroups[group], line, descriptions.get(name), needs].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
