import {
  boundText,
  type ChipModel,
  coreNumbers,
  type MappingRules,
  type Source,
} from '../../hardware/index.ts';

/** The chip of an hw-model as rows of a table: what, figures, source. */
export function chipRows(
  { mesh, packet, delivery, limits, costSet, costSets, costs }: ChipModel,
  cited: (source: Source) => string,
): string[][] {
  const { columns, rows, numbering, outputBus } = mesh;
  const bus = outputBus === undefined ? '' : `, output bus at ${outputBus.x}, ${outputBus.y}`;
  const held = [
    ['neurons', limits?.neurons],
    ['axons in', limits?.axonsIn],
    ['axons out', limits?.axonsOut],
    ['bits of synapses', limits?.synapseBits],
    ['steps of delay', limits?.delay],
  ].flatMap(([what, most]) => (most === undefined ? [] : [`${most} ${what}`]));
  const { send, receive, tile, hop, link, barrier } = costs;
  const links = [
    link?.depth === undefined ? [] : [`${link.depth} packets`],
    link?.packetNs === undefined ? [] : [`${link.packetNs} ns a packet`],
  ].flat();
  return [
    [
      'mesh',
      `${columns} x ${rows} tiles, ${coreNumbers(mesh).length} cores, numbered ${numbering}${bus}`,
      '',
    ],
    ...(packet === undefined ? [] : [['packet', packetWords(packet), cited(packet.source)]]),
    ['delivery', delivery === 'next' ? 'in the next step' : 'in phases of a step', ''],
    ...(limits === undefined
      ? []
      : [
          [
            'a core holds',
            `${held.join(', ')}${limits.areOfMapper ? ', by the mapper' : ''}`,
            cited(limits.source),
          ],
        ]),
    ['cost set', `${costSet}, of ${costSets.join(', ')}`, ''],
    ...Object.entries({ send, receive, tile }).map(([name, { energyPj, latencyNs, source }]) => [
      name,
      `${energyPj} pJ, ${latencyNs} ns a packet`,
      cited(source),
    ]),
    [
      'hop',
      `x: ${hop.energyPj.x} pJ, ${hop.latencyNs.x} ns; y: ${hop.energyPj.y} pJ, ${hop.latencyNs.y} ns`,
      cited(hop.sources.x),
    ],
    ...(link === undefined ? [] : [['link', links.join(', '), cited(link.source)]]),
    [
      'barrier',
      `${barrier.latencyNs.map(({ tiles: number, ns }) => `${number}: ${ns}`).join(', ')} ns by tiles, ${barrier.between}${barrier.tickNs === undefined ? '' : `, a tick every ${barrier.tickNs} ns`}; ${barrier.energyPj} pJ`,
      cited(barrier.source),
    ],
  ];
}

function packetWords({ bits, payloadBits, perDestination }: NonNullable<ChipModel['packet']>): string {
  const way = perDestination === 'core' ? 'one for each core' : 'forks on its way to several cores';
  return `${bits} bits, payload ${payloadBits}, ${way}`;
}

/** The networks that a chip takes, as rows of a table: quantity, values that are taken, source. */
export function mappingRows(
  { limits, layerCores }: MappingRules,
  cited: (source: Source) => string,
): string[][] {
  const rows = limits.map(({ quantity, bound, of, source }) => [
    quantity,
    `${boundText({ quantity, bound })}${of === 'mapper' ? ', by the mapper' : ''}`,
    cited(source),
  ]);
  if (layerCores === undefined) return rows;
  const { needs, cores, source } = layerCores;
  const words = Object.keys(needs).map((memory) => {
    const each = cores.map((core) => core[memory] ?? 0);
    return [`words of ${memory} memory`, `${needs[memory]}; cores have ${each.join(', ')}`, cited(source)];
  });
  return [...rows, ['a layer on a core', `${cores.length} cores`, cited(source)], ...words];
}
