import { type CoreContext, kernelNumber } from './context.ts';
import { commentLine, indented, literal, vector } from './text.ts';

/**
 * Facts that follow from the step that runs. The walker needs most of it after the step has started, and finds it in
 * registers then; where a start leads is looked up while it lasts.
 */
export function factsText(context: CoreContext): string[] {
  const { plan, widths, run } = context;
  const { facts, starts } = plan;
  const kept = facts.filter(({ changes }) => changes);
  const declared = facts.flatMap(({ name, bits, value, lowBits, changes }) =>
    changes
      ? run.declareLow(name, bits, lowBits)
      : [`wire ${bits === 1 ? '' : `${vector(bits)} `}${name} = ${literal(value, bits)};`],
  );
  const bitsOf = new Map(facts.map(({ name, lowBits }) => [name, lowBits]));
  const assigned = (name: string, value: number | bigint): string =>
    run.assign(name, value, bitsOf.get(name) ?? 1);
  const cases = starts.flatMap(({ step, facts: own }) => {
    const text = own.map(([name, value]) => assigned(name, value)).join(' ');
    const comment = step.kernel === undefined ? '' : ` ${commentLine(step.kernel.name)}`;
    return text === '' ? [] : [`      ${literal(step.number, widths.step)}: begin ${text} end${comment}`];
  });
  return [
    '// ---- the walker',
    '// what it knows of the step that runs, from its start on',
    ...declared,
    'always @(posedge clk) begin',
    '  if (state == START) begin',
    ...kept.map(({ name, value }) => `    ${assigned(name, value)}`),
    '    case (pc)',
    ...cases,
    '      default: ;',
    '    endcase',
    '  end',
    ...indented(run.resume(...kept.map(({ name }) => name))),
    'end',
    ...startText(context),
  ];
}

/** The state that follows the start of each step, and what is needed in that cycle already. */
function startText(context: CoreContext): string[] {
  const { lanes, step: stepBits, kernel: kernelBits } = context.widths;
  const isNamed = isNamedAtStart(context);
  const cases = context.plan.starts.flatMap(({ step: { number, kernel }, state, allRows, within }) => {
    if (state === undefined) return [];
    const own = literal(number, stepBits);
    if (kernel === undefined) return [`    ${own}: start_state = ${state};`];
    const all = allRows ? " start_all_rows = 1'b1;" : '';
    const first = within === undefined ? '' : ` start_within = ${literal(within, lanes)};`;
    const emits = kernel.emits === undefined ? '' : " start_emits = 1'b1;";
    const named = isNamed ? ` start_kernel = ${kernelNumber(context, kernel)};` : '';
    return [`    ${own}: begin start_state = ${state};${all}${first}${emits}${named} end`];
  });
  return [
    'reg [3:0] start_state;',
    'reg start_all_rows, start_emits;',
    `reg ${vector(lanes)} start_within;`,
    ...(isNamed ? [`reg ${vector(kernelBits)} start_kernel;`] : []),
    'always_comb begin',
    "  start_state = TILES; start_all_rows = 1'b0; start_emits = 1'b0;",
    `  start_within = {${lanes}{1'b1}};`,
    ...(isNamed ? [`  start_kernel = ${literal(0, kernelBits)};`] : []),
    '  case (pc)',
    ...cases,
    '    default: ;',
    '  endcase',
    'end',
  ];
}

/** Whether the kernel has to be known while it starts: stored weights are walked from then on, and sums cleared. */
function isNamedAtStart({ plan, modules }: CoreContext): boolean {
  return (
    plan.kernels.some(({ walks }) => walks === 'weights') ||
    modules.some(
      ({ kernels, ports }) =>
        kernels.some((kernel) => plan.waiting.kernels.includes(kernel)) &&
        ports.some(({ meaning }) => meaning.does === 'pass-start'),
    )
  );
}
