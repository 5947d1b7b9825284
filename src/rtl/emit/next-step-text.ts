import type { CorePlan, DeliverySource, List, Step } from '../plan/core-plan.ts';
import type { CoreContext } from './context.ts';
import { sampleCondition, stepCondition } from './facts-text.ts';
import { countOfStep, sourceCount } from './source-text.ts';
import { commentLine, indented, literal, vector } from './verilog.ts';

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
    const isOfCommand = [plan.sample, plan.tick, plan.placed?.arrivals].includes(list);
    const steps = isOfCommand ? list.steps.slice(1) : list.steps;
    return [
      ...(steps.length === 0 ? [] : [commentLine(list.name)]),
      ...[...steps].reverse().flatMap((step) => {
        const conditions = step.conditions.map((condition) => `when_${condition}`);
        const next = steps[steps.indexOf(step) + 1];
        return (['empty', 'held'] as const).flatMap((version) => {
          const name = numberOf(context, step, version);
          if (version === 'held' && name === numberOf(context, step, 'empty')) return [];
          const asked = isLate(step, version);
          const text = chosen(
            [...conditions, ...asked],
            literal(step.number, stepBits),
            numberOf(context, next, version),
          );
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

function chosen(conditions: readonly string[], own: string, others: string): string {
  return conditions.length === 0 ? own : `${conditions.join(' & ')} ? ${own} : ${others}`;
}

/** The first step that a command runs. */
export function firstText(context: CoreContext): string[] {
  const { plan, widths } = context;
  const { step: stepBits } = widths;
  const end = endOf(context);
  const declared = (text: string): string[] => [
    '// the first step of a command',
    'wire fifo_empty;',
    `wire ${vector(stepBits)} first = ${text};`,
  ];
  if (plan.placed !== undefined) {
    const { steps } = plan.placed.arrivals;
    const arrives = literal(steps[0]?.number ?? 0, stepBits);
    const ofEvent = firstOfEvent('cmd_event', plan, (list) => numberOf(context, list.steps[0], 'empty'), end);
    return declared(`cmd_spikes == 32'd0 ? ${ofEvent} : ${arrives}`);
  }
  const of = (
    list: List,
    when: (condition: number) => string,
    waiting: (source: DeliverySource | undefined) => string,
  ): string =>
    list.steps.reduceRight((others, step) => {
      const conditions = step.conditions.map(when);
      if (step.delivers) conditions.push(waiting(step.source));
      const own = literal(step.number, stepBits);
      return conditions.length === 0 ? own : `${conditions.join(' & ')} ? ${own} : ${others}`;
    }, end);
  const ofStep = of(
    plan.tick,
    (condition) => stepCondition(context, condition),
    (source) => (source === undefined ? '~fifo_empty' : `(~fifo_empty | ${countOfStep(source)} != 32'd0)`),
  );
  const ofSample = of(
    plan.sample,
    (condition) => sampleCondition(context, condition),
    () => "1'b0",
  );
  return declared(`cmd_step ? (${ofStep}) : (${ofSample})`);
}

/** The step behind each step of a list, and the spike that is served. */
export function servedText(context: CoreContext, version: Version): string[] {
  const { plan, image, widths } = context;
  const { step: stepBits, population: populationBits } = widths;
  const end = endOf(context);
  const { lists } = plan;
  const of = (step: Step | undefined): string => numberOf(context, step, version);
  const first = (list: List | undefined): string => of(list?.steps[0]);
  const step = (number: number): string => literal(number, stepBits);
  const after = (name: string, from: string, deliveriesOnly: boolean): string[] => [
    `case (${from})`,
    ...lists.flatMap(({ steps }) =>
      steps.flatMap(({ number, delivers }, index) =>
        deliveriesOnly && !delivers ? [] : [`  ${step(number)}: ${name} = ${of(steps[index + 1])};`],
      ),
    ),
    `  default: ${name} = ${end};`,
    'endcase',
  ];
  const failing = lists.flatMap(({ steps }) =>
    steps.flatMap(({ number, afterFailing }) => {
      const next = of(steps.find((other) => other.number === afterFailing));
      return next === end ? [] : [`pc == ${step(number)} ? ${next} : `];
    }),
  );
  const served = plan.steps.flatMap((delivery) => {
    const { source } = delivery;
    if (source === undefined) return [];
    if (delivery === plan.placed?.arrivals.steps[0]) {
      const ofEvent = firstOfEvent('event_now', plan, first, end);
      return [`    ${step(delivery.number)}: run_served_${version} = ${ofEvent};`];
    }
    const list =
      source.is === 'input'
        ? plan.spike[image.input]
        : source.is === 'previous'
          ? plan.previousSpike[source.population]
          : plan.delayedSpike[source.delayed]?.[source.list];
    return [`    ${step(delivery.number)}: run_served_${version} = ${first(list)};`];
  });
  return [
    version === 'held' ? '// where the FIFO holds a spike after this cycle' : '// where the FIFO holds none',
    `reg ${vector(stepBits)} after_${version}, run_served_${version}, tile_served_${version};`,
    ...(version === 'held' ? [] : [`reg ${vector(stepBits)} after_delivery;`]),
    'always_comb begin',
    ...indented(after(`after_${version}`, 'pc', false)),
    ...(version === 'held' ? [] : indented(after('after_delivery', 'delivering', true))),
    '  case (delivering)',
    ...served,
    `    default: run_served_${version} = ${end};`,
    '  endcase',
    '  case (head_population)',
    ...plan.spike.map(
      (list, population) =>
        `    ${literal(population, populationBits)}: tile_served_${version} = ${first(list)};`,
    ),
    `    default: tile_served_${version} = ${end};`,
    '  endcase',
    'end',
    `wire ${vector(stepBits)} wanted_${version} = state == POP ? (head_is_run ? run_served_${version} : tile_served_${version}) : after_${version};`,
    ...nextText(context, version, ''),
    // Whether a test fails is known last, so what follows then is decided apart.
    ...(hasTests(context)
      ? [
          `wire ${vector(stepBits)} wanted_${version}_failing = ${failing.join('')}${end};`,
          ...nextText(context, version, '_failing'),
        ]
      : []),
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

/** The first step of an event's list. */
function firstOfEvent(
  value: string,
  { placed, widths }: CorePlan,
  first: (list: List) => string,
  end: string,
): string {
  const choices = placed?.events.map(
    (list, event) => `${value} == ${literal(event, widths.event)} ? ${first(list)} : `,
  );
  return `(${choices?.join('') ?? ''}${end})`;
}
