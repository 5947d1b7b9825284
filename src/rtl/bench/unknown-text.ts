import type { CorePlan } from '../plan/core-plan.ts';

/**
 * Checks of the bench in each cycle after the reset: no unknown value is at an output of the core, or at an input of
 * a bank. A simulator of two states finds none.
 */
export function unknownText({ banks }: CorePlan): string {
  const checks = banks.flatMap(({ name, module, usedWords, bitMask, readPorts }) => {
    if (usedWords === 0) return [];
    const own = `core.${module}_i`;
    const ports = readPorts.map((port) => `${own}.r${port}`);
    const written = bitMask ? `${own}.w_mask, ${own}.w_data & ${own}.w_mask` : `${own}.w_data`;
    const enables = [`${own}.w_en`, ...ports.map((port) => `${port}_en`)].join(', ');
    return [
      `if (isUnknown(^{${enables}})) unknown("bank ${name}: whether it is read or written");`,
      ...ports.map(
        (port) => `if (${port}_en && isUnknown(^${port}_addr)) unknown("bank ${name}: what is read");`,
      ),
      `if (${own}.w_en && isUnknown(^{${own}.w_addr, ${written}})) unknown("bank ${name}: what is written");`,
    ];
  });
  return [
    '  // no unknown value may reach a port of the core, or of a bank',
    '  function automatic isUnknown(input parity);',
    "    isUnknown = parity === 1'bx;",
    '  endfunction',
    '  task unknown(input string what);',
    '    begin',
    '      $display("unknown after the reset: %0s", what);',
    '      $fwrite(observed, "unknown %0s\\n", what);',
    '      $fclose(observed);',
    '      $finish;',
    '    end',
    '  endtask',
    '  always @(posedge clk) if (~rst) begin',
    '    if (isUnknown(^{cmd_ready, busy, fault, s_ready, s_again, m_valid, cycles})) unknown("an output of the core");',
    '    if (m_valid && isUnknown(^{m_population, m_tile, m_lanes})) unknown("a spike of the core");',
    ...checks.map((line) => `    ${line}`),
    '  end',
    '',
  ].join('\n');
}
