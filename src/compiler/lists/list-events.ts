import { type DomainName, domainNamed, type Kernel, valueField } from '../../isa/index.ts';
import { type Program, refuse } from '../../program/index.ts';
import type { Path } from '../../text/index.ts';

/** The trigger of a list: spikes of a population, or an event of that name. */
export interface ListEvent {
  readonly list: 'spike' | 'previousSpike' | 'on';
  readonly name: string;
}

/** A kernel over one neuron, row or synapse may run only in the list of an event that names it. */
export function checkEvent(
  program: Program,
  kernel: Kernel,
  domain: DomainName,
  over: string,
  path: Path,
  event: ListEvent | undefined,
): void {
  const { projections } = program.spec;
  if (domain === 'synapse' && projections[over]?.connect !== 'dense')
    refuse(program, path, `two neurons name one synapse only in a dense projection: '${over}' is not dense`);
  if (event?.list === 'on') return;
  const isRun = domainNamed(domain).needsEvent && event !== undefined;
  const scalar = kernel.body
    .flatMap(({ operands }) => operands)
    .find(
      (operand) =>
        operand.is === 'field' && operand.role === 'ev' && !(isRun && operand.field === valueField),
    );
  if (scalar?.is === 'field' && scalar.field === valueField)
    refuse(
      program,
      path,
      `kernel '${kernel.name}' takes the value of a spike, which only kernels over its row or its neuron can`,
      'move it to events.spike or events.previousSpike, as a kernel over row or neuron',
    );
  if (scalar?.is === 'field')
    refuse(
      program,
      path,
      `kernel '${kernel.name}' uses ev.${scalar.field}, which only named events supply`,
      'move it to events.on',
    );
  if (domain === 'synapse')
    refuse(
      program,
      path,
      `kernel '${kernel.name}' runs over the synapse that a named event gives`,
      'move it to events.on',
    );
  if (!domainNamed(domain).needsEvent) return;
  const source = projections[over]?.from ?? over;
  if (event?.name === source) return;
  refuse(
    program,
    path,
    `kernel '${kernel.name}' runs over the ${domain} that a spike of '${source}' names; this list is run by ${event === undefined ? 'no spike' : `spikes of '${event.name}'`}`,
    `move it to events.${event?.list ?? 'spike'}.${source}`,
  );
}
