import { at } from '../../text/index.ts';
import type { List, Step } from '../plan/core-plan.ts';
import type { CoreContext } from './context.ts';
import { sourceCount } from './source-text.ts';
import { chosen, commentLine, literal, type Verilog, vector, wire } from './verilog.ts';

/** The number past the last step: a list ends. */
export function endOf({ plan, widths }: CoreContext): string {
  return literal(plan.steps.length, widths.step);
}

/** Whether a number is that of a delivery. */
export function isDelivery({ plan, widths }: CoreContext, name: string): string {
  const numbers = plan.steps.flatMap(({ number, delivers }) =>
    delivers ? [`${name} == ${literal(number, widths.step)}`] : [],
  );
  return numbers.length === 0 ? "1'b0" : `(${numbers.join(' | ')})`;
}

/** Whether the FIFO will hold no spike after this cycle, or some. */
type Version = 'empty' | 'held';

/** The number of the first step from one on whose conditions hold. */
function numberOf(context: CoreContext, step: Step | undefined, version: Version): string {
  if (step === undefined) return endOf(context);
  return step.deliversLater && version === 'held' ? `held_${step.number}` : `from_${step.number}`;
}

/** For each step of a list, the first one from it on whose conditions hold; that of a command is another one. */
export function chainText(context: CoreContext): string[] {
  const { plan, widths } = context;
  const { step: stepBits } = widths;
  return plan.lists.flatMap((list) => {
    const isOfCommand = [plan.sample, plan.tick, plan.arrivals].includes(list);
    const steps = isOfCommand ? list.steps.slice(1) : list.steps;
    return [
      ...(steps.length === 0 ? [] : [commentLine(list.name)]),
      ...[...steps].reverse().flatMap((step) => {
        const conditions = step.conditions.map((condition) => `when_${condition}`);
        const next = steps[steps.indexOf(step) + 1];
        return (['empty', 'held'] as const).flatMap((version) => {
          const name = numberOf(context, step, version);
          if (version === 'held' && name === numberOf(context, step, 'empty')) return [];
          const all = [...conditions, ...isLate(step, version)];
          const text = ifAll(all, literal(step.number, stepBits), numberOf(context, next, version));
          return [`wire ${vector(stepBits)} ${name} = ${text}; ${commentLine(step.words)}`];
        });
      }),
    ];
  });
}

/** Whether spikes wait for a delivery: no condition where the FIFO holds some. */
function isLate({ delivers, source }: Step, version: Version): string[] {
  if (!delivers || version === 'held') return [];
  return [source === undefined ? "1'b0" : `(${sourceCount(source)} != 32'd0)`];
}

/** A number where all conditions hold, and another one where they do not. */
export function ifAll(conditions: readonly string[], own: string, others: string): string {
  return conditions.length === 0 ? own : `${conditions.join(' & ')} ? ${own} : ${others}`;
}

/** The step behind each step of a list, and the spike that is served. */
export function servedText(context: CoreContext, version: Version): Verilog {
  const { plan, image, widths } = context;
  const { step: stepBits, population: populationBits } = widths;
  const end = endOf(context);
  const { lists } = plan;
  const of = (step: Step | undefined): string => numberOf(context, step, version);
  const first = (list: List | undefined): string => of(list?.steps[0]);
  const step = (number: number): string => literal(number, stepBits);
  /** A step by the value of another number; the end of the list where no case says it. */
  const byCase = (name: string, from: string, choices: readonly (readonly [string, string])[]): Verilog =>
    chosen(
      from,
      { [name]: stepBits },
      choices.map(([label, value]) => [label, { [name]: value }]),
      { [name]: end },
    );
  const after = (deliveriesOnly: boolean) =>
    lists.flatMap(({ steps }) =>
      steps.flatMap(({ number, delivers }, index) =>
        deliveriesOnly && !delivers ? [] : [[step(number), of(steps[index + 1])] as const],
      ),
    );
  const failing = lists.flatMap(({ steps }) =>
    steps.flatMap(({ number, afterFailing }) => {
      const next = of(steps.find((other) => other.number === afterFailing));
      return next === end ? [] : [`pc == ${step(number)} ? ${next} : `];
    }),
  );
  const servedBy = (serves: number): string =>
    serves < 0 ? firstOfEvent(context, 'event_now', version) : first(at(plan.served, serves));
  return [
    version === 'held' ? '// where the FIFO holds a spike after this cycle' : '// where the FIFO holds none',
    byCase(`after_${version}`, 'pc', after(false)),
    version === 'empty' && byCase('after_delivery', 'delivering', after(true)),
    byCase(
      `run_served_${version}`,
      'delivering',
      plan.steps.flatMap(({ number, source, serves }) => (source ? [[step(number), servedBy(serves)]] : [])),
    ),
    byCase(
      `tile_served_${version}`,
      'head_population',
      image.populations.map((_, index) => [literal(index, populationBits), first(plan.served[index])]),
    ),
    `wire ${vector(stepBits)} wanted_${version} = state == POP ? (head_is_run ? run_served_${version} : tile_served_${version}) : after_${version};`,
    nextText(context, version, ''),
    // Whether a test fails is known last, so what follows then is decided apart.
    hasTests(context) && [
      wire(stepBits, `wanted_${version}_failing`, `${failing.join('')}${end}`),
      nextText(context, version, '_failing'),
    ],
  ];
}

/** Whether a step tests something. */
export function hasTests({ plan }: CoreContext): boolean {
  return plan.steps.some(({ action }) => action.does === 'stop-unless-any');
}

/**
 * The step that follows, given the one that is wanted: a list that ends returns to what it has been called by, a
 * delivery, which goes on or is followed by another step. Whether something rests of it is known late.
 */
function nextText(context: CoreContext, version: Version, test: '' | '_failing'): string[] {
  const { step: stepBits } = context.widths;
  const end = endOf(context);
  const own = `${version}${test}`;
  const wanted = `wanted_${own}`;
  const follows = (goesOn: string, otherwise: string): string =>
    version === 'held' ? goesOn : `(run_rests ? ${goesOn} : ${otherwise})`;
  return [
    `wire returns_${own} = (in_event | state == POP) & ${wanted} == ${end};`,
    `wire ${vector(stepBits)} next_${own} = returns_${own} ? ${follows('delivering', 'after_delivery')} : ${wanted};`,
    `wire ends_${own} = returns_${own} ? ${follows("1'b0", `after_delivery == ${end}`)} : ${wanted} == ${end};`,
    `wire delivers_${own} = returns_${own} ? ${follows("1'b1", isDelivery(context, 'after_delivery'))} : ${isDelivery(context, wanted)};`,
  ];
}

/** The first step of the list of an event that a name has the number of. */
export function firstOfEvent(context: CoreContext, name: string, version: Version): string {
  const choices = context.plan.events.map(
    (list, event) =>
      `${name} == ${literal(event, context.widths.event)} ? ${numberOf(context, list.steps[0], version)} : `,
  );
  return `(${choices.join('')}${endOf(context)})`;
}
