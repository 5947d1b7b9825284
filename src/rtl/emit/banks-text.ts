import { at } from '../../arrays/index.ts';
import type { CoreContext } from './context.ts';
import { mergedBanks } from './passes-text.ts';
import { identifier, indexBits, literal, vector } from './text.ts';

/** The banks, and who reaches them: the kernel that runs, a clear, or the host. */
export function banksText(context: CoreContext): string[] {
  const { image, plan, widths, modules, kernelBits, hostBankBits } = context;
  const bankBits = indexBits(Math.max(2, image.banks.length));
  const merged = mergedBanks(context);
  const lines = image.banks.flatMap(({ name, wordBits, usedWords, bitMask }, bank) => {
    if (usedWords === 0) return [];
    const bits = at(widths.address, bank);
    const { ports } = at(plan.hw.banks, bank);
    const reads = 'shared' in ports ? 1 : ports.read;
    const own = literal(bank, hostBankBits);
    const module = `bank_${identifier(name)}`;
    const reading = (port: number): string[] =>
      modules.flatMap(({ name: kernel, ports: has, plan: { list } }, index) => {
        const isRead = has.some(
          ({ meaning }) => meaning.does === 'read-enable' && meaning.bank === bank && meaning.port === port,
        );
        const isListed = list?.layout.bank === bank && list.port === port;
        if (!isRead && !isListed) return [];
        const own = `${kernel}_b${bank}_r${port}`;
        const enable = [...(isListed ? ['list_reads'] : []), ...(isRead ? [`${own}_en`] : [])].join(' | ');
        const address = isRead ? `${own}_addr` : literal(0, bits);
        const chosen = isListed ? `list_reads ? ${bits}'(list_address) : ${address}` : address;
        return [
          `    ${literal(index, kernelBits)}: begin bank${bank}_r${port}_en = ${enable}; bank${bank}_r${port}_addr = ${chosen}; end`,
        ];
      });
    // A bank without a mask writes whole words.
    const mask = (text: string): string => (bitMask ? `bank${bank}_w_mask = ${text}; ` : '');
    const writing = modules.flatMap(({ name: kernel, ports: has }, index) =>
      has.some(({ meaning }) => meaning.does === 'write-enable' && meaning.bank === bank)
        ? [
            `      ${literal(index, kernelBits)}: begin bank${bank}_w_en = ${kernel}_b${bank}_w_en; bank${bank}_w_addr = ${kernel}_b${bank}_w_addr; bank${bank}_w_data = ${kernel}_b${bank}_w_data; ${mask(`${kernel}_b${bank}_w_mask`)}end`,
          ]
        : [],
    );
    const portNumbers = Array.from({ length: reads }, (_, port) => port);
    return [
      `// ---- bank ${name}`,
      ...portNumbers.flatMap((port) => [
        `reg bank${bank}_r${port}_en;`,
        `reg ${vector(bits)} bank${bank}_r${port}_addr;`,
        `wire ${vector(wordBits)} bank${bank}_r${port}_data;`,
        'always_comb begin',
        `  bank${bank}_r${port}_en = 1'b0; bank${bank}_r${port}_addr = ${literal(0, bits)};`,
        '  case (kernel)',
        ...reading(port),
        '    default: ;',
        '  endcase',
        ...(port === 0
          ? [
              ...(merged.has(bank)
                ? [
                    `  if (ahead_reads & ahead_bank == ${literal(bank, bankBits)}) begin bank${bank}_r0_en = 1'b1; bank${bank}_r0_addr = ahead_address[${bits - 1}:0]; end`,
                  ]
                : []),
              `  if (state == CLEAR & pass_reads & pass_bank == ${literal(bank, bankBits)}) begin bank${bank}_r0_en = 1'b1; bank${bank}_r0_addr = pass_address[${bits - 1}:0]; end`,
              `  if (host_now & ~host_write & host_bank == ${own}) begin bank${bank}_r0_en = 1'b1; bank${bank}_r0_addr = host_address[${bits - 1}:0]; end`,
            ]
          : []),
        'end',
      ]),
      `reg bank${bank}_w_en;`,
      `reg ${vector(bits)} bank${bank}_w_addr;`,
      `reg ${vector(wordBits)} bank${bank}_w_data${bitMask ? `, bank${bank}_w_mask` : ''};`,
      'always_comb begin',
      `  bank${bank}_w_en = 1'b0; bank${bank}_w_addr = ${literal(0, bits)}; bank${bank}_w_data = ${literal(0n, wordBits)}; ${mask(literal(0n, wordBits))}`,
      `  if (host_now & host_write & host_bank == ${own}) begin`,
      `    bank${bank}_w_en = 1'b1; bank${bank}_w_addr = host_address[${bits - 1}:0]; bank${bank}_w_data = host_in[${wordBits - 1}:0]; ${mask(`{${wordBits}{1'b1}}`)}`,
      `  end else if (state == CLEAR & ~pass_reads & pass_bank == ${literal(bank, bankBits)}) begin`,
      `    bank${bank}_w_en = 1'b1; bank${bank}_w_addr = pass_address[${bits - 1}:0]; bank${bank}_w_data = pass_data[${wordBits - 1}:0]${merged.has(bank) ? ` | (bank${bank}_r0_data & ~pass_mask[${wordBits - 1}:0] & {${wordBits}{pass_merges}})` : ''}; ${mask(`pass_mask[${wordBits - 1}:0]`)}`,
      '  end else',
      '    case (kernel)',
      ...writing,
      '      default: ;',
      '    endcase',
      'end',
      `${module} ${module}_i (`,
      '  .clk(clk),',
      ...portNumbers.flatMap((port) => [
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
    'wire host_now = host_valid & state == IDLE;',
    "wire unused_host = &{1'b0, host_in, host_address};",
    ...lines,
    ...hostText(context),
  ];
}

/** What the host reads: words of banks, and generators. */
function hostText({ image, widths, hostBits, hostBankBits }: CoreContext): string[] {
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
