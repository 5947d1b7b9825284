import type { HwModel } from '../../../src/hardware/index.ts';
import { type Domain, type DomainName, domainNamed } from '../../../src/isa/index.ts';
import { Body, type KernelRequest } from './body.ts';
import type { Dice } from './dice.ts';
import type { Network } from './network.ts';

/** A kernel as text, line by line, so that a failing program can be cut down. */
export interface KernelText {
  readonly name: string;
  readonly domain: DomainName;
  /** `pre.trace`, `post.signal`. */
  readonly gates: readonly string[];
  readonly lines: readonly string[];
}

export function textOf({ name, domain, gates, lines }: KernelText): string {
  const where = gates.length === 0 ? '' : ` where ${gates.join(' and ')}`;
  return [`kernel ${name} over ${domain}${where}`, ...lines.map((line) => `  ${line}`), 'end', ''].join('\n');
}

/** A kernel of random instructions, well typed: kinds agree, and plain results are in range. */
export function randomKernel(dice: Dice, request: KernelRequest, hw: HwModel, network: Network): KernelText {
  const body = new Body(dice, request, hw, network);
  const domain: Domain = domainNamed(request.domain);
  const gates = [domain.rowGate, domain.columnGate].flatMap((role) =>
    role !== undefined && !request.keepsToColumns && !request.isByColumns && dice.chance(0.4)
      ? body.gate(role)
      : [],
  );
  body.write();
  return { name: request.name, domain: request.domain, gates, lines: body.lines };
}
