import type { Picture } from './sliding.ts';
import type { Link, Network, NirStage } from './stages.ts';

/**
 * Numbers neurons by place, then channel, if a convolution needs it. If several convolutions need different numberings,
 * all but the first become lists of synapses.
 */
export function settle(links: readonly Link[]): Pick<Network, 'links' | 'pictures'> {
  const pictures = new Map<string, Picture>();
  const takes = (stage: NirStage, picture: Picture): boolean => {
    const known = pictures.get(stage.name);
    return known === undefined || known.every((length, axis) => length === picture[axis]);
  };
  const settled = links.map((link): Link => {
    const { sliding } = link.map;
    if (sliding === undefined) return link;
    if (!takes(link.from, sliding.from) || !takes(link.to, sliding.to))
      return { ...link, map: { ...link.map, sliding: undefined } };
    pictures.set(link.from.name, sliding.from);
    pictures.set(link.to.name, sliding.to);
    return link;
  });
  return { links: settled, pictures };
}
