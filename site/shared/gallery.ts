/** The groups of experiments, in the order in which they are shown. */
export const galleryGroups = {
  digits: 'Digits',
  speech: 'Speech',
  series: 'Series and tasks',
  lifetime: 'Over a lifetime',
  chips: 'Chips that were built',
  cores: 'Many cores',
  imported: 'Imported networks',
} as const;

export type GalleryGroup = keyof typeof galleryGroups;

/** What is drawn of a network: its layers from input to output, what connects them, and the mesh that it runs on. */
export interface NetworkSketch {
  /** Neurons of each layer. */
  readonly layers: readonly number[];
  /** Layers by their numbers; a layer to itself is recurrent. */
  readonly links: readonly (readonly [from: number, to: number])[];
  readonly mesh: { readonly columns: number; readonly rows: number } | undefined;
}

/** An experiment that can be opened. */
export interface GalleryCard {
  readonly name: string;
  /** One sentence. */
  readonly line: string;
  readonly group: GalleryGroup;
  readonly sketch: NetworkSketch;
  /** The data that it needs and that the page does not have; undefined if it runs at once. */
  readonly needs: string | undefined;
}
