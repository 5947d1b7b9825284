/** A core for each layer, by number; or the layers that have too few cores between them. */
export type Matching =
  | { readonly cores: readonly number[] }
  | { readonly crowded: readonly number[]; readonly candidates: readonly number[] };

/**
 * Matches layers to cores, each to one of its own, along augmenting paths (H. W. Kuhn, The Hungarian Method for the
 * Assignment Problem, Naval Research Logistics Quarterly 2, 1955, for a bipartite graph). Each layer takes the first
 * core with which all so far have one.
 *
 * @param candidates for each layer, the cores that have room for it
 * @returns if there is no such matching: layers whose candidates, together, are fewer than they (Hall's condition)
 */
export function matchLayers(candidates: readonly (readonly number[])[]): Matching {
  /** By core, its layer. */
  const layerOn = new Map<number, number>();
  for (const first of candidates.keys()) {
    const tried = new Set<number>();
    const crowded = new Set([first]);
    const place = (layer: number): boolean => {
      for (const core of candidates[layer] ?? []) {
        if (tried.has(core)) continue;
        tried.add(core);
        const there = layerOn.get(core);
        if (there !== undefined) crowded.add(there);
        if (there === undefined || place(there)) {
          layerOn.set(core, layer);
          return true;
        }
      }
      return false;
    };
    if (!place(first)) {
      const ascending = (numbers: ReadonlySet<number>) => [...numbers].sort((a, b) => a - b);
      return { crowded: ascending(crowded), candidates: ascending(tried) };
    }
  }
  const coreOf = new Map([...layerOn].map(([core, layer]) => [layer, core] as const));
  return {
    cores: candidates.map((_, layer) => {
      const core = coreOf.get(layer);
      if (core === undefined) throw new Error(`layer ${layer} has no core`);
      return core;
    }),
  };
}
