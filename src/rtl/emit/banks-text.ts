import type { BankPlan } from '../plan/core-plan.ts';
import { leastSliceBits } from '../plan/memories.ts';
import { indexBits } from '../plan/widths.ts';
import { type CoreContext, kernelNumber } from './context.ts';
import type { KernelModule } from './kernel-text.ts';
import { unusedLine } from './module-text.ts';
import { commentLine, literal, vector } from './text.ts';

/** The banks, and who reaches them: the kernel that runs, a clear, or the host. */
export function banksText(context: CoreContext): string[] {
  const { plan, widths, modules } = context;
  const lines = plan.banks.flatMap((bankPlan) => {
    const { number: bank, name, module: bankModule, wordBits, usedWords, bitMask, readPorts } = bankPlan;
    if (usedWords === 0) return [];
    const bits = indexBits(usedWords);
    const own = literal(bank, widths.hostBank);
    const ofBank = literal(bank, widths.bank);
    const reading = (port: number) =>
      modules.flatMap((module) => {
        const { name: kernel, ports: has, first } = module;
        const { list } = first;
        const isRead = has.some(
          ({ meaning }) => meaning.does === 'read-enable' && meaning.bank === bank && meaning.port === port,
        );
        const isListed = list?.layout.bank === bank && list.port === port;
        if (!isRead && !isListed) return [];
        const own = `${kernel}_b${bank}_r${port}`;
        const enable = [...(isListed ? ['list_reads'] : []), ...(isRead ? [`${own}_en`] : [])].join(' | ');
        const address = isRead ? `${own}_addr` : literal(0, bits);
        const chosen = isListed ? `list_reads ? ${bits}'(list_address) : ${address}` : address;
        return [{ numbers: numbersOf(context, module), enable, address: chosen }];
      });
    return [
      commentLine(`---- bank ${name}`),
      ...readPorts.flatMap((port) => {
        const name = `bank${bank}_r${port}`;
        const [first, ...others] = reading(port);
        return [
          `reg ${name}_en;`,
          `reg ${vector(bits)} ${name}_addr;`,
          `wire ${vector(wordBits)} ${name}_data;`,
          // The host reads through the first port, and kernels may have no need of others.
          ...(first === undefined && port > 0 ? unusedLine(`unused_${name}`, [`${name}_data`]) : []),
          'always_comb begin',
          // The address of a read that is not asked for is any; so there is one choice less before the bank.
          `  ${name}_en = 1'b0; ${name}_addr = ${first?.address ?? literal(0, bits)};`,
          '  case (kernel)',
          ...(first === undefined ? [] : [`    ${first.numbers}: ${name}_en = ${first.enable};`]),
          ...others.map(
            ({ numbers, enable, address }) =>
              `    ${numbers}: begin ${name}_en = ${enable}; ${name}_addr = ${address}; end`,
          ),
          '    default: ;',
          '  endcase',
          ...(port === 0
            ? [
                ...(bankPlan.isMerged
                  ? [
                      `  if (ahead_reads & ahead_bank == ${ofBank}) begin bank${bank}_r0_en = 1'b1; bank${bank}_r0_addr = ahead_address[${bits - 1}:0]; end`,
                    ]
                  : []),
                ...(bankPlan.isPassedToRead
                  ? [
                      `  if (state == CLEAR & pass_reads & pass_bank == ${ofBank}) begin bank${bank}_r0_en = 1'b1; bank${bank}_r0_addr = pass_address[${bits - 1}:0]; end`,
                    ]
                  : []),
                `  if (host_now & ~host_write & host_bank == ${own}) bank${bank}_r0_en = 1'b1;`,
                `  if (rests) bank${bank}_r0_addr = host_address[${bits - 1}:0];`,
              ]
            : []),
          'end',
        ];
      }),
      ...writesText(context, bankPlan),
      `${bankModule} ${bankModule}_i (`,
      '  .clk(clk),',
      ...readPorts.flatMap((port) => [
        `  .r${port}_en(bank${bank}_r${port}_en),`,
        `  .r${port}_addr(bank${bank}_r${port}_addr),`,
        `  .r${port}_data(bank${bank}_r${port}_data),`,
      ]),
      `  .w_en(bank${bank}_w_en),`,
      `  .w_addr(bank${bank}_w_addr),`,
      `  .w_data(bank${bank}_w_data)${bitMask ? ',' : ''}`,
      ...(bitMask ? [`  .w_mask(bank${bank}_w_mask)`] : []),
      ');',
    ];
  });
  return [
    '// ---- the host',
    'wire host_now = host_valid & rests;',
    "wire unused_host = &{1'b0, host_in, host_address};",
    ...lines,
    ...hostText(context),
  ];
}

/**
 * The writes into a bank: by a kernel, a pass over words, or the host. Only one of the first two has other words
 * than zeros. Kernels whose words repeat what a part of them has are joined by themselves, since multiplexers of
 * alike bits are one; so are those that write single bits, whose masks have no such bits.
 */
function writesText(context: CoreContext, bankPlan: BankPlan): string[] {
  const { widths, modules } = context;
  const { number: bank, wordBits, usedWords, bitMask, isMerged, isPassedToWrite } = bankPlan;
  const bits = indexBits(usedWords);
  const name = `bank${bank}_w`;
  const groups = new Map<string, { readonly module: KernelModule; readonly own: string }[]>();
  for (const module of modules)
    for (const { meaning } of module.ports) {
      if (meaning.does !== 'write-data' || meaning.bank !== bank) continue;
      const shape = `${meaning.repeats ? 'repeated' : 'whole'}${meaning.grain < leastSliceBits ? '_bits' : ''}`;
      groups.set(shape, [...(groups.get(shape) ?? []), { module, own: `${module.name}_b${bank}_w` }]);
    }
  const cases = (
    members: readonly { readonly module: KernelModule; readonly own: string }[],
    text: (own: string) => string,
  ): string[] => [
    '  case (kernel)',
    ...members.map(({ module, own }) => `    ${numbersOf(context, module)}: begin ${text(own)} end`),
    '    default: ;',
    '  endcase',
    'end',
  ];
  // A bank without a mask writes whole words.
  const masked = (text: string): string => (bitMask ? ` ${text}` : '');
  const shapes = [...groups.keys()];
  const isHost = `${name}_host`;
  /** The writes of the host while the core rests, or of kernels and passes; a bank may have neither. */
  const chosen = (ofHost: string, others: readonly string[]): string =>
    others.length === 0 ? ofHost : `rests ? ${ofHost} : ${others.join(' | ')}`;
  const ofPass = (text: string): string[] => (isPassedToWrite ? [text] : []);
  const ofKernels = (what: string): string[] => (shapes.length === 0 ? [] : [`${name}_kernel_${what}`]);
  const ofShapes = (what: string): string[] => shapes.map((shape) => `${name}_${shape}_${what}`);
  const kept = isMerged
    ? [`(bank${bank}_r0_data & ~pass_mask[${wordBits - 1}:0] & {${wordBits}{pass_merges}})`]
    : [];
  const enables = [
    isHost,
    ...ofKernels('en'),
    ...ofPass(`(state == CLEAR & ~pass_reads & pass_bank == ${literal(bank, widths.bank)})`),
  ];
  const addresses = [...ofKernels('addr'), ...ofPass(`pass_address[${bits - 1}:0]`)];
  const data = [...ofShapes('data'), ...ofPass(`pass_data[${wordBits - 1}:0]`), ...kept];
  const masks = [...ofShapes('mask'), ...ofPass(`pass_mask[${wordBits - 1}:0]`)];
  return [
    ...[...groups].flatMap(([shape, members]) => [
      `reg ${vector(wordBits)} ${name}_${shape}_data${masked(`, ${name}_${shape}_mask`).trimEnd()};`,
      'always_comb begin',
      `  ${name}_${shape}_data = ${literal(0n, wordBits)};${masked(`${name}_${shape}_mask = ${literal(0n, wordBits)};`)}`,
      ...cases(
        members,
        (own) => `${name}_${shape}_data = ${own}_data;${masked(`${name}_${shape}_mask = ${own}_mask;`)}`,
      ),
    ]),
    ...(shapes.length === 0
      ? []
      : [
          `reg ${name}_kernel_en;`,
          `reg ${vector(bits)} ${name}_kernel_addr;`,
          'always_comb begin',
          `  ${name}_kernel_en = 1'b0; ${name}_kernel_addr = ${literal(0, bits)};`,
          ...cases(
            [...groups.values()].flat(),
            (own) => `${name}_kernel_en = ${own}_en; ${name}_kernel_addr = ${own}_addr;`,
          ),
        ]),
    `wire ${isHost} = host_now & host_write & host_bank == ${literal(bank, widths.hostBank)};`,
    `wire ${name}_en = ${enables.join(' | ')};`,
    `wire ${vector(bits)} ${name}_addr = ${chosen(`host_address[${bits - 1}:0]`, addresses)};`,
    `wire ${vector(wordBits)} ${name}_data = ${chosen(`host_in[${wordBits - 1}:0]`, data)};`,
    ...(bitMask ? [`wire ${vector(wordBits)} ${name}_mask = ${chosen(`{${wordBits}{1'b1}}`, masks)};`] : []),
  ];
}

/** The numbers of the kernels that run on a module. */
function numbersOf(context: CoreContext, { kernels }: KernelModule): string {
  return kernels.map((kernel) => kernelNumber(context, kernel)).join(', ');
}

/** The reads of the host: words of banks, and generators. */
function hostText({ image, widths }: CoreContext): string[] {
  const { host: hostBits, hostBank: hostBankBits } = widths;
  const generatorBits = indexBits(widths.lanes + image.generators.length);
  return [
    `reg ${vector(hostBankBits)} host_was;`,
    `reg ${vector(generatorBits)} host_generator;`,
    'always @(posedge clk) begin',
    '  host_was <= host_bank;',
    `  host_generator <= host_address[${generatorBits - 1}:0];`,
    'end',
    'always_comb begin',
    `  host_out = ${literal(0n, hostBits)};`,
    '  case (host_was)',
    ...image.banks.flatMap(({ wordBits, usedWords }, bank) =>
      usedWords === 0
        ? []
        : [`    ${literal(bank, hostBankBits)}: host_out[${wordBits - 1}:0] = bank${bank}_r0_data;`],
    ),
    '    default:',
    '      case (host_generator)',
    ...image.generators.map(
      ({ far }, index) =>
        `        ${literal(widths.lanes + index, generatorBits)}: host_out[${far - 1}:0] = generator_${index};`,
    ),
    "        default: host_out[31:0] = random[32'(host_generator) * 32 +: 32];",
    '      endcase',
    '  endcase',
    'end',
  ];
}
