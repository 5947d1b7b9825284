import type { HwModel } from '../../hardware/index.ts';
import { type DomainName, domainNamed, type Kernel } from '../../isa/index.ts';
import { PlasticoreError } from '../../text/index.ts';

/**
 * Refuses a second draw from a generator that serves a tile of lanes in several groups. The first draw advances the
 * generator for all groups of a tile before the second starts; a core that processes one group of lanes after another
 * could not keep that order.
 *
 * @throws PlasticoreError `microcode`
 */
export function checkDraws(
  { name, body }: Pick<Kernel, 'name' | 'body'>,
  domain: DomainName,
  { generators, lanes }: Pick<HwModel, 'generators' | 'lanes'>,
): void {
  if (domainNamed(domain).single) return;
  const drawn = new Set<string>();
  for (const { operands, place } of body) {
    for (const operand of operands) {
      if (operand.is !== 'generator') continue;
      const generator = generators.find((candidate) => candidate.name === operand.name);
      if (generator === undefined || generator.lanes >= lanes) continue;
      if (drawn.has(operand.name))
        throw new PlasticoreError(
          'microcode',
          `kernel '${name}' draws twice from '${operand.name}', which serves ${generator.lanes} of the core's ${lanes} lanes at a time`,
          { ...place, hint: 'split the word of one draw, or draw from a second generator' },
        );
      drawn.add(operand.name);
    }
  }
}
